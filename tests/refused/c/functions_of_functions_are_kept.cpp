// A `std::function` that holds others, one of which holds a double.
//
// Refused with ENZ0031: -O0, -O1.
#include <functional>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

using Function = std::function<double(double)>;

static Function compose(Function a, Function b) {
  return [a = std::move(a), b = std::move(b)](double v) { return b(a(v)); };
}

struct Scale {
  double by;
  double operator()(double v) const { return by * v; }
};

static double twice(double v) { return 2 * v; }

static double f(const double *x) {
  Function all = compose(twice, compose(Scale{x[0]}, [&](double v) { return v * v + x[2]; }));
  return all(x[1]);
}

int main() {
  double x[3] = {0.5, 0.62, 0.4}, by_x[3] = {};
  __enzyme_autodiff<void>((void *)f, x, by_x);
  return by_x[0] == 0;
}
