// Erasing and inserting move structs within an array, to where other structs are that move:
// floats, and addresses that lie beside them.
#include "check.h"
#include <string.h>

struct Item {
  int id;
  double v;
};

// Each item is overwritten by the one two places further: a[i] holds x[i + 2] at last.
static double erased(const double *x, int n) {
  struct Item a[6];
  for (int i = 0; i < 6; i++)
    a[i].v = x[i % n];
  memmove(a, a + 2, 3 * sizeof *a);
  double s = 0;
  for (int i = 0; i < 6; i++)
    s += a[i].v * a[i].v * (i + 1);
  return s;
}

static void of_floats(void) {
  double x[6] = {0.5, 0.12, 0.93, 0.31, 0.77, 0.4}, d[6] = {0};
  // The places at which each element is at last, counted from 1.
  double at[6] = {0, 0, 1, 2 + 4, 3 + 5, 6};
  __enzyme_autodiff((void *)erased, enzyme_dup, x, d, enzyme_const, 6);
  for (int i = 0; i < 6; i++)
    same("an erased element's", d[i], 2 * x[i] * at[i]);
}

struct Reference {
  double *p;
  double w;
  int id;
};

// a[i] holds the reference that was made for i - 1, but for the first.
static double inserted(const double *x, int n) {
  struct Reference a[8];
  double y[8];
  for (int i = 0; i < n; i++)
    y[i] = x[i] * x[i];
  for (int i = 0; i < n; i++) {
    a[i].p = &y[i];
    a[i].w = x[i];
    a[i].id = i;
  }
  memmove(a + 1, a, (n - 1) * sizeof *a);
  a[0].p = &y[2];
  a[0].w = 2;
  double s = 0;
  for (int i = 0; i < n; i++)
    s += *a[i].p * a[i].w * (i + 1);
  return s;
}

static void of_addresses(void) {
  double x[5] = {0.5, 0.12, 0.93, 0.31, 0.77}, d[5] = {0};
  __enzyme_autodiff((void *)inserted, enzyme_dup, x, d, enzyme_const, 5);
  for (int i = 0; i < 5; i++) {
    double first = i == 2 ? 4 * x[i] : 0;
    double own = i < 4 ? 3 * x[i] * x[i] * (i + 2) : 0;
    same("an inserted element's", d[i], first + own);
  }
}

int main(void) {
  of_floats();
  of_addresses();
  return wrong;
}
