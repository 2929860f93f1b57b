//! Arrays, vectors and in-place updates.

use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn local_array<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut buffer = [T::from(0.0); 6];
    for (slot, v) in buffer.iter_mut().zip(x) {
        *slot = *v * *v;
    }
    for i in 1..6 {
        buffer[i] = buffer[i] * buffer[i - 1] + x[i];
    }
    buffer[5] + buffer[2]
}

#[test]
fn an_array_updated_in_place() {
    check!(local_array, &POINT);
}

fn collected<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let squares: Vec<T> = x.iter().map(|v| *v * *v).collect();
    squares.iter().zip(x).fold(T::from(0.0), |sum, (s, v)| sum + *s * v.sin())
}

#[test]
fn a_collected_vector() {
    check!(collected, &POINT);
}

fn copied<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut copy = x.to_vec();
    copy.reverse();
    copy.copy_within(0..3, 2);
    copy.iter().zip(x).fold(T::from(1.0), |product, (a, b)| product * *a + *b)
}

#[test]
fn overlapping_copies() {
    check!(copied, &POINT);
}

fn prefix<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sums = vec![T::from(0.0); x.len() + 1];
    for i in 0..x.len() {
        sums[i + 1] = sums[i] + x[i] * x[i];
    }
    sums.iter().fold(T::from(1.0), |p, s| p + *s * *s)
}

#[test]
fn prefix_sums() {
    check!(prefix, &POINT);
}

#[derive(Clone, Copy)]
struct Particle<T> {
    mass: T,
    id: usize,
    at: [T; 2],
}

fn structs<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut all = Vec::with_capacity(3);
    for i in 0..3 {
        all.push(Particle { mass: x[i], id: i, at: [x[(i + 1) % 3], x[(i + 2) % 3]] });
    }
    all.swap(0, 2);
    all.iter()
        .fold(T::from(0.0), |sum, p| sum + p.mass * p.at[0].sin() * p.at[1] * (p.id as f64 + 1.0))
}

#[test]
fn structs_of_floats_and_integers() {
    check!(structs, &POINT[..3]);
}

fn overwritten<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut work = x.to_vec();
    for round in 0..3 {
        for i in 0..work.len() {
            let next = work[(i + 1) % x.len()];
            work[i] = (work[i] * next).sin() + round as f64;
        }
    }
    work.iter().fold(T::from(0.0), |sum, v| sum + *v)
}

#[test]
fn a_stencil_in_place() {
    check!(overwritten, &POINT);
}

fn exchanged<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (mut first, mut second) = (x[0] * x[1], x[1].sin());
    let current = AtomicPtr::new(&raw mut first);
    let mut count = AtomicUsize::new(0);
    let mut total = T::from(0.0);
    for i in 0..4 {
        let next = if i % 2 == 0 { &raw mut second } else { &raw mut first };
        let old = current.swap(next, Ordering::AcqRel);
        let k = *count.get_mut();
        count.fetch_add(1, Ordering::AcqRel);
        // SAFETY: Both addresses are those of local variables.
        unsafe { *old = *old * x[k] + *next };
        total += *x.last().unwrap() * total + x[k];
    }
    total + first * second
}

#[test]
fn addresses_and_counts_that_are_exchanged() {
    check!(exchanged, &[0.9, -1.2, 0.4, 2.1]);
}
