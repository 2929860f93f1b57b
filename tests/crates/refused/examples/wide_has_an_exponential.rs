//! wide: an exponential of its own, by bits.
//!
//! Ends with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use wide::f64x4;

fn total(x: &[f64]) -> f64 {
    let lanes = f64x4::new([x[0], x[1], x[2], x[3]]);
    lanes.exp().reduce_add()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
