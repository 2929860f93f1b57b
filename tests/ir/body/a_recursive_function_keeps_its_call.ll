; The recursion is inlined into nothing; the function called has a body of its own.

define void @f(ptr %x, ptr %y, ptr %depth) {
  %v = load double, ptr %x
  %n = load i64, ptr %depth
  %w = call double @power(double %v, i64 %n)
  store double %w, ptr %y
  ret void
}

define internal double @power(double %v, i64 %n) {
entry:
  %last = icmp eq i64 %n, 0
  br i1 %last, label %one, label %more

one:
  ret double 1.0

more:
  %fewer = sub i64 %n, 1
  %half = call double @power(double %v, i64 %fewer)
  %sine = call double @llvm.sin.f64(double %half)
  %both = fmul double %sine, %half
  ret double %both
}

declare double @llvm.sin.f64(double)

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
