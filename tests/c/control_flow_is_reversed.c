#include "check.h"

static double recursive(double x, int n) { return n == 0 ? x : sin(recursive(x, n - 1)) * x; }

static double until_large(double x) {
  while (x < 100.0)
    x = x * x + 1.0;
  return x;
}

static double chosen(double x, int which) {
  switch (which) {
  case 0:
    return x * x;
  case 1:
    return x * x * x;
  case 2:
    return sin(x);
  case 3:
    x = 2.0 * x; // falls through
  default:
    return exp(x);
  }
}

static double early(const double *x, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; i++) {
    if (x[i] < 0.0)
      continue;
    if (x[i] > 10.0)
      return sum * x[i];
    sum += x[i] * x[i];
  }
  return sum;
}

static double jumps(double x, int n) {
again:
  if (n > 0) {
    n--;
    x = x * x - 0.1;
    goto again;
  }
  return x;
}

static double difference(double (*f)(double, int), double x, int n) {
  double h = 1e-6;
  return (f(x + h, n) - f(x - h, n)) / (2.0 * h);
}

int main(void) {
  near("recursive", __enzyme_autodiff((void *)recursive, 1.5, 3), difference(recursive, 1.5, 3));
  double x1 = 1.5 * 1.5 + 1.0, x2 = x1 * x1 + 1.0;
  same("until large", __enzyme_autodiff((void *)until_large, 1.5), 2.0 * 1.5 * 2.0 * x1 * 2.0 * x2);
  for (int k = 0; k < 5; k++)
    near("chosen", __enzyme_autodiff((void *)chosen, 0.7, k), difference(chosen, 0.7, k));
  double x[5] = {1.0, -2.0, 3.0, 11.0, 5.0}, dx[5] = {0.0}, expected[5] = {22.0, 0.0, 66.0, 10.0, 0.0};
  __enzyme_autodiff((void *)early, x, dx, 5);
  for (int i = 0; i < 5; i++)
    same("early", dx[i], expected[i]);
  near("jumps", __enzyme_autodiff((void *)jumps, 0.9, 4), difference(jumps, 0.9, 4));
  return wrong;
}
