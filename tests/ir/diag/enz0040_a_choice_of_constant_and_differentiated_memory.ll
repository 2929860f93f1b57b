; One address may be either, and is walked along. Run-time activity would decide while running.

define void @f(ptr %x, ptr %y, ptr %c, ptr %which) {
start:
  %k = load i1, ptr %which
  %at = select i1 %k, ptr %x, ptr %c
  br label %loop
loop:
  %i = phi i64 [ 0, %start ], [ %next, %loop ]
  %sum = phi double [ 0.0, %start ], [ %more, %loop ]
  %place = getelementptr double, ptr %at, i64 %i
  %v = load double, ptr %place
  %square = fmul double %v, %v
  %more = fadd double %sum, %square
  %next = add i64 %i, 1
  %again = icmp ult i64 %next, 50
  br i1 %again, label %loop, label %done
done:
  store double %more, ptr %y
  ret void
}

@request = constant [12 x i8] c"ENZ\00\01\01\00\04\01\01\00\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr %p3) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null, ptr %p3, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
