; Which function is called is known, but the addresses of both do not matter: LLVM alone keeps
; the comparison, and the call that is never reached.

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %same = icmp eq ptr @one, @other
  br i1 %same, label %never, label %always
never:
  %a = call double @unknown(double %v)
  br label %done
always:
  %b = fmul double %v, %v
  br label %done
done:
  %r = phi double [ %a, %never ], [ %b, %always ]
  store double %r, ptr %y
  ret void
}

define internal double @one(double %v) unnamed_addr {
  ret double %v
}

define internal double @other(double %v) unnamed_addr {
  %r = fneg double %v
  ret double %r
}

declare double @unknown(double)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
