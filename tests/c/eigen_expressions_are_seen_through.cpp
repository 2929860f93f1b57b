// With Eigen, where it is installed (`libeigen3-dev`); without it nothing is checked.
#include "check.h"

#if __has_include(<eigen3/Eigen/Dense>)
#include <eigen3/Eigen/Dense>
using namespace Eigen;

static double dynamic(const MatrixXd *a, const VectorXd *x) { return ((*a) * (*x)).squaredNorm(); }
static double fixed(const Matrix3d *a, const Vector3d *x) { return ((*a) * (*x)).squaredNorm(); }
static double mixed(const VectorXd *x) {
  return (x->array().sin() * x->array()).sum() + x->head(2).dot(x->tail(2));
}

static void products() {
  Matrix3d a, da = Matrix3d::Zero();
  a << 1, 2, 3, 4, 5, 6, 7, 8, 10;
  Vector3d x(1, 2, 3), dx = Vector3d::Zero();
  __enzyme_autodiff<void>((void *)fixed, &a, &da, &x, &dx);
  same("fixed, by x", (dx - 2 * a.transpose() * a * x).norm(), 0.0);
  same("fixed, by a", (da - 2 * a * x * x.transpose()).norm(), 0.0);
  MatrixXd b = a, db = MatrixXd::Zero(3, 3);
  VectorXd y = x, dy = VectorXd::Zero(3);
  __enzyme_autodiff<void>((void *)dynamic, &b, &db, &y, &dy);
  same("dynamic, by x", (dy - dx).norm(), 0.0);
  same("dynamic, by a", (db - da).norm(), 0.0);
}

static void expressions() {
  VectorXd x(4), dx = VectorXd::Zero(4), expected(4);
  x << 0.3, 0.5, 0.7, 0.9;
  __enzyme_autodiff<void>((void *)mixed, &x, &dx);
  expected = x.array().cos() * x.array() + x.array().sin();
  expected.head(2) += x.tail(2);
  expected.tail(2) += x.head(2);
  same("expressions", (dx - expected).norm(), 0.0);
}

// Eigen's exponential of vectors rounds by a large constant, and computes with bits.
static double exponentials(const ArrayXd *x) { return (x->exp() * *x).sum(); }

static void roundings() {
  ArrayXd x(5), dx = ArrayXd::Zero(5);
  x << -1.3, 0.2, 0.9, 2.4, 3.1;
  __enzyme_autodiff<void>((void *)exponentials, &x, &dx);
  for (int i = 0; i < 5; i++)
    same("exponentials", dx(i), std::exp(x(i)) * (1 + x(i)));
}

// The expression is an object with a float and an address.
static double multiple(const double *x) {
  Eigen::Vector2d q(x[0], x[1]);
  Eigen::Vector2d s = 0.3 * q;
  return s[1] * s[0];
}

static void multiples() {
  double x[2] = {0.5, -0.62}, d[2] = {};
  __enzyme_autodiff<double>((void *)multiple, enzyme_dup, x, d);
  same("multiple 0", d[0], 0.09 * x[1]);
  same("multiple 1", d[1], 0.09 * x[0]);
}

int main() {
  products();
  multiples();
  expressions();
  roundings();
  return wrong;
}
#else
int main() { return 0; }
#endif
