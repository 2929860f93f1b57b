// Random numbers that are drawn inside of the differentiated function.
//
// Refused with ENZ0020: -O0, -O2.
#include <random>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

static double f(double x) {
  std::mt19937 generator(7);
  std::normal_distribution<double> normal(x, 0.5);
  double sum = 0;
  for (int i = 0; i < 10; i++)
    sum += normal(generator) * x;
  return sum;
}

int main() { return __enzyme_autodiff<double>((void *)f, 0.5) == 0; }
