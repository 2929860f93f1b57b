; x[i] = x[i] * x[i] in place: the old element is gone when the reverse needs it.

define void @f(ptr %x, ptr %len) {
entry:
  %n = load i64, ptr %len
  br label %again

again:
  %i = phi i64 [ 0, %entry ], [ %i.next, %again ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %square = fmul double %v, %v
  store double %square, ptr %at
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %again, label %done

done:
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
