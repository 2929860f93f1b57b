#include "check.h"

static double product(const double *a, const double *b, double c) { return a[0] * b[0] * c; }
static void by_address(double *x, double *result) { *result = sin(*x) * *x; }

int main(void) {
  double a = 2.0, b = 3.0, da = 0.0, db = 0.0;
  double by_c = __enzyme_autodiff((void *)product, enzyme_const, &a, enzyme_dup, &b, &db,
                                  enzyme_out, 5.0);
  same("by c", by_c, a * b);
  same("by b", db, a * 5.0);
  __enzyme_autodiff((void *)product, enzyme_dup, &a, &da, enzyme_const, &b, enzyme_const, 5.0);
  same("by a", da, b * 5.0);
  same("by b, still", db, a * 5.0);

  double value = __enzyme_autodiff((void *)product, enzyme_primal_return, enzyme_dup, &a, &da,
                                   enzyme_const, &b, enzyme_const, 5.0);
  same("the function's own result", value, a * b * 5.0);
  same("by a, twice", da, 2.0 * b * 5.0);

  // Words may be taken along in variables.
  int word = enzyme_const;
  double x = 0.7, dx = 0.0, result = 0.0, dresult = 1.0;
  __enzyme_autodiff((void *)by_address, enzyme_dup, &x, &dx, enzyme_dup, &result, &dresult);
  same("dx", dx, cos(x) * x + sin(x));
  same("the result", result, sin(x) * x);
  db = 0.0;
  __enzyme_autodiff((void *)product, word, &a, &b, &db, word, 2.0);
  same("by b, with words from a variable", db, a * 2.0);

  // A result that is not differentiated gives nothing.
  db = 0.0;
  __enzyme_autodiff((void *)product, enzyme_const_return, enzyme_const, &a, &b, &db, enzyme_const,
                    2.0);
  same("by b, without a seed", db, 0.0);
  return wrong;
}
