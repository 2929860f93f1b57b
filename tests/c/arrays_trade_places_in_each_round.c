#include "check.h"
#include <stdlib.h>
#include <string.h>

// Steps in time that write from one array to another, which then trade places: what a round
// has read is overwritten by the next but one, though within a round the two are apart.
enum { SIZE = 5 };

static double on_the_stack(const double *x) {
  double A[SIZE], B[SIZE], *a = A, *b = B;
  for (int i = 0; i < SIZE; i++)
    a[i] = x[i];
  for (int t = 0; t < SIZE + 2; t++) {
    for (int i = 0; i < SIZE; i++)
      b[i] = a[i] * a[(i + 1) % SIZE] * 0.3 + a[i];
    double *c = a;
    a = b;
    b = c;
  }
  double sum = 0;
  for (int i = 0; i < SIZE; i++)
    sum += a[i] * (i + 1);
  return sum;
}

static void step(double *restrict to, const double *restrict from) {
  for (int i = 0; i < SIZE; i++)
    to[i] = from[i] + 0.2 * from[i] * (from[(i + 1) % SIZE] - from[(i + SIZE - 1) % SIZE]);
}
static void swap(double **a, double **b) {
  double *t = *a;
  *a = *b;
  *b = t;
}
static double by_restricted_arguments(const double *x) {
  double *w = malloc(sizeof(double) * SIZE), *v = malloc(sizeof(double) * SIZE);
  memcpy(v, x, sizeof(double) * SIZE);
  for (int t = 0; t < 5; t++) {
    step(w, v);
    swap(&w, &v);
  }
  double sum = 0;
  for (int i = 0; i < SIZE; i++)
    sum += v[i] * v[i] * v[i];
  free(w);
  free(v);
  return sum;
}

static double in_planes(const double *x) {
  double u[2][SIZE] = {{0}};
  int now = 0;
  memcpy(u[now], x, sizeof u[now]);
  for (int t = 0; t < 6; t++) {
    for (int i = 0; i < SIZE; i++)
      u[1 - now][i] = u[now][i] * (1 + 0.1 * u[now][(i + 2) % SIZE]);
    now = 1 - now;
  }
  double sum = 0;
  for (int i = 0; i < SIZE; i++)
    sum += u[now][i] * u[1 - now][i];
  return sum;
}

// Distances between addresses are indices.
static double from_both_ends(const double *x) {
  double sum = 0;
  for (const double *p = x, *end = x + SIZE; p < end; p++)
    sum += *p * *(x + (end - p - 1)) * (double)(p - x + 1);
  const double *p = x + SIZE;
  while (p != x)
    sum = sum * 0.5 + *--p * sum;
  return sum;
}

static void check(const char *what, double f(const double *), double *x, const double *by_x) {
  const double h = 1e-6;
  for (int i = 0; i < SIZE; i++) {
    double before = x[i];
    x[i] = before + h;
    double above = f(x);
    x[i] = before - h;
    double below = f(x);
    x[i] = before;
    near(what, by_x[i], (above - below) / (2 * h));
  }
}
#define CHECK(f)                                                                              \
  do {                                                                                        \
    double x[SIZE] = {0.3, 1.1, 0.6, 0.7, 0.1}, by_x[SIZE] = {0};                             \
    __enzyme_autodiff((void *)f, enzyme_dup, x, by_x);                                        \
    check(#f, f, x, by_x);                                                                    \
  } while (0)

int main(void) {
  CHECK(on_the_stack);
  CHECK(by_restricted_arguments);
  CHECK(in_planes);
  CHECK(from_both_ends);
  return wrong;
}
