// `operator new` that returns no memory rather than to throw, as stable sorting asks for it.
#include "check.h"
// The library of GCC 12 calls functions of its own that newer standards drop.
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#include <algorithm>
#include <new>
#include <vector>

static double sorted(const double *x, int n) {
  std::vector<double> all(x, x + n);
  std::stable_sort(all.begin(), all.end());
  double s = 0;
  for (int i = 0; i < n; i++)
    s += all[i] * all[i] * (i + 1);
  return s;
}

static double squared(const double *x, int n) {
  double *y = new (std::nothrow) double[n];
  if (!y)
    return 0;
  double s = 0;
  for (int i = 0; i < n; i++) {
    y[i] = x[i] * x[i];
    s += y[i] * y[i / 2];
  }
  delete[] y;
  return s;
}

int main() {
  double x[3] = {0.5, 0.62, 0.4}, d[3] = {};
  __enzyme_autodiff<void>((void *)sorted, enzyme_dup, x, d, enzyme_const, 3);
  same("the second", d[0], 2 * x[0] * 2);
  same("the third", d[1], 2 * x[1] * 3);
  same("the first", d[2], 2 * x[2] * 1);
  double e[3] = {};
  __enzyme_autodiff<void>((void *)squared, enzyme_dup, x, e, enzyme_const, 3);
  same("0", e[0], 4 * x[0] * x[0] * x[0] + 2 * x[0] * x[1] * x[1]);
  same("1", e[1], 2 * x[1] * x[0] * x[0] + 2 * x[1] * x[2] * x[2]);
  same("2", e[2], 2 * x[2] * x[1] * x[1]);
  return wrong;
}
