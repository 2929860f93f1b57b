//! A vector that is sorted by the bits of its floats, and others in a hash map, in one function.
//!
//! Refused with ENZ0021: release.

use std::collections::HashMap;

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut groups: HashMap<usize, f64> = HashMap::new();
    for (i, v) in sorted.iter().enumerate() {
        *groups.entry(i % 2).or_insert(0.0) += v * v;
    }
    sorted[2] + groups[&0] * groups[&1]
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[1.1, 0.7, 0.95][..],));
    println!("{by_x:?}");
}
