; A loop that a runtime library runs on several threads.

define void @body(ptr %thread, ptr %bound, ptr %x) {
  %v = load double, ptr %x
  %y = fmul double %v, %v
  store double %y, ptr %x
  ret void
}

define void @f(ptr %x) {
  call void (ptr, i32, ptr, ...) @__kmpc_fork_call(ptr null, i32 1, ptr @body, ptr %x)
  ret void
}

define void @caller(ptr %x, ptr %dx) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %x, ptr %dx)
  ret void
}

declare void @__kmpc_fork_call(ptr, i32, ptr, ...)
declare void @__enzyme_autodiff(ptr, ...)
