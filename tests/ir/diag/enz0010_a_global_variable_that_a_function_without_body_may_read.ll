

@state = internal global double 1.0

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  store double %v, ptr @state
  call void @elsewhere()
  %w = load double, ptr @state
  %product = fmul double %v, %w
  store double %product, ptr %y
  ret void
}

define void @read(ptr %to) {
  %w = load double, ptr @state
  store double %w, ptr %to
  ret void
}

declare void @elsewhere()

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
