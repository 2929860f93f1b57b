; What a function makes may lie in the derivative's arena, and what frees it before a panic
; must be seen to do so; other calls there stay.

define void @f(ptr %x, ptr %y) {
  %memory = call ptr @malloc(i64 8)
  %v = load double, ptr %x
  store double %v, ptr %memory
  %bad = fcmp olt double %v, 0.0
  br i1 %bad, label %fail, label %go
fail:
  call void @tell(ptr %memory)
  call void @drop(ptr %memory)
  call void @panic()
  unreachable
go:
  %w = load double, ptr %memory
  store double %w, ptr %y
  call void @drop(ptr %memory)
  ret void
}

define void @tell(ptr %memory) noinline {
  call void @print(ptr %memory)
  ret void
}

define void @drop(ptr %memory) noinline {
  call void @print(ptr null)
  call void @free(ptr %memory)
  ret void
}

declare void @print(ptr)
declare ptr @malloc(i64)
declare void @free(ptr)
declare void @panic() noreturn
@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
