; An address that is computed by a function of integers, and lies in an object of the function:
; nothing shows where it points.

define void @f(ptr %x, ptr %y, ptr %which) {
  %cells = alloca [4 x i64]
  %index = load i64, ptr %which
  %cell = getelementptr i64, ptr %cells, i64 %index
  %list = call ptr @malloc(i64 8)
  %a = load double, ptr %x
  store double %a, ptr %list
  %word = ptrtoint ptr %list to i64
  %count = call i64 @llvm.ctpop.i64(i64 %word)
  store i64 %count, ptr %cell
  %other.at = getelementptr i64, ptr %which, i64 1
  %other = load i64, ptr %other.at
  %from = getelementptr i64, ptr %cells, i64 %other
  %again = load ptr, ptr %from
  %b = load double, ptr %again
  store double %b, ptr %y
  call void @free(ptr %again)
  ret void
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare i64 @llvm.ctpop.i64(i64)
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
