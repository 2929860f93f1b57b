; Words that are floats or addresses by turns: one that a function loads and returns as an
; address, and its caller stores as one, may be the bits of a float.

define void @f(ptr %x, ptr %y) {
  %words = alloca [4 x i64]
  store ptr %words, ptr %words
  %v = load double, ptr %x
  %i = call i64 @index(i64 0)
  %in = and i64 %i, 3
  %place = getelementptr i64, ptr %words, i64 %in
  store double %v, ptr %place
  %word = call ptr @get(ptr %words, i64 3)
  store ptr %word, ptr %place
  %moved = load double, ptr %place
  store double %moved, ptr %y
  ret void
}

define ptr @get(ptr %words, i64 %n) {
  %j = call i64 @index(i64 %n)
  %found = icmp ult i64 %j, 4
  br i1 %found, label %here, label %next
here:
  %from = getelementptr i64, ptr %words, i64 %j
  %word = load ptr, ptr %from
  ret ptr %word
next:
  %m = sub i64 %n, 1
  %other = call ptr @get(ptr %words, i64 %m)
  ret ptr %other
}

declare i64 @index(i64) memory(none)
@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
