// A function that returns a struct of a float and an integer.
//
// Refused with ENZ0004: -O0, -O2.
struct Found {
  double value;
  long rounds;
};

double __enzyme_autodiff(void *, ...);

static struct Found f(double x) {
  struct Found found = {x * x, 3};
  return found;
}

int main(void) { return __enzyme_autodiff((void *)f, 0.5) == 0; }
