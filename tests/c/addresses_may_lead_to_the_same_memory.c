#include "check.h"

struct Pair {
  double *a, *b;
};

static double one_for_two(double *x, double *y) {
  y[0] = x[0] * x[0];
  return x[0] * 3.0;
}
static void chain(const double *x, double *y, int n) {
  for (int i = 0; i < n; i++)
    y[i] = x[i] * x[i];
}
static double through_a_struct(struct Pair *p) {
  double before = p->a[0];
  p->b[0] = before * before * before;
  return sin(before) * p->a[0];
}
static double constant_too(const double *x, double *y) {
  double before = x[0];
  y[0] = y[0] * before;
  return y[0] * x[0];
}

int main(void) {
  double z = 2.0, dz = 0.0;
  __enzyme_autodiff((void *)one_for_two, &z, &dz, &z, &dz);
  same("one for two", dz, 3.0 * 2.0 * 2.0);

  // Each element is the square of the one before: the last is the first to the 8th power.
  double x[4] = {1.1}, dx[4] = {0.0, 0.0, 0.0, 1.0};
  __enzyme_autodiff((void *)chain, x, dx, x + 1, dx + 1, 3);
  same("value", x[3], pow(1.1, 8));
  same("chain", dx[0], 8.0 * pow(1.1, 7));

  double v = 0.7, dv = 0.0;
  struct Pair pair = {&v, &v}, dpair = {&dv, &dv};
  __enzyme_autodiff((void *)through_a_struct, &pair, &dpair);
  same("through a struct", dv, cos(0.7) * pow(0.7, 3) + sin(0.7) * 3.0 * 0.7 * 0.7);

  // Apart, for comparison.
  double a = 2.0, b = 3.0, db = 0.0;
  __enzyme_autodiff((void *)constant_too, enzyme_const, &a, &b, &db);
  same("apart", db, 4.0);
  return wrong;
}
