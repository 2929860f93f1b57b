//! faer on one thread, and the kernels of gemm that it multiplies by.
//!
//! All that works on matrices is compiled for several processors there, and much of it is
//! long, so this is a program of its own.

#![allow(clippy::all, reason = "programs as people write them")]

use enzyme_rs::{Reverse, gradient};
use faer::linalg::matmul::matmul;
use faer::linalg::solvers::DenseSolveCore;
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::prelude::*;
use faer::{Accum, Mat, MatRef, Par, Side};
use num_complex::Complex;

mod oracle;
#[allow(dead_code, unused_macros, unused_imports, reason = "programs use a part of the support")]
#[path = "../support/mod.rs"]
mod support;

const POINT: [f64; 9] = [4.0, 1.0, 0.7, 0.9, 5.0, -0.4, 0.3, 0.2, 3.5];

fn differences(function: impl Fn(&[f64]) -> f64) {
    oracle::differences(function, &POINT);
}

fn matrix(x: &[f64]) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(x, 3, 3)
}

fn symmetric(x: &[f64]) -> Mat<f64> {
    matrix(x) + matrix(x).transpose()
}

fn large(x: &[f64], rows: usize, cols: usize) -> Mat<f64> {
    Mat::from_fn(rows, cols, |i, j| {
        let far = i as f64 - j as f64;
        x[(i * 5 + j) % 9] * (1.0 + 0.1 * far) / (1.0 + far * far)
    })
}

fn right_side(rows: usize) -> Mat<f64> {
    Mat::from_fn(rows, 1, |i, _| 1.0 + i as f64)
}

/// A number that all three entries change.
fn sum(y: Mat<f64>) -> f64 {
    y[(0, 0)] + y[(1, 0)] * y[(2, 0)]
}

fn operators_and_norms() {
    differences(|x| {
        let twice = symmetric(x) * 2.0;
        twice[(0, 1)] * twice[(0, 0)] + matrix(x).norm_l2() + matrix(x).sum()
    });
}

fn a_product_in_place() {
    differences(|x| {
        let mut c = Mat::<f64>::zeros(3, 3);
        matmul(c.as_mut(), Accum::Replace, matrix(x), matrix(x), 1.0, Par::Seq);
        matmul(c.as_mut(), Accum::Add, matrix(x).transpose(), matrix(x), 0.5, Par::Seq);
        (0..9).map(|k| c[(k % 3, k / 3)] * k as f64).sum()
    });
}

/// Of the size from which on the kernels for large products are used.
fn products_of_larger_matrices() {
    differences(|x| {
        let (a, b) = (large(x, 17, 40), large(x, 40, 19));
        let c = &a * &b;
        let mut d = Mat::<f64>::zeros(19, 19);
        matmul(d.as_mut(), Accum::Add, c.transpose(), &c, 0.3, Par::Seq);
        d.norm_l2() + d[(3, 4)] * c[(5, 6)]
    });
}

fn a_triangular_system() {
    differences(|x| {
        let mut y = right_side(3);
        solve_lower_triangular_in_place(matrix(x), y.as_mut(), Par::Seq);
        sum(y)
    });
}

fn systems_by_factors() {
    differences(|x| {
        let by_lu = matrix(x).partial_piv_lu().solve(right_side(3));
        let by_full_lu = matrix(x).full_piv_lu().solve(right_side(3));
        sum(by_lu) + 2.0 * sum(by_full_lu)
    });
    differences(|x| sum(symmetric(x).llt(Side::Lower).unwrap().solve(right_side(3))));
    differences(|x| sum(matrix(x).qr().solve(right_side(3))));
}

/// Of a size that is factored block by block.
fn a_larger_system() {
    differences(|x| sum(large(x, 40, 40).partial_piv_lu().solve(right_side(40))));
}

fn an_inverse_and_a_determinant() {
    differences(|x| {
        let inverse = matrix(x).partial_piv_lu().inverse();
        inverse[(0, 0)] + inverse[(1, 0)] * inverse[(2, 1)] + 0.01 * matrix(x).determinant()
    });
}

fn eigenvalues_and_singular_values() {
    differences(|x| {
        let values = symmetric(x).self_adjoint_eigenvalues(Side::Lower).unwrap();
        values[0] + 2.0 * values[1] * values[2]
    });
    differences(|x| {
        let values = matrix(x).singular_values().unwrap();
        values[0] + 2.0 * values[1] * values[2]
    });
}

