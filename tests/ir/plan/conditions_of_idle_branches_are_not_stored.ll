; The condition comes from memory that changes, but no derivative depends on which
; side was taken.

define void @f(ptr %x, ptr %y, ptr %state) {
entry:
  br label %again

again:
  %i = phi i64 [ 0, %entry ], [ %i.next, %join ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %s = load i64, ptr %state
  %odd = trunc i64 %s to i1
  br i1 %odd, label %count, label %join

count:
  %s.next = add i64 %s, %i
  store i64 %s.next, ptr %state
  br label %join

join:
  %square = fmul double %v, %v
  %to = getelementptr double, ptr %y, i64 %i
  store double %square, ptr %to
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, 10000
  br i1 %more, label %again, label %done

done:
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
