#include "check.h"
#include <stdlib.h>
#include <string.h>
// By comparators, of the program and of the library.
typedef int (*Compare)(const void *, const void *);
static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}
static int by_size(const void *a, const void *b) {
  double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
  return (x > y) - (x < y);
}
static void insertion(double *x, int n, Compare compare) {
  for (int i = 1; i < n; i++) {
    double v = x[i];
    int j = i;
    while (j > 0 && compare(&x[j - 1], &v) > 0) {
      x[j] = x[j - 1];
      j--;
    }
    x[j] = v;
  }
}
static double trimmed(const double *x, int n, Compare compare) {
  double *copy = malloc(n * sizeof *copy);
  memcpy(copy, x, n * sizeof *copy);
  insertion(copy, n, compare);
  memmove(copy, copy + 1, (n - 1) * sizeof *copy);
  double s = 0;
  for (int i = 0; i < n - 2; i++)
    s += copy[i] * copy[i] * (i + 1);
  free(copy);
  return s;
}
static double biggest(const double *x, int n) {
  double y[8];
  for (int i = 0; i < n; i++)
    y[i] = x[i] * x[i];
  qsort(y, n, sizeof *y, by_value);
  return y[n - 1] + y[n - 2] * 0.5;
}
static void by_the_library(void) {
  double x[4] = {3, -1, 2, -5}, d[4] = {0};
  __enzyme_autodiff((void *)biggest, enzyme_dup, x, d, enzyme_const, 4);
  same("0", d[0], 3.0);
  same("3", d[3], -10.0);
  same("1", d[1], 0.0);
}
int main(void) {
  by_the_library();
  double x[5] = {3, -1, 2, -5, 4}, d[5] = {0};
  __enzyme_autodiff((void *)trimmed, enzyme_dup, x, d, enzyme_const, 5, enzyme_const, by_value);
  // sorted: -5 -1 2 3 4 -> keeps -1 2 3
  double e[5] = {2 * 3 * 3, -2 * 1, 2 * 2 * 2, 0, 0};
  for (int i = 0; i < 5; i++)
    same("value", d[i], e[i]);
  double f[5] = {0};
  __enzyme_autodiff((void *)trimmed, enzyme_dup, x, f, enzyme_const, 5, enzyme_const, by_size);
  // -1 2 3 4 -5 -> 2 3 4
  double g[5] = {2 * 2 * 3, 0, 2 * 2, 0, 3 * 2 * 4};
  for (int i = 0; i < 5; i++)
    same("size", f[i], g[i]);
  return wrong;
}
