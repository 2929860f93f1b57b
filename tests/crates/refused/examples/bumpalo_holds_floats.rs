//! bumpalo: a vector of floats in an arena, which is a block of bytes.
//!
//! Refused with ENZ0021: release.

use bumpalo::Bump;
use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let arena = Bump::new();
    let values = arena.alloc_slice_fill_iter(x.iter().map(|v| v * v));
    let one = arena.alloc(values[0] * values[1]);
    values.iter().map(|v| v * *one).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
