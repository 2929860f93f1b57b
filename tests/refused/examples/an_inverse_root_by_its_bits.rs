//! The fast inverse root: a first guess from the float's bits, then a step of Newton.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn inverse_root(x: f32) -> f32 {
    let guess = f32::from_bits(0x5f37_59df - (x.to_bits() >> 1));
    guess * (1.5 - 0.5 * x * guess * guess)
}

fn main() {
    println!("{:?}", gradient(Reverse, inverse_root, 2.0_f32));
}
