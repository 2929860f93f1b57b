//! Numbers of the caller that are floats or integers, and are computed with in place.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::autodiff_reverse;

#[derive(Clone, Copy, Debug)]
enum Number {
    Float(f64),
    Int(i64),
}

#[autodiff_reverse(d_add, Duplicated, Active, Active)]
fn add(numbers: &mut [Number], x: f64) -> f64 {
    for i in 1..numbers.len() {
        numbers[i] = match (numbers[i - 1], numbers[i]) {
            (Number::Int(a), Number::Int(b)) => Number::Int(a + b),
            (Number::Int(a), Number::Float(b)) | (Number::Float(b), Number::Int(a)) => {
                Number::Float(a as f64 * b * x)
            }
            (Number::Float(a), Number::Float(b)) => Number::Float(a * b),
        };
    }
    match numbers[numbers.len() - 1] {
        Number::Float(v) => v * v,
        Number::Int(k) => k as f64,
    }
}

fn main() {
    let mut numbers = [Number::Int(1), Number::Int(2), Number::Float(1.5), Number::Float(2.5)];
    let mut shadow = [Number::Int(1), Number::Int(2), Number::Float(0.0), Number::Float(0.0)];
    println!("{:?} {shadow:?}", d_add(&mut numbers, &mut shadow, 0.5, 1.0));
}
