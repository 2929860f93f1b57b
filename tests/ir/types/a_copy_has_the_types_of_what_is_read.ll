; Bytes are moved by a copy of a length that is not known; only a read of the copy
; says that they are floats.

define void @f(ptr %x, ptr %y, ptr %len) {
  %n = load i64, ptr %len
  %bytes = shl i64 %n, 3
  %copy = call ptr @malloc(i64 %bytes)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %copy, ptr align 8 %x, i64 %bytes, i1 false)
  %at = getelementptr double, ptr %copy, i64 %n
  %last = getelementptr i8, ptr %at, i64 -8
  %v = load double, ptr %last
  %square = fmul double %v, %v
  store double %square, ptr %y
  call void @free(ptr %copy)
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
