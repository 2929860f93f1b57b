; Memory of the caller grows by an allocator of which it is not known what allocates for it.

define void @f(ptr %x, ptr %y) {
  %old = load ptr, ptr %x
  %v = load double, ptr %old
  %new = call ptr @mi_realloc(ptr %old, i64 16)
  %second = getelementptr double, ptr %new, i64 1
  %square = fmul double %v, %v
  store double %square, ptr %second
  store ptr %new, ptr %x
  store double %square, ptr %y
  ret void
}

declare ptr @mi_realloc(ptr, i64)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
