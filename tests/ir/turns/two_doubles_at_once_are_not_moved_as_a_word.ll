; Two doubles are loaded and stored at once from where the address of a list may lie. They are
; more than a word: one integer in their place would lose the second.

define void @f(ptr %x, ptr %y, ptr %which) {
entry:
  %list = call ptr @malloc(i64 16)
  %results = call ptr @malloc(i64 64)
  %moved = call ptr @malloc(i64 64)
  %index = load i64, ptr %which
  %result = getelementptr i64, ptr %results, i64 %index
  %lists.at = getelementptr i64, ptr %which, i64 1
  %lists = load i1, ptr %lists.at
  %a = load double, ptr %x
  br i1 %lists, label %address, label %value
address:
  store double %a, ptr %list
  store ptr %list, ptr %result
  br label %move
value:
  store double %a, ptr %result
  br label %move
move:
  %other.at = getelementptr i64, ptr %which, i64 2
  %other = load i64, ptr %other.at
  %from = getelementptr i64, ptr %results, i64 %other
  %to = getelementptr i64, ptr %moved, i64 %other
  %pair = load <2 x double>, ptr %from
  store <2 x double> %pair, ptr %to
  %third.at = getelementptr i64, ptr %which, i64 3
  %third = load i64, ptr %third.at
  %place = getelementptr i64, ptr %moved, i64 %third
  %b = load double, ptr %place
  %s = fmul double %b, %b
  store double %s, ptr %y
  call void @free(ptr %list)
  call void @free(ptr %results)
  call void @free(ptr %moved)
  ret void
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
