// Where a copy of a vector ends is known by the distance of two addresses of another one.
#include "check.h"
#include <vector>

using Vector = std::vector<double>;

static Vector operator+(const Vector &a, const Vector &b) {
  Vector sum(a.size());
  for (size_t i = 0; i < a.size(); i++)
    sum[i] = a[i] + b[i];
  return sum;
}

// A step of an equation, into the other vector and back.
static double assigned(const double *x, int n) {
  Vector u(x, x + n), v(n);
  for (int t = 0; t < 6; t++) {
    for (int i = 0; i < n; i++)
      v[i] = u[i] + 0.1 * (u[(i + 1) % n] - u[i]) * u[(i + n - 1) % n];
    u = v;
  }
  return u[0] * u[n - 1] + u[1];
}

static double summed(const double *x, int n) {
  Vector u(x, x + n);
  for (int t = 0; t < 3; t++)
    u = u + u + Vector{u[0] * u[1], u[1], u[2], 1};
  return u[0] * u[1] + u[3];
}

// The last element, by the size, of vectors that were swapped.
static double swapped(const double *x, int n) {
  Vector u(x, x + n), v(n);
  for (int t = 0; t < 3; t++) {
    int size = u.size();
    for (int i = 0; i < n; i++)
      v[i] = u[i] * u[size - 1 - i] + u[(i + size) % size];
    u.swap(v);
  }
  return u[0] + u[1] * u[2];
}

static double remembered(const double *x, int n) {
  std::vector<Vector> past;
  Vector u(x, x + n);
  for (int t = 0; t < 5; t++) {
    past.push_back(u);
    for (auto &number : u)
      number = std::sin(number) + 0.1 * past.back()[0];
    if (t == 3)
      u = past[1];
  }
  double sum = u[1];
  for (size_t i = 0; i < past.size(); i++)
    sum += past[i][i % n] * (i + 1);
  return sum;
}

static double nested(const double *x, int n) {
  std::vector<Vector> u(2, Vector(x, x + 2)), v = u;
  for (int t = 0; t < 3; t++) {
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++)
        v[i][j] = u[i][j] * x[2] + u[j][i] * x[3] * 0.1;
    u = v;
  }
  return u[0][0] * u[1][1] + u[0][1];
}

// Against central differences.
static const double start[4] = {0.5, 1.5, 2.5, 0.7};
static void check(double (*f)(const double *, int), const double *d, const char *what) {
  for (int i = 0; i < 4; i++) {
    double y[4] = {start[0], start[1], start[2], start[3]}, h = 1e-6;
    y[i] = start[i] + h;
    double more = f(y, 4);
    y[i] = start[i] - h;
    near(what, d[i], (more - f(y, 4)) / (2 * h));
  }
}

#define CHECK(f)                                                                                   \
  {                                                                                                \
    double d[4] = {};                                                                              \
    __enzyme_autodiff<void>((void *)f, start, d, 4);                                               \
    check(f, d, #f);                                                                               \
  }

int main() {
  CHECK(assigned);
  CHECK(summed);
  CHECK(swapped);
  CHECK(remembered);
  CHECK(nested);
  return wrong;
}
