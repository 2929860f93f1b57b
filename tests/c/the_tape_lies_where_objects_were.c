// Derivatives in turns: each takes the memory for its tape and objects that the one before
// has given back, which had another meaning there.
#include "check.h"
#include <stdlib.h>

static double taped(double x, int n) {
  double value = x;
  for (int i = 0; i < n; i++)
    value = sin(value) * x;
  return value;
}

static double stored(double x, int n) {
  double *memory = malloc(n * sizeof(double));
  for (int i = 0; i < n; i++)
    memory[i] = x * (i + 1);
  for (int i = 1; i < n; i++)
    memory[i] = memory[i] * memory[i - 1] * 0.1;
  double last = memory[n - 1];
  free(memory);
  return last;
}

static double slope(double (*f)(double, int), double x, int n) {
  return (f(x + 1e-6, n) - f(x - 1e-6, n)) / 2e-6;
}

int main(void) {
  for (int n = 1; n < 40; n += 3) {
    double first = 0.0, second = 0.0;
    for (int k = 0; k < 4; k++) {
      first += __enzyme_autodiff((void *)taped, 1.1 + 0.1 * k, n);
      second += __enzyme_autodiff((void *)stored, 0.9 - 0.1 * k, n);
    }
    double expected[2] = {0.0, 0.0};
    for (int k = 0; k < 4; k++) {
      expected[0] += slope(taped, 1.1 + 0.1 * k, n);
      expected[1] += slope(stored, 0.9 - 0.1 * k, n);
    }
    near("taped", first, expected[0]);
    near("stored", second, expected[1]);
  }
  return wrong;
}
