; A word between the arguments of a request is a metadata string, a load from its variable,
; or the variable itself.

@enzyme_dup = external global i32
@enzyme_const = external global i32

define double @f(ptr %x, ptr %y, double %z) {
  %a = load double, ptr %x
  %b = load double, ptr %y
  %ab = fmul double %a, %b
  %r = fmul double %ab, %z
  ret double %r
}

define void @caller(ptr %x, ptr %dx, ptr %y, double %z) {
  %dup = load i32, ptr @enzyme_dup
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, i32 %dup, ptr %x, ptr %dx, ptr @enzyme_const, ptr %y, metadata !"enzyme_const", double %z)
  ret void
}

declare double @__enzyme_autodiff(ptr, ...)
