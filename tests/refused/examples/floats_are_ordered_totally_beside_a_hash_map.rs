//! Floats that are compared by their bits, and others in a hash map, in one function.
//!
//! Refused with ENZ0021: release.

use std::collections::HashMap;

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let most = x.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
    let mut groups: HashMap<usize, f64> = HashMap::new();
    for (i, v) in x.iter().enumerate() {
        *groups.entry(i % 2).or_insert(0.0) += v * v;
    }
    most + groups[&0] * groups[&1]
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[1.1, 0.7, 0.95][..],));
    println!("{by_x:?}");
}
