; Code that is not in the program gets the address of memory that nothing else looks at:
; what it does to the floats there shows nowhere.

define void @f(ptr %x) {
  call void @unseen(ptr %x)
  ret void
}

define void @caller(ptr %x, ptr %dx) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %x, ptr %dx)
  ret void
}

declare void @unseen(ptr)
declare void @__enzyme_autodiff(ptr, ...)
