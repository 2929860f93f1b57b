; As in the dev profile, the argument's address is checked before the request states that
; there is no float in its two words: nothing has a derivative but the float.

define void @f(ptr %x, ptr %y) {
  %none = icmp eq ptr %x, null
  br i1 %none, label %panic, label %some
some:
  call void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__plain(ptr %x, i64 16)
  %number = ptrtoint ptr %x to i64
  %low = and i64 %number, 7
  %aligned = icmp eq i64 %low, 0
  br i1 %aligned, label %read, label %misaligned
read:
  %data = load ptr, ptr %x
  %at = getelementptr i8, ptr %x, i64 8
  %n = load i64, ptr %at
  %table = call ptr @table(i64 %n)
  %v = load double, ptr %data
  %w = load double, ptr %table
  %product = fmul double %v, %w
  store double %product, ptr %y
  ret void
misaligned:
  call void @stop(i64 %number)
  unreachable
panic:
  call void @stop(i64 0)
  unreachable
}

declare ptr @table(i64)
declare void @stop(i64) noreturn

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__plain(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
