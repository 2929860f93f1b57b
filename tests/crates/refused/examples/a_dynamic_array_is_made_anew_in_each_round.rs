//! A fold over arrays of dynamic dimension that makes a new state in each round.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use ndarray::{ArrayD, Axis, IxDyn};

fn total(a: &ArrayD<f64>) -> f64 {
    let start = ArrayD::zeros(IxDyn(&[2]));
    let last = a.axis_iter(Axis(0)).fold(start, |state: ArrayD<f64>, x| state + &x);
    last.mapv(|v| v * v).sum()
}

fn main() {
    let a = ArrayD::from_shape_fn(IxDyn(&[3, 2]), |at| (at[0] + 2 * at[1]) as f64);
    let (by_a,) = gradient(Reverse, total, (&a,));
    println!("{by_a}");
}