/// Elements of a kind of scalar, and numbers that depend on one.
trait Element: Copy + 'static {
    fn new(re: f64, im: f64) -> Self;
    fn weighted(self, k: usize) -> f64;
}

macro_rules! elements {
    ($($float:ident)*) => {$(
        impl Element for $float {
            fn new(re: f64, _: f64) -> Self {
                re as $float
            }
            fn weighted(self, k: usize) -> f64 {
                self as f64 * k as f64
            }
        }
        impl Element for Complex<$float> {
            fn new(re: f64, im: f64) -> Self {
                Complex::new(re as $float, im as $float)
            }
            fn weighted(self, k: usize) -> f64 {
                (self.re * self.im * 0.1) as f64 + self.re as f64 * k as f64
            }
        }
    )*};
}

elements!(f64 f32);

/// `dst = alpha dst + beta lhs rhs`, the factors column by column and row by row; the bits of
/// `flags` say whether `dst` is read, and which of the three is conjugated.
fn product_by_kernels<T: Element>(x: &[f64], flags: usize) -> f64 {
    let (m, n, k) = (5, 4, 6);
    let of = |i: usize| T::new(x[i % 9], x[(i + 4) % 9] * 0.3);
    let elements = |count: usize, step: usize| (0..count).map(|i| of(step * i + 1)).collect();
    let (lhs, rhs): (Vec<T>, Vec<T>) = (elements(m * k, 1), elements(k * n, 2));
    let mut dst: Vec<T> = elements(m * n, 4);
    let (alpha, beta) = (T::new(x[0], x[1]), T::new(x[2], x[3]));
    let bit = |at: usize| flags >> at & 1 == 1;
    let (to, left, right) = (dst.as_mut_ptr(), lhs.as_ptr(), rhs.as_ptr());
    let (column, row) = (m as isize, n as isize);
    // SAFETY: the matrices have these shapes, and `dst` is apart from the factors.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            to,
            column,
            1,
            bit(0),
            left,
            column,
            1,
            right,
            1,
            row,
            alpha,
            beta,
            bit(1),
            bit(2),
            bit(3),
            gemm::Parallelism::None,
        );
    }
    dst.iter().enumerate().map(|(i, v)| v.weighted(i)).sum()
}

fn products_by_kernels() {
    for flags in 0..16 {
        differences(|x| product_by_kernels::<f64>(x, flags));
        differences(|x| product_by_kernels::<Complex<f64>>(x, flags));
    }
}

/// Too coarse for differences: compared with what `f64` gives.
fn products_by_kernels_of_singles() {
    fn close(single: (Vec<f64>,), double: (Vec<f64>,)) {
        let size = double.0.iter().fold(1.0, |size: f64, entry| size.max(entry.abs()));
        for (ours, theirs) in single.0.iter().zip(&double.0) {
            assert!((ours - theirs).abs() <= 1e-5 * size, "{ours}, not {theirs}");
        }
    }
    for flags in 0..16 {
        let x = (&POINT[..],);
        close(
            gradient(Reverse, |x: &[f64]| product_by_kernels::<f32>(x, flags), x),
            gradient(Reverse, |x: &[f64]| product_by_kernels::<f64>(x, flags), x),
        );
        close(
            gradient(Reverse, |x: &[f64]| product_by_kernels::<Complex<f32>>(x, flags), x),
            gradient(Reverse, |x: &[f64]| product_by_kernels::<Complex<f64>>(x, flags), x),
        );
    }
}

fn main() {
    let checks: [(&str, fn()); 10] = [
        ("operators and norms", operators_and_norms),
        ("a product in place", a_product_in_place),
        ("products of larger matrices", products_of_larger_matrices),
        ("a triangular system", a_triangular_system),
        ("systems by factors", systems_by_factors),
        ("a larger system", a_larger_system),
        ("an inverse and a determinant", an_inverse_and_a_determinant),
        ("eigenvalues and singular values", eigenvalues_and_singular_values),
        ("products by kernels", products_by_kernels),
        ("products by kernels of singles", products_by_kernels_of_singles),
    ];
    for (name, check) in checks {
        check();
        println!("{name} ... ok");
    }
}
