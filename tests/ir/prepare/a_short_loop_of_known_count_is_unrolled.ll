; Three iterations, known before the program runs: no loop is left, and nothing to count.

define void @f(ptr %x, ptr %y) {
entry:
  br label %again

again:
  %i = phi i64 [ 0, %entry ], [ %i.next, %again ]
  %product = phi double [ 1.0, %entry ], [ %product.next, %again ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %product.next = fmul double %product, %v
  %i.next = add i64 %i, 1
  %more = icmp ult i64 %i.next, 3
  br i1 %more, label %again, label %done

done:
  store double %product.next, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
