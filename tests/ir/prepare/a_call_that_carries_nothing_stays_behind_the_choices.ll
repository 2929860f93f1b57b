; The function that is told of each step may be one of another unit. Inline assembly is a
; call of no address.

@listener = global ptr @quiet

define internal void @quiet(i64 %i) {
  ret void
}

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %w = fmul double %v, %v
  %function = load ptr, ptr @listener
  call void %function(i64 1)
  call void asm sideeffect "", "r"(i64 1)
  store double %w, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
