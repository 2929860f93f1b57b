//! The program of a stranger's project; the tests in `outside.rs` build it.

use enzyme_rs::{Const, Reverse, gradient};

fn energy(q: &[f64], k: f64) -> f64 {
    q.iter().map(|v| 0.5 * k * v * v).sum()
}

fn main() {
    let (dq, ()) = gradient(Reverse, energy, (&[1.0, 2.0][..], Const(3.0)));
    println!("{dq:?}");
}
