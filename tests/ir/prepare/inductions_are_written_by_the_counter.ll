; The offset starts at 5 and steps by 3; the address is advanced by hand. Both
; become functions of the counter.

define void @f(ptr %x, ptr %y) {
entry:
  br label %again

again:
  %i = phi i64 [ 5, %entry ], [ %i.next, %again ]
  %at = phi ptr [ %x, %entry ], [ %at.next, %again ]
  %sum = phi double [ 0.0, %entry ], [ %sum.next, %again ]
  %v = load double, ptr %at
  %scale = uitofp i64 %i to double
  %term = fmul double %v, %scale
  %sum.next = fadd double %sum, %term
  %at.next = getelementptr double, ptr %at, i64 2
  %i.next = add i64 %i, 3
  %more = icmp ult i64 %i.next, 30002
  br i1 %more, label %again, label %done

done:
  store double %sum.next, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
