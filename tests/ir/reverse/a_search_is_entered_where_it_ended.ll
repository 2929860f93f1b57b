; Two exits, and no count before the loop: each exit names the counter's value at
; which it left.

define void @f(ptr %x, ptr %y, ptr %len) {
entry:
  %n = load i64, ptr %len
  br label %again

again:
  %i = phi i64 [ 0, %entry ], [ %i.next, %next ]
  %product = phi double [ 1.0, %entry ], [ %product.next, %next ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %product.next = fmul double %product, %v
  %small = fcmp olt double %product.next, 1.0e-3
  br i1 %small, label %found, label %next

next:
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %again, label %exhausted

found:
  store double %product.next, ptr %y
  br label %done

exhausted:
  %both = fmul double %product.next, %v
  store double %both, ptr %y
  br label %done

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
