; An address is differentiated, and no shadow follows it.

define double @square(ptr %x) {
  %v = load double, ptr %x
  %y = fmul double %v, %v
  ret double %y
}

define void @caller(ptr %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @square, ptr %x)
  ret void
}

declare double @__enzyme_autodiff(ptr, ...)
