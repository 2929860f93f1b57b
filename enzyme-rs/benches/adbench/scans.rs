//! Scans over 100 steps of 204,800 floats (`f32`).
//!
//! `acc += x²` in place needs no tape, `acc = sin(acc) x + x²` one accumulator per step;
//! the third is the first, by a fold over `ndarray`'s axis that makes a new array in
//! each step. All outputs have the seed 1.

use std::hint::black_box;

use enzyme_rs::autodiff_reverse;
use ndarray::{Array1, Array2, ArrayView1, Axis};

use crate::table::{Random, Table, assert_equal};

const STEPS: usize = 100;
const WIDTH: usize = 204_800;

#[autodiff_reverse(d_squares, Duplicated, Duplicated)]
fn squares(xs: &[f32], acc: &mut [f32]) {
    for x in xs.chunks_exact(acc.len()) {
        for (acc, x) in acc.iter_mut().zip(x) {
            *acc += x * x;
        }
    }
}

#[autodiff_reverse(d_sines, Duplicated, Duplicated)]
fn sines(xs: &[f32], acc: &mut [f32]) {
    for x in xs.chunks_exact(acc.len()) {
        for (acc, x) in acc.iter_mut().zip(x) {
            *acc = acc.sin() * x + x * x;
        }
    }
}

#[autodiff_reverse(d_fold, Duplicated, Const, Duplicated)]
fn fold(xs: &Array2<f32>, init: &Array1<f32>, out: &mut Array1<f32>) {
    let result = xs
        .axis_iter(Axis(0))
        .fold(init.clone(), |acc, x: ArrayView1<f32>| acc + &x.mapv(|v| v * v));
    out.assign(&result);
}

/// Adjoint of [`squares`] and [`fold`], without the primal.
fn squares_adjoint(xs: &[f32], dxs: &mut [f32], dacc: &[f32]) {
    let steps = xs.chunks_exact(dacc.len()).zip(dxs.chunks_exact_mut(dacc.len()));
    for (x, dx) in steps.rev() {
        for ((dx, x), d) in dx.iter_mut().zip(x).zip(dacc) {
            *dx += 2.0 * x * d;
        }
    }
}

fn hand_sines(xs: &[f32], dxs: &mut [f32], acc: &mut [f32], dacc: &mut [f32], tape: &mut [f32]) {
    let width = acc.len();
    for (x, before) in xs.chunks_exact(width).zip(tape.chunks_exact_mut(width)) {
        for ((acc, x), before) in acc.iter_mut().zip(x).zip(before) {
            *before = *acc;
            *acc = acc.sin() * x + x * x;
        }
    }
    let steps = xs.chunks_exact(width).zip(dxs.chunks_exact_mut(width));
    for ((x, dx), before) in steps.zip(tape.chunks_exact(width)).rev() {
        for (((dx, x), before), d) in dx.iter_mut().zip(x).zip(before).zip(&mut *dacc) {
            let (sin, cos) = before.sin_cos();
            *dx += *d * (sin + 2.0 * x);
            *d *= cos * x;
        }
    }
}

/// Steps, accumulator, their shadows, and a tape for the adjoint by hand.
struct Problem {
    xs: Array2<f32>,
    dxs: Array2<f32>,
    init: Array1<f32>,
    acc: Array1<f32>,
    dacc: Array1<f32>,
    tape: Vec<f32>,
}

/// The memory of a standard array.
fn flat<S, D>(array: &mut ndarray::ArrayBase<S, D>) -> &mut [S::Elem]
where
    S: ndarray::DataMut,
    D: ndarray::Dimension,
{
    array.as_slice_mut().expect("standard layout")
}

impl Problem {
    /// Between 0 and 4 the adjoints of the sines neither vanish into subnormal numbers
    /// nor overflow within 100 steps.
    fn new() -> Self {
        let random = &mut Random::new(5);
        Self {
            xs: Array2::from_shape_simple_fn((STEPS, WIDTH), || random.uniform(0.0, 4.0) as f32),
            dxs: Array2::zeros((STEPS, WIDTH)),
            init: Array1::from_elem(WIDTH, 0.5),
            acc: Array1::zeros(WIDTH),
            dacc: Array1::zeros(WIDTH),
            tape: vec![0.0; STEPS * WIDTH],
        }
    }

    /// Sets what the functions overwrite.
    fn start(&mut self) {
        self.acc.assign(&self.init);
        self.dacc.fill(1.0);
    }

    fn squares(&mut self) {
        self.start();
        squares(flat(&mut self.xs), flat(&mut self.acc));
    }

    fn squares_engine(&mut self) {
        self.start();
        let Self { xs, dxs, acc, dacc, .. } = self;
        d_squares(flat(xs), flat(dxs), flat(acc), flat(dacc));
    }

    fn squares_by_hand(&mut self) {
        self.squares();
        squares_adjoint(flat(&mut self.xs), flat(&mut self.dxs), flat(&mut self.dacc));
    }

    fn sines(&mut self) {
        self.start();
        sines(flat(&mut self.xs), flat(&mut self.acc));
    }

    fn sines_engine(&mut self) {
        self.start();
        let Self { xs, dxs, acc, dacc, .. } = self;
        d_sines(flat(xs), flat(dxs), flat(acc), flat(dacc));
    }

    fn sines_by_hand(&mut self) {
        self.start();
        let Self { xs, dxs, acc, dacc, tape, .. } = self;
        hand_sines(flat(xs), flat(dxs), flat(acc), flat(dacc), tape);
    }

    fn fold(&mut self) {
        fold(&self.xs, black_box(&self.init), &mut self.acc);
    }

    fn fold_engine(&mut self) {
        self.dacc.fill(1.0);
        let Self { xs, dxs, init, acc, dacc, .. } = self;
        d_fold(xs, dxs, black_box(init), acc, dacc);
    }

    fn fold_by_hand(&mut self) {
        self.dacc.fill(1.0);
        self.fold();
        squares_adjoint(flat(&mut self.xs), flat(&mut self.dxs), flat(&mut self.dacc));
    }

    fn gradient_of(&mut self, version: fn(&mut Self)) -> Vec<f64> {
        self.dxs.fill(0.0);
        version(self);
        self.dxs.iter().map(|v| f64::from(*v)).collect()
    }

    /// Compares, then times. The tolerance is that of `f32`.
    fn bench(
        &mut self,
        table: &mut Table,
        name: &str,
        peer: Option<f64>,
        versions: [fn(&mut Self); 3],
    ) {
        let engine = self.gradient_of(versions[1]);
        assert_equal(name, &engine, &self.gradient_of(versions[2]), 1e-6);
        table.bench(name, peer, self, versions);
    }
}

pub fn bench(table: &mut Table) {
    let mut problem = Problem::new();
    let versions = [Problem::squares, Problem::squares_engine, Problem::squares_by_hand];
    problem.bench(table, "scan acc += x*x in place", Some(5.7), versions);
    let versions = [Problem::sines, Problem::sines_engine, Problem::sines_by_hand];
    problem.bench(table, "scan acc = sin(acc)*x + x*x", Some(7.9), versions);
    let versions = [Problem::fold, Problem::fold_engine, Problem::fold_by_hand];
    problem.bench(table, "scan by ndarray's fold", None, versions);
}
