//! rustfft: transforms by algorithms that are known by name, and by plans made outside.

use std::sync::Arc;

use rustfft::algorithm::butterflies::Butterfly8;
use rustfft::algorithm::{Dft, Radix4};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftDirection, FftPlanner, FftPlannerScalar};

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

/// Butterflies, radix four, mixed radix, the algorithms of Good, Rader and Bluestein.
const LENGTHS: [usize; 11] = [2, 5, 8, 12, 16, 17, 59, 64, 100, 120, 256];

/// A weighted power of the transform of a signal as long as the plan.
fn power_by(plan: &Arc<dyn Fft<f64>>) {
    let n = plan.len();
    differences(
        |x| {
            let number = |i: usize| Complex::new(x[i % 8] * (1.0 + i as f64), x[i % 8] * x[i % 8]);
            let mut signal: Vec<_> = (0..n).map(number).collect();
            plan.process(&mut signal);
            let bins = signal.iter().enumerate();
            bins.map(|(k, c)| c.norm_sqr() * (k as f64 + 1.0) / (n * n) as f64 + c.re).sum()
        },
        &POINT,
    );
}

#[test]
fn plans_for_the_processor_that_is_found() {
    let mut planner = FftPlanner::new();
    for n in LENGTHS {
        power_by(&planner.plan_fft_forward(n));
        power_by(&planner.plan_fft_inverse(n));
    }
}

#[test]
fn plans_without_vectors() {
    let mut planner = FftPlannerScalar::new();
    for n in LENGTHS {
        power_by(&planner.plan_fft_forward(n));
    }
}
