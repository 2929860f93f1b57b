// A place holds a float or an integer, as its tag says. A float is taken for an integer,
// counted up, and taken for a float again.
//
// Ends with ENZ0021: -O2.
#include <stdlib.h>

double __enzyme_autodiff(void *, ...);

struct Number {
  long is_float;
  union {
    long integer;
    double real;
  };
};

__attribute__((noinline)) static void add(struct Number *a, const struct Number *b) {
  if (!a->is_float && !b->is_float)
    a->integer += b->integer;
  else if (!a->is_float) {
    a->real = (double)a->integer + b->real;
    a->is_float = 1;
  } else
    a->real *= b->is_float ? b->real : (double)b->integer;
}

static double f(const double *x, long counted) {
  struct Number *all = malloc(5 * sizeof *all);
  for (long i = 0; i < 5; i++) {
    all[i].is_float = i >= 2;
    if (i < 2)
      all[i].integer = i + 2;
    else
      all[i].real = x[i];
  }
  if (counted) {
    struct Number one = {0, {1}};
    all[counted].is_float = 0;
    add(&all[counted], &one);
    all[counted].is_float = 1;
  }
  struct Number sum = {0, {1}};
  for (long i = 0; i < 5; i++)
    add(&sum, &all[i]);
  double result = sum.is_float ? sum.real : 0;
  free(all);
  return result;
}

int main(void) {
  double x[5] = {0, 0, 2, 3, 5}, by_x[5] = {0};
  __enzyme_autodiff((void *)f, x, by_x, 3L);
  return 0;
}
