//! The discrete Fourier transform and its inverse, in place.
//!
//! Cooley and Tukey's algorithm for powers of two: bits reversed, then a stage of
//! butterflies for each power, the roots of unity by recurrence. The adjoint of the
//! transform is the transform with the conjugate roots, so by hand it needs no tape.

use std::f64::consts::TAU;
use std::hint::black_box;

use enzyme_rs::autodiff_reverse;

use crate::table::{Random, Table, assert_equal};

type Complex = [f64; 2];

#[autodiff_reverse(d_transform, Duplicated, Const)]
fn transform(data: &mut [Complex], sign: f64) {
    let n = data.len();
    let bits = n.trailing_zeros();
    for i in 1..n {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if i < j {
            data.swap(i, j);
        }
    }
    for stage in 0..bits {
        let half = 1 << stage;
        let (sin, cos) = (sign * 0.5 * TAU / half as f64).sin_cos();
        for block in data.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            let [mut re, mut im] = [1.0, 0.0];
            for (a, b) in low.iter_mut().zip(high) {
                let t = [re * b[0] - im * b[1], re * b[1] + im * b[0]];
                *b = [a[0] - t[0], a[1] - t[1]];
                *a = [a[0] + t[0], a[1] + t[1]];
                [re, im] = [re * cos - im * sin, re * sin + im * cos];
            }
        }
    }
}

fn scale(data: &mut [Complex], factor: f64) {
    for v in data {
        v[0] *= factor;
        v[1] *= factor;
    }
}

#[autodiff_reverse(d_there_and_back, Duplicated)]
fn there_and_back(data: &mut [Complex]) {
    transform(data, -1.0);
    transform(data, 1.0);
    scale(data, 1.0 / data.len() as f64);
}

fn hand(data: &mut [Complex], shadow: &mut [Complex]) {
    there_and_back(data);
    scale(shadow, 1.0 / data.len() as f64);
    transform(shadow, -1.0);
    transform(shadow, 1.0);
}

/// Data and shadow are what they were after there and back, up to rounding.
struct Problem {
    data: Vec<Complex>,
    shadow: Vec<Complex>,
}

impl Problem {
    fn new(n: usize) -> Self {
        let random = &mut Random::new(n as u64);
        let mut signal =
            || (0..n).map(|_| [random.uniform(-1.0, 1.0), random.uniform(-1.0, 1.0)]).collect();
        Self { data: signal(), shadow: signal() }
    }

    fn primal(&mut self) {
        there_and_back(black_box(&mut self.data));
    }

    fn engine(&mut self) {
        d_there_and_back(black_box(&mut self.data), &mut self.shadow);
    }

    fn by_hand(&mut self) {
        hand(black_box(&mut self.data), &mut self.shadow);
    }
}

pub fn bench(table: &mut Table) {
    for (n, peer) in [(1024, 7.4), (65536, 7.8)] {
        let name = format!("FFT and inverse n={n}");
        let mut problem = Problem::new(n);
        let (mut data, seed) = (problem.data.clone(), problem.shadow.clone());
        // There and back is the identity, so the transform alone is compared too.
        let mut engine = seed.clone();
        d_transform(&mut data, &mut engine, -1.0);
        let mut by_hand = seed;
        transform(&mut by_hand, 1.0);
        assert_equal(&name, engine.as_flattened(), by_hand.as_flattened(), 1e-9);
        let (mut data, mut by_hand) = (problem.data.clone(), problem.shadow.clone());
        hand(&mut data, &mut by_hand);
        problem.engine();
        assert_equal(&name, problem.shadow.as_flattened(), by_hand.as_flattened(), 1e-9);
        let versions = [Problem::primal, Problem::engine, Problem::by_hand];
        table.bench(&name, Some(peer), &mut problem, versions);
    }
}
