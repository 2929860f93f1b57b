// A function of `long double`.
//
// Refused with ENZ0010: -O0, -O2.
#include <math.h>

double __enzyme_autodiff(void *, ...);

static double f(double x) { return (double)sinl((long double)x * x); }

int main(void) { return __enzyme_autodiff((void *)f, 0.5) == 0; }
