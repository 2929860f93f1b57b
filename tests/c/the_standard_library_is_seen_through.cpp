#include "check.h"
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <variant>
#include <vector>
static double sorted(const std::vector<double> &x) {
  std::vector<double> y(x);
  std::sort(y.begin(), y.end());
  double s = 0;
  for (size_t i = 0; i < y.size(); i++)
    s += y[i] * y[i] * (i + 1);
  return s;
}
static double functions(double x) {
  std::vector<std::function<double(double)>> layers;
  for (int i = 0; i < 3; i++)
    layers.push_back([i, x](double y) { return std::tanh(y * (i + 1) + x); });
  double y = x;
  for (auto &l : layers)
    y = l(y);
  return y;
}
static double accumulate(const std::array<double, 4> &x) {
  return std::accumulate(x.begin(), x.end(), 1.0, [](double a, double b) { return a * b + 0.5; });
}
struct Expression {
  virtual ~Expression() = default;
  virtual double value(double x) const = 0;
};
using Child = std::unique_ptr<Expression>;
struct Variable : Expression {
  double value(double x) const override { return x; }
};
struct Number : Expression {
  double n;
  explicit Number(double n) : n(n) {}
  double value(double) const override { return n; }
};
struct Product : Expression {
  Child a, b;
  Product(Child a, Child b) : a(std::move(a)), b(std::move(b)) {}
  double value(double x) const override { return a->value(x) * b->value(x); }
};
static double expression(double x, double n) {
  auto product =
      std::make_unique<Product>(std::make_unique<Number>(n), std::make_unique<Variable>());
  return product->value(x);
}
static double shared(double x) {
  struct Node {
    double v;
    std::shared_ptr<Node> next;
  };
  std::shared_ptr<Node> head;
  for (int i = 0; i < 4; i++)
    head = std::make_shared<Node>(Node{x * (i + 1), head});
  double p = 1;
  for (auto n = head; n; n = n->next)
    p *= n->v;
  return p;
}
static double optional(double x) {
  std::optional<double> best;
  for (int i = 0; i < 5; i++) {
    double v = std::sin(x * i);
    if (!best || v > *best)
      best = v;
  }
  return best.value_or(0);
}
struct Circle {
  double r;
};
struct Box {
  double a, b;
};
static double variant(double x, double y) {
  std::vector<std::variant<Circle, Box>> all{Circle{x}, Box{x, y}};
  double s = 0;
  for (auto &v : all)
    s += std::visit(
        [](auto &shape) {
          if constexpr (std::is_same_v<std::decay_t<decltype(shape)>, Circle>)
            return 3.0 * shape.r * shape.r;
          else
            return shape.a * shape.b;
        },
        v);
  return s;
}
template <typename T, int N> struct Vec {
  T v[N];
  T dot(const Vec &o) const {
    T s{};
    for (int i = 0; i < N; i++)
      s += v[i] * o.v[i];
    return s;
  }
  Vec operator+(const Vec &o) const {
    Vec r;
    for (int i = 0; i < N; i++)
      r.v[i] = v[i] + o.v[i];
    return r;
  }
};
static double vectors(const Vec<double, 3> &a, const Vec<double, 3> &b) {
  return (a + b).dot(a) / std::sqrt(b.dot(b));
}
static double strings(double x, const char *text) {
  std::string s(text);
  double r = 0;
  for (char c : s)
    r = r * x + (c - '0');
  return r;
}
static double matrix(const std::vector<std::vector<double>> &a) {
  double s = 0;
  for (size_t i = 0; i < a.size(); i++)
    for (size_t j = 0; j < a[i].size(); j++)
      s += a[i][j] * a[j][i];
  return s;
}
struct Two {
  double a, b;
};
template <typename F> double slope(F f, double x) { return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6; }
int main() {
  std::vector<double> x{3, -1, 2}, d(3, 0.0);
  __enzyme_autodiff<void>((void *)sorted, &x, &d);
  same("s0", d[0], 2 * 3 * 3);
  same("s1", d[1], -2);
  same("s2", d[2], 8);
  near("functions", __enzyme_autodiff<double>((void *)functions, 0.3), slope(functions, 0.3));
  std::array<double, 4> a{1, 2, 3, 4}, da{};
  __enzyme_autodiff<void>((void *)accumulate, &a, &da);
  same("a0", da[0], 24 / 1.0);
  same("a3", da[3], ((1.5 * 2 + .5) * 3 + .5));
  Two t = __enzyme_autodiff<Two>((void *)expression, 1.5, 2.5);
  same("ex", t.a, 2.5);
  same("en", t.b, 1.5);
  near("shared", __enzyme_autodiff<double>((void *)shared, 0.7), slope(shared, 0.7));
  near("optional", __enzyme_autodiff<double>((void *)optional, 0.7), slope(optional, 0.7));
  t = __enzyme_autodiff<Two>((void *)variant, 1.5, 2.5);
  same("vx", t.a, 9 + 2.5);
  same("vy", t.b, 1.5);
  Vec<double, 3> u{1, 2, 3}, v{2, 0, 1}, du{}, dv{};
  __enzyme_autodiff<void>((void *)vectors, &u, &du, &v, &dv);
  Vec<double, 3> u1 = u, u2 = u;
  u1.v[1] += 1e-6;
  u2.v[1] -= 1e-6;
  near("vec", du.v[1], (vectors(u1, v) - vectors(u2, v)) / 2e-6);
  same("strings", __enzyme_autodiff<double>((void *)strings, 2.0, enzyme_const, "123"),
       2 * 2.0 + 2);
  std::vector<std::vector<double>> m{{1, 2}, {3, 4}}, dm{{0, 0}, {0, 0}};
  __enzyme_autodiff<void>((void *)matrix, &m, &dm);
  same("m", dm[0][1], 6);
  same("m", dm[1][1], 8);
  return wrong;
}
