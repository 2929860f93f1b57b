; A word that asks for several derivatives at once.

define double @square(double %x) {
  %y = fmul double %x, %x
  ret double %y
}

define double @caller(double %x) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @square, metadata !"enzyme_width", i64 2, double %x)
  ret double %d
}

declare double @__enzyme_autodiff(ptr, ...)
