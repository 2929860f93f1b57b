//! A program that is refused: it needs run-time activity and does not ask for it.
//!
//! `cargo enzyme build --release --example mixed --features refused`
//!
//! Behind `source` stands differentiated or constant memory, as a flag says while
//! the program runs. With `set_runtime_activity(Reverse)` in the place of `Reverse`
//! the program builds; `scan.rs` shows that, and this program's message.

use enzyme_rs::{Const, Reverse, jacobian};
use ndarray::Array3;

fn mixed(a: &Array3<f64>, init: &Array3<f64>, from_a: bool) -> Array3<f64> {
    let source = if from_a { a } else { init };
    source.mapv(|v| v * v)
}

fn main() {
    let (a, init) = (Array3::ones((2, 3, 1)), Array3::zeros((2, 3, 1)));
    let from_a = std::env::args().count() > 1;
    let (j, ..) = jacobian(Reverse, mixed, (&a, Const(&init), Const(from_a)));
    println!("{j}");
}
