//! smallvec: on the stack, spilled to the heap, and on the way from one to the other.

use num_dual::DualNum;
use smallvec::{SmallVec, smallvec};

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn weighted<T: DualNum<f64> + Copy>(values: &[T]) -> T {
    let values = values.iter().enumerate();
    values.fold(T::zero(), |sum, (i, v)| sum + *v * *v * (i as f64 + 0.5))
}

fn edited<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: SmallVec<[T; 4]> = smallvec![x[0], x[1] * x[2], x[3]];
    v.insert(1, x[4] * x[4]);
    v.extend_from_slice(&x[2..5]);
    let last = v.pop().unwrap();
    v.remove(0);
    v.swap(0, 3);
    weighted(&v) * last
}

#[test]
fn values_that_are_inserted_and_removed() {
    check!(edited, &POINT);
}

fn records<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut pairs: SmallVec<[(usize, T); 2]> = SmallVec::new();
    for (i, a) in x.iter().enumerate() {
        pairs.push((5 - i, *a * *a));
    }
    pairs.into_iter().fold(T::zero(), |sum, (i, a)| sum * 0.5 + a * x[i])
}

#[test]
fn records_with_an_index() {
    check!(records, &POINT);
}

fn rows<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut rows: Vec<SmallVec<[T; 2]>> = Vec::new();
    for i in 0..3 {
        rows.push(x[..=i].iter().map(|a| *a * x[5]).collect());
    }
    rows.iter().fold(T::zero(), |sum, row| sum + weighted(row))
}

#[test]
fn a_vector_of_short_vectors() {
    check!(rows, &POINT);
}

fn spilled<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut pushed: SmallVec<[T; 4]> = SmallVec::new();
    for k in 0..10 {
        pushed.push(x[k % 6] * k as f64);
    }
    let collected: SmallVec<[T; 2]> = pushed.iter().map(|a| *a * *a).collect();
    weighted(&collected)
}

#[test]
fn values_that_are_pushed_and_collected_until_they_spill() {
    check!(spilled, &POINT);
}
