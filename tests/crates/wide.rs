//! wide: lanes of floats.

use wide::{f32x8, f64x4};

use crate::{differences, single};

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];
const SINGLE: [f32; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

#[test]
fn sums_of_products() {
    differences(
        |x| {
            let a = f64x4::new([x[0], x[1], x[2], x[3]]);
            let b = f64x4::new([x[4], x[5], x[6], x[7]]);
            a.mul_add(b, a * 2.0).reduce_add() + (a / (b * b + 1.0)).to_array()[2]
        },
        &POINT,
    );
}

#[test]
fn eight_singles() {
    single(
        |x| {
            let a = f32x8::new(x.try_into().unwrap());
            (a * a + a.abs()).sqrt().reduce_add()
        },
        &SINGLE,
    );
}
