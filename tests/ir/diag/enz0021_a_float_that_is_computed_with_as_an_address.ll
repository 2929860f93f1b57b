; Words that are floats or addresses by turns: what is computed from one that was read as an
; address may be computed from the bits of a float.

define void @f(ptr %x, ptr %y) {
  %words = alloca [4 x i64]
  store ptr %words, ptr %words
  %v = load double, ptr %x
  %i = call i64 @index(i64 0)
  %in = and i64 %i, 3
  %place = getelementptr i64, ptr %words, i64 %in
  store double %v, ptr %place
  %j = call i64 @index(i64 1)
  %jn = and i64 %j, 3
  %from = getelementptr i64, ptr %words, i64 %jn
  %word = load ptr, ptr %from
  %below = icmp ult ptr %word, %y
  %flag = uitofp i1 %below to double
  %bits = ptrtoint ptr %word to i64
  %more = add i64 %bits, 4503599627370496
  %float = bitcast i64 %more to double
  %sum = fadd double %float, %flag
  store double %sum, ptr %y
  ret void
}

declare i64 @index(i64) memory(none)
@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
