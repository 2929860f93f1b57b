; Derivatives along directions are asked for.

define double @square(double %x) {
  %y = fmul double %x, %x
  ret double %y
}

define double @caller(double %x) {
  %d = call double (ptr, ...) @__enzyme_fwddiff(ptr @square, double %x, double 1.0)
  ret double %d
}

declare double @__enzyme_fwddiff(ptr, ...)
