//! Transforms by plans that are made inside of the differentiated function: rustfft, rustdct.
//!
//! What a planner makes comes from lengths alone, and no derivative goes there: its functions
//! stay calls, and what they return is read as any memory of the program. Each transform is a
//! choice among all algorithms that the planner knows, so each request takes about a minute to
//! link; hence few requests, a program of its own, and those for single precision and for
//! cosines only with the feature `long`.
//!
//! The oracle is the closed form: the adjoint of a discrete Fourier transform by its
//! definition is the sum with the conjugate factors.

#![allow(clippy::all, reason = "programs as people write them")]

use std::f64::consts::PI;

use enzyme_rs::{Reverse, value_and_gradient};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

/// Butterflies, radix four, mixed radix, the algorithms of Good, Rader and Bluestein.
const LENGTHS: [usize; 12] = [1, 2, 5, 8, 12, 16, 17, 59, 64, 100, 120, 256];

fn signal(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 1.3 + 0.2).sin()).collect()
}

/// The factor e^(± 2πi j k / n).
fn root(sign: f64, j: usize, k: usize, n: usize) -> Complex<f64> {
    Complex::from_polar(1.0, sign * 2.0 * PI * ((j * k) % n) as f64 / n as f64)
}

/// The gradient of the weighted power, by its definition.
fn power_by_definition(x: &[f64], inverse: bool) -> (f64, Vec<f64>) {
    let n = x.len();
    let sign = if inverse { 1.0 } else { -1.0 };
    let bin = |k| {
        let terms = x.iter().enumerate();
        terms.map(|(j, v)| Complex::new(*v, v * v) * root(sign, j, k, n)).sum::<Complex<f64>>()
    };
    let bins: Vec<_> = (0..n).map(bin).collect();
    let weight = |k: usize| (k as f64 + 1.0) / n as f64;
    let value = bins.iter().enumerate().map(|(k, c)| c.norm_sqr() * weight(k) + c.re).sum();
    let slope = |j: usize| {
        let terms = bins.iter().enumerate();
        let terms = terms.map(|(k, c)| (c * 2.0 * weight(k) + 1.0) * root(-sign, j, k, n));
        let adjoint: Complex<f64> = terms.sum();
        adjoint.re + 2.0 * x[j] * adjoint.im
    };
    (value, (0..n).map(slope).collect())
}

fn compare(found: (f64, Vec<f64>), expected: (f64, Vec<f64>), tolerance: f64) {
    let largest = expected.1.iter().fold(1.0f64, |most, v| most.max(v.abs()));
    assert_eq!(found.1.len(), expected.1.len());
    assert!((found.0 - expected.0).abs() <= tolerance * expected.0.abs().max(1.0));
    for (ours, theirs) in found.1.iter().zip(&expected.1) {
        assert!((ours - theirs).abs() <= tolerance * largest, "{ours}, not {theirs}");
    }
}

fn plans_for_the_processor_that_is_found() {
    let power = |inverse: bool| {
        move |x: &[f64]| -> f64 {
            let n = x.len();
            let mut planner = FftPlanner::new();
            let fft =
                if inverse { planner.plan_fft_inverse(n) } else { planner.plan_fft_forward(n) };
            let mut buffer: Vec<_> = x.iter().map(|v| Complex::new(*v, v * v)).collect();
            fft.process(&mut buffer);
            let bins = buffer.iter().enumerate();
            bins.map(|(k, c)| c.norm_sqr() * (k as f64 + 1.0) / n as f64 + c.re).sum()
        }
    };
    for (n, inverse) in LENGTHS.into_iter().flat_map(|n| [(n, false), (n, true)]) {
        let x = signal(n);
        let (value, (gradient,)) = value_and_gradient(Reverse, power(inverse), (&x[..],));
        compare((value, gradient), power_by_definition(&x, inverse), 1e-9);
    }
}

#[cfg(feature = "long")]
mod long {
    use rustdct::DctPlanner;
    use rustfft::FftPlannerScalar;

    use super::*;

    pub fn plans_without_vectors_of_single_precision() {
        let power = |x: &[f32]| -> f32 {
            let mut buffer: Vec<_> = x.iter().map(|v| Complex::new(*v, v * v)).collect();
            let mut planner = FftPlannerScalar::new();
            let fft = planner.plan_fft_forward(buffer.len());
            fft.process(&mut buffer);
            let bins = buffer.iter().enumerate();
            bins.map(|(k, c)| c.norm_sqr() * (k as f32 + 1.0) / x.len() as f32 + c.re).sum()
        };
        for n in LENGTHS {
            let x: Vec<f32> = signal(n).into_iter().map(|v| v as f32).collect();
            let (value, (gradient,)) = value_and_gradient(Reverse, power, (&x[..],));
            let gradient = gradient.into_iter().map(f64::from).collect();
            let exact: Vec<_> = x.into_iter().map(f64::from).collect();
            compare((value.into(), gradient), power_by_definition(&exact, false), 1e-5);
        }
    }

    /// The second cosine transform: a matrix, and its transpose for the adjoint.
    pub fn a_cosine_transform() {
        let power = |x: &[f64]| -> f64 {
            let mut buffer = x.to_vec();
            DctPlanner::new().plan_dct2(x.len()).process_dct2(&mut buffer);
            buffer.iter().enumerate().map(|(k, c)| c * c * (k as f64 + 0.5)).sum()
        };
        for n in LENGTHS {
            let x = signal(n);
            let entry = |k: usize, j: usize| root(1.0, k, 2 * j + 1, 4 * n).re;
            let bin = |k| (0..n).map(|j| entry(k, j) * x[j]).sum::<f64>();
            let bins: Vec<f64> = (0..n).map(bin).collect();
            let weight = |k: usize| k as f64 + 0.5;
            let value = (0..n).map(|k| bins[k] * bins[k] * weight(k)).sum();
            let slope = |j| (0..n).map(|k| 2.0 * weight(k) * bins[k] * entry(k, j)).sum();
            let (found, (gradient,)) = value_and_gradient(Reverse, power, (&x[..],));
            compare((found, gradient), (value, (0..n).map(slope).collect()), 1e-9);
        }
    }
}

fn main() {
    let checks: &[(&str, fn())] = &[
        ("plans for the processor that is found", plans_for_the_processor_that_is_found),
        #[cfg(feature = "long")]
        ("plans without vectors, in f32", long::plans_without_vectors_of_single_precision),
        #[cfg(feature = "long")]
        ("a cosine transform", long::a_cosine_transform),
    ];
    for (name, check) in checks {
        check();
        println!("{name} ... ok");
    }
}
