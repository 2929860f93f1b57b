#include "check.h"
#include <complex>

// Each float of what the function returns has the seed 1.
struct Pair {
  double a, b;
};
struct Floats {
  float a, b;
};
struct Four {
  double a[2];
  Pair last;
};

static Pair pair_of(double x, const double *y) { return {x * x, sin(x) * y[0]}; }
static Floats floats_of(float x) { return {x * x, 3.0f * x}; }
static Four four_of(const double *x) {
  Four four;
  for (int i = 0; i < 2; i++)
    four.a[i] = x[i] * x[i];
  four.last = pair_of(x[0], x + 1);
  return four;
}
struct Mixed {
  double a;
  float b[3];
};
static Mixed mixed_of(double x) { return {x * x, {(float)x, 2.0f * (float)x, 0.0f}}; }
static std::complex<double> complex_of(std::complex<double> z) { return z * z; }
static std::complex<double> product(const std::complex<double> *z) { return z[0] * z[1]; }
static std::complex<float> narrow(const std::complex<float> *z) { return *z * *z; }

struct PairAndDerivative {
  Pair value;
  double by_x;
};
struct FourThere {
  Four value;
};
struct Both {
  double re, im;
};

int main() {
  double x = 0.8, y = 1.7, dy = 0.0;
  same("a pair", __enzyme_autodiff<double>((void *)pair_of, x, &y, &dy), 2.0 * x + cos(x) * y);
  same("by y", dy, sin(x));
  PairAndDerivative both = __enzyme_autodiff<PairAndDerivative>(
      (void *)pair_of, enzyme_primal_return, x, enzyme_const, &y);
  same("the pair", both.value.a, x * x);
  same("the pair", both.value.b, sin(x) * y);
  same("its derivative", both.by_x, 2.0 * x + cos(x) * y);
  near("floats", __enzyme_autodiff<float>((void *)floats_of, 1.5f), 6.0);

  double z[2] = {x, y}, dz[2] = {0.0, 0.0};
  __enzyme_autodiff<void>((void *)four_of, z, dz);
  same("four", dz[0], 2.0 * x + 2.0 * x + cos(x) * y);
  same("four", dz[1], 2.0 * y + sin(x));
  FourThere four = __enzyme_autodiff<FourThere>((void *)four_of, enzyme_primal_return,
                                                enzyme_const, z);
  same("the four", four.value.a[1], y * y);
  same("the four", four.value.last.b, sin(x) * y);
  double none[2] = {0.0, 0.0};
  __enzyme_autodiff<void>((void *)four_of, enzyme_const_return, z, none);
  same("without a seed", none[0], 0.0);

  near("mixed", __enzyme_autodiff<double>((void *)mixed_of, x), 2.0 * x + 3.0);

  // (re + i im)²: re² − im² and 2 re im.
  Both by = __enzyme_autodiff<Both>((void *)complex_of, 1.5, 0.5);
  same("by the real part", by.re, 2.0 * 1.5 + 2.0 * 0.5);
  same("by the imaginary part", by.im, -2.0 * 0.5 + 2.0 * 1.5);
  std::complex<double> c[2] = {{1.0, 2.0}, {3.0, -1.0}}, dc[2];
  __enzyme_autodiff<void>((void *)product, c, dc);
  same("dc0", dc[0].real(), 3.0 - 1.0);
  same("dc0", dc[0].imag(), 1.0 + 3.0);
  same("dc1", dc[1].real(), 1.0 + 2.0);
  same("dc1", dc[1].imag(), -2.0 + 1.0);
  std::complex<float> n(1.5f, 0.5f), dn;
  __enzyme_autodiff<void>((void *)narrow, &n, &dn);
  near("narrow", dn.real(), 4.0);
  near("narrow", dn.imag(), 2.0);
  return wrong;
}
