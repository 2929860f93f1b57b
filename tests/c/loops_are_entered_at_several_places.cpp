// Loops that `goto` enters at several places, where a branch may lead to two of them: LLVM 22 alone
// makes other loops of these. Against dual numbers.
#include "check.h"

struct Dual {
  double value, by;
  Dual(double value, double by = 0) : value(value), by(by) {}
};
static Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.by + b.by}; }
static Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.by - b.by}; }
static Dual operator*(Dual a, Dual b) {
  return {a.value * b.value, a.by * b.value + a.value * b.by};
}
static bool operator<(Dual a, double b) { return a.value < b; }
static bool operator>(Dual a, Dual b) { return a.value > b.value; }
static Dual sin(Dual a) { return {sin(a.value), cos(a.value) * a.by}; }

// Each of three places leads to the two others.
template <typename Number> static Number three(Number x) {
  int round = 0;
  Number a = x;
  if (a > Number(3))
    goto second;
first:
  a = sin(a) + Number(1);
  if (++round > 4)
    return a;
  if (a > Number(1.9))
    goto third;
second:
  a = a * Number(0.9);
  if (++round > 4)
    return a;
  if (a < 1.7)
    goto first;
third:
  a = a * Number(1.3);
  if (++round > 4)
    return a;
  if (a > Number(2))
    goto second;
  goto first;
}

// One of them has a loop of its own, and a table decides where to go.
template <typename Number> static Number by_table(Number x) {
  int round = 0, where = 1;
  Number a = x, sum = 0;
  if (a < 0.3)
    goto second;
first:
  a = sin(a) + Number(0.3);
  for (int i = 0; i < where; i++)
    sum = sum + a * a;
  if (++round > 9)
    return sum * a;
  if (a > sum)
    goto third;
second:
  sum = sum * Number(0.8) + a;
  where = (where + round) % 3;
  if (++round > 9)
    return sum * a;
  switch (where) {
  case 0:
    goto first;
  case 1:
    goto second;
  }
third:
  a = a - sum * Number(0.2);
  if (++round > 9)
    return sum * a;
  if (a * sum > Number(0.1))
    goto second;
  goto first;
}

int main() {
  double points[] = {0.2, 0.7, 1.1, 1.5, 3.2};
  for (double x : points) {
    same("three", __enzyme_autodiff<double>((void *)three<double>, x), three(Dual(x, 1)).by);
    same("by table", __enzyme_autodiff<double>((void *)by_table<double>, x),
         by_table(Dual(x, 1)).by);
  }
  return wrong;
}
