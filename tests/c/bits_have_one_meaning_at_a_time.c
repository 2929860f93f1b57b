#include "check.h"
#include <string.h>

// Unions with a tag, the sign bit, complex numbers, two precisions.
#include <complex.h>
#include <stdint.h>
struct Value {
  enum { INT, REAL } kind;
  union {
    long i;
    double d;
  } as;
};
static double total(const struct Value *v, int n, double scale) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s += v[i].kind == REAL ? v[i].as.d * scale : (double)v[i].as.i;
  return s;
}
// Counts and sums by group: a comparison chooses which count, and which sum.
struct Group {
  long count;
  double sum;
};
static double mean_of_groups(const double *x, int n) {
  struct Group groups[2] = {{0}};
  for (int i = 0; i < n; i++) {
    struct Group *group = &groups[x[i] > 0.8];
    group->count++;
    group->sum += x[i] * x[i];
  }
  double s = 0;
  for (int k = 0; k < 2; k++)
    if (groups[k].count)
      s += groups[k].sum / groups[k].count;
  return s;
}
static double build(const double *x, int n) {
  struct Value stack[8];
  int top = 0;
  for (int i = 0; i < n; i++) {
    struct Value v;
    if (i % 2) {
      v.kind = INT;
      v.as.i = i;
    } else {
      v.kind = REAL;
      v.as.d = x[i] * x[i];
    }
    stack[top++] = v;
  }
  double s = 0;
  while (top) {
    struct Value v = stack[--top];
    s = s * 0.5 + (v.kind == REAL ? v.as.d : v.as.i * x[0]);
  }
  return s;
}
static int is_negative(double x) {
  union {
    double d;
    uint64_t u;
  } u = {x};
  return u.u >> 63;
}
static double relu(double x) { return is_negative(x) ? 0.01 * x : x; }
static double bits_copied(double x) {
  uint64_t u;
  memcpy(&u, &x, 8);
  double y;
  memcpy(&y, &u, 8);
  return y * y;
}
static double wave(double a, double w) {
  double complex z = cexp(I * w) * a;
  return creal(z) * creal(z) - cimag(z);
}
static double complex_product(double a, double b) {
  double complex z = a + b * I, y = z * z + 2.0 * conj(z);
  return creal(y) + 3.0 * cimag(y);
}
static float mixed(double x) {
  float y = (float)x;
  double z = y * 2.0;
  return (float)(z * x) + y;
}
struct Two {
  double a, b;
};
struct Two __enzyme_autodiff_two(void *, ...);
int main(void) {
  double x[5] = {1.5, 2, 2.5, 3, 0.5}, d[5] = {0};
  __enzyme_autodiff((void *)build, enzyme_dup, x, d, enzyme_const, 5);
  for (int i = 0; i < 5; i++) {
    double u = x[i];
    x[i] = u + 1e-6;
    double p = build(x, 5);
    x[i] = u - 1e-6;
    double q = build(x, 5);
    x[i] = u;
    near("build", d[i], (p - q) / 2e-6);
  }
  double by_group[5] = {10, 10, 10, 10, 10};
  __enzyme_autodiff((void *)mean_of_groups, enzyme_dup, x, by_group, enzyme_const, 5);
  for (int i = 0; i < 5; i++)
    same("mean of groups", by_group[i], 10 + 2 * x[i] / (x[i] > 0.8 ? 4 : 1));
  same("relu", __enzyme_autodiff((void *)relu, -2.0), 0.01);
  same("relu", __enzyme_autodiff((void *)relu, 2.0), 1.0);
  same("bits", __enzyme_autodiff((void *)bits_copied, 3.0), 6.0);
  struct Two w = __enzyme_autodiff_two((void *)wave, 1.5, 0.5);
  same("wa", w.a, 2 * 1.5 * cos(0.5) * cos(0.5) - sin(0.5));
  same("ww", w.b, -2 * 1.5 * 1.5 * cos(0.5) * sin(0.5) - 1.5 * cos(0.5));
  struct Two t = __enzyme_autodiff_two((void *)complex_product, 1.5, 0.5);
  same("re", t.a, 2 * 1.5 + 2.0 + 3 * 2 * 0.5);
  same("im", t.b, -2 * 0.5 + 3 * (2 * 1.5 - 2.0));
  near("mixed", __enzyme_autodiff((void *)mixed, 1.5), 4 * 1.5 + 1);
  struct Value v[3] = {{REAL, {.d = 2.0}}, {INT, {.i = 3}}, {REAL, {.d = 4.0}}};
  same("total", __enzyme_autodiff((void *)total, enzyme_const, v, enzyme_const, 3, enzyme_out, 2.0),
       6.0);
  return wrong;
}
