; A float and an integer are put in one word: the integer comes in two parts, one of them from
; where floats may be, so that the word is computed, and not moved.

define void @f(ptr %x, ptr %y, ptr %which) {
  %places = call ptr @malloc(i64 64)
  %v = load double, ptr %x
  %a = fptrunc double %v to float
  %index = load i64, ptr %which
  %place = getelementptr i8, ptr %places, i64 %index
  store float %a, ptr %place
  %low.at = getelementptr i64, ptr %which, i64 2
  %low = load i8, ptr %low.at
  %read.at = getelementptr i64, ptr %which, i64 1
  %read = load i64, ptr %read.at
  %from = getelementptr i8, ptr %places, i64 %read
  %rest = load i24, ptr %from, align 1
  %bits = bitcast float %a to i32
  %bits.wide = zext i32 %bits to i64
  %low.wide = zext i8 %low to i64
  %low.there = shl i64 %low.wide, 32
  %two = or disjoint i64 %low.there, %bits.wide
  %rest.wide = zext i24 %rest to i64
  %rest.there = shl i64 %rest.wide, 40
  %word = or disjoint i64 %two, %rest.there
  store i64 %word, ptr %places
  %b = load float, ptr %from
  %w = fpext float %b to double
  store double %w, ptr %y
  ret void
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
