//! The address of something differentiated, written to memory that is marked as constant.
//!
//! Ends with ENZ0040: release.

use enzyme_rs::{Const, Reverse, gradient, set_runtime_activity};
use std::cell::Cell;

fn total<'a>(x: &'a [f64], place: &Cell<&'a [f64]>) -> f64 {
    place.set(&x[1..]);
    x[0] * place.get()[0]
}

fn main() {
    let x = [0.5, 1.5, 2.5];
    let place = Cell::new(&x[..]);
    let mode = set_runtime_activity(Reverse);
    let (by_x, ()) = gradient(mode, total, (&x[..], Const(&place)));
    println!("{by_x:?}");
}
