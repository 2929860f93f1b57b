//! faer: products, factors, eigenvalues and singular values, on one thread.

use faer::linalg::matmul::matmul;
use faer::linalg::solvers::DenseSolveCore;
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::prelude::*;
use faer::{Accum, Mat, MatRef, Par, Side};

use crate::differences;

const POINT: [f64; 9] = [4.0, 1.0, 0.7, 0.9, 5.0, -0.4, 0.3, 0.2, 3.5];

fn matrix(x: &[f64]) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(x, 3, 3)
}

fn symmetric(x: &[f64]) -> Mat<f64> {
    matrix(x) + matrix(x).transpose()
}

fn right_side() -> Mat<f64> {
    Mat::from_fn(3, 1, |i, _| 1.0 + i as f64)
}

/// A number that all three entries change.
fn sum(y: Mat<f64>) -> f64 {
    y[(0, 0)] + y[(1, 0)] * y[(2, 0)]
}

#[test]
fn operators_and_norms() {
    differences(
        |x| {
            let twice = symmetric(x) * 2.0;
            twice[(0, 1)] * twice[(0, 0)] + matrix(x).norm_l2() + matrix(x).sum()
        },
        &POINT,
    );
}

#[test]
fn a_product_in_place() {
    differences(
        |x| {
            let mut c = Mat::<f64>::zeros(3, 3);
            matmul(c.as_mut(), Accum::Replace, matrix(x), matrix(x), 1.0, Par::Seq);
            (0..9).map(|k| c[(k % 3, k / 3)] * k as f64).sum()
        },
        &POINT,
    );
}

/// Of the size from which on the kernels for vectors are used.
#[test]
fn a_product_of_larger_matrices() {
    differences(
        |x| {
            let a = Mat::from_fn(17, 17, |i, j| {
                x[(i * 5 + j) % 9] * (1.0 + 0.1 * (i as f64 - j as f64))
            });
            let b = &a * &a;
            b.norm_l2() + b[(3, 4)]
        },
        &POINT,
    );
}

#[test]
fn a_triangular_system() {
    differences(
        |x| {
            let mut y = right_side();
            solve_lower_triangular_in_place(matrix(x), y.as_mut(), Par::Seq);
            sum(y)
        },
        &POINT,
    );
}

#[test]
fn systems_by_factors() {
    differences(
        |x| {
            let by_lu = matrix(x).partial_piv_lu().solve(right_side());
            let by_full_lu = matrix(x).full_piv_lu().solve(right_side());
            sum(by_lu) + 2.0 * sum(by_full_lu)
        },
        &POINT,
    );
    differences(|x| sum(symmetric(x).llt(Side::Lower).unwrap().solve(right_side())), &POINT);
    differences(|x| sum(matrix(x).qr().solve(right_side())), &POINT);
}

#[test]
fn an_inverse_and_a_determinant() {
    differences(
        |x| {
            let inverse = matrix(x).partial_piv_lu().inverse();
            inverse[(0, 0)] + inverse[(1, 0)] * inverse[(2, 1)] + 0.01 * matrix(x).determinant()
        },
        &POINT,
    );
}

#[test]
fn eigenvalues_and_singular_values() {
    differences(
        |x| {
            let values = symmetric(x).self_adjoint_eigenvalues(Side::Lower).unwrap();
            values[0] + 2.0 * values[1] * values[2]
        },
        &POINT,
    );
    differences(
        |x| {
            let values = matrix(x).singular_values().unwrap();
            values[0] + 2.0 * values[1] * values[2]
        },
        &POINT,
    );
}
