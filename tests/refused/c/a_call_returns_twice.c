// A retry by `setjmp`: what is between its two returns is done twice.
//
// Refused with ENZ0050: -O0, -O2.
#include <setjmp.h>
#include <stdlib.h>
double __enzyme_autodiff(void *, ...);

static jmp_buf again;

static double check(double v) {
  if (v > 0.5)
    longjmp(again, 1);
  return v * v;
}

static double run(double *y) {
  if (setjmp(again))
    *y *= 0.5;
  return check(*y);
}

static double f(double x) {
  double *y = malloc(sizeof *y);
  *y = x;
  double r = run(y);
  free(y);
  return r;
}

int main(void) { return __enzyme_autodiff((void *)f, 3.0) == 0; }
