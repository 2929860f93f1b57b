//! rustfft: a plan that is made inside of the differentiated function.
//!
//! Refused with ENZ0043: release.

use enzyme_rs::{Reverse, gradient};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

fn total(x: &[f64]) -> f64 {
    let mut signal: Vec<_> = x.iter().map(|v| Complex::new(*v, v * v)).collect();
    FftPlanner::new().plan_fft_forward(signal.len()).process(&mut signal);
    signal.iter().map(Complex::norm_sqr).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
