// A function that returns a struct of floats, in split sweeps.
//
// Refused with ENZ0004: -O0, -O2.
struct Pair {
  double first, second;
};

void *__enzyme_augmentfwd(void *, ...);
double __enzyme_reverse(void *, ...);

static struct Pair f(double x) {
  struct Pair pair = {x * x, 3 * x};
  return pair;
}

int main(void) {
  void *tape = __enzyme_augmentfwd((void *)f, 0.5);
  struct Pair seed = {1, 1};
  return __enzyme_reverse((void *)f, 0.5, seed, tape) == 0;
}
