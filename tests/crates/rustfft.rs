//! rustfft: transforms by algorithms that are known by name.

use rustfft::algorithm::butterflies::Butterfly8;
use rustfft::algorithm::{Dft, Radix4};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftDirection};

use crate::differences;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

/// A weighted power of the transform of a signal.
fn power(fft: &impl Fft<f64>) {
    differences(
        |x| {
            let mut signal: Vec<_> = x.iter().map(|v| Complex::new(*v, v * v)).collect();
            fft.process(&mut signal);
            let bins = signal.iter().enumerate();
            bins.map(|(k, c)| c.norm_sqr() * (k as f64 + 1.0) + c.re).sum()
        },
        &POINT,
    );
}

#[test]
fn a_transform_by_its_definition() {
    power(&Dft::new(8, FftDirection::Forward));
}

#[test]
fn a_transform_by_butterflies() {
    power(&Butterfly8::new(FftDirection::Forward));
}

#[test]
fn a_transform_by_radix_four() {
    power(&Radix4::new(8, FftDirection::Inverse));
}
