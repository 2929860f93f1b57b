//! nalgebra-sparse: products and factors of sparse matrices.

use nalgebra_sparse::factorization::CscCholesky;
use nalgebra_sparse::na::{DMatrix, DVector};
use nalgebra_sparse::{CooMatrix, CscMatrix, CsrMatrix};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn matrix(x: &[f64]) -> CooMatrix<f64> {
    let mut coo = CooMatrix::new(4, 4);
    for i in 0..4 {
        coo.push(i, i, 3.0 + x[i] * x[i]);
    }
    for i in 0..3 {
        coo.push(i, i + 1, x[i + 2]);
        coo.push(i + 1, i, x[i + 2]);
    }
    coo
}

#[test]
fn a_product_with_a_vector() {
    differences(
        |x| {
            let a = CsrMatrix::from(&matrix(x));
            let v = DVector::from_row_slice(&x[1..5]);
            (&a * &v).norm() + a.get_entry(1, 2).unwrap().into_value()
        },
        &POINT,
    );
}

#[test]
fn a_product_of_matrices() {
    differences(
        |x| {
            let a = CsrMatrix::from(&matrix(x));
            let b = &a * &a.transpose() + &a;
            b.triplet_iter().map(|(i, j, v)| v * (i as f64 + 0.5 * j as f64)).sum()
        },
        &POINT,
    );
}

#[test]
fn factors_of_cholesky() {
    differences(
        |x| {
            let a = CscMatrix::from(&matrix(x));
            let b = DMatrix::from_row_slice(4, 1, &x[1..5]);
            CscCholesky::factor(&a).unwrap().solve(&b).norm()
        },
        &POINT,
    );
}
