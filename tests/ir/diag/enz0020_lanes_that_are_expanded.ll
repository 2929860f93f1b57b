; Floats that lie in a row are spread over the lanes that a mask chooses.

define void @f(ptr %x, ptr %y) {
  %compared = load <4 x double>, ptr %x
  %mask = fcmp ogt <4 x double> %compared, zeroinitializer
  %lanes = call <4 x double> @llvm.masked.expandload.v4f64(ptr %x, <4 x i1> %mask, <4 x double> %compared)
  %squares = fmul <4 x double> %lanes, %lanes
  store <4 x double> %squares, ptr %y
  ret void
}

declare <4 x double> @llvm.masked.expandload.v4f64(ptr, <4 x i1>, <4 x double>)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
