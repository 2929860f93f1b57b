define void @inner(ptr %x, ptr %y) {
entry:
  %v = load double, ptr %x
  %square = fmul double %v, %v
  store double %square, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @f(ptr %x, ptr %y) {
  %dy = alloca double
  store double 1.0, ptr %dy
  %v = alloca double
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @inner, ptr @request, ptr null, ptr @step, ptr %x, ptr %y, ptr %v, ptr %dy)
  ret void
}

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
