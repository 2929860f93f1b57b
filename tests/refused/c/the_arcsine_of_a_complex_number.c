// A function of complex numbers that has neither a rule nor a body.
//
// Refused with ENZ0010: -O0, -O2.
#include <complex.h>

double __enzyme_autodiff(void *, ...);

static double f(double x) { return creal(casin(x + 2.0 * x * I)); }

int main(void) { return __enzyme_autodiff((void *)f, 0.5) == 0; }
