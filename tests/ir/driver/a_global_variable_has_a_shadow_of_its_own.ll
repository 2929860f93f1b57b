; Before the forward sweep the shadow's integer becomes the variable's; at the end of the
; reverse sweep its float becomes zero, whatever belonged to the value from before.

@state = internal global { double, i64 } { double 1.0, i64 7 }

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %old = load double, ptr @state
  %square = fmul double %v, %v
  store double %square, ptr @state
  %new = load double, ptr @state
  %result = fmul double %old, %new
  store double %result, ptr %y
  %count = getelementptr i8, ptr @state, i64 8
  %n = load i64, ptr %count
  %more = mul i64 %n, 3
  store i64 %more, ptr %count
  %other = getelementptr i8, ptr %y, i64 16
  call void @llvm.memcpy.p0.p0.i64(ptr %other, ptr @state, i64 16, i1 false)
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
