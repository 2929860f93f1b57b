#include "check.h"

struct Pair {
  double x, y;
};
struct Singles {
  float x, y;
};
struct Three {
  float x, y, z;
};
struct Large {
  double a, b, c;
};
struct Both {
  Pair pair;
  Singles singles;
};
struct WithValue {
  double value, derivative;
};

static double mixed(Pair p, Singles s) { return p.x * p.y * s.x + double(s.y) * s.y; }
static double product(Large l) { return l.a * l.b * l.c; }
static double scaled(Large l, double by) { return (l.a + l.b * l.c) * by; }
static float sum(Three t) { return t.x * t.y + t.z * t.z; }
static double square(double x) { return x * x; }

int main() {
  // Two registers, one vector of floats; the result goes through memory.
  Both d = __enzyme_autodiff<Both>((void *)mixed, Pair{2, 3}, Singles{4, 5});
  same("pair.x", d.pair.x, 12.0);
  same("pair.y", d.pair.y, 8.0);
  same("singles.x", d.singles.x, 6.0);
  same("singles.y", d.singles.y, 10.0);

  Three t = __enzyme_autodiff<Three>((void *)sum, Three{1, 2, 3});
  same("three.x", t.x, 2.0);
  same("three.y", t.y, 1.0);
  same("three.z", t.z, 6.0);

  // A copy in memory.
  Large l = __enzyme_autodiff<Large>((void *)product, enzyme_out, Large{2, 3, 4});
  same("large.a", l.a, 12.0);
  same("large.b", l.b, 8.0);
  same("large.c", l.c, 6.0);
  Large shadow{0, 0, 0};
  double by = __enzyme_autodiff<double>((void *)scaled, enzyme_dup, Large{2, 3, 4}, &shadow, 10.0);
  same("by", by, 14.0);
  same("shadow.a", shadow.a, 10.0);
  same("shadow.b", shadow.b, 40.0);
  same("shadow.c", shadow.c, 30.0);
  by = __enzyme_autodiff<double>((void *)scaled, enzyme_const, Large{2, 3, 4}, 10.0);
  same("by, of a constant", by, 14.0);

  // The function's result comes first.
  auto both = __enzyme_autodiff<WithValue>((void *)square, enzyme_primal_return, 3.0);
  same("value", both.value, 9.0);
  same("derivative", both.derivative, 6.0);
  return wrong;
}
