; The two structs are swapped as words of eight bytes. The index comes from the integer
; beside the input, and is computed with: it would be refused if the float's derivative
; could reach it.

define void @f(ptr %x, ptr %y) {
  %n = load i64, ptr %x
  %at = getelementptr i8, ptr %x, i64 8
  %v = load float, ptr %at
  %pairs = alloca [2 x { float, i32 }]
  %index = trunc i64 %n to i32
  %odd = or i32 %index, 1
  store float %v, ptr %pairs
  %pairs.1 = getelementptr i8, ptr %pairs, i64 4
  store i32 %odd, ptr %pairs.1
  %pairs.2 = getelementptr i8, ptr %pairs, i64 8
  store float 2.0, ptr %pairs.2
  %pairs.3 = getelementptr i8, ptr %pairs, i64 12
  store i32 7, ptr %pairs.3
  %i = and i64 %n, 1
  %j = xor i64 %i, 1
  %p = getelementptr { float, i32 }, ptr %pairs, i64 %i
  %q = getelementptr { float, i32 }, ptr %pairs, i64 %j
  %first = load i64, ptr %p
  %second = load i64, ptr %q
  store i64 %second, ptr %p
  store i64 %first, ptr %q
  %a = load float, ptr %p
  %p.1 = getelementptr i8, ptr %p, i64 4
  %k = load i32, ptr %p.1
  %w = uitofp i32 %k to float
  %product = fmul float %a, %w
  store float %product, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
