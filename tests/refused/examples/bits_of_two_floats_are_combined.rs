//! `xor` of the bits of two floats, of which neither is a mask of signs.
//!
//! Ends with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn mixed(a: f64, b: f64) -> f64 {
    f64::from_bits((a * a).to_bits() ^ (b * b).to_bits())
}

fn main() {
    println!("{:?}", gradient(Reverse, mixed, (0.5, 1.5)));
}
