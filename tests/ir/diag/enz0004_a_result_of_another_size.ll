; Two derivatives come back, and the call returns one float.

define double @product(double %x, double %y) {
  %z = fmul double %x, %y
  ret double %z
}

define double @caller(double %x, double %y) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @product, double %x, double %y)
  ret double %d
}

declare double @__enzyme_autodiff(ptr, ...)
