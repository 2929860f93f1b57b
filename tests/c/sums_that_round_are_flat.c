#include "check.h"
#include <stdlib.h>
#include <string.h>

// Floats near 2^52 lie one apart, so that a sum and a difference round; from the lowest bits
// of the sum the rounded number is taken, as C libraries do in exponentials by table.
#define SHIFT 0x1.8p52
#define LOG2 0x1.62e42fefa39efp-1

static double sawtooth(double x) {
  double whole = (x + SHIFT) - SHIFT, rest = x - whole;
  return rest * rest;
}

static double kept_apart(double x) {
  double size = fabs(x), sum = size + 0x1p52;
  __asm__("" : "+g,x"(sum));
  double whole = copysign(sum - 0x1p52, x), rest = x - whole;
  return rest * rest * rest;
}

static double signed_shift(double x) {
  double shift = copysign(0x1p52, x), whole = (x + shift) - shift, rest = x - whole;
  return rest * rest;
}

static double chosen_shift(double x) {
  double shift = x < 0 ? -0x1p52 : 0x1p52, whole = (x + shift) - shift, rest = x - whole;
  return rest * rest;
}

static double shift_by_a_sign(double x) {
  double sign = x != x ? NAN : copysign(1, x);
  double shift = sign * 0x1p52, whole = (x + shift) - shift, rest = x - whole;
  return rest * rest;
}

static double in_one_operation(double x) {
  double whole = fma(x, 0.5, 0x1.8p52) - 0x1.8p52, rest = x * 0.5 - whole;
  return rest * rest;
}

static double negated(double x) {
  double sum = SHIFT - x, whole = sum - SHIFT, rest = x + whole;
  return rest * rest;
}

static double taken_from_it(double x) {
  double whole = SHIFT - (x + SHIFT), rest = x + whole;
  return rest * rest;
}

// The number is added in one walk over memory, and taken away in the next.
static double in_two_walks(double x) {
  double *items = malloc(5 * sizeof *items), sum = 0;
  for (int i = 0; i < 5; i++)
    items[i] = x * i + SHIFT;
  for (int i = 0; i < 5; i++)
    items[i] -= SHIFT;
  for (int i = 0; i < 5; i++)
    sum += items[i] * x;
  free(items);
  return sum;
}

static float single(float x) {
  float whole = (x + 0x1.8p23f) - 0x1.8p23f;
  return (x - whole) * x;
}

static double exponential(double x) {
  static const double table[4] = {1, 0x1.306fe0a31b715p0, 0x1.6a09e667f3bcdp0, 0x1.ae89f995ad3adp0};
  double shifted = x * (4 / LOG2) + SHIFT;
  long number, bits;
  memcpy(&number, &shifted, sizeof number);
  double rest = x - (shifted - SHIFT) * (LOG2 / 4), scale = table[number & 3], power = 1, sum = 1;
  memcpy(&bits, &scale, sizeof bits);
  bits += (number >> 2) << 52;
  memcpy(&scale, &bits, sizeof scale);
  for (int i = 1; i < 12; i++)
    sum += power *= rest / i;
  return scale * sum;
}

// Not a rounding: what is added is not taken away again, or is not large.
static double plain(double x) { return (x + 0x1p45) + ((x * x + 1024) - 1024); }

static double scaled_root(double x) {
  double scaled = x * 0x1p510;
  return sqrt(scaled * scaled + 0x1p1020) * 0x1p-510;
}

int main(void) {
  double points[] = {1.3, 2.7, -0.4, -3.2};
  for (int i = 0; i < 4; i++) {
    double x = points[i], rest = x - nearbyint(x);
    same("sawtooth", __enzyme_autodiff((void *)sawtooth, x), 2 * rest);
    same("kept apart", __enzyme_autodiff((void *)kept_apart, x), 3 * rest * rest);
    same("signed shift", __enzyme_autodiff((void *)signed_shift, x), 2 * rest);
    same("chosen shift", __enzyme_autodiff((void *)chosen_shift, x), 2 * rest);
    same("shift by a sign", __enzyme_autodiff((void *)shift_by_a_sign, x), 2 * rest);
    same("in one operation", __enzyme_autodiff((void *)in_one_operation, x),
         x / 2 - nearbyint(x / 2));
    same("negated", __enzyme_autodiff((void *)negated, x), 2 * rest);
    same("taken from it", __enzyme_autodiff((void *)taken_from_it, x), 2 * rest);
    double whole = 0;
    for (int k = 0; k < 5; k++)
      whole += nearbyint(x * k);
    same("in two walks", __enzyme_autodiff((void *)in_two_walks, x), whole);
    same("exponential", __enzyme_autodiff((void *)exponential, x), exp(x));
    same("plain", __enzyme_autodiff((void *)plain, x), 1 + 2 * x);
    same("scaled root", __enzyme_autodiff((void *)scaled_root, x), x / sqrt(1 + x * x));
  }
  float __enzyme_autodiff_f(void *, ...);
  near("single", __enzyme_autodiff_f((void *)single, 2.7f), 2 * 2.7 - 3);
  return wrong;
}
