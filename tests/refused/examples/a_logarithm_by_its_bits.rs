//! A logarithm that takes the exponent from the float's bits.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    let fraction = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    let t = (fraction - 1.0) / (fraction + 1.0);
    let series = (0..20).map(|k| t.powi(2 * k + 1) / f64::from(2 * k + 1)).sum::<f64>();
    2.0 * series + exponent as f64 * std::f64::consts::LN_2
}

fn main() {
    println!("{:?}", gradient(Reverse, logarithm, 2.5));
}
