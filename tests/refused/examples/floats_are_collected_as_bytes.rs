//! The bytes of floats go into a vector one by one, and are floats again.
//!
//! Ends with ENZ0021: release, dev.

use enzyme_rs::{Reverse, gradient};

#[repr(C)]
struct Point {
    along: f64,
    across: f64,
}

fn area(x: &[f64]) -> f64 {
    let points = [Point { along: x[0], across: x[1] }];
    let bytes: Vec<u8> = points
        .iter()
        .flat_map(|point| {
            // SAFETY: a point is two floats, without gaps.
            unsafe { std::slice::from_raw_parts(std::ptr::from_ref(point).cast::<u8>(), 16) }
                .to_vec()
        })
        .collect();
    // SAFETY: all bytes of one point are there.
    let point = unsafe { bytes.as_ptr().cast::<Point>().read_unaligned() };
    point.along * point.across
}

fn main() {
    let (by_x,) = gradient(Reverse, area, (&[0.7, 1.3][..],));
    println!("{by_x:?}");
}
