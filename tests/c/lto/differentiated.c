// The unit with the functions; see `asked.c`.
#include <math.h>

double wave(double x) { return sin(x) * x; }

double sum_of_squares(const double *x, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    sum += x[i] * x[i];
  return sum;
}
