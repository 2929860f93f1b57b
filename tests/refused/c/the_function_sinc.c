// `sinc`, which some libraries define with π, and some without.
//
// Refused with ENZ0010: -O0, -O2.
double __enzyme_autodiff(void *, ...);
double sinc(double);

static double f(double x) { return sinc(x * x); }

int main(void) { return __enzyme_autodiff((void *)f, 0.5) == 0; }
