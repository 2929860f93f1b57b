// A number is thrown and caught: the library keeps it in between.
//
// Refused with ENZ0010: -O0, -O2.
template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

struct Failed {
  int code;
  double residual;
};

static double solve(double x) {
  try {
    if (x > 0)
      throw Failed{1, x * x};
    return x;
  } catch (const Failed &failed) {
    return failed.residual;
  }
}

int main() { return __enzyme_autodiff<double>((void *)solve, 3.0) == 0; }
