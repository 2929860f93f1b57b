// A shadow has not the size of its memory: the derivative, and nothing else, goes beyond it.
#include "../check.h"
#include <stdlib.h>

static double f(const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += x[i] * x[i];
  return sum;
}

int main(void) {
  double *x = calloc(3, sizeof(double)), *by_x = calloc(2, sizeof(double));
  __enzyme_autodiff((void *)f, x, by_x, 3);
  free(by_x);
  free(x);
  return 0;
}
