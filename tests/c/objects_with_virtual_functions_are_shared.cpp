#include "check.h"
#include <memory>
#include <vector>

// A shared object lies in one block with its counts, which has virtual functions of its own:
// by their places in the tables they are no functions of the object.
struct Curve {
  virtual ~Curve() {}
  virtual double at(double x) const = 0;
};
struct Parabola : Curve {
  double a;
  Parabola(double a) : a(a) {}
  double at(double x) const override { return a * x * x; }
};
struct Wave : Curve {
  double a, b;
  Wave(double a, double b) : a(a), b(b) {}
  double at(double x) const override { return sin(a * x) + b; }
};

static double shared(const double *p) {
  std::vector<std::shared_ptr<Curve>> curves;
  curves.push_back(std::make_shared<Parabola>(p[0]));
  curves.push_back(std::make_shared<Wave>(p[1], p[2] * p[0]));
  curves.push_back(curves[0]);
  double x = 0.5;
  for (auto &curve : curves)
    x = curve->at(x) + x;
  return x * curves[0].use_count();
}

static double owned(const double *p) {
  std::vector<std::unique_ptr<Curve>> curves;
  curves.push_back(std::make_unique<Parabola>(p[0]));
  curves.emplace_back(new Wave(p[1], p[2]));
  double x = 0.5;
  for (auto &curve : curves)
    x = curve->at(x) + x;
  auto wave = std::make_shared<Wave>(p[0], x);
  auto same_wave = wave;
  return same_wave->at(x) * wave.use_count();
}

#define CHECK(f)                                                                              \
  do {                                                                                        \
    const double h = 1e-6;                                                                    \
    double p[] = {0.3, 1.4, 2.2}, by_p[3] = {};                                               \
    __enzyme_autodiff<void>((void *)f, enzyme_dup, p, by_p);                                  \
    for (int i = 0; i < 3; i++) {                                                             \
      double above[] = {0.3, 1.4, 2.2}, below[] = {0.3, 1.4, 2.2};                            \
      above[i] += h;                                                                          \
      below[i] -= h;                                                                          \
      near(#f, by_p[i], (f(above) - f(below)) / (2 * h));                                     \
    }                                                                                         \
  } while (0)

int main() {
  CHECK(shared);
  CHECK(owned);
  return wrong;
}
