//! arrayvec: a vector of tuples in place, whose length and floats share bytes.
//!
//! Refused with ENZ0021: dev.

use arrayvec::ArrayVec;
use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let mut values: ArrayVec<(usize, f64), 6> = ArrayVec::new();
    for (i, v) in x.iter().enumerate() {
        values.try_push((i, v.cos())).expect("room");
    }
    values.sort_by(|a, b| a.1.total_cmp(&b.1));
    values.into_iter().enumerate().map(|(k, (i, v))| v * v * (i + k) as f64).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
