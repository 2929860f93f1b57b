//! `remquo` of the `libm` crate.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn rest(x: f64, y: f64) -> f64 {
    let (rest, quotient) = libm::remquo(x, y);
    rest * rest + f64::from(quotient)
}

fn main() {
    println!("{:?}", gradient(Reverse, rest, (7.5, 2.25)));
}
