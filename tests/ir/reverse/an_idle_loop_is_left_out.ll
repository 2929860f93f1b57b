; The loop counts; it moves no derivative, so its trip count is not needed.

define void @f(ptr %x, ptr %y, ptr %count) {
entry:
  %v = load double, ptr %x
  %square = fmul double %v, %v
  br label %again

again:
  %n = load i64, ptr %count
  %half = lshr i64 %n, 1
  store i64 %half, ptr %count
  %more = icmp ne i64 %half, 0
  br i1 %more, label %again, label %done

done:
  store double %square, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
