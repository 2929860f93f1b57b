//! The fraction in a float's bits is converted to a float as an integer.
//!
//! Refused with ENZ0021: release, dev.

use enzyme_rs::{Reverse, gradient};

fn decoded(x: f64, y: f64) -> f64 {
    let bits = x.to_bits();
    let fraction = (bits & ((1 << 52) - 1)) | (1 << 52);
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1075;
    fraction as f64 * f64::powi(2.0, exponent) * y
}

fn main() {
    println!("{:?}", gradient(Reverse, decoded, (0.9, 1.2)));
}
