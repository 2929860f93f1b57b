; acc = log(acc) * x reads the old `acc` and its logarithm. Evaluating that again
; costs more than the place on the tape.

define void @f(ptr %x, ptr %y, ptr %len) {
entry:
  %n = load i64, ptr %len
  br label %again

again:
  %i = phi i64 [ 0, %entry ], [ %i.next, %again ]
  %acc = phi double [ 1.0, %entry ], [ %acc.next, %again ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %inner = call double @llvm.log.f64(double %acc)
  %acc.next = fmul double %inner, %v
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %again, label %done

done:
  store double %acc.next, ptr %y
  ret void
}

declare double @llvm.log.f64(double)

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
