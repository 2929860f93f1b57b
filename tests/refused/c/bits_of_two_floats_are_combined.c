// `xor` of the bits of two floats, of which neither is a mask of signs.
//
// Ends with ENZ0021: -O2.
extern int enzyme_const, enzyme_dup;
void __enzyme_autodiff(void *, ...);

static double f(const double *x, const double *mask) {
  union {
    double number;
    long long bits;
  } product = {x[0] * x[0]}, other = {mask[0]};
  product.bits ^= other.bits;
  return product.number * x[0];
}

int main(void) {
  double x[1] = {0.5}, by_x[1] = {0}, mask[1] = {1.5};
  __enzyme_autodiff((void *)f, enzyme_dup, x, by_x, enzyme_const, mask);
  return 0;
}
