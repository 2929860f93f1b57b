//! `next_up`, which counts a float's bits as an integer.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    x.iter().map(|v| v.next_up() * v).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..],));
    println!("{by_x:?}");
}
