// A function that looks at variadic doubles.
//
// Refused with ENZ0010: -O0, -O2.
#include <stdarg.h>

double __enzyme_autodiff(void *, ...);

__attribute__((noinline)) static double sum(int n, ...) {
  va_list list;
  va_start(list, n);
  double total = 0;
  for (int i = 0; i < n; i++)
    total += va_arg(list, double);
  va_end(list);
  return total;
}
static double f(double x) { return sum(3, x, x * x, 2 * x); }

int main(void) { return __enzyme_autodiff((void *)f, 0.5) == 0; }
