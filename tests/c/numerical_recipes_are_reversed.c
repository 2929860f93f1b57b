#define _GNU_SOURCE
#include "check.h"
#include <complex.h>
#include <stdlib.h>
#include <string.h>

// Matrices of rows, arrays that grow, a Fourier transform, random numbers, tables of what is
// known already, steps that adapt.
static double **matrix(int n, int m) {
  double **a = malloc(n * sizeof *a);
  for (int i = 0; i < n; i++)
    a[i] = calloc(m, sizeof **a);
  return a;
}
static void release(double **a, int n) {
  for (int i = 0; i < n; i++)
    free(a[i]);
  free(a);
}
static double determinant(const double *x, int n) {
  double **a = matrix(n, n), det = 1;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      a[i][j] = x[i * n + j];
  for (int k = 0; k < n; k++) {
    int p = k;
    for (int i = k + 1; i < n; i++)
      if (fabs(a[i][k]) > fabs(a[p][k]))
        p = i;
    if (p != k) {
      double *t = a[p];
      a[p] = a[k];
      a[k] = t;
      det = -det;
    }
    det *= a[k][k];
    for (int i = k + 1; i < n; i++) {
      double f = a[i][k] / a[k][k];
      for (int j = k; j < n; j++)
        a[i][j] -= f * a[k][j];
    }
  }
  release(a, n);
  return det;
}
struct Point {
  int id;
  double x, y;
};
struct Cloud {
  struct Point *points;
  size_t count, room;
};
static void add(struct Cloud *c, double x, double y) {
  if (c->count == c->room) {
    c->room = c->room ? 2 * c->room : 2;
    c->points = realloc(c->points, c->room * sizeof *c->points);
  }
  c->points[c->count] = (struct Point){(int)c->count, x, y};
  c->count++;
}
static double spread(const double *x, int n) {
  struct Cloud c = {0};
  for (int i = 0; i < n; i++)
    add(&c, x[i], x[i] * x[(i + 1) % n]);
  double mx = 0, my = 0, s = 0;
  for (size_t i = 0; i < c.count; i++) {
    mx += c.points[i].x / c.count;
    my += c.points[i].y / c.count;
  }
  for (size_t i = 0; i < c.count; i++) {
    double dx = c.points[i].x - mx, dy = c.points[i].y - my;
    s += sqrt(dx * dx + dy * dy) * (1 + c.points[i].id);
  }
  free(c.points);
  return s;
}
static void fft(double complex *a, int n) {
  if (n == 1)
    return;
  double complex even[n / 2], odd[n / 2];
  for (int i = 0; i < n / 2; i++) {
    even[i] = a[2 * i];
    odd[i] = a[2 * i + 1];
  }
  fft(even, n / 2);
  fft(odd, n / 2);
  for (int i = 0; i < n / 2; i++) {
    double complex t = cexp(-2.0 * I * M_PI * i / n) * odd[i];
    a[i] = even[i] + t;
    a[i + n / 2] = even[i] - t;
  }
}
static double power(const double *x, int n) {
  double complex *a = malloc(n * sizeof *a);
  double s = 0;
  for (int i = 0; i < n; i++)
    a[i] = x[i] + 0.5 * I * x[i] * x[i];
  fft(a, n);
  for (int i = 0; i < n; i++)
    s += cabs(a[i]) * (i + 1);
  free(a);
  return s;
}
static double path(double sigma) {
  unsigned state = 12345;
  double s = 1;
  for (int i = 0; i < 100; i++) {
    state = state * 1103515245u + 12345u;
    double u = (state >> 8) / 16777216.0 - 0.5;
    s *= exp(sigma * u - 0.01 * sigma * sigma);
  }
  return s > 1 ? s - 1 : 0.1 * s;
}
static double libc_random(double x) {
  srand(7);
  double s = 0;
  for (int i = 0; i < 10; i++)
    s += x * (rand() / (double)RAND_MAX);
  return s;
}
static double memo[64];
static char known[64];
static double fib(int n, double x) {
  if (n < 2)
    return n ? x : 1;
  if (known[n])
    return memo[n];
  double r = fib(n - 1, x) * x + 0.1 * fib(n - 2, x);
  known[n] = 1;
  memo[n] = r;
  return r;
}
static double fibs(double x) {
  memset(known, 0, sizeof known);
  return fib(12, x);
}
static double adaptive(double k) {
  double t = 0, y = 1, h = 0.1;
  while (t < 1) {
    if (t + h > 1)
      h = 1 - t;
    double k1 = -k * y, k2 = -k * (y + h * k1), e = fabs(h * (k2 - k1) / 2);
    if (e > 1e-5) {
      h *= 0.5;
      continue;
    }
    y += h * (k1 + k2) / 2;
    t += h;
    if (e < 1e-6)
      h *= 1.5;
  }
  return y;
}
static double check_array(double (*f)(const double *, int), double *x, double *d, int n,
                          const char *what) {
  for (int i = 0; i < n; i++) {
    double u = x[i];
    x[i] = u + 1e-6;
    double p = f(x, n);
    x[i] = u - 1e-6;
    double q = f(x, n);
    x[i] = u;
    near(what, d[i], (p - q) / 2e-6);
  }
  return 0;
}
static double det3(const double *x, int n) { return determinant(x, 3); }
int main(void) {
  double x[9] = {0.5, 2, 0.3, 3, 1, 0.2, 0.7, 0.9, 1.1}, d[9] = {0};
  __enzyme_autodiff((void *)determinant, enzyme_dup, x, d, enzyme_const, 3);
  check_array(det3, x, d, 9, "det");
  double e[9] = {0};
  __enzyme_autodiff((void *)spread, enzyme_dup, x, e, enzyme_const, 9);
  check_array(spread, x, e, 9, "spread");
  double f[8] = {0};
  __enzyme_autodiff((void *)power, enzyme_dup, x, f, enzyme_const, 8);
  check_array(power, x, f, 8, "power");
  near("path", __enzyme_autodiff((void *)path, 0.3), (path(0.3 + 1e-6) - path(0.3 - 1e-6)) / 2e-6);
  same("random", __enzyme_autodiff((void *)libc_random, 0.3), libc_random(1.0));
  near("fib", __enzyme_autodiff((void *)fibs, 0.9), (fibs(0.9 + 1e-6) - fibs(0.9 - 1e-6)) / 2e-6);
  near("adaptive", __enzyme_autodiff((void *)adaptive, 2.0),
       (adaptive(2.0 + 1e-9) - adaptive(2.0 - 1e-9)) / 2e-9);
  return wrong;
}
