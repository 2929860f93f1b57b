#include "check.h"
#include <stdbool.h>
#include <stdint.h>

struct View {
  const double *data;
  long size;
};
struct Tagged {
  int tag;
  float scale;
};

static double narrow(double x, char c, short s, bool b, unsigned char u, float f, uint64_t w) {
  return x * (c + s + u + (double)w) * (b ? 2.0 : 1.0) * f;
}
static double viewed(struct View view, double by) {
  double sum = 0.0;
  for (long i = 0; i < view.size; i++)
    sum += view.data[i] * by;
  return sum;
}
static double tagged(struct Tagged t, double x) { return t.tag * x * t.scale; }
static double aliased(double *x, double *y) {
  y[0] = x[0] * x[0];
  return x[0] * 3.0;
}
static double applied(double (*f)(double), double x) { return f(x) * x; }
static int whole(double x, double *out) {
  *out = x * x;
  return (int)x;
}

struct Two {
  double by_x;
  float by_f;
};
struct Two __enzyme_autodiff_two(void *, ...);
struct Two __enzyme_autodiff_narrow(double (*)(double, char, short, bool, unsigned char, float,
                                               uint64_t),
                                    double, char, short, bool, unsigned char, float, uint64_t);

int main(void) {
  // By a variadic declaration arguments are promoted, by a full one they are not.
  struct Two a =
      __enzyme_autodiff_two((void *)narrow, 1.5, 'a', (short)-3, true, 200, 0.5f, (uint64_t)7);
  struct Two b = __enzyme_autodiff_narrow(narrow, 1.5, 'a', -3, true, 200, 0.5f, 7);
  double sum = 'a' - 3 + 200 + 7;
  same("by x, promoted", a.by_x, sum * 2.0 * 0.5);
  same("by f, promoted", a.by_f, sum * 2.0 * 1.5);
  same("by x", b.by_x, sum * 2.0 * 0.5);
  same("by f", b.by_f, sum * 2.0 * 1.5);

  // A struct of an address and a length is two arguments.
  double x[3] = {1.0, 2.0, 3.0}, dx[3] = {0.0};
  struct View view = {x, 3};
  double by = __enzyme_autodiff((void *)viewed, enzyme_dup, view.data, dx, view.size, 2.0);
  same("by the factor", by, 6.0);
  same("by data", dx[1], 2.0);
  by = __enzyme_autodiff((void *)viewed, enzyme_const, view, 2.0);
  same("by the factor, of a constant view", by, 6.0);

  // A struct of an integer and a float is an integer to C's callers: constant.
  struct Tagged t = {3, 0.5f};
  same("tagged", __enzyme_autodiff((void *)tagged, t, 2.0), 1.5);

  // One address for two parameters: both see what is written.
  double z[1] = {2.0}, dz[1] = {0.0};
  __enzyme_autodiff((void *)aliased, enzyme_dup, z, dz, enzyme_dup, z, dz);
  same("aliased", dz[0], 3.0 * 2.0 * 2.0);
  same("what it wrote", z[0], 4.0);

  same("applied", __enzyme_autodiff((void *)applied, enzyme_const, (void *)exp, 0.5),
       exp(0.5) * 1.5);

  // An integer as result has no derivative, but may be asked for.
  double out = 0.0, dout = 1.0;
  double by_x = __enzyme_autodiff((void *)whole, 3.5, &out, &dout);
  same("beside an integer result", by_x, 7.0);

  // Slots do not pile up where the call is in a loop.
  double total = 0.0;
  for (int i = 0; i < 3000000; i++)
    total += __enzyme_autodiff((void *)tagged, t, (double)i);
  same("in a loop", total, 3000000 * 1.5);
  return wrong;
}
