#define _GNU_SOURCE
#include "check.h"

static double filled(double x, int n) {
  double values[n];
  int order[n];
  for (int i = 0; i < n; i++) {
    values[i] = x * i;
    order[i] = n - 1 - i;
  }
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    sum += values[i] * values[order[i]];
  return sum;
}

static double row(const double *x, int n) {
  double copy[n];
  for (int i = 0; i < n; i++)
    copy[i] = sin(x[i]);
  double product = 1.0;
  for (int i = 0; i < n; i++)
    product *= copy[i];
  return product;
}

// Each round has an array of its own.
static double rows(const double *x, int n) {
  double sum = 0.0;
  for (int length = 1; length <= n; length++)
    sum += row(x, length);
  return sum;
}

static void both(double angle, double *result) {
  double sine, cosine;
  sincos(angle, &sine, &cosine);
  *result = sine * cosine * cosine;
}

int main(void) {
  double sum = 0.0;
  for (int i = 0; i < 7; i++)
    sum += (double)i * (6 - i);
  same("filled", __enzyme_autodiff((void *)filled, 0.7, 7), 2.0 * 0.7 * sum);
  double x[4] = {0.3, 0.5, 0.7, 0.9}, dx[4] = {0.0};
  __enzyme_autodiff((void *)rows, x, dx, 4);
  for (int i = 0; i < 4; i++) {
    double expected = 0.0;
    for (int length = i + 1; length <= 4; length++)
      expected += row(x, length) / sin(x[i]) * cos(x[i]);
    same("rows", dx[i], expected);
  }
  double result, dresult = 1.0, a = 0.6;
  double by_angle = __enzyme_autodiff((void *)both, a, &result, &dresult);
  same("sincos", by_angle, pow(cos(a), 3) - 2.0 * pow(sin(a), 2) * cos(a));
  return wrong;
}
