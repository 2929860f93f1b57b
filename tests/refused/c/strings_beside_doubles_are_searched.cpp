// Texts beside doubles, which are searched by members of `std::string` without a body.
//
// Refused with ENZ0010: -O2. Refused with ENZ0021: -O0.
#include <string>
#include <vector>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

struct Named {
  std::string name;
  double value;
};

static double f(double x) {
  std::vector<Named> all;
  for (int i = 0; i < 4; i++)
    all.push_back({"name" + std::to_string(i), x * i});
  double sum = 0;
  for (auto &one : all)
    if (one.name.rfind("name2") == 0)
      sum += one.value * one.value;
  return sum;
}

int main() { return __enzyme_autodiff<double>((void *)f, 0.5) == 0; }
