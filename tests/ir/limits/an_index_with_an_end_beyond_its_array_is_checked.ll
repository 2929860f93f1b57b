; Four keys before values, an element chosen by an index below five: a store there, and a
; copy of unknown length from there, may reach the values as far as LLVM knows.

define void @f(ptr %x, ptr %y, ptr %i, ptr %to) {
  %node = call ptr @malloc(i64 64)
  %any = load i64, ptr %i
  %lengths = getelementptr i8, ptr %i, i64 8
  %n = load i64, ptr %lengths
  %index = urem i64 %any, 5
  %values = getelementptr i8, ptr %node, i64 32
  %a = load double, ptr %x
  store double %a, ptr %values
  store i64 7, ptr %node
  %key = getelementptr i64, ptr %node, i64 %index
  store i64 7, ptr %key
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %key, i64 %n, i1 false)
  %k = load i64, ptr %to
  %c = uitofp i64 %k to double
  %b = load double, ptr %values
  %result = fmul double %b, %c
  store double %result, ptr %y
  call void @free(ptr %node)
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [12 x i8] c"ENZ\00\01\01\00\04\01\01\00\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr %p3) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null, ptr %p3, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
