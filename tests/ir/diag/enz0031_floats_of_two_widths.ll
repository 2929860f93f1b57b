; Elements of one array are read as `f64` and, elsewhere, as pairs of `f32`.

define void @f(ptr %x, ptr %y, ptr %index) {
  %i = load i64, ptr %index
  %wide.at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %wide.at
  %second = getelementptr i64, ptr %index, i64 1
  %j = load i64, ptr %second
  %narrow.at = getelementptr double, ptr %x, i64 %j
  %n = load float, ptr %narrow.at
  %scale = fpext float %n to double
  %product = fmul double %v, %scale
  store double %product, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
