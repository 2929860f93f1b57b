//! An enum with a float in one variant, a `Vec` in another and a `bool` in a third, in a
//! `Vec` that is cloned.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

#[derive(Clone)]
enum Entry {
    One(f64),
    Many(Vec<f64>),
    Flag(bool),
}

fn total(x: &[f64]) -> f64 {
    let all = vec![Entry::One(x[0]), Entry::Many(x[2..].to_vec()), Entry::Flag(true)].clone();
    let mut sum = 0.0;
    for entry in &all {
        sum += match entry {
            Entry::One(v) => *v * *v,
            Entry::Many(data) => data.iter().fold(sum, |sum, v| sum + *v * *v),
            Entry::Flag(set) => sum * if *set { x[1] } else { x[0] },
        };
    }
    sum
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5, 3.5][..],));
    println!("{by_x:?}");
}
