//! half: conversions of floats of half the precision.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use half::f16;

fn total(x: &[f64]) -> f64 {
    x.iter().map(|&v| f64::from(f16::from_f64(v)) * v).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
