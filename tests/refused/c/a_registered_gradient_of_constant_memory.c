// A function whose derivative the program states, called with memory that is constant: the
// derivative has no shadow to be given.
//
// Refused with ENZ0040: -O0, -O2.
extern int enzyme_const;
double __enzyme_autodiff(void *, ...);

__attribute__((noinline)) static double scaled(const double *by, double x) { return *by * x; }

struct Forward {
  double by, result;
};

static struct Forward forward(const double *by, double *shadow, double x) {
  struct Forward kept = {*by, *by * x};
  return kept;
}

static double reverse(const double *by, double *shadow, double x, double by_result, double kept) {
  *shadow += x * by_result;
  return kept * by_result;
}

void *__enzyme_register_gradient_scaled[] = {(void *)scaled, (void *)forward, (void *)reverse};

static double f(const double *by, double x) { return scaled(by, x * x); }

int main(void) {
  double by = 3;
  return __enzyme_autodiff((void *)f, enzyme_const, &by, 0.5) == 0;
}
