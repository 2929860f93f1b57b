//! A `thread_local!` vector that was there before the call is filled again.
//!
//! Ends with ENZ0041: release.

use std::cell::RefCell;

use enzyme_rs::{Reverse, gradient};

thread_local! {
    static KEPT: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

fn total(x: &[f64]) -> f64 {
    KEPT.with_borrow_mut(|kept| {
        kept.clear();
        kept.extend(x.iter().map(|v| v * v));
        kept.iter().map(|v| v * v).sum()
    })
}

fn main() {
    KEPT.with_borrow_mut(|kept| kept.reserve(8));
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..],));
    println!("{by_x:?}");
}
