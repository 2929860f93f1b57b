// Functions that are kept in `std::function`, each of which calls the one before.
//
// Refused with ENZ0021: -O0, -O1.
#include <functional>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

static double f(double x, int n) {
  std::function<double(double)> chain = [](double y) { return y; };
  for (int i = 0; i < n; i++)
    chain = [chain, x](double y) { return chain(y * x) + y; };
  return chain(x);
}

int main(int arguments, char **) {
  return __enzyme_autodiff<double>((void *)f, 0.5, arguments + 1) == 0;
}
