//! tinyvec: vectors within arrays.

use tinyvec::{ArrayVec, array_vec};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn weighted(values: &[f64]) -> f64 {
    values.iter().enumerate().map(|(i, v)| v * v * (i as f64 + 0.5)).sum()
}

#[test]
fn values_in_an_array() {
    differences(
        |x| {
            let mut v: ArrayVec<[f64; 8]> = x.iter().map(|v| v.sin()).collect();
            v.push(x[0] * x[1]);
            let w = array_vec!([f64; 4] => x[2], x[3].exp());
            weighted(&v) + weighted(&w)
        },
        &POINT,
    );
}
