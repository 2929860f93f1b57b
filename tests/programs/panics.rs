//! Panics that are caught: what was computed before them, and loops that they leave.

use std::panic::{AssertUnwindSafe, catch_unwind};

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 5] = [0.9, -1.2, 0.4, 2.1, -0.3];

/// Two calls that may unwind, for any round of a loop.
#[inline(never)]
fn strict<T: DualNum<f64> + Copy>(v: T, round: usize, last: usize) -> T {
    let text = format!("round {round}");
    assert!(round != last, "{text} is too much");
    v * v
}

fn completed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let sum = catch_unwind(AssertUnwindSafe(|| {
        let mut sum = T::from(0.0);
        for (i, v) in x.iter().enumerate() {
            sum = sum.cos() + strict(*v, i, 10);
            let text = format!("{i} {}", v.re());
            sum += T::from(text.len().min(1) as f64);
        }
        sum
    }));
    sum.map_or(x[0] * 3.0, |sum| sum * x[1])
}

#[test]
fn a_loop_in_which_a_panic_would_be_caught() {
    check!(completed, &POINT);
}

fn partial<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (mut sum, mut seen) = (T::from(1.0), Vec::new());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        for (i, v) in x.iter().enumerate() {
            sum = sum.sin() + strict(*v, i, 3);
            seen.push(format!("{}", v.re()));
        }
        sum
    }));
    outcome.unwrap_or(sum * x[0]) * seen.len() as f64
}

#[test]
fn a_sum_up_to_the_panic_that_ends_its_loop() {
    check!(partial, &POINT);
}

fn each<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for (k, w) in x.iter().enumerate() {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut sum = T::from(1.0);
            for (i, v) in x.iter().enumerate() {
                sum = sum * 0.5 + strict(*v * *w, i, 2 * k + 2);
            }
            sum
        }));
        total += outcome.map_or_else(|_| w.exp(), |sum| sum.cos());
    }
    total
}

#[test]
fn panics_in_some_rounds_of_a_loop() {
    check!(each, &POINT);
}
