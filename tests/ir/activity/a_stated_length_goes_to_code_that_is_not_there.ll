; The argument is the address and the length of a slice. The request states that there is no
; float in these two words, so what unknown code makes of the length is a constant: nothing
; has a derivative but the float.

define void @f(ptr %x, ptr %y) {
  call void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__plain(ptr %x, i64 16)
  %data = load ptr, ptr %x
  %at = getelementptr i8, ptr %x, i64 8
  %n = load i64, ptr %at
  %table = call ptr @table(i64 %n)
  %v = load double, ptr %data
  %w = load double, ptr %table
  %product = fmul double %v, %w
  store double %product, ptr %y
  ret void
}

declare ptr @table(i64)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__plain(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
