#include "check.h"
#include <stddef.h>

static double sum_and_scale(const double *array, size_t size, double scale) {
  double sum = 0.0;
  for (size_t i = 0; i < size; i++)
    sum += array[i] * array[i];
  return sum * scale;
}

static void outputs(const double *x, double *y) {
  y[0] = x[0] * x[1];
  y[1] = x[0] + x[1] * x[1];
}

int main(void) {
  double array[5] = {1.0, -2.0, 3.0, 0.0, 5.0}, shadow[5] = {10.0, 10.0, 10.0, 10.0, 10.0};
  size_t size = 5;
  // An address takes a shadow, an integer is constant, a float comes back.
  double by_scale = __enzyme_autodiff((void *)sum_and_scale, array, shadow, size, 0.5);
  same("by scale", by_scale, 1.0 + 4.0 + 9.0 + 25.0);
  for (int i = 0; i < 5; i++)
    same("by array", shadow[i], 10.0 + array[i]);

  // The seed of an output stands in its shadow, and is used up.
  double x[2] = {2.0, 3.0}, dx[2] = {0.0, 0.0}, y[2], dy[2] = {1.0, 10.0};
  __enzyme_autodiff((void *)outputs, enzyme_dup, x, dx, enzyme_dupnoneed, y, dy);
  same("dx0", dx[0], 1.0 * x[1] + 10.0);
  same("dx1", dx[1], 1.0 * x[0] + 10.0 * 2.0 * x[1]);
  same("dy0", dy[0], 0.0);
  same("dy1", dy[1], 0.0);
  return wrong;
}
