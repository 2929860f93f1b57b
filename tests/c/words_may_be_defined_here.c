#define WORDS_ARE_DEFINED
#include "check.h"

// The variables of words may be defined in the unit, even for it alone.
int enzyme_dup;
static int enzyme_const;

static double product(const double *a, const double *b) { return a[0] * b[0]; }

int main(void) {
  double a = 2.0, b = 3.0, da = 0.0;
  __enzyme_autodiff((void *)product, enzyme_dup, &a, &da, enzyme_const, &b);
  same("by a", da, b);
  return wrong;
}
