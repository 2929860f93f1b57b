#include "check.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// Bits of floats: `xor` with a mask that is loaded turns signs, of vectors and of numbers,
// and lanes of integers are moved as the floats that they are. Two numbers of which none is
// a mask end the program.
typedef double pair __attribute__((vector_size(16)));
typedef long long bits __attribute__((vector_size(16)));
typedef long long four __attribute__((vector_size(32)));
typedef double quad __attribute__((vector_size(32)));

struct Rotation {
  pair sign;
};

// i · z, or −i · z.
static pair rotated(const struct Rotation *by, pair z) {
  bits swapped = __builtin_shufflevector((bits)z, (bits)z, 1, 0);
  return (pair)(swapped ^ (bits)by->sign);
}

static double turned(const struct Rotation *by, const double *x) {
  double sum = 0.0;
  for (int i = 0; i < 4; i += 2) {
    pair z = {x[i] * x[i], x[i + 1]};
    pair w = rotated(by, z) * z + rotated(by, z * z);
    sum += w[0] * (i + 1.0) + w[1] * w[1];
  }
  return sum;
}

// The same by formula, with the signs as factors.
static double turned_by_factors(const double *signs, const double *x) {
  double sum = 0.0;
  for (int i = 0; i < 4; i += 2) {
    double re = x[i] * x[i], im = x[i + 1];
    double a = signs[0] * im * re + signs[0] * im * im;
    double b = signs[1] * re * im + signs[1] * re * re;
    sum += a * (i + 1.0) + b * b;
  }
  return sum;
}

// Rows of pairs become columns, as lanes of integers.
static void columns(const double *from, double *to) {
  four a, b;
  __builtin_memcpy(&a, from, 32);
  __builtin_memcpy(&b, from + 4, 32);
  four low = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  four high = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  __builtin_memcpy(to, &low, 32);
  __builtin_memcpy(to + 4, &high, 32);
}

static double moved(const double *x) {
  double squares[8], other[8], sum = 0.0;
  for (int i = 0; i < 8; i++)
    squares[i] = x[i] * x[i];
  columns(squares, other);
  for (int i = 0; i < 8; i++)
    sum += other[i] * (i + 1.0);
  return sum;
}

static double product_of_masks(const double *x, const double *mask) {
  union {
    double number;
    long long bits;
  } a = {x[0] * x[0]}, m = {mask[0]};
  a.bits ^= m.bits;
  return a.number * x[0];
}

static int ends(const struct Rotation *by) {
  if (fork() == 0) {
    double x[4] = {0.5, 1.5, -2.0, 0.25}, dx[4] = {0};
    fclose(stderr);
    __enzyme_autodiff((void *)turned, enzyme_const, by, enzyme_dup, x, dx);
    exit(0);
  }
  int status = 0;
  wait(&status);
  return WIFSIGNALED(status);
}

int main(void) {
  double x[8] = {0.5, 1.5, -2.0, 0.25, 3.0, 0.0, -1.0, 2.0};
  double signs[3][2] = {{-1.0, 1.0}, {1.0, -1.0}, {1.0, 1.0}};
  for (int s = 0; s < 3; s++) {
    struct Rotation by = {{signs[s][0] < 0 ? -0.0 : 0.0, signs[s][1] < 0 ? -0.0 : 0.0}};
    double dx[4] = {0}, expected[4] = {0};
    same("the value", turned(&by, x), turned_by_factors(signs[s], x));
    __enzyme_autodiff((void *)turned, enzyme_const, &by, enzyme_dup, x, dx);
    __enzyme_autodiff((void *)turned_by_factors, enzyme_const, signs[s], enzyme_dup, x, expected);
    for (int i = 0; i < 4; i++)
      same("a derivative through signs", dx[i], expected[i]);
  }
  double at = 1.5, d_at = 0.0, mask = -0.0;
  if (product_of_masks(&at, &mask) != -3.375)
    ++wrong;
  double dx[8] = {0};
  __enzyme_autodiff((void *)moved, x, dx);
  double weights[8] = {1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 8.0};
  for (int i = 0; i < 8; i++)
    same("a derivative through lanes", dx[i], 2.0 * x[i] * weights[i]);
  __enzyme_autodiff((void *)product_of_masks, &at, &d_at, enzyme_const, &mask);
  same("a derivative through a number's sign", d_at, -3.0 * at * at);
  struct Rotation none = {{2.0, 0.0}};
  if (!ends(&none)) {
    printf("bits of two numbers were taken for a sign\n");
    ++wrong;
  }
  return wrong;
}
