//! arrayvec: a vector in place, whose length and floats share bytes.
//!
//! Refused with ENZ0021: dev.

use arrayvec::ArrayVec;
use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let mut values = ArrayVec::<f64, 16>::new();
    for v in x {
        values.push(*v);
        values.push(v * v);
        if *v < 0.0 {
            values.swap_remove(0);
        }
    }
    let last = values.pop().expect("a value");
    values.insert(1, last.exp());
    values.retain(|v| *v > -1.0);
    values.iter().map(|v| v * v).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
