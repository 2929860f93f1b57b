; Only registers are touched, but what goes in are the bits of a differentiated float.

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %bits = bitcast double %v to i64
  %same = call i64 asm "mov $0, $1", "=r,r"(i64 %bits)
  %w = bitcast i64 %same to double
  %square = fmul double %w, %w
  %sum = fadd double %square, %v
  store double %sum, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
