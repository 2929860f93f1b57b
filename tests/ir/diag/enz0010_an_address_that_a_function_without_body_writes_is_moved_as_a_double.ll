; Code that is not there returns an object with an address, which is moved as a double and used
; as an address: what is read behind it may depend on what the code was given.

define void @f(ptr %x, ptr %y, ptr %kept) {
  %list = call ptr @malloc(i64 8)
  %object = alloca [2 x i64]
  %a = load double, ptr %x
  store double %a, ptr %list
  call void @solve(ptr %object, ptr %list)
  %word = load double, ptr %object
  store double %word, ptr %kept
  %bits = bitcast double %word to i64
  %behind = inttoptr i64 %bits to ptr
  %b = load double, ptr %behind
  store double %b, ptr %y
  call void @free(ptr %list)
  ret void
}

declare void @solve(ptr, ptr)
declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
