//! Plans: trees of trait objects that hold each other, with tables, and are called by each
//! other through `dyn`; made outside of the function and inside, of few kinds and of many.

use std::sync::Arc;

use enzyme_rs::{Reverse, value_and_gradient};
use num_dual::DualNum;

use crate::support::{check, differences};

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

trait Plan<T: Copy> {
    fn len(&self) -> usize;
    fn process(&self, data: &mut [T], scratch: &mut [T]);
    fn copied(&self, from: &mut [T], to: &mut [T], scratch: &mut [T]) {
        to.copy_from_slice(from);
        self.process(to, scratch);
    }
}

/// One of many kinds.
struct Leaf<const KIND: usize> {
    factor: f64,
}

impl<const KIND: usize, T: DualNum<f64> + Copy> Plan<T> for Leaf<KIND> {
    fn len(&self) -> usize {
        2
    }
    fn process(&self, data: &mut [T], _scratch: &mut [T]) {
        for pair in data.chunks_exact_mut(2) {
            let (a, b) = (pair[0], pair[1]);
            let wave = (a * self.factor + b * (0.03 * KIND as f64)).sin();
            let (mut up, mut down) = (T::from(1.0), wave);
            for power in 0..KIND % 5 {
                up = up * wave * 0.5 + b * power as f64;
                down = (down * 0.3 - wave * up).cos();
            }
            pair[0] = up + down * 0.125;
            pair[1] = (wave + b).cos() * self.factor;
        }
    }
}

/// Made of two plans of one length.
struct Mixed<T: Copy> {
    inner: Arc<dyn Plan<T>>,
    outer: Arc<dyn Plan<T>>,
    twiddles: Box<[f64]>,
}

impl<T: DualNum<f64> + Copy> Plan<T> for Mixed<T> {
    fn len(&self) -> usize {
        2 * self.inner.len()
    }
    fn process(&self, data: &mut [T], scratch: &mut [T]) {
        let half = self.inner.len();
        let (own, rest) = scratch.split_at_mut(2 * half);
        for (from, to) in data.chunks_exact_mut(half).zip(own.chunks_exact_mut(half)) {
            self.inner.copied(from, to, rest);
        }
        self.outer.process(&mut own[half..], rest);
        for (i, twiddle) in self.twiddles.iter().enumerate() {
            data[i] = own[i] * *twiddle + own[(i + half) % (2 * half)] * 0.5;
        }
    }
}

/// Makes a plan for `2 << depth` numbers whose leaves are of these kinds.
fn plan<T: DualNum<f64> + Copy + 'static>(
    depth: u32,
    leaf: &impl Fn(u32) -> Arc<dyn Plan<T>>,
) -> Arc<dyn Plan<T>> {
    if depth == 0 {
        return leaf(depth);
    }
    let inner = plan(depth - 1, leaf);
    let outer = if depth == 1 { leaf(depth) } else { plan(depth - 1, leaf) };
    let angle = |i: usize| (i as f64 * 0.3 + f64::from(depth)).cos();
    let twiddles = (0..2 * inner.len()).map(angle).collect();
    Arc::new(Mixed { inner, outer, twiddles })
}

fn processed<T: DualNum<f64> + Copy>(plan: &dyn Plan<T>, x: &[T]) -> T {
    let mut data = x.to_vec();
    let mut scratch = vec![T::from(0.0); 4 * x.len()];
    plan.process(&mut data, &mut scratch);
    let weighted = data.iter().enumerate().map(|(i, v)| *v * *v * (i as f64 + 1.0));
    weighted.fold(T::from(0.0), |sum, v| sum + v)
}

/// Compares with differences: the plan is captured.
fn outside(plan: &dyn Plan<f64>) {
    let function = |x: &[f64]| processed(plan, x);
    let (_, (gradient,)) = value_and_gradient(Reverse, &function, (&POINT[..],));
    for (ours, theirs) in gradient.iter().zip(differences(&function, &POINT)) {
        assert!((ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0), "{ours} {theirs}");
    }
}

fn two_kinds<T: DualNum<f64> + Copy + 'static>(depth: u32) -> Arc<dyn Plan<T>> {
    match depth {
        0 => Arc::new(Leaf::<3> { factor: 1.5 }),
        _ => Arc::new(Leaf::<1> { factor: 0.5 }),
    }
}

macro_rules! kinds {
    ($which:expr, $($kind:literal)*) => {
        match $which {
            $($kind => Arc::new(Leaf::<$kind> { factor: 0.5 + 0.02 * $kind as f64 }),)*
            _ => Arc::new(Leaf::<0> { factor: 1.5 }),
        }
    };
}

/// Forty kinds; `first` says which the first is.
fn many_kinds<T: DualNum<f64> + Copy + 'static>(first: u32, depth: u32) -> Arc<dyn Plan<T>> {
    kinds!(
        first + 7 * depth,
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
        33 34 35 36 37 38 39
    )
}

#[test]
fn a_plan_of_few_kinds_from_outside() {
    outside(&*plan(2, &two_kinds));
}

#[test]
fn a_plan_of_many_kinds_from_outside() {
    for first in [0, 3, 17, 30] {
        outside(&*plan(2, &|depth| many_kinds(first, depth)));
    }
}

fn few_inside<T: DualNum<f64> + Copy + 'static>(x: &[T]) -> T {
    processed(&*plan(2, &two_kinds), x)
}

#[test]
fn a_plan_of_few_kinds_made_inside() {
    check!(few_inside, &POINT);
}

fn many_inside<T: DualNum<f64> + Copy + 'static>(x: &[T]) -> T {
    processed(&*plan(2, &|depth| many_kinds(x.len() as u32, depth)), x)
}

#[test]
fn a_plan_of_many_kinds_made_inside() {
    check!(many_inside, &POINT);
}
