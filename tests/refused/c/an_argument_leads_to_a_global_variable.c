// An argument leads to a global variable that the function uses by name, too.
//
// Ends with ENZ0041: -O0, -O2.
void __enzyme_autodiff(void *, ...);

double state[2] = {1, 2};

static double f(double *x, double y) {
  state[0] = y * y;
  return x[0] * state[0];
}

int main(void) {
  double by_x[2] = {0, 0};
  __enzyme_autodiff((void *)f, state, by_x, 0.5);
  return 0;
}
