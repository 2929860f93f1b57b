// Vectors that are assigned to one another in each round of a loop.
//
// Refused with ENZ0031: -O0, -O2.
#include <vector>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

static double f(const double *x, int n) {
  std::vector<double> u(x, x + n), v(n);
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < n; i++)
      v[i] = u[i] + 0.1 * u[(i + 1) % n] * u[i];
    u = v;
  }
  double sum = 0;
  for (double value : u)
    sum += value * value;
  return sum;
}

int main() {
  double x[4] = {0.1, 0.2, 0.3, 0.4}, by_x[4] = {};
  __enzyme_autodiff<void>((void *)f, x, by_x, 4);
  return by_x[0] == 0;
}
