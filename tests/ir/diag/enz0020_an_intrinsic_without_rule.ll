; The exponent of a float, by one processor family.

define void @f(ptr %x, ptr %y) {
  %v = load <2 x double>, ptr %x
  %w = call <2 x double> @llvm.x86.avx512.mask.getexp.pd.128(<2 x double> %v, <2 x double> %v, i8 -1)
  store <2 x double> %w, ptr %y
  ret void
}

declare <2 x double> @llvm.x86.avx512.mask.getexp.pd.128(<2 x double>, <2 x double>, i8)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
