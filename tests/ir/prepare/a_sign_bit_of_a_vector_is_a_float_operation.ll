; `and` on all bits, with the sign bits left out, is the absolute value.

define void @f(ptr %x, ptr %y) {
  %v = load <4 x float>, ptr %x
  %twice = fadd <4 x float> %v, %v
  %bits = bitcast <4 x float> %twice to <2 x i64>
  %size = and <2 x i64> %bits, splat (i64 9223372034707292159)
  %w = bitcast <2 x i64> %size to <4 x float>
  store <4 x float> %w, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
