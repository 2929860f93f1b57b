#include "check.h"

// Where sums may be ordered anew, what is computed again in the reverse sweep may differ in its last
// bits from what the maximum was taken of.
#pragma float_control(precise, off, push)
static double lit(double a, double b, double c, int k) {
  double y = fmax(0, a * b * 0.4 + b * b * 0.81 - c * b * 0.4);
  double z = fmin(y, a * b * 0.7 + c * c * 0.2 - b * 0.1);
  if (k == 0)
    return y + z;
  return b + lit(y * c, a * z, b * a, k - 1) * y;
}
#pragma float_control(pop)
static double f(const double *x) { return lit(x[0], x[1], x[2], 2); }

int main(void) {
  for (int k = 0; k < 8; k++) {
    double x[3] = {0.5 + 0.07 * k, 0.9 - 0.03 * k, 0.3 + 0.11 * k}, d[3] = {0};
    __enzyme_autodiff((void *)f, x, d);
    for (int i = 0; i < 3; i++) {
      double at = x[i], h = 1e-6;
      x[i] = at + h;
      double above = f(x);
      x[i] = at - h;
      double below = f(x);
      x[i] = at;
      near("derivative", d[i], (above - below) / (2 * h));
    }
  }
  return wrong;
}
