#include "check.h"
#include <stdlib.h>

// Functions of other units are none of the choices; where no derivative goes through the
// call they are called all the same.
static int twice(int i) { return 2 * i; }
static int calls;
static int counted(int i) {
  calls++;
  return i + 1;
}
static int (*count)(int) = twice;
static int (*const counters[2])(int) = {twice, counted};

static double sum(const double *x, int n) {
  double result = 0.0;
  for (int i = 0; i < n; i++)
    result += x[i] * x[i] * count(-i) * counters[i % 2](i);
  return result;
}

// A table of functions, of which one is chosen while running.
static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }
static double half(double x) { return 0.5 * x; }
typedef double (*Function)(double);
static const Function functions[3] = {square, cube, half};
struct Object {
  const Function *table;
  double value;
};

static double chosen(const struct Object *object, int which) {
  return object->table[which](object->value);
}

static void check_sum(const char *what, int factor[3]) {
  double x[3] = {0.3, 0.5, 0.7}, dx[3] = {0.0};
  __enzyme_autodiff((void *)sum, enzyme_dup, x, dx, enzyme_const, 3);
  for (int i = 0; i < 3; i++)
    same(what, dx[i], 2.0 * x[i] * factor[i]);
}

int main(int argc, char **argv) {
  (void)argv;
  check_sum("near", (int[]){0, -2 * 2, -4 * 4});
  count = argc > 5 ? twice : abs;
  check_sum("elsewhere", (int[]){0, 1 * 2, 2 * 4});
  same("calls", calls, 2);
  double slopes[3] = {2.0 * 1.5, 3.0 * 1.5 * 1.5, 0.5};
  for (int which = 0; which < 3; which++) {
    struct Object object = {functions, 1.5}, shadow = {functions, 0.0};
    __enzyme_autodiff((void *)chosen, enzyme_dup, &object, &shadow, enzyme_const, which);
    same("chosen", shadow.value, slopes[which]);
  }
  return wrong;
}
