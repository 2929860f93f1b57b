#include "check.h"
#include <stdlib.h>
#include <alloca.h>

static double vla(const double *x, int n) {
  double a[n][n], y[n];
  for (int i = 0; i < n; i++) {
    y[i] = x[i];
    for (int j = 0; j < n; j++)
      a[i][j] = i == j ? 2 + x[i] : x[j] * 0.1;
  }
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++) {
      double f = a[i][k] / a[k][k];
      for (int j = k; j < n; j++)
        a[i][j] -= f * a[k][j];
      y[i] -= f * y[k];
    }
  for (int i = n - 1; i >= 0; i--) {
    for (int j = i + 1; j < n; j++)
      y[i] -= a[i][j] * y[j];
    y[i] /= a[i][i];
  }
  double s = 0;
  for (int i = 0; i < n; i++)
    s += y[i];
  return s;
}
static double stack(const double *x, int n) {
  double *t = alloca(n * sizeof(double));
  double s = 0;
  for (int i = 0; i < n; i++)
    t[i] = exp(x[i] * 0.1);
  for (int i = 0; i < n; i++)
    s += t[i] * t[n - 1 - i];
  return s;
}
static double newton(double a) {
  double x = a > 1 ? a : 1;
  int it = 0;
  while (fabs(x * x - a) > 1e-14 * a && ++it < 100)
    x = 0.5 * (x + a / x);
  return x;
}
int main(void) {
  double x[4] = {1.5, 2, 0.5, 3};
  double (*f[2])(const double *, int) = {vla, stack};
  for (int k = 0; k < 2; k++) {
    double d[4] = {0};
    if (k)
      __enzyme_autodiff((void *)stack, enzyme_dup, x, d, enzyme_const, 4);
    else
      __enzyme_autodiff((void *)vla, enzyme_dup, x, d, enzyme_const, 4);
    for (int i = 0; i < 4; i++) {
      double u = x[i];
      x[i] = u + 1e-6;
      double p = f[k](x, 4);
      x[i] = u - 1e-6;
      double q = f[k](x, 4);
      x[i] = u;
      near("d", d[i], (p - q) / 2e-6);
    }
  }
  near("newton", __enzyme_autodiff((void *)newton, 7.0), 0.5 / sqrt(7.0));
  return wrong;
}
