// `std::function`s that call one another: composed, in rows, in chains and in lists. They
// keep small objects in the place of an address.
#include "check.h"
#include <functional>
#include <memory>
#include <vector>

using Function = std::function<double(double)>;

static Function compose(Function outer, Function inner) {
  return [outer, inner](double y) { return outer(inner(y)); };
}
static double composed(double x, int) {
  Function times = [x](double y) { return y * x; };
  Function wave = [](double y) { return sin(y) + y; };
  return compose(times, compose(wave, times))(x);
}

static double in_a_row(double x, int n) {
  std::vector<Function> all;
  for (int i = 0; i < n; i++)
    all.push_back([x, i](double y) { return y * x + i; });
  all.push_back([](double y) { return y * y; });
  double value = x;
  for (auto &function : all)
    value = function(value);
  return value;
}

static double copied_in_a_chain(double x, int n) {
  Function chain = [](double y) { return y; };
  for (int i = 0; i < n; i++)
    chain = [chain, x](double y) { return chain(y * x) + y; };
  return chain(x);
}

static double moved_in_a_chain(double x, int n) {
  Function chain = [](double y) { return y; };
  for (int i = 0; i < n; i++)
    chain = [before = std::move(chain), x, i](double y) { return before(y) * x + i; };
  return chain(x);
}

struct Node {
  Function function;
  std::shared_ptr<Node> next;
};
static double in_a_list(double x, int n) {
  std::shared_ptr<Node> first;
  for (int i = 0; i < n; i++) {
    auto node = std::make_shared<Node>();
    node->function = [x, i](double y) { return y * x + i; };
    node->next = first;
    first = node;
  }
  double value = x;
  for (auto node = first; node; node = node->next)
    value = node->function(value);
  return value;
}

static double shared(double x, int n) {
  std::shared_ptr<Function> last;
  for (int i = 0; i < n; i++) {
    auto function = std::make_shared<Function>();
    *function = [x, i](double y) { return y * x + i; };
    last = function;
  }
  return (*last)(x);
}

using Of = double(double, int);
static void check(const char *what, Of *f, double by_x) {
  const double h = 1e-6;
  near(what, by_x, (f(0.5 + h, 4) - f(0.5 - h, 4)) / (2 * h));
}

int main() {
#define CHECK(f) check(#f, f, __enzyme_autodiff<double>((void *)f, 0.5, 4))
  CHECK(composed);
  CHECK(in_a_row);
  CHECK(copied_in_a_chain);
  CHECK(moved_in_a_chain);
  CHECK(in_a_list);
  CHECK(shared);
  return wrong;
}
