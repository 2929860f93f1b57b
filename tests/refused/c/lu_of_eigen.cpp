// Eigen's decomposition into triangular matrices.
//
// Refused with ENZ0030: -O0.
#include <eigen3/Eigen/Dense>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

using namespace Eigen;

static double f(const MatrixXd *a, const VectorXd *b) {
  return a->partialPivLu().solve(*b).squaredNorm();
}

int main() {
  MatrixXd a = MatrixXd::Identity(3, 3), by_a = MatrixXd::Zero(3, 3);
  VectorXd b = VectorXd::Ones(3), by_b = VectorXd::Zero(3);
  __enzyme_autodiff<void>((void *)f, &a, &by_a, &b, &by_b);
  return by_a.norm() == 0;
}
