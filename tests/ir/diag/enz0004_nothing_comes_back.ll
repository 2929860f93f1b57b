; Nothing comes back of a function of addresses, and the float that the call returns is used.

define double @value(ptr %x) {
  %a = load double, ptr %x
  %y = fmul double %a, %a
  ret double %y
}

define double @caller(ptr %x, ptr %d) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @value, ptr %x, ptr %d)
  %twice = fadd double %r, %r
  ret double %twice
}

declare double @__enzyme_autodiff(ptr, ...)
