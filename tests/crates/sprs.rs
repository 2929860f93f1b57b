//! sprs: sparse matrices and vectors.

use sprs::{CsMat, CsVec, TriMat};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

/// A sparse matrix whose pattern is known and whose values are differentiated.
fn matrix(x: &[f64]) -> CsMat<f64> {
    CsMat::new((3, 4), vec![0, 2, 3, 6], vec![0, 2, 1, 0, 2, 3], x.to_vec())
}

#[test]
fn values_of_a_known_pattern() {
    differences(
        |x| {
            let a = matrix(x);
            a.iter().map(|(v, (i, k))| v * v * (i + 2 * k) as f64).sum::<f64>()
                + a.get(2, 2).unwrap()
        },
        &POINT,
    );
}

#[test]
fn rows_of_a_matrix() {
    differences(
        |x| {
            let a = matrix(x);
            let rows = a.outer_iterator().map(|row| row.iter().map(|(k, v)| v * x[k]).sum::<f64>());
            rows.map(|sum| sum * sum).sum()
        },
        &POINT,
    );
}

#[test]
fn a_matrix_times_a_dense_vector() {
    differences(
        |x| {
            let v = vec![x[5], x[1], x[2], x[0]];
            let w = &matrix(x) * &ndarray::Array1::from_vec(v);
            w.dot(&w)
        },
        &POINT,
    );
}

#[test]
fn a_product_into_a_slice() {
    differences(
        |x| {
            let (v, mut out) = ([x[5], x[1], x[2], x[0]], [x[0], 0.0, 0.0]);
            sprs::prod::mul_acc_mat_vec_csr(matrix(x).view(), &v[..], &mut out[..]);
            out.iter().map(|v| v * v).sum()
        },
        &POINT,
    );
}

#[test]
fn a_sum_of_sparse_matrices() {
    differences(
        |x| {
            let a = matrix(x);
            let b = &a + &a.map(|v| v.sin());
            b.data().iter().map(|v| v * v).sum()
        },
        &POINT,
    );
}

#[test]
fn dot_of_sparse_vectors() {
    differences(
        |x| {
            let a = CsVec::new(8, vec![0, 2, 5], x[..3].to_vec());
            let b = CsVec::new(8, vec![1, 2, 5], x[3..].to_vec());
            a.dot(&b) * x[0] + a.norm(2.0) + a.dot(&a)
        },
        &POINT,
    );
}

#[test]
fn a_matrix_from_triplets() {
    differences(
        |x| {
            let mut t = TriMat::new((3, 3));
            for (i, v) in x.iter().enumerate() {
                t.add_triplet(i % 3, i / 2, *v);
            }
            let a: CsMat<f64> = t.to_csr();
            a.iter().map(|(v, (i, k))| v * v * (i + 2 * k) as f64).sum()
        },
        &POINT,
    );
}

#[test]
fn a_product_of_sparse_matrices() {
    differences(
        |x| {
            let a = matrix(x);
            let b = &a * &a.transpose_view().to_csr();
            b.data().iter().map(|v| v * v).sum()
        },
        &POINT,
    );
}
