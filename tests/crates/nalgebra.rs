//! nalgebra: matrices of fixed and of dynamic size, and their decompositions.

use nalgebra::{
    DMatrix, DVector, Isometry3, Matrix2, Matrix3, Matrix4, Quaternion, RealField, SMatrix,
    UnitQuaternion, Vector3,
};

use crate::support::check;

const POINT: [f64; 9] = [2.3, -0.4, 0.7, 0.5, 1.9, -0.2, 0.1, 0.6, 3.1];

fn number<T: RealField>(value: f64) -> T {
    nalgebra::convert(value)
}

fn fixed<T: RealField + Copy>(x: &[T]) -> Matrix3<T> {
    Matrix3::from_row_slice(x)
}

fn dynamic<T: RealField + Copy>(x: &[T]) -> DMatrix<T> {
    DMatrix::from_row_slice(3, 3, x)
}

/// A sum in which each place counts differently.
fn weighted<'a, T: RealField + Copy>(values: impl IntoIterator<Item = &'a T>) -> T {
    let values = values.into_iter().enumerate();
    values.fold(T::zero(), |sum, (i, v)| sum + *v * *v * number(i as f64 + 0.5))
}

/// A symmetric, positive definite matrix.
fn positive<T: RealField + Copy>(x: &[T]) -> Matrix3<T> {
    let a = fixed(x);
    a * a.transpose() + Matrix3::identity()
}

fn positive_dynamic<T: RealField + Copy>(x: &[T]) -> DMatrix<T> {
    let a = dynamic(x);
    &a * a.transpose() + DMatrix::identity(3, 3)
}

fn products<T: RealField + Copy>(x: &[T]) -> T {
    let a = fixed(x);
    let v = Vector3::new(x[0], x[3], x[8]);
    let w = a * a * v + v.cross(&a.column(1).into_owned()) * x[2];
    w.dot(&v) + w.norm() + a.trace() + (a.component_mul(&a)).sum()
}

#[test]
fn products_of_fixed_size() {
    check!(products, &POINT);
}

fn dynamic_products<T: RealField + Copy>(x: &[T]) -> T {
    let a = dynamic(x);
    let v = DVector::from_vec(vec![x[0], x[3], x[8]]);
    let w = &a * (&a * &v) + a.column(1) * x[2];
    w.dot(&v) + w.norm() + a.trace() + weighted((&a * &a).iter())
}

#[test]
fn products_of_dynamic_size() {
    check!(dynamic_products, &POINT);
}

fn large_product<T: RealField + Copy>(x: &[T]) -> T {
    let a = DMatrix::from_fn(8, 7, |i, k| x[(i + 2 * k) % 9] * number(1.0 + i as f64));
    let b = DMatrix::from_fn(7, 8, |i, k| x[(3 * i + k) % 9] * x[k]);
    weighted((a * b).iter())
}

#[test]
fn a_product_that_is_blocked() {
    check!(large_product, &POINT);
}

fn views<T: RealField + Copy>(x: &[T]) -> T {
    let mut a = dynamic(x);
    let corner = a.view((1, 1), (2, 2)).into_owned();
    a.view_mut((0, 0), (2, 2)).copy_from(&(corner * x[1]));
    a.row_mut(2).scale_mut(x[4]);
    a.swap_columns(0, 2);
    let rows = a.row_iter().fold(T::zero(), |sum, row| sum + row.norm_squared() * x[0]);
    rows + weighted(a.transpose().iter())
}

#[test]
fn views_that_are_read_and_written() {
    check!(views, &POINT);
}

fn inverse<T: RealField + Copy>(x: &[T]) -> T {
    weighted(fixed(x).try_inverse().unwrap().iter())
}

#[test]
fn an_inverse_of_fixed_size() {
    check!(inverse, &POINT);
}

fn inverse_of_four<T: RealField + Copy>(x: &[T]) -> T {
    let a = Matrix4::from_fn(|i, k| x[(i + 4 * k) % 9] + number(if i == k { 3.0 } else { 0.0 }));
    weighted(a.try_inverse().unwrap().iter()) + a.determinant()
}

#[test]
fn an_inverse_of_four_rows() {
    check!(inverse_of_four, &POINT);
}

fn inverse_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    weighted(dynamic(x).try_inverse().unwrap().iter())
}

#[test]
fn an_inverse_of_dynamic_size() {
    check!(inverse_dynamic, &POINT);
}

fn determinant<T: RealField + Copy>(x: &[T]) -> T {
    fixed(x).determinant() * Matrix2::new(x[0], x[1], x[2], x[3]).determinant()
}

#[test]
fn a_determinant_of_fixed_size() {
    check!(determinant, &POINT);
}

fn determinant_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    dynamic(x).determinant()
}

#[test]
fn a_determinant_of_dynamic_size() {
    check!(determinant_dynamic, &POINT);
}

fn lu<T: RealField + Copy>(x: &[T]) -> T {
    let b = Vector3::new(x[1], x[5], x[8]);
    weighted(fixed(x).lu().solve(&b).unwrap().iter())
}

