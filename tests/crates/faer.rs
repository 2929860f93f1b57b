//! faer: matrices, products and decompositions, in one thread.

use faer::linalg::matmul::matmul;
use faer::linalg::solvers::Solve;
use faer::{Accum, Mat, Par, Side, Scale};

use crate::differences;

const POINT: [f64; 9] = [2.3, -0.4, 0.7, 0.5, 1.9, -0.2, 0.1, 0.6, 3.1];

fn matrix(x: &[f64]) -> Mat<f64> {
    Mat::from_fn(3, 3, |i, k| x[3 * i + k])
}

fn weighted(a: &Mat<f64>) -> f64 {
    let mut sum = 0.0;
    for k in 0..a.ncols() {
        for i in 0..a.nrows() {
            sum += a[(i, k)] * a[(i, k)] * (i + 3 * k + 1) as f64;
        }
    }
    sum
}

#[test]
fn elements() {
    differences(|x| weighted(&matrix(x)), &POINT);
}

#[test]
fn sums_and_transposes() {
    differences(
        |x| {
            let a = matrix(x);
            let b = &a + a.transpose() - Scale(x[0]) * &a;
            weighted(&b) + b.norm_l2()
        },
        &POINT,
    );
}

#[test]
fn zipped_matrices() {
    differences(
        |x| {
            let a = matrix(x);
            let b = faer::zip!(&a, a.transpose()).map(|faer::unzip!(a, b)| a * b.sin());
            weighted(&b)
        },
        &POINT,
    );
}

#[test]
fn products() {
    differences(
        |x| {
            let a = matrix(x);
            let mut b = Mat::zeros(3, 3);
            matmul(b.as_mut(), Accum::Replace, a.as_ref(), a.transpose(), 0.5, Par::Seq);
            weighted(&b)
        },
        &POINT,
    );
}

#[test]
fn cholesky() {
    differences(
        |x| {
            let a = matrix(x);
            let b = &a * a.transpose();
            let right = Mat::from_fn(3, 1, |i, _| x[i]);
            weighted(&b.llt(Side::Lower).unwrap().solve(&right))
        },
        &POINT,
    );
}

#[test]
fn lu() {
    differences(
        |x| {
            let right = Mat::from_fn(3, 1, |i, _| x[i]);
            weighted(&matrix(x).partial_piv_lu().solve(&right))
        },
        &POINT,
    );
}

#[test]
fn qr() {
    differences(
        |x| {
            let right = Mat::from_fn(3, 1, |i, _| x[i]);
            weighted(&matrix(x).qr().solve(&right))
        },
        &POINT,
    );
}
