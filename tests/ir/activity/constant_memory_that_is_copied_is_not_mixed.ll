; A `Const` buffer is copied into differentiated memory. The copy moves values, not
; addresses, so the buffer needs no shadow.

define void @f(ptr %x, ptr %c) {
  %v = load double, ptr %x
  %second = getelementptr i8, ptr %x, i64 8
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %second, ptr align 8 %c, i64 16, i1 false)
  %a = load double, ptr %second
  %third = getelementptr i8, ptr %x, i64 16
  %b = load double, ptr %third
  %one = fmul double %v, %a
  %product = fmul double %one, %b
  store double %product, ptr %x
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
