; The sine depends on the input, but only an integer depends on the sine.

define void @f(ptr %x, ptr %y, ptr %sign) {
  %v = load double, ptr %x
  %sine = call double @llvm.sin.f64(double %v)
  %up = fcmp ogt double %sine, 0.0
  %bit = zext i1 %up to i64
  store i64 %bit, ptr %sign
  %square = fmul double %v, %v
  store double %square, ptr %y
  ret void
}

declare double @llvm.sin.f64(double)

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
