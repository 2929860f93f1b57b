// Eigen's decompositions of matrices of fixed size, where Eigen is installed (`libeigen3-dev`):
// items, row numbers and counts lie in one object, and where the items end is known only while
// the program runs. c · A⁻¹ b has the derivative −A⁻ᵀc (A⁻¹b)ᵀ by A and A⁻ᵀc by b.
#include "check.h"

#if __has_include(<eigen3/Eigen/Dense>)
#include <eigen3/Eigen/Dense>
using namespace Eigen;

static double by_rows(const Matrix4d *a, const Vector4d *b) {
  const Vector4d y = a->lu().solve(*b);
  return y(0) + 2 * y(1) - y(2) + y(3) / 2;
}

// Columns trade places, two items at once.
static double by_columns(const Matrix4d *a, const Vector4d *b) {
  const Vector4d y = a->colPivHouseholderQr().solve(*b);
  return y(0) + 2 * y(1) - y(2) + y(3) / 2;
}

int main() {
  Matrix4d a;
  a << 0.2, 1.5, -0.7, 0.9, 2.1, -0.4, 0.8, 0.3, -1.2, 0.6, 3.4, -0.5, 0.1, 0.7, -0.2, 1.8;
  const Vector4d b(0.7, -1.1, 0.4, 2.3), c(1, 2, -1, 0.5);
  const Matrix4d inverse = a.inverse();
  const Vector4d shared = inverse.transpose() * c, y = inverse * b;
  const Matrix4d outer = shared * y.transpose();

  Matrix4d by_a = Matrix4d::Constant(10);
  Vector4d by_b = Vector4d::Constant(10);
  __enzyme_autodiff<void>((void *)by_rows, enzyme_dup, &a, &by_a, enzyme_dup, &b, &by_b);
  same("rows, by a", (by_a + outer - Matrix4d::Constant(10)).norm(), 0);
  same("rows, by b", (by_b - shared - Vector4d::Constant(10)).norm(), 0);
  by_a.setConstant(10);
  by_b.setConstant(10);
  __enzyme_autodiff<void>((void *)by_columns, enzyme_dup, &a, &by_a, enzyme_dup, &b, &by_b);
  same("columns, by a", (by_a + outer - Matrix4d::Constant(10)).norm(), 0);
  same("columns, by b", (by_b - shared - Vector4d::Constant(10)).norm(), 0);
  return wrong;
}
#else
int main() { return 0; }
#endif
