// The derivative by what lies behind an address that is returned.
//
// Refused with ENZ0004: -O0, -O2.
extern int enzyme_active_return;
void __enzyme_autodiff(void *, ...);

static double *f(double *x) { return x + 1; }

int main(void) {
  double x[2] = {1, 2}, by_x[2] = {0, 0};
  __enzyme_autodiff((void *)f, enzyme_active_return, x, by_x);
  return by_x[1] == 0;
}
