//! A logarithm that is read off the bits of a float as a whole, of an argument and of a product.
//!
//! Refused with ENZ0021: release, dev.

use enzyme_rs::{Reverse, gradient};

fn logarithm(x: f64) -> f64 {
    x.to_bits() as f64 / (1u64 << 52) as f64 - 1023.0
}

fn total(x: f64, y: f64) -> f64 {
    logarithm(x) * y + logarithm(x * y)
}

fn main() {
    println!("{:?}", gradient(Reverse, total, (0.9, 1.2)));
}
