; A byte and the other seven of a word go through phis beside each other: the word itself
; does. Where a flag comes instead, the word is made of it.

define void @f(ptr %x, ptr %y, ptr %which) {
start:
  %i = load i64, ptr %which
  %first = icmp eq i64 %i, 0
  br i1 %first, label %one, label %other
one:
  %float = load double, ptr %x
  %next = getelementptr i8, ptr %y, i64 8
  store double %float, ptr %next
  %word = load i64, ptr %x
  %low = trunc i64 %word to i8
  %shifted = lshr i64 %word, 8
  %high = trunc i64 %shifted to i56
  br label %join
other:
  %flag = load i8, ptr %which
  %rest = load i56, ptr %which
  br label %join
join:
  %l = phi i8 [ %low, %one ], [ %flag, %other ]
  %h = phi i56 [ %high, %one ], [ %rest, %other ]
  %l.wide = zext i8 %l to i64
  %h.wide = zext i56 %h to i64
  %h.up = shl i64 %h.wide, 8
  %both = or disjoint i64 %h.up, %l.wide
  store i64 %both, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
