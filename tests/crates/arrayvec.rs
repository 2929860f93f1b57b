//! arrayvec: vectors within arrays.

use arrayvec::ArrayVec;

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn weighted(values: &[f64]) -> f64 {
    values.iter().enumerate().map(|(i, v)| v * v * (i as f64 + 0.5)).sum()
}

#[test]
fn values_that_are_collected() {
    differences(
        |x| {
            let v: ArrayVec<f64, 8> = x.iter().map(|v| v.sin()).collect();
            weighted(&v)
        },
        &POINT,
    );
}

#[test]
fn values_that_are_pushed_and_popped() {
    differences(
        |x| {
            let mut v = ArrayVec::<f64, 16>::new();
            for a in x {
                v.push(*a);
                v.push(a * a);
                if *a < 0.0 {
                    v.swap_remove(0);
                }
            }
            let last = v.pop().unwrap();
            v.insert(1, last.exp());
            v.retain(|a| *a > -1.0);
            weighted(&v)
        },
        &POINT,
    );
}

#[test]
fn vectors_of_tuples() {
    differences(
        |x| {
            let mut v: ArrayVec<(usize, f64), 6> = ArrayVec::new();
            for (i, a) in x.iter().enumerate() {
                v.try_push((i, a.cos())).unwrap();
            }
            v.sort_by(|a, b| a.1.partial_cmp(&b.1).unwrap());
            v.into_iter().enumerate().map(|(k, (i, a))| a * a * (i + k) as f64).sum()
        },
        &POINT,
    );
}
