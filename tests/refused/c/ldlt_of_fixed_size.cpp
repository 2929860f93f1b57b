// Eigen's decomposition of a symmetric matrix of fixed size.
//
// Refused with ENZ0031: -O2.
#include <eigen3/Eigen/Dense>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

using namespace Eigen;

static double f(const Matrix4d *a, const Vector4d *b) {
  return a->ldlt().solve(*b).squaredNorm();
}

int main() {
  Matrix4d a = Matrix4d::Identity(), by_a = Matrix4d::Zero();
  Vector4d b = Vector4d::Ones(), by_b = Vector4d::Zero();
  __enzyme_autodiff<void>((void *)f, &a, &by_a, &b, &by_b);
  return by_a.norm() == 0;
}
