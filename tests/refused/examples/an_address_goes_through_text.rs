//! An address becomes text, and an address again: nothing shows where it points.
//!
//! Ends with ENZ0042: release, dev.

use enzyme_rs::{Reverse, gradient};

fn total(x: &[f64]) -> f64 {
    let squares: Vec<f64> = x.iter().map(|v| v * v).collect();
    let text = format!("{}", squares.as_ptr() as usize);
    let address: usize = text.parse().unwrap();
    // SAFETY: it is the address of the squares, which are as many.
    let squares_again = unsafe { std::slice::from_raw_parts(address as *const f64, x.len()) };
    squares_again.iter().sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..],));
    println!("{by_x:?}");
}
