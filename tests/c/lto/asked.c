// The unit that asks for derivatives of functions of another.
#include "../check.h"

double wave(double x);
double sum_of_squares(const double *x, int n);

int main(void) {
  same("wave", __enzyme_autodiff((void *)wave, 0.7), cos(0.7) * 0.7 + sin(0.7));
  double x[3] = {1.0, 2.0, 3.0}, dx[3] = {0.0};
  __enzyme_autodiff((void *)sum_of_squares, enzyme_dup, x, dx, enzyme_const, 3);
  for (int i = 0; i < 3; i++)
    same("sum of squares", dx[i], 2.0 * x[i]);
  return wrong;
}
