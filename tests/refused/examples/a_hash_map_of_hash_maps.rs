//! A map of maps: the bytes by which the inner tables find their entries lie beside floats.
//!
//! Refused with ENZ0021: release.

use std::collections::HashMap;

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let mut rows: HashMap<u32, HashMap<u32, f64>> = HashMap::new();
    for i in 0..4 {
        rows.entry(i / 2).or_default().insert(i, x[0] * f64::from(i));
    }
    rows.values().map(|row| row.values().sum::<f64>()).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[3.0][..],));
    println!("{by_x:?}");
}
