; The store has adjoint work, for what was at that place is gone; the value that it
; stores has no adjoint.

define void @f(ptr %x, ptr %c) {
  %v = load double, ptr %c
  %w = fmul double %v, %v
  store double %w, ptr %x
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
