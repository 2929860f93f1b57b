#include "check.h"
#include <stdlib.h>

// The stated derivatives are wrong on purpose where they can be told from the right ones.

// A float: the forward function returns the result alone.
__attribute__((noinline)) static double half_known(double x) { return floor(x * 8.0) / 8.0; }
static double half_known_forward(double x) { return half_known(x); }
static double half_known_reverse(double x, double by) { return by * 10.0 * x; }
void *__enzyme_register_gradient_half_known[] = {(void *)half_known, (void *)half_known_forward,
                                                 (void *)half_known_reverse};

// A tape beside the result, two floats and an integer.
struct Kept {
  double x;
  double power;
};
struct KeptAndResult {
  struct Kept *tape;
  double result;
};
static int forwards = 0, reverses = 0;
static double power(double x, int n, double scale) {
  double result = scale;
  for (int i = 0; i < n; i++)
    result *= x;
  return result;
}
static struct KeptAndResult power_forward(double x, int n, double scale) {
  forwards++;
  struct Kept *tape = malloc(sizeof(struct Kept));
  tape->x = x;
  tape->power = pow(x, n);
  struct KeptAndResult back = {tape, scale * tape->power};
  return back;
}
struct Pair {
  double first, second;
};
static struct Pair power_reverse(double x, int n, double scale, double by, struct Kept *tape) {
  reverses++;
  struct Pair back = {by * scale * n * tape->power / tape->x, by * tape->power};
  if (x != tape->x)
    wrong++;
  free(tape);
  return back;
}
void *__enzyme_register_gradient_power[] = {(void *)power, (void *)power_forward,
                                            (void *)power_reverse};

// Addresses: whatever the forward function returns is the tape, here a struct.
void square_all(const double *from, double *to, int n);
void square_all(const double *from, double *to, int n) {
  for (int i = 0; i < n; i++)
    to[i] = from[i] * from[i];
}
struct First {
  double first;
  int n;
};
static struct First square_all_forward(const double *from, double *dfrom, double *to, double *dto,
                                       int n) {
  struct First tape = {from[0], n};
  square_all(from, to, n);
  return tape;
}
static void square_all_reverse(const double *from, double *dfrom, double *to, double *dto, int n,
                               struct First tape) {
  if (tape.first != from[0] || tape.n != n)
    wrong++;
  for (int i = 0; i < n; i++) {
    dfrom[i] += 2.0 * from[i] * dto[i] + (i == 1 ? 100.0 * dto[i] : 0.0);
    dto[i] = 0.0;
  }
}
void *__enzyme_register_gradient_square_all[] = {
    (void *)square_all, (void *)square_all_forward, (void *)square_all_reverse};

// Single precision, several of it, and no tape although one is returned.
struct Three {
  float a, b, c;
};
__attribute__((noinline)) float blend(float a, float b, float c) { return a * b + c; }
static struct KeptAndFloat {
  double spare;
  float result;
} blend_forward(float a, float b, float c) {
  struct KeptAndFloat back = {1.0, a * b + c};
  return back;
}
static struct Three blend_reverse(float a, float b, float c, float by) {
  struct Three back = {by * b, by * a, 3.0f * by};
  return back;
}
void *__enzyme_register_gradient_blend[] = {(void *)blend, (void *)blend_forward,
                                            (void *)blend_reverse};

static double once(double x) { return half_known(x) * x; }

static double loop(const double *x, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    if (x[i] > 0.0)
      sum += power(sin(x[i]), i, x[0]) * x[i];
  return sum;
}

static double memory(const double *x) {
  double squares[3], sum = 0.0;
  square_all(x, squares, 3);
  for (int i = 0; i < 3; i++)
    sum += squares[i] * (i + 1);
  return sum;
}

static double in_heap(double x) {
  double *from = malloc(2 * sizeof(double)), *to = malloc(2 * sizeof(double));
  from[0] = x;
  from[1] = x * x;
  square_all(from, to, 2);
  double result = to[0] * to[1];
  free(from);
  free(to);
  return result;
}

float __enzyme_autodiff_single(void *, ...);
static float single(float x) { return blend(x, 2.0f * x, x) * 2.0f; }

typedef double (*Function)(double);
static double by_address(Function *table, double x) { return table[x > 0.0](x) * 2.0; }

int main(void) {
  same("once", __enzyme_autodiff((void *)once, 1.3), half_known(1.3) + 1.3 * 13.0);
  same("itself", __enzyme_autodiff((void *)half_known, 1.3), 13.0);
  double x[4] = {0.5, 0.7, -1.0, 0.9}, dx[4] = {0.0};
  __enzyme_autodiff((void *)loop, enzyme_dup, x, dx, enzyme_const, 4);
  for (int i = 0; i < 4; i++) {
    double up[4] = {0.5, 0.7, -1.0, 0.9}, down[4] = {0.5, 0.7, -1.0, 0.9};
    up[i] += 1e-6;
    down[i] -= 1e-6;
    near("dx", dx[i], (loop(up, 4) - loop(down, 4)) / 2e-6);
  }
  same("forward calls", forwards, 3.0);
  same("reverse calls", reverses, 3.0);
  double z[3] = {1.5, 2.5, 3.5}, dz[3] = {0.0};
  __enzyme_autodiff((void *)memory, z, dz);
  same("dz0", dz[0], 3.0);
  same("dz1", dz[1], 2.0 * 2.0 * 2.5 + 200.0);
  same("dz2", dz[2], 3.0 * 2.0 * 3.5);
  // (x²)(x⁴) would be 6x⁵; the second factor's derivative has 100 beside 2x².
  double y = 1.25, y2 = y * y;
  same("in the heap", __enzyme_autodiff((void *)in_heap, y),
       y2 * y2 * 2.0 * y + y2 * (2.0 * y2 + 100.0) * 2.0 * y);
  near("single", __enzyme_autodiff_single((void *)single, 1.5f), 2.0 * (3.0 + 2.0 * 1.5 + 3.0));
  Function table[2] = {sin, half_known};
  same("by address", __enzyme_autodiff((void *)by_address, enzyme_const, table, 1.3), 26.0);
  return wrong;
}
