#include "check.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

static double pushed(const double *x, int n) {
  std::vector<double> values;
  for (int i = 0; i < n; i++)
    values.push_back(std::sin(x[i]) * x[i]);
  double sum = 0.0;
  for (double value : values)
    sum += value * value;
  return sum;
}

static double of_a_vector(const std::vector<double> &x) {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
}

static double transformed(const std::array<double, 3> &x) {
  std::array<double, 3> y{};
  std::transform(x.begin(), x.end(), y.begin(), [](double v) { return v * v * v; });
  return std::accumulate(y.begin(), y.end(), 0.0);
}

template <typename T> struct Polynomial {
  T a, b;
  T operator()(T x) const { return a * x * x + b * x; }
};

static double evaluated(const Polynomial<double> &p, double x) { return p(x); }

static double owned(double x) {
  auto value = std::make_unique<double>(x);
  *value *= *value;
  return *value;
}

int main() {
  double x[3] = {0.4, 1.2, 0.3}, dx[3] = {0, 0, 0};
  __enzyme_autodiff<void>((void *)pushed, enzyme_dup, x, dx, enzyme_const, 3);
  for (int i = 0; i < 3; i++) {
    double value = sin(x[i]) * x[i];
    same("pushed", dx[i], 2.0 * value * (cos(x[i]) * x[i] + sin(x[i])));
  }
  std::vector<double> v{1, 2, 3, 4}, dv(4, 0.0);
  __enzyme_autodiff<void>((void *)of_a_vector, &v, &dv);
  for (int i = 0; i < 4; i++)
    same("of a vector", dv[i], 2.0 * v[i]);
  std::array<double, 3> a{1, 2, 3}, da{0, 0, 0};
  __enzyme_autodiff<void>((void *)transformed, &a, &da);
  for (int i = 0; i < 3; i++)
    same("transformed", da[i], 3.0 * a[i] * a[i]);
  Polynomial<double> p{2, 3}, dp{0, 0};
  double by_x = __enzyme_autodiff<double>((void *)evaluated, &p, &dp, 5.0);
  same("by x", by_x, 2.0 * 2.0 * 5.0 + 3.0);
  same("by a", dp.a, 25.0);
  same("by b", dp.b, 5.0);
  same("owned", __enzyme_autodiff<double>((void *)owned, 3.0), 6.0);
  return wrong;
}
