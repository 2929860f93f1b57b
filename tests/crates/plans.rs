//! Transforms by plans that are made outside of the differentiated function: rustfft, realfft.
//!
//! A plan is a tree of `dyn` objects, of as many kinds as the crate has algorithms, so each
//! call is a choice among many long functions. That takes long to link, and all that the
//! program holds besides, a harness of tests, say, is more to choose from: so this is a
//! plain program.

#![allow(clippy::all, reason = "programs as people write them")]

use std::sync::Arc;

use realfft::RealFftPlanner;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner, FftPlannerScalar};

mod oracle;
#[allow(dead_code, unused_macros, unused_imports, reason = "programs use a part of the support")]
#[path = "../support/mod.rs"]
mod support;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];
/// Butterflies, radix four, mixed radix, the algorithms of Good, Rader and Bluestein.
const LENGTHS: [usize; 11] = [2, 5, 8, 12, 16, 17, 59, 64, 100, 120, 256];

fn differences(function: impl Fn(&[f64]) -> f64) {
    oracle::differences(function, &POINT);
}

/// A weighted power of the transform of a signal as long as the plan.
fn power_by(plan: &Arc<dyn Fft<f64>>) {
    let n = plan.len();
    differences(|x| {
        let number = |i: usize| Complex::new(x[i % 8] * (1.0 + i as f64), x[i % 8] * x[i % 8]);
        let mut signal: Vec<_> = (0..n).map(number).collect();
        plan.process(&mut signal);
        let bins = signal.iter().enumerate();
        bins.map(|(k, c)| c.norm_sqr() * (k as f64 + 1.0) / (n * n) as f64 + c.re).sum()
    });
}

fn plans_for_the_processor_that_is_found() {
    let mut planner = FftPlanner::new();
    for n in LENGTHS {
        power_by(&planner.plan_fft_forward(n));
        power_by(&planner.plan_fft_inverse(n));
    }
}

fn plans_without_vectors() {
    let mut planner = FftPlannerScalar::new();
    for n in LENGTHS {
        power_by(&planner.plan_fft_forward(n));
    }
}

fn real_spectra() {
    let mut planner = RealFftPlanner::<f64>::new();
    for n in [2, 9, 16, 17, 24, 100] {
        let (there, back) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        differences(|x| {
            let mut signal: Vec<_> = (0..n).map(|i| x[i % 8] * (1.0 + i as f64)).collect();
            let mut spectrum = there.make_output_vec();
            there.process(&mut signal, &mut spectrum).unwrap();
            for bin in &mut spectrum {
                *bin = *bin * bin.norm_sqr() / (n * n * n) as f64;
            }
            let last = spectrum.len() - 1;
            spectrum[0].im = 0.0;
            if n % 2 == 0 {
                spectrum[last].im = 0.0;
            }
            let mut result = back.make_output_vec();
            back.process(&mut spectrum, &mut result).unwrap();
            let weighted = result.iter().enumerate();
            weighted.map(|(k, v)| v * (k as f64 + 1.0) / (n * n) as f64).sum()
        });
    }
}

fn main() {
    let checks: [(&str, fn()); 3] = [
        ("plans for the processor that is found", plans_for_the_processor_that_is_found),
        ("plans without vectors", plans_without_vectors),
        ("a real spectrum, weighted and transformed back", real_spectra),
    ];
    for (name, check) in checks {
        check();
        println!("{name} ... ok");
    }
}
