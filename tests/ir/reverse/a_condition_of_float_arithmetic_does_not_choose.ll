; The condition is of a product, which might be rounded otherwise when it is computed again:
; the reverse goes by the path, which is stored.

define void @f(ptr %x, ptr %y) {
entry:
  %v = load double, ptr %x
  %twice = fmul double %v, %v
  %positive = fcmp ogt double %twice, 1.0
  br i1 %positive, label %up, label %down

up:
  %square = fmul double %v, %v
  store double %square, ptr %y
  br label %join

down:
  %second = getelementptr double, ptr %y, i64 1
  store double %v, ptr %second
  br label %join

join:
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
