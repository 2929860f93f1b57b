; What the program states as a derivative does not take the function's argument.

@__enzyme_register_gradient_twice = global [3 x ptr] [ptr @twice, ptr @forward, ptr @reverse]

define double @twice(double %x) noinline {
  %y = fmul double %x, 2.0
  ret double %y
}

define double @f(double %x) {
  %y = call double @twice(double %x)
  %z = fmul double %y, %x
  ret double %z
}

define double @caller(double %x) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %d
}

declare void @forward()
declare void @reverse()
declare double @__enzyme_autodiff(ptr, ...)
