//! rustdct: a plan that is made inside of the differentiated function.
//!
//! Refused with ENZ0043: release.

use enzyme_rs::{Reverse, gradient};
use rustdct::DctPlanner;

fn total(x: &[f64]) -> f64 {
    let mut values = x.to_vec();
    DctPlanner::new().plan_dct2(values.len()).process_dct2(&mut values);
    values.iter().enumerate().map(|(i, v)| v * v * i as f64).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
