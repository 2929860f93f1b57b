// Names of functions of C that are not included are free for functions of the program.
#include "check.h"

#define OWN __attribute__((noinline)) static

OWN double read(double a, int k) { return a * a * k; }
OWN double time(double a) { return 3 * a; }
OWN int dup(const double *x, double *y) {
  *y = *x * *x;
  return 1;
}

static double f(const double *x, int n) {
  double y;
  int k = dup(x + 2, &y);
  return read(x[0], 3) + time(x[1]) * n + y * k;
}

int main(void) {
  double x[3] = {1.5, 0.62, 2.0}, d[3] = {0};
  same("value", f(x, 2), 6.75 + 3.72 + 4);
  __enzyme_autodiff((void *)f, enzyme_dup, x, d, enzyme_const, 2);
  same("read", d[0], 9);
  same("time", d[1], 6);
  same("dup", d[2], 4);
  return wrong;
}
