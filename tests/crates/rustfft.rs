//! rustfft: the transform planned outside of the differentiated function, and inside.

use rustfft::algorithm::{Dft, Radix4};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftDirection};

use crate::differences;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

fn signal(x: &[f64]) -> Vec<Complex<f64>> {
    x.iter().map(|v| Complex::new(*v, v * v)).collect()
}

fn power(bins: &[Complex<f64>]) -> f64 {
    bins.iter().enumerate().map(|(k, c)| c.norm_sqr() * (k as f64 + 1.0) + c.re).sum()
}

#[test]
fn a_transform_by_its_definition() {
    let dft = Dft::new(8, FftDirection::Forward);
    differences(
        |x| {
            let mut buffer = signal(x);
            dft.process(&mut buffer);
            power(&buffer)
        },
        &POINT,
    );
}

#[test]
fn a_transform_by_butterflies() {
    let fft = rustfft::algorithm::butterflies::Butterfly8::new(FftDirection::Forward);
    differences(
        |x| {
            let mut buffer = signal(x);
            fft.process(&mut buffer);
            power(&buffer)
        },
        &POINT,
    );
}

#[test]
fn a_transform_by_radix_four() {
    let fft = Radix4::new(8, FftDirection::Inverse);
    differences(
        |x| {
            let mut buffer = signal(x);
            fft.process(&mut buffer);
            power(&buffer)
        },
        &POINT,
    );
}
