//! `BTreeMap::pop_last`, whose nodes hold keys and values at indices that are computed.
//!
//! Ends with ENZ0031: release.

use std::collections::BTreeMap;

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let mut map: BTreeMap<usize, f64> = x.iter().map(|v| v * v).enumerate().collect();
    let mut total = 0.0;
    while let Some((key, value)) = map.pop_last() {
        total += value * value * (key + 1) as f64;
    }
    total
}

fn main() {
    let x: Vec<f64> = (0..30).map(|i| 0.5 + f64::from(i) / 10.0).collect();
    let (by_x,) = gradient(Reverse, total, (&x[..],));
    println!("{by_x:?}");
}
