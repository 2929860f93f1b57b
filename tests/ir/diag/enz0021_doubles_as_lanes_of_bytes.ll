; The bytes of doubles change places: no lane of the result is a double that was there.

define void @f(ptr %x, ptr %y) {
  %v = load <2 x double>, ptr %x
  %w = fmul <2 x double> %v, %v
  %bytes = bitcast <2 x double> %w to <4 x i32>
  %turned = shufflevector <4 x i32> %bytes, <4 x i32> poison, <4 x i32> <i32 1, i32 2, i32 3, i32 0>
  %again = bitcast <4 x i32> %turned to <2 x double>
  store <2 x double> %again, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
