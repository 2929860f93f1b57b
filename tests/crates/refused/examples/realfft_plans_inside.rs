//! realfft: a plan that is made inside of the differentiated function.
//!
//! Refused with ENZ0043: release.

use enzyme_rs::{Reverse, gradient};
use realfft::RealFftPlanner;

fn total(x: &[f64]) -> f64 {
    let fft = RealFftPlanner::new().plan_fft_forward(x.len());
    let mut spectrum = fft.make_output_vec();
    fft.process(&mut x.to_vec(), &mut spectrum).expect("lengths fit");
    spectrum.iter().map(|c| c.norm_sqr()).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
