//! rustdct: a plan that is made outside of the differentiated function, and captured.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use rustdct::DctPlanner;

fn main() {
    let plan = DctPlanner::new().plan_dct2(6);
    let total = |x: &[f64]| -> f64 {
        let mut values = x.to_vec();
        plan.process_dct2(&mut values);
        values.iter().enumerate().map(|(i, v)| v * v * i as f64).sum()
    };
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
