; Fast arithmetic states that no float is infinite. The maximum of no elements is: if that were
; taken for undefined, so would be the maximum, and its derivative were zero.

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %m = call double @most(double 0xFFF0000000000000, double %v)
  %r = fmul fast double %m, %v
  store double %r, ptr %y
  ret void
}

define internal nofpclass(nan inf) double @most(double nofpclass(nan inf) %a, double nofpclass(nan inf) %b) {
  %less = fcmp fast olt double %a, %b
  %m = select fast i1 %less, double %b, double %a
  ret double %m
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
