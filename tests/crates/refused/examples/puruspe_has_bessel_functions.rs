//! puruspe: a function of Bessel.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    x.iter().map(|v| puruspe::Jn(2, v.abs() + 1.0)).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
