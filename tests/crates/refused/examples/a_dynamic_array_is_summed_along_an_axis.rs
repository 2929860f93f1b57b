//! `sum_axis` of an array of dynamic dimension.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use ndarray::{ArrayD, Axis, IxDyn};

fn total(a: &ArrayD<f64>) -> f64 {
    a.sum_axis(Axis(0)).mapv(|v| v * v).sum()
}

fn main() {
    let a = ArrayD::from_shape_fn(IxDyn(&[3, 2]), |at| (at[0] + 2 * at[1]) as f64);
    let (by_a,) = gradient(Reverse, total, (&a,));
    println!("{by_a}");
}
