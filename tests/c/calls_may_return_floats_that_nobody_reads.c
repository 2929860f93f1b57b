#include "check.h"

// One declaration serves functions of addresses as well: then nothing comes back, and what
// the call is declared to return goes nowhere.
static double value(const double *x) { return x[0] * x[0] * x[1]; }
static void product(const double *x, double *y) { y[0] = x[0] * x[1]; }

double gradient(const double *x, double *d) { return __enzyme_autodiff((void *)value, x, d); }

int main(void) {
  double x[2] = {2, 3}, d[2] = {0}, y, dy = 1;
  gradient(x, d);
  same("by x0, wrapped", d[0], 12);
  same("by x1, wrapped", d[1], 4);
  double ignored = __enzyme_autodiff((void *)product, x, d, &y, &dy);
  (void)ignored;
  same("by x0, added", d[0], 12 + 3);
  same("by x1, added", d[1], 4 + 2);
  return wrong;
}
