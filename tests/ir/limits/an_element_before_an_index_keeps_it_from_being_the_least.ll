; A value, two keys and a length: the key before an index is read, so the index is never 0,
; and the value is no key.

define void @f(ptr %x, ptr %y, ptr %i) {
  %node = call ptr @malloc(i64 32)
  %length = getelementptr i8, ptr %node, i64 24
  store i64 2, ptr %length
  %a = load double, ptr %x
  store double %a, ptr %node
  %first = getelementptr i8, ptr %node, i64 8
  store i64 7, ptr %first
  %second = getelementptr i8, ptr %node, i64 16
  store i64 9, ptr %second
  %index = load i64, ptr %i
  %free = icmp ult i64 %index, -2
  call void @llvm.assume(i1 %free)
  %key = getelementptr i64, ptr %node, i64 %index
  %k = load i64, ptr %key
  %more = mul i64 %k, 3
  store i64 %more, ptr %key
  %n = load i64, ptr %length
  %factor = mul i64 %more, %n
  %c = uitofp i64 %factor to double
  %b = load double, ptr %node
  %square = fmul double %b, %b
  %result = fmul double %square, %c
  store double %result, ptr %y
  call void @free(ptr %node)
  ret void
}

declare void @llvm.assume(i1)
declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
