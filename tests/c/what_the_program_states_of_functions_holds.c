#include "check.h"

// Wrong on purpose: only its name tells its derivative.
__attribute__((noinline)) static double my_sine(double x) { return sin(x) + 0.0 * floor(x); }
__attribute__((used)) void *__enzyme_function_like_my_sine[2] = {(void *)my_sine, "sin"};

static int calls = 0;
__attribute__((noinline)) static double noise(double x) {
  calls++;
  return x * x;
}
__attribute__((used)) void *__enzyme_inactivefn_noise[1] = {(void *)noise};

__attribute__((annotate("enzyme_inactive"), noinline)) static double quiet(const double *x) {
  return x[0] * x[0];
}

static double with_like(double x) { return my_sine(x) * x; }
static double with_noise(double x) { return noise(x) + 3.0 * x; }
static double with_quiet(const double *x) { return quiet(x) * x[0]; }

int main(void) {
  same("like", __enzyme_autodiff((void *)with_like, 0.7), cos(0.7) * 0.7 + sin(0.7));
  same("inactive", __enzyme_autodiff((void *)with_noise, 0.7), 3.0);
  same("calls", calls, 1);
  double x = 0.7, dx = 0.0;
  __enzyme_autodiff((void *)with_quiet, &x, &dx);
  same("annotated", dx, 0.7 * 0.7);
  same("outside", noise(2.0), 4.0);
  return wrong;
}
