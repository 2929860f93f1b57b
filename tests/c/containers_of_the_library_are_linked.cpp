#include "check.h"
#include <functional>
#include <list>
#include <map>
#include <set>
#include <vector>

// Trees and lists, whose nodes libstdc++ links: by keys, by values, with removal.
static double by_key(const double *x, int n) {
  std::map<int, double> sums;
  for (int i = 0; i < n; i++)
    sums[i * 7 % 5] += x[i] * x[i];
  double sum = 0;
  int k = 1;
  for (const auto &entry : sums)
    sum += entry.second * entry.second * k++;
  return sum;
}

static double by_value(const double *x, int n) {
  std::multiset<double> values;
  for (int i = 0; i < n; i++)
    values.insert(x[i] * x[i]);
  double sum = 0;
  int k = 1;
  for (double value : values)
    sum += value * value * k++;
  return sum;
}

static double keys_are_values(const double *x, int n) {
  std::map<double, double, std::greater<double>> entries;
  for (int i = 0; i < n; i++)
    entries[x[i]] += x[i] * x[i];
  double sum = 0;
  int k = 1;
  for (const auto &entry : entries)
    sum += entry.first * entry.second * k++;
  return sum;
}

static double removed(const double *x, int n) {
  std::map<int, double> values;
  for (int i = 0; i < n; i++)
    values[i * 5 % n] = x[i] * x[i] * x[i];
  for (int i = 0; i < n; i += 2)
    values.erase(i);
  values.erase(values.find(3));
  double sum = 0;
  int k = 1;
  for (auto entry = values.rbegin(); entry != values.rend(); ++entry)
    sum += entry->second * k++;
  return sum;
}

static double rows(const double *x, int n) {
  std::map<int, std::vector<double>> rows;
  for (int i = 0; i < n; i++)
    rows[i % 3].push_back(x[i] * x[i]);
  double sum = 0;
  for (const auto &row : rows) {
    double inner = 0;
    for (double value : row.second)
      inner += value;
    sum += inner * inner * (row.first + 1);
  }
  return sum;
}

static double listed(const double *x, int n) {
  std::list<double> values, others;
  for (int i = 0; i < n; i++)
    if (i % 2)
      values.push_back(x[i] * x[i]);
    else
      others.push_front(x[i]);
  values.reverse();
  values.splice(values.begin(), others);
  values.erase(std::next(values.begin(), 2));
  double sum = 0;
  int k = 1;
  for (double value : values)
    sum += value * value * k++;
  return sum;
}

static double sorted(const double *x, int n) {
  std::list<double> values(x, x + n);
  values.sort();
  double sum = 0;
  int k = 1;
  for (double value : values)
    sum += value * value * k++;
  return sum;
}

// A table of integers beside differentiated memory.
static double counted(const double *x, int n) {
  std::set<int> seen;
  double sum = 0;
  for (int i = 0; i < n; i++)
    if (seen.insert(i * i % 7).second)
      sum += x[i] * x[i];
  return sum * seen.size();
}

// Dijkstra's algorithm: addresses, integers and doubles take turns in the nodes of trees.
static double distances(const double *x, int n) {
  std::map<int, std::vector<std::pair<int, double>>> edges;
  for (int i = 0; i < n; i++) {
    edges[i].push_back({(i + 1) % n, x[i] * x[i]});
    edges[i].push_back({(i + 2) % n, 2 + x[i]});
  }
  std::map<int, double> distance{{0, 0.0}};
  std::set<std::pair<double, int>> open{{0.0, 0}};
  while (!open.empty()) {
    int at = open.begin()->second;
    open.erase(open.begin());
    for (const auto &edge : edges[at]) {
      double length = distance[at] + edge.second;
      auto known = distance.find(edge.first);
      if (known != distance.end() && known->second <= length)
        continue;
      if (known != distance.end())
        open.erase({known->second, edge.first});
      distance[edge.first] = length;
      open.insert({length, edge.first});
    }
  }
  double sum = 0;
  for (const auto &entry : distance)
    sum += entry.second;
  return sum;
}

// Containers of the caller, whose shadows are containers of the same shape.
// Marks and values in vectors of one structure.
struct Marked {
  std::vector<double> values;
  std::vector<char> seen;
};
static double marked(const double *x, int n) {
  Marked marked;
  marked.values.assign(x, x + n);
  marked.seen.assign(n, 0);
  double sum = 0;
  for (int i = 0; i < 2 * n; i += 3) {
    sum += marked.values[i % n] * marked.values[n / 2] * (marked.seen[i % n] ? 2 : 1);
    marked.seen[i % n] = 1;
  }
  return sum;
}

static double given(std::map<int, double> &map, const std::list<double> &list) {
  map[2] *= list.front();
  double sum = 0;
  for (double value : list)
    sum += value * value;
  for (const auto &entry : map)
    sum += entry.second * entry.first;
  return sum;
}

static void containers_are_given() {
  std::map<int, double> map{{1, 5.0}, {2, 3.0}}, shadow{{1, 0.0}, {2, 0.0}};
  std::list<double> list{1.5, 2.5}, list_shadow{0.0, 0.0};
  __enzyme_autodiff<void>((void *)given, &map, &shadow, &list, &list_shadow);
  same("map[1]", shadow[1], 1.0);
  same("map[2]", shadow[2], 2 * 1.5);
  same("list, first", list_shadow.front(), 2 * 1.5 + 2 * 3.0);
  same("list, last", list_shadow.back(), 2 * 2.5);
}

static double difference(double (*function)(const double *, int), double *x, int n, int i) {
  double h = 1e-5, middle = x[i];
  x[i] = middle + h;
  double above = function(x, n);
  x[i] = middle - h;
  double below = function(x, n);
  x[i] = middle;
  return (above - below) / (2 * h);
}

#define CHECK(function)                                                                        \
  {                                                                                            \
    double x[N] = {1.1, 0.4, -0.7, 0.3, 0.9, -1.3, 0.6, 1.7, -0.2}, dx[N] = {0};                 \
    for (int twice = 0; twice < 2; twice++)                                                    \
      __enzyme_autodiff<void>((void *)function, enzyme_dup, x, dx, enzyme_const, N);           \
    for (int i = 0; i < N; i++)                                                                \
      near(#function, dx[i], 2 * difference(function, x, N, i));                               \
  }

int main() {
  const int N = 9;
  CHECK(by_key)
  CHECK(by_value)
  CHECK(keys_are_values)
  CHECK(removed)
  CHECK(rows)
  CHECK(listed)
  CHECK(sorted)
  CHECK(counted)
  CHECK(distances)
  CHECK(marked)
  containers_are_given();
  return wrong;
}
