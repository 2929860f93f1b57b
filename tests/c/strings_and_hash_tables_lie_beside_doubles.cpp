#include "check.h"
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

static double by_number(const double *x, int n) {
  std::unordered_map<int, double> m;
  for (int i = 0; i < 50; i++)
    m[(i * 7) % 20] += x[i % n] * x[(i + 1) % n];
  m.erase(3);
  double sum = 0;
  for (int i = 0; i < 20; i++) {
    auto it = m.find(i);
    if (it != m.end())
      sum += it->second * (i + 1);
  }
  for (auto &entry : m)
    sum += entry.second * entry.second;
  return sum;
}

static double by_name(const double *x, int) {
  std::map<std::string, double> m;
  m["alpha"] = x[0];
  m["beta"] = x[1] * x[0];
  m["a rather long name beyond what fits in place"] = x[2];
  return m["alpha"] * m["beta"] + m["a rather long name beyond what fits in place"] * m["beta"];
}

struct Named {
  std::string name;
  double value;
};
static double named(const double *x, int n) {
  std::string text = "abc";
  text += "def";
  text += '-';
  text = text + "and so on, and so forth";
  Named first{text, x[0] * x[1]};
  Named copy = first;
  copy.value *= x[2];
  copy.name.append(first.name).push_back('!');
  double sum = 0;
  for (char c : text.substr(1, 3))
    sum += (c - 'a') * x[1] * x[n - 1];
  if (copy.name != first.name && copy.name.compare(first.name) > 0)
    sum += copy.value * copy.name.size();
  if (text.find("and") == 7 && !text.empty())
    sum *= x[0];
  first = std::move(copy);
  return sum * first.value;
}

using Text = double(const double *, int);
static void check(const char *what, Text *f, const double *by_x) {
  const double h = 1e-6;
  for (int i = 0; i < 3; i++) {
    double above[] = {0.3, 1.4, 2.2}, below[] = {0.3, 1.4, 2.2};
    above[i] += h;
    below[i] -= h;
    near(what, by_x[i], (f(above, 3) - f(below, 3)) / (2 * h));
  }
}
#define CHECK(f)                                                                              \
  do {                                                                                        \
    double x[] = {0.3, 1.4, 2.2}, by_x[3] = {};                                               \
    __enzyme_autodiff<void>((void *)f, enzyme_dup, x, by_x, enzyme_const, 3);                 \
    check(#f, f, by_x);                                                                       \
  } while (0)

int main() {
  CHECK(by_number);
  CHECK(by_name);
  CHECK(named);
  return wrong;
}
