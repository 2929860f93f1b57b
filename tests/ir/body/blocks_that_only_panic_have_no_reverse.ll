; The bounds check's failing side ends in a call that does not return.

define void @f(ptr %x, ptr %y, ptr %index) {
entry:
  %i = load i64, ptr %index
  %inside = icmp ult i64 %i, 4
  br i1 %inside, label %read, label %panic

read:
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  store double %v, ptr %y
  ret void

panic:
  call void @panic_bounds_check(i64 %i, i64 4)
  unreachable
}

declare void @panic_bounds_check(i64, i64) noreturn

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
