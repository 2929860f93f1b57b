// Arithmetic of `long double`.
//
// Refused with ENZ0020: -O0, -O2.
double __enzyme_autodiff(void *, ...);

static double f(double x) {
  long double y = x;
  return (double)(y * y + 3);
}

int main(void) { return __enzyme_autodiff((void *)f, 0.5) == 0; }
