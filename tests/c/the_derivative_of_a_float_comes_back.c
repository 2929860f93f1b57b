#include "check.h"

static double square(double x) { return x * x; }
static float cube(float x) { return x * x * x; }
double power(double x, int n) { return n == 0 ? 1.0 : x * power(x, n - 1); }

// One declaration for each signature: the name only has to hold the published one.
float __enzyme_autodiffFloat(float (*)(float), float);
double __enzyme_autodiff_power(double (*)(double, int), double, int);

int main(void) {
  for (double x = -2.0; x < 3.0; x += 0.5) {
    same("d square", __enzyme_autodiff((void *)square, x), 2.0 * x);
    same("d cube", __enzyme_autodiffFloat(cube, (float)x), 3.0 * x * x);
    same("d power", __enzyme_autodiff_power(power, x, 4), 4.0 * x * x * x);
  }
  return wrong;
}
