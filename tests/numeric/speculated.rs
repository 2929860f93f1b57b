//! Operations that the optimiser computes though the program does not ask for them.
//!
//! Each function is evaluated where the side that is not taken has no derivative: NaN or
//! infinite. Dual numbers only see what the program asks for.

use enzyme_rs::{Reverse, gradient, value_and_gradient};
use num_dual::DualNum;

use crate::support::check;

fn root<T: DualNum<f64> + Copy>(a: T) -> Option<T> {
    (a.re() >= 0.0).then(|| a.sqrt())
}

fn an_arm<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for a in x {
        total += if a.re() >= 0.0 { a.sqrt() } else { *a * 3.0 };
    }
    total * x[0]
}

#[test]
fn a_root_in_one_arm() {
    check!(an_arm, &[0.9, -1.2, 0.4, -0.3]);
}

fn both_arms<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(1.0);
    for a in x {
        total *= if a.re() >= 0.0 { a.sqrt() + a.recip() } else { (-*a).sqrt() * a.powi(2) };
    }
    total
}

#[test]
fn a_root_in_each_arm() {
    check!(both_arms, &[0.9, -1.2, 0.4, -0.3]);
}

fn nested<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for a in x {
        total += if a.re() > 0.0 {
            if a.re() > 1.0 { (*a - 1.0).sqrt() } else { (-*a + 1.0).sqrt() * *a }
        } else if a.re() > -1.0 {
            (*a + 1.0).sqrt()
        } else {
            *a * *a
        };
    }
    total
}

#[test]
fn roots_in_nested_arms() {
    check!(nested, &[0.5, 1.5, -0.5, -1.5, 3.0]);
}

fn a_chain<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for (a, b) in x.iter().zip(x.iter().skip(1)) {
        // Everything from the product on may be computed for nothing.
        let d = *a * *b;
        total += if d.re() > 0.0 { (d.sqrt() * *a + *b) / d * 2.0 + *a } else { *b };
    }
    total
}

#[test]
fn a_chain_behind_a_root() {
    check!(a_chain, &[0.5, 1.5, -0.5, -1.5, 3.0]);
}

fn shared<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for (i, a) in x.iter().enumerate() {
        let r = if a.re() > 0.0 { a.sqrt() } else { *a };
        let s = if a.re() > 0.0 && i % 2 == 0 { a.sqrt() * *a } else { -*a * *a };
        total += r * s;
    }
    total
}

#[test]
fn a_root_that_two_choices_share() {
    check!(shared, &[0.5, 1.5, -0.5, -1.5, 2.0, -0.7]);
}

fn division<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for (a, b) in x.iter().zip(x.iter().rev()) {
        total += if b.re() == 0.0 { *a } else { *a / *b };
    }
    total
}

#[test]
fn a_division_by_zero_that_is_not_taken() {
    let at = [0.5, 0.0, 2.0, 1.5];
    let (_, gradient) = value_and_gradient(Reverse, |x: &[f64]| division(x), (&at[..],));
    let expected = [1.0 / 1.5 - 1.5 / 0.25, 0.5, 1.0, 1.0 / 0.5 - 0.5 / 2.25];
    for (ours, theirs) in gradient.0.iter().zip(expected) {
        assert!((ours - theirs).abs() < 1e-12, "{gradient:?}, not {expected:?}");
    }
}

fn early<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for a in x {
        // Known before the branch, used on one side of it only.
        let r = a.sqrt();
        if a.re() >= 0.0 {
            total += r * *a;
        } else {
            for b in x {
                total += *a * *b;
            }
        }
    }
    total
}

#[test]
fn a_root_that_one_side_of_a_branch_uses() {
    check!(early, &[0.5, 1.5, -0.5, -1.5]);
}

fn invariant<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = x[1] * x[1];
    let rounds = if x[0].re() > 0.0 { 5 } else { 0 };
    for i in 0..rounds {
        total = total * 0.5 + x[0].sqrt() * f64::from(i) + x[1].ln();
    }
    total
}

#[test]
fn roots_that_a_loop_of_no_rounds_would_use() {
    check!(invariant, &[0.5, 1.5]);
    check!(invariant, &[-0.5, -1.5]);
}

fn options_in_memory<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let roots: Vec<Option<T>> = x.iter().map(|a| root(*a)).collect();
    let mut total = T::from(0.0);
    for (r, a) in roots.iter().zip(x) {
        total += r.map_or(*a * 2.0, |r| r * *a);
    }
    total
}

#[test]
fn empty_options_in_memory() {
    check!(options_in_memory, &[0.5, 1.5, -0.5, -1.5]);
}

fn options_of_products<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut roots = [None; 4];
    for (i, a) in x.iter().enumerate() {
        roots[i] = root(*a).map(|r| r * x[3 - i]);
    }
    let mut total = T::from(0.0);
    for i in 0..4 {
        total += roots[(i * 3) % 4].unwrap_or(x[i]);
    }
    total
}

#[test]
fn products_of_empty_options() {
    check!(options_of_products, &[0.5, 1.5, -0.5, -1.5]);
}

fn maxima<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let max = |a: T, b: T| if a.re() > b.re() { a } else { b };
    let mut total = T::from(0.0);
    for a in x {
        total += max(a.sqrt(), *a * *a) * max(a.ln(), T::from(0.5)) + max(a.exp(), *a);
    }
    total
}

#[test]
fn maxima_of_what_is_no_number() {
    check!(maxima, &[0.5, 1.5, -0.5, -1.5]);
}

fn norm<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let square = x.iter().fold(T::from(0.0), |s, a| s + *a * *a);
    if square.re() > 0.0 { square.sqrt() } else { T::from(0.0) }
}

#[test]
fn the_norm_of_nothing() {
    check!(norm, &[0.5, 1.5, -0.5]);
    let at = [0.0; 3];
    let (_, gradient) = value_and_gradient(Reverse, |x: &[f64]| norm(x), (&at[..],));
    assert_eq!(gradient.0[..], at);
}

/// What is really evaluated keeps the infinity of its derivative.
#[test]
fn a_root_of_zero_that_is_asked_for() {
    let root = |x: f64| if x >= 0.0 { x.sqrt() } else { 3.0 * x };
    assert_eq!(gradient(Reverse, root, 0.0), f64::INFINITY);
    assert_eq!(gradient(Reverse, root, -1.0), 3.0);
    let nothing: f64 = gradient(Reverse, |x: f64| x.sqrt(), -1.0);
    assert!(nothing.is_nan());
}
