#include "check.h"
#include <cstdint>
#include <emmintrin.h>

// The program looks at the address, and uses aligned accesses from the first place on that allows
// it: another one than in the shadow.
static double product(const double *x, int n) {
  double m[9];
  double *out = m + (n & 1);
  int first = int((reinterpret_cast<std::uintptr_t>(out) >> 3) & 1);
  if (first)
    out[0] = x[0] * x[0];
  int i = first;
  for (; i + 1 < 8; i += 2) {
    __m128d v = _mm_loadu_pd(x + i);
    _mm_store_pd(out + i, _mm_mul_pd(v, v));
  }
  for (; i < 8; i++)
    out[i] = x[i] * x[i];
  double sum = 0;
  for (int k = 0; k < 8; k++)
    sum += out[k] * (k + 1);
  return sum;
}

// The caller's arrays: the one may be where aligned accesses are allowed, and its shadow not.
static void scale(double *x, int n) {
  int first = int((reinterpret_cast<std::uintptr_t>(x) >> 3) & 1);
  if (first)
    x[0] *= 3;
  int i = first;
  for (; i + 1 < n; i += 2)
    _mm_store_pd(x + i, _mm_mul_pd(_mm_load_pd(x + i), _mm_set1_pd(3)));
  for (; i < n; i++)
    x[i] *= 3;
}

int main() {
  double x[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (int n = 0; n < 2; n++) {
    double d[8] = {};
    __enzyme_autodiff<void>((void *)product, x, d, n);
    for (int k = 0; k < 8; k++)
      same("product", d[k], 2 * x[k] * (k + 1));
  }
  for (int of_primal = 0; of_primal < 2; of_primal++)
    for (int of_shadow = 0; of_shadow < 2; of_shadow++) {
      alignas(16) double room[9], shadow[9];
      for (int k = 0; k < 9; k++)
        room[k] = shadow[k] = k;
      __enzyme_autodiff<void>((void *)scale, room + of_primal, shadow + of_shadow, 8);
      for (int k = 0; k < 8; k++)
        same("scale", shadow[k + of_shadow], 3.0 * (k + of_shadow));
    }
  return wrong;
}
