//! An enum with an `f64` in one variant and two `f32` in another.
//!
//! Refused with ENZ0031: release.

use enzyme_rs::{Reverse, gradient};

#[derive(Clone, Copy)]
enum Number {
    One(f64),
    Two(f32, f32),
}

fn total(x: &[f64]) -> f64 {
    let numbers = x.iter().enumerate().map(|(i, &v)| match i % 2 {
        0 => Number::One(v),
        _ => Number::Two(v as f32, 2.0),
    });
    let numbers: Vec<_> = numbers.collect();
    let values = numbers.iter().map(|number| match *number {
        Number::One(v) => v * v,
        Number::Two(a, b) => f64::from(a * b),
    });
    values.sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5, 3.5][..],));
    println!("{by_x:?}");
}
