; Between the two branches lies only integer work: the join continues at its
; dominator, and which side was taken need not be known.

define void @f(ptr %x, ptr %y, ptr %count) {
entry:
  %v = load double, ptr %x
  %positive = fcmp ogt double %v, 0.0
  br i1 %positive, label %up, label %down

up:
  store i64 1, ptr %count
  br label %join

down:
  call void @note()
  br label %join

join:
  %square = fmul double %v, %v
  store double %square, ptr %y
  ret void
}

declare void @note() memory(inaccessiblemem: write) nounwind willreturn

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
