#include "check.h"
#include <memory>
#include <stdexcept>
#include <vector>

template <typename Result, typename... Arguments>
Result __enzyme_augmentfwd(void *, Arguments...);
template <typename Result, typename... Arguments>
Result __enzyme_reverse(void *, Arguments...);
struct Forward {
  void *tape;
  double result;
};

// What is registered is twice the cube, so that it is told from the body's.
struct Tape {
  double x[2];
};
struct TapeAndResult {
  Tape tape;
  double result;
};
static double cube(double x) {
  if (x > 100.0)
    throw std::runtime_error("too large");
  return x * x * x;
}
static TapeAndResult cube_forward(double x) { return {{x, 2.0 * x * x}, cube(x)}; }
static double cube_reverse(double x, double by, Tape tape) { return by * 3.0 * tape.x[1]; }
void *__enzyme_register_gradient_cube[] = {(void *)cube, (void *)cube_forward,
                                           (void *)cube_reverse};

// A function of the library that nothing else is known of.
extern "C" double drem(double, double);
static double drem_forward(double x, double y) { return drem(x, y); }
struct Both {
  double x, y;
};
static Both drem_reverse(double x, double y, double by) { return {by, by * 7.0}; }
void *__enzyme_register_gradient_drem[] = {(void *)drem, (void *)drem_forward,
                                           (void *)drem_reverse};

// Addresses, and a result that is a number of another kind.
static int solve(const double *a, double *x) {
  *x = a[0] / a[1];
  return 3;
}
struct TapeAndStatus {
  double *tape;
  int status;
};
static TapeAndStatus solve_forward(const double *a, double *da, double *x, double *dx) {
  int status = solve(a, x);
  return {new double[2]{a[1], *x}, status};
}
static void solve_reverse(const double *a, double *da, double *x, double *dx, double *tape) {
  da[0] += 5.0 * *dx / tape[0];
  da[1] -= *dx * tape[1] / tape[0];
  *dx = 0.0;
  delete[] tape;
}
void *__enzyme_register_gradient_solve[] = {(void *)solve, (void *)solve_forward,
                                            (void *)solve_reverse};

static double recursive(double x, int depth) {
  return depth ? cube(recursive(x, depth - 1) * 0.9) : x;
}

static double until(double x) {
  double sum = 0.0;
  while (x < 50.0) {
    x = cube(x);
    sum += x;
  }
  return sum;
}

static double catching(double x) {
  auto kept = std::make_unique<double>(x * x);
  return cube(*kept) + *kept;
}

static double remainder_of(double x, double y) { return drem(x * x, y) * x; }

static double solved(const double *a) {
  double b[2] = {a[0], a[1]}, x = 0.0;
  int status = 0;
  for (int i = 0; i < 3; i++) {
    b[1] = a[1] + i;
    status += solve(b, &x);
    b[0] = x;
  }
  return x * status;
}

struct Part {
  virtual ~Part() {}
  virtual double of(double x) const = 0;
};
struct Cubed : Part {
  double of(double x) const override { return cube(x); }
};
struct Plain : Part {
  double of(double x) const override { return x; }
};
static double parts(const std::vector<std::unique_ptr<Part>> &parts, double x) {
  double sum = 0.0;
  for (auto &part : parts)
    sum += part->of(x);
  return sum;
}
static double virtually(double x) {
  std::vector<std::unique_ptr<Part>> list;
  list.push_back(std::make_unique<Cubed>());
  list.push_back(std::make_unique<Plain>());
  return parts(list, x);
}

static double twice_cube(double x) { return 6.0 * x * x; }

int main() {
  double x = 1.1, y = x, by = 1.0;
  for (int i = 0; i < 3; i++) {
    by *= 0.9 * twice_cube(0.9 * y);
    y = cube(0.9 * y);
  }
  same("recursion", __enzyme_autodiff<double>((void *)recursive, enzyme_out, x, enzyme_const, 3),
       by);
  double factor = 1.0, sum = 0.0;
  for (double z = 1.3; z < 50.0; z = cube(z))
    sum += factor *= twice_cube(z);
  same("a loop", __enzyme_autodiff<double>((void *)until, 1.3), sum);
  same("an exception may leave", __enzyme_autodiff<double>((void *)catching, x),
       (twice_cube(x * x) + 1.0) * 2.0 * x);
  Both rest = __enzyme_autodiff<Both>((void *)remainder_of, 1.9, 1.0);
  same("without a body", rest.x, drem(1.9 * 1.9, 1.0) + 1.9 * 2.0 * 1.9);
  same("without a body", rest.y, 7.0 * 1.9);
  double a[2] = {6.0, 2.0}, da[2] = {0.0, 0.0};
  __enzyme_autodiff<double>((void *)solved, a, da);
  // x = a0 / (a1 (a1 + 1) (a1 + 2)), each step with 5 times its derivative by b0.
  double steps = 9.0 * 6.0 / (2.0 * 3.0 * 4.0);
  same("da0", da[0], 9.0 * 125.0 / (2.0 * 3.0 * 4.0));
  same("da1", da[1], -steps * (25.0 / 2.0 + 5.0 / 3.0 + 1.0 / 4.0));
  Forward forward = __enzyme_augmentfwd<Forward>((void *)until, 1.3);
  same("split", forward.result, until(1.3));
  same("split", __enzyme_reverse<double>((void *)until, 1.3, 2.0, forward.tape), 2.0 * sum);
  same("virtually", __enzyme_autodiff<double>((void *)virtually, x), twice_cube(x) + 1.0);
  return wrong;
}
