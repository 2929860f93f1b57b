#include "check.h"
#include <functional>
#include <memory>
#include <vector>

namespace {

struct Shape {
  virtual ~Shape() = default;
  virtual double area(double scale) const = 0;
  virtual int corners() const { return 0; }
};

struct Circle : Shape {
  double radius;
  explicit Circle(double r) : radius(r) {}
  double area(double scale) const override { return 3.0 * radius * radius * scale; }
};

struct Box : Shape {
  double width, height;
  Box(double w, double h) : width(w), height(h) {}
  double area(double scale) const override { return width * height * scale * scale; }
  int corners() const override { return 4; }
};

double sum(const double *x, int n) {
  Circle circle(x[0]);
  Box box(x[0], x[1]);
  const Shape *shapes[2] = {&circle, &box};
  double result = 0.0;
  for (int i = 0; i < n; i++)
    result += shapes[i % 2]->area(x[2]) * (1 + shapes[i % 2]->corners());
  return result;
}

// Listeners are told and change nothing; the one that is set is made elsewhere.
struct Listener {
  virtual ~Listener() = default;
  virtual void step(int i) = 0;
};

Listener *listener = nullptr;

double heard(const double *x, int n) {
  double result = 0.0;
  for (int i = 0; i < n; i++) {
    if (listener)
      listener->step(i);
    result += x[i] * x[i];
  }
  return result;
}

struct Steps : Listener {
  int sum = 0;
  void step(int i) override { sum += i; }
};

// A tree of classes that keep their children in different ways.
struct Term {
  virtual ~Term() = default;
  virtual double value(double x) const = 0;
};
using Owned = std::unique_ptr<Term>;

struct Scaled : Term {
  double factor;
  explicit Scaled(double f) : factor(f) {}
  double value(double x) const override { return factor * x; }
};

struct Sum : Term {
  std::vector<Owned> terms;
  double value(double x) const override {
    double sum = 0.0;
    for (const Owned &term : terms)
      sum += term->value(x);
    return sum;
  }
};

struct Product : Term {
  Owned left, right;
  Product(Owned l, Owned r) : left(std::move(l)), right(std::move(r)) {}
  double value(double x) const override { return left->value(x) * right->value(x); }
};

double of_a_tree(const double *x) {
  Sum sum;
  sum.terms.push_back(std::make_unique<Scaled>(x[1]));
  Owned left = std::make_unique<Scaled>(x[0]), right = std::make_unique<Scaled>(2.0);
  sum.terms.push_back(std::make_unique<Product>(std::move(left), std::move(right)));
  return sum.value(x[0]);
}

} // namespace

int main() {
  double x[3] = {0.5, 1.5, 2.0}, dx[3] = {};
  __enzyme_autodiff<void>((void *)sum, enzyme_dup, x, dx, enzyme_const, 4);
  // 2 · 3 x0² x2 + 2 · 5 x0 x1 x2²
  same("x0", dx[0], 12.0 * x[0] * x[2] + 10.0 * x[1] * x[2] * x[2]);
  same("x1", dx[1], 10.0 * x[0] * x[2] * x[2]);
  same("x2", dx[2], 6.0 * x[0] * x[0] + 20.0 * x[0] * x[1] * x[2]);
  Steps steps;
  listener = &steps;
  double dy[3] = {};
  __enzyme_autodiff<void>((void *)heard, enzyme_dup, x, dy, enzyme_const, 3);
  for (int i = 0; i < 3; i++)
    same("heard", dy[i], 2.0 * x[i]);
  same("steps", steps.sum, 3);
  double z[2] = {1.5, 0.7}, dz[2] = {};
  __enzyme_autodiff<void>((void *)of_a_tree, enzyme_dup, z, dz);
  // x1 x0 + 2 x0³
  same("of a tree, x0", dz[0], z[1] + 6.0 * z[0] * z[0]);
  same("of a tree, x1", dz[1], z[0]);
  return wrong;
}
