; What `Box<dyn Iterator<Item = (usize, &f64)>>` becomes: the item is a number and an
; address, written to a place of the caller's.

define void @f(ptr %x, ptr %y, ptr %table) {
  %iterator = alloca ptr
  %item = alloca { i64, ptr }
  store ptr %x, ptr %iterator
  %next = load ptr, ptr %table
  call void %next(ptr %item, ptr %iterator)
  %field = getelementptr i8, ptr %item, i64 8
  %at = load ptr, ptr %field
  %v = load double, ptr %at
  store double %v, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
