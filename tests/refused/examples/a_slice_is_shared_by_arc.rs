//! A slice that `Arc` shares: counts of references lie before its floats.
//!
//! Refused with ENZ0043: release.

use std::sync::Arc;

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let shared: Arc<[f64]> = Arc::from(x);
    let other = Arc::clone(&shared);
    shared.iter().zip(other.iter().rev()).map(|(a, b)| a * a * b).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..],));
    println!("{by_x:?}");
}
