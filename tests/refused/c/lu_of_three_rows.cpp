// Eigen's decomposition of a matrix of three rows.
//
// Refused with ENZ0021: -O2.
#include <eigen3/Eigen/Dense>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

using namespace Eigen;

static double f(const Matrix3d *a, const Vector3d *b) {
  return a->lu().solve(*b).squaredNorm();
}

int main() {
  Matrix3d a = Matrix3d::Identity(), by_a = Matrix3d::Zero();
  Vector3d b = Vector3d::Ones(), by_b = Vector3d::Zero();
  __enzyme_autodiff<void>((void *)f, &a, &by_a, &b, &by_b);
  return by_a.norm() == 0;
}