#[test]
fn lu_of_fixed_size() {
    check!(lu, &POINT);
}

fn lu_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    let b = DVector::from_vec(vec![x[1], x[5], x[8]]);
    weighted(dynamic(x).lu().solve(&b).unwrap().iter())
}

#[test]
fn lu_of_dynamic_size() {
    check!(lu_dynamic, &POINT);
}

fn full_pivots<T: RealField + Copy>(x: &[T]) -> T {
    let b = Vector3::new(x[1], x[5], x[8]);
    weighted(fixed(x).full_piv_lu().solve(&b).unwrap().iter())
}

#[test]
fn lu_with_full_pivots() {
    check!(full_pivots, &POINT);
}

fn cholesky<T: RealField + Copy>(x: &[T]) -> T {
    let factor = positive(x).cholesky().unwrap();
    let b = Vector3::new(x[1], x[5], x[8]);
    weighted(factor.l().iter()) + factor.solve(&b).norm_squared() + factor.determinant()
}

#[test]
fn cholesky_of_fixed_size() {
    check!(cholesky, &POINT);
}

fn cholesky_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    let factor = positive_dynamic(x).cholesky().unwrap();
    let b = DVector::from_vec(vec![x[1], x[5], x[8]]);
    weighted(factor.l().iter()) + factor.solve(&b).norm_squared() + factor.determinant()
}

#[test]
fn cholesky_of_dynamic_size() {
    check!(cholesky_dynamic, &POINT);
}

fn qr<T: RealField + Copy>(x: &[T]) -> T {
    let qr = fixed(x).qr();
    weighted(qr.r().iter()) + weighted(qr.q().iter())
}

#[test]
fn qr_of_fixed_size() {
    check!(qr, &POINT);
}

fn eigenvalues<T: RealField + Copy>(x: &[T]) -> T {
    let mut values = positive(x).symmetric_eigen().eigenvalues;
    values.as_mut_slice().sort_by(|a, b| a.partial_cmp(b).unwrap());
    weighted(values.iter())
}

#[test]
fn symmetric_eigenvalues_of_fixed_size() {
    check!(eigenvalues, &POINT);
}

fn power_of_eigen<T: RealField + Copy>(x: &[T]) -> T {
    let eigen = positive(x).symmetric_eigen();
    let roots = Matrix3::from_diagonal(&eigen.eigenvalues.map(|v| v.sqrt()));
    weighted((eigen.eigenvectors * roots * eigen.eigenvectors.transpose()).iter())
}

#[test]
fn a_root_of_a_matrix_by_its_symmetric_eigenvectors() {
    check!(power_of_eigen, &POINT);
}

fn eigen_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    let eigen = positive_dynamic(x).symmetric_eigen();
    let logarithm = eigen.eigenvalues.map(|v| v.ln());
    let vectors = &eigen.eigenvectors;
    weighted((vectors * DMatrix::from_diagonal(&logarithm) * vectors.transpose()).iter())
}

#[test]
fn symmetric_eigen_of_dynamic_size() {
    check!(eigen_dynamic, &POINT);
}

fn svd<T: RealField + Copy>(x: &[T]) -> T {
    let svd = fixed(x).svd(true, true);
    weighted(svd.singular_values.iter())
        + weighted(svd.pseudo_inverse(number(1e-9)).unwrap().iter())
}

#[test]
fn svd_of_fixed_size() {
    check!(svd, &POINT);
}

fn singular_values<T: RealField + Copy>(x: &[T]) -> T {
    let a = SMatrix::<T, 4, 2>::from_fn(|i, k| x[(i + 3 * k) % 9] * x[i]);
    weighted(a.singular_values().iter())
}

#[test]
fn singular_values_of_a_tall_matrix() {
    check!(singular_values, &POINT);
}

fn svd_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    let svd = dynamic(x).svd(true, true);
    weighted(svd.singular_values.iter()) + weighted(svd.recompose().unwrap().iter())
}

#[test]
fn svd_of_dynamic_size() {
    check!(svd_dynamic, &POINT);
}

fn rotation<T: RealField + Copy>(x: &[T]) -> T {
    let turn = UnitQuaternion::from_quaternion(Quaternion::new(x[0], x[1], x[2], x[3]));
    let other = UnitQuaternion::from_scaled_axis(Vector3::new(x[4], x[5], x[6]));
    let pose = Isometry3::from_parts(Vector3::new(x[6], x[7], x[8]).into(), turn * other);
    let moved =
        pose.inverse() * (pose * pose).transform_point(&Vector3::new(x[0], x[5], x[8]).into());
    weighted(moved.coords.iter()) + turn.angle_to(&other)
}

#[test]
fn rotations_by_quaternions() {
    check!(rotation, &POINT);
}

fn qr_dynamic<T: RealField + Copy>(x: &[T]) -> T {
    let qr = dynamic(x).qr();
    weighted(qr.r().iter()) + weighted(qr.q().iter())
}

#[test]
fn qr_of_dynamic_size() {
    check!(qr_dynamic, &POINT);
}
