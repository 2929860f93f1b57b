#include "check.h"
#include <stdlib.h>

// A table that takes zeroed memory where its count is still zero: no test of a value.
struct Table {
  double *slots;
  size_t count;
};
static double *put(struct Table *t, size_t key) {
  if (!t->count) {
    t->slots = calloc(4, sizeof *t->slots);
    t->count = 4;
  }
  return &t->slots[key % t->count];
}
static double squares(const double *x, int n) {
  struct Table t = {0};
  for (int i = 0; i < n; i++)
    *put(&t, i) += x[i];
  for (int i = 0; i < n; i++) {
    double *v = put(&t, i);
    *v = *v * *v;
  }
  double sum = 0;
  for (size_t i = 0; i < t.count; i++)
    sum += t.slots[i];
  free(t.slots);
  return sum;
}

static double one(const double *x, int n) {
  struct Table t = {0};
  for (int i = 0; i < n; i++)
    *put(&t, 0) += x[i] * x[i];
  double sum = *put(&t, 0);
  free(t.slots);
  return sum;
}

int main(void) {
  double x[3] = {1, 2, 3}, d[3] = {0}, e[3] = {0};
  __enzyme_autodiff((void *)squares, x, d, 3);
  __enzyme_autodiff((void *)one, x, e, 3);
  for (int i = 0; i < 3; i++) {
    same("in its own place", d[i], 2 * x[i]);
    same("in one place", e[i], 2 * x[i]);
  }
  return wrong;
}
