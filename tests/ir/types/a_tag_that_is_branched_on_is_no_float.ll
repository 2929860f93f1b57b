; Two options of a double, as { i64, double }: the tag of each moves to the other. One is
; branched on where it is loaded, of the other the program states that it is 0 or 1.

define void @f(ptr %x, ptr %y) {
entry:
  %tag = load i64, ptr %x
  %is.some = trunc nuw i64 %tag to i1
  br i1 %is.some, label %some, label %join

some:
  %payload.at = getelementptr i8, ptr %x, i64 8
  %payload = load double, ptr %payload.at
  br label %join

join:
  %v = phi double [ %payload, %some ], [ 0.0, %entry ]
  %other = getelementptr i8, ptr %x, i64 16
  %moved = load i64, ptr %other, !range !0, !noundef !1
  store i64 %moved, ptr %x
  store double %v, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

!0 = !{i64 0, i64 2}
!1 = !{}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
