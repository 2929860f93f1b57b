//! A function of the `libm` crate that rustc has inlined before the plugin runs.
//!
//! Refused with ENZ0021: plain release.

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    x.iter().map(|&v| libm::exp(v) * libm::log(v) + libm::cbrt(v)).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..],));
    println!("{by_x:?}");
}
