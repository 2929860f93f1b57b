// Eigen's decomposition with row exchanges, where Eigen is installed (`libeigen3-dev`):
// c · A⁻¹ b has the derivative −A⁻ᵀc (A⁻¹b)ᵀ by A and A⁻ᵀc by b.
#include "check.h"

#if __has_include(<eigen3/Eigen/Dense>)
#include <eigen3/Eigen/Dense>
using namespace Eigen;

static double solved(const MatrixXd *a, const VectorXd *b) {
  const VectorXd y = a->partialPivLu().solve(*b);
  return y(0) + 2 * y(1) - y(2);
}

int main() {
  MatrixXd a(3, 3), by_a = MatrixXd::Zero(3, 3);
  a << 1, 2, 0.5, 4, 1, -0.4, 0.3, 5, 3.5;
  VectorXd b = Vector3d(1, 2, 3), by_b = VectorXd::Zero(3);
  __enzyme_autodiff<void>((void *)solved, &a, &by_a, &b, &by_b);
  const MatrixXd inverse = a.inverse();
  const VectorXd expected = inverse.transpose() * Vector3d(1, 2, -1);
  same("by b", (by_b - expected).norm(), 0.0);
  same("by a", (by_a + expected * (inverse * b).transpose()).norm(), 0.0);
  return wrong;
}
#else
int main() { return 0; }
#endif
