; Bytes from an index on, floats in front of them, at a distance that nobody knows: one block,
; as hash tables have.

define void @f(ptr %x, ptr %y, ptr %i) {
  %n = load i64, ptr %i
  %floats = shl i64 %n, 3
  %size = add i64 %floats, %n
  %block = call ptr @malloc(i64 %size)
  %middle = getelementptr i8, ptr %block, i64 %floats
  call void @llvm.memset.p0.i64(ptr %middle, i8 -1, i64 %n, i1 false)
  %k.at = getelementptr i64, ptr %i, i64 1
  %k = load i64, ptr %k.at
  %back = sub i64 0, %k
  %value = getelementptr double, ptr %middle, i64 %back
  %a = load double, ptr %x
  store double %a, ptr %value
  %mark = getelementptr i8, ptr %middle, i64 %k
  %old = load i8, ptr %mark
  %new = add i8 %old, 3
  store i8 %new, ptr %mark
  %b = load double, ptr %value
  %s = fmul double %b, %b
  store double %s, ptr %y
  call void @free(ptr %block)
  ret void
}

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
