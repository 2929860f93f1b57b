; One address may be either. Run-time activity would decide while running.

define void @f(ptr %x, ptr %y, ptr %c, ptr %which) {
  %k = load i1, ptr %which
  %at = select i1 %k, ptr %x, ptr %c
  %v = load double, ptr %at
  %square = fmul double %v, %v
  store double %square, ptr %y
  ret void
}

@request = constant [12 x i8] c"ENZ\00\01\01\00\04\01\01\00\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr %p3) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null, ptr %p3, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
