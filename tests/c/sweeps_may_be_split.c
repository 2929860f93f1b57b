#include "check.h"
#include <stdlib.h>

static double weighted(const double *x, int n, double by) {
  double *copy = malloc(n * sizeof(double)), sum = 0.0;
  for (int i = 0; i < n; i++)
    copy[i] = sin(x[i]) * by;
  for (int i = 0; i < n; i++)
    sum += copy[i] * copy[i];
  free(copy);
  return sum;
}

static void in_place(double *x, int n) {
  for (int i = 1; i < n; i++)
    x[i] *= x[i - 1];
}

static double until_large(double x) {
  while (x < 100.0)
    x = x * x + 1.0;
  return x;
}

// The forward sweep returns the tape, and the function's result where there is room.
struct Forward {
  void *tape;
  double result;
};
struct Forward __enzyme_augmentfwd_weighted(void *, ...);
void *__enzyme_augmentfwd(void *, ...);
double __enzyme_augmentfwd_kept(void *, ...);
double __enzyme_reverse(void *, ...);
int __enzyme_augmentsize(void *, ...);

static void two_at_once(void) {
  double x[3] = {0.3, 0.5, 0.7}, dx[3] = {0.0}, z[3] = {1.0, 2.0, 3.0}, dz[3] = {0.0};
  struct Forward first =
      __enzyme_augmentfwd_weighted((void *)weighted, enzyme_dup, x, dx, enzyme_const, 3, 2.0);
  struct Forward second =
      __enzyme_augmentfwd_weighted((void *)weighted, enzyme_dup, z, dz, enzyme_const, 3, 0.5);
  double sum = 0.0;
  for (int i = 0; i < 3; i++)
    sum += 4.0 * sin(x[i]) * sin(x[i]);
  same("result", first.result, sum);
  // The older tape is used up first; seeds are arguments.
  double by = __enzyme_reverse((void *)weighted, enzyme_dup, x, dx, enzyme_const, 3, 2.0, 10.0,
                               first.tape);
  same("by the factor", by, 10.0 * 2.0 * sum / 2.0);
  for (int i = 0; i < 3; i++)
    same("dx", dx[i], 10.0 * 4.0 * 2.0 * sin(x[i]) * cos(x[i]));
  __enzyme_reverse((void *)weighted, enzyme_dup, z, dz, enzyme_const, 3, 0.5, 1.0, second.tape);
  for (int i = 0; i < 3; i++)
    same("dz", dz[i], 0.25 * 2.0 * sin(z[i]) * cos(z[i]));
}

static void memory_changes_in_between(void) {
  double x[4] = {1.1, 1.2, 1.3, 1.4}, dx[4] = {0.0};
  void *tape = __enzyme_augmentfwd((void *)in_place, enzyme_dup, x, dx, enzyme_const, 4);
  same("x3", x[3], 1.1 * 1.2 * 1.3 * 1.4);
  dx[3] = 1.0;
  __enzyme_reverse((void *)in_place, enzyme_dup, x, dx, enzyme_const, 4, enzyme_tape, tape);
  same("by x0", dx[0], 1.2 * 1.3 * 1.4);
  same("by x2", dx[2], 1.1 * 1.2 * 1.4);
  same("by x3", dx[3], 1.1 * 1.2 * 1.3);
}

static void the_caller_keeps_the_tape(void) {
  char room[64];
  int size = __enzyme_augmentsize((void *)until_large, enzyme_out);
  if (size > (int)sizeof room)
    wrong++;
  double result = __enzyme_augmentfwd_kept((void *)until_large, enzyme_allocated, sizeof room,
                                           enzyme_tape, room, 1.5);
  double x1 = 1.5 * 1.5 + 1.0, x2 = x1 * x1 + 1.0;
  same("result", result, x2 * x2 + 1.0);
  for (int i = 1; i <= 3; i++) {
    double dx = __enzyme_reverse((void *)until_large, enzyme_nofree, enzyme_allocated, sizeof room,
                                 enzyme_tape, room, 1.5, (double)i);
    same("dx, again", dx, i * 2.0 * 1.5 * 2.0 * x1 * 2.0 * x2);
  }
  double dx = __enzyme_reverse((void *)until_large, enzyme_allocated, sizeof room, enzyme_tape,
                               room, 1.5, -1.0);
  same("dx, for the last time", dx, -2.0 * 1.5 * 2.0 * x1 * 2.0 * x2);
}

int main(void) {
  two_at_once();
  memory_changes_in_between();
  the_caller_keeps_the_tape();
  return wrong;
}
