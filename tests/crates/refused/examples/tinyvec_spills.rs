//! tinyvec: values that are pushed until they no longer fit in place.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use tinyvec::TinyVec;

fn total(x: &[f64]) -> f64 {
    let mut values: TinyVec<[f64; 4]> = TinyVec::new();
    for v in x {
        values.push(v * v);
    }
    values.iter().map(|v| v * v).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
