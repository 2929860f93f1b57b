//! meval: a formula that is bound to a function, and called.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let formula: meval::Expr = "a * b + sin(a)".parse().expect("a formula");
    let bound = formula.bind2("a", "b").expect("two names");
    bound(x[0], x[1])
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
