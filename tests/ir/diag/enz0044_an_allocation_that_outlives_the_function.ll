; The new object is left in memory of the caller, whose shadow may be the primal itself
; (run-time activity): then there is nowhere to leave the new object's shadow.

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %new = call ptr @malloc(i64 8)
  %square = fmul double %v, %v
  store double %square, ptr %new
  store ptr %new, ptr %y
  ret void
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"

@request = constant [10 x i8] c"ENZ\00\01\01\01\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
