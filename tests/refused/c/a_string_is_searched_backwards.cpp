// A text that is searched backwards, for which there is no body.
//
// Refused with ENZ0010: -O0, -O2.
#include <string>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

static double f(double x) {
  std::string name = "weights.of.the.first.layer";
  name += x > 0 ? ".positive" : ".negative";
  return x * x * name.rfind('.');
}

int main() { return __enzyme_autodiff<double>((void *)f, 0.5) == 0; }
