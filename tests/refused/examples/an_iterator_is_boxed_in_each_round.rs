//! An iterator in a box that each round of a loop wraps in another one.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Const, Reverse, gradient};

fn total(x: &[f64], rounds: usize) -> f64 {
    let mut values: Box<dyn Iterator<Item = f64> + '_> = Box::new(x.iter().copied());
    for _ in 0..rounds {
        values = Box::new(values.map(|v| v * v));
    }
    values.sum()
}

fn main() {
    let rounds = std::env::args().count();
    let (by_x, ()) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..], Const(rounds)));
    println!("{by_x:?}");
}
