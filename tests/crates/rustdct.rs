//! rustdct: cosine transforms of real signals.

use rustdct::Dct2;
use rustdct::algorithm::Type2And3Naive;

use crate::differences;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

fn weighted(values: &[f64]) -> f64 {
    values.iter().enumerate().map(|(i, v)| v * v * (i as f64 + 0.5)).sum()
}

#[test]
fn a_cosine_transform_by_its_definition() {
    let dct = Type2And3Naive::new(8);
    differences(
        |x| {
            let mut v = x.to_vec();
            dct.process_dct2(&mut v);
            weighted(&v)
        },
        &POINT,
    );
}

#[test]
fn a_cosine_transform_by_butterflies() {
    let dct = rustdct::algorithm::type2and3_butterflies::Type2And3Butterfly8::new();
    differences(
        |x| {
            let mut v = x.to_vec();
            dct.process_dct2(&mut v);
            weighted(&v)
        },
        &POINT,
    );
}
