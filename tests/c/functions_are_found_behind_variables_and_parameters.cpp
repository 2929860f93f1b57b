#include "check.h"

// The function to differentiate is known though it is passed on, without optimisation, too.
template <typename Result, typename... Parameters>
Result __enzyme_autodiff(Result (*)(Parameters...), Parameters...);

using Function = double (*)(double);
static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }
static double area(double x, double y) { return x * y * y; }

static double slope(Function f, double x) { return __enzyme_autodiff<double>((void *)f, x); }
static double slope_of(Function f, double x) { return slope(f, x); }
template <typename F> double slope_at(F f, double x) { return __enzyme_autodiff(f, x); }

struct Pair {
  double by_x, by_y;
};
static Pair gradient(double f(double, double), double x, double y) {
  return __enzyme_autodiff<Pair>((void *)f, enzyme_out, x, enzyme_out, y);
}

int main() {
  Function f = square;
  same("a variable", __enzyme_autodiff<double>((void *)f, 3.0), 6);
  same("a parameter", slope(square, 3) + slope(cube, 2), 18);
  same("a parameter that is passed on", slope_of(cube, 2), 12);
  same("a parameter of a template", slope_at(cube, 2.0) + slope_at(square, 1.0), 14);
  Function lambda = [](double x) { return x * x * x * x; };
  same("a lambda", __enzyme_autodiff<double>((void *)lambda, 2.0), 32);
  auto sum = +[](double x) { return 3 * x; };
  same("a lambda's address", slope(sum, 2), 3);
  Pair pair = gradient(area, 2, 3);
  same("the first of two", pair.by_x, 9);
  same("the second of two", pair.by_y, 12);
  return wrong;
}
