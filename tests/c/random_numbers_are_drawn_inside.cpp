#include "check.h"
#include <random>

// The library computes with `long double` where no derivative goes.
static double price(double start, double sigma) {
  std::mt19937 engine(42);
  std::normal_distribution<double> normal(0, 1);
  std::uniform_real_distribution<double> uniform(0, 1);
  double sum = 0;
  for (int i = 0; i < 20; i++)
    sum += std::fmax(start * std::exp(sigma * normal(engine)) - 1, 0) + uniform(engine) * sigma;
  return sum / 20;
}

struct Two {
  double start, sigma;
};

int main() {
  Two d = __enzyme_autodiff<Two>((void *)price, 1.1, 0.3);
  double h = 1e-7;
  near("by the start", d.start, (price(1.1 + h, 0.3) - price(1.1 - h, 0.3)) / (2 * h));
  near("by sigma", d.sigma, (price(1.1, 0.3 + h) - price(1.1, 0.3 - h)) / (2 * h));
  return wrong;
}
