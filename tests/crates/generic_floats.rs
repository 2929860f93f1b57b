//! num-traits, bytemuck: functions of any float, floats as fields and as slices.

use bytemuck::{Pod, Zeroable};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn horner<T: num_traits::Float>(coefficients: &[T], at: T) -> T {
    coefficients.iter().rev().fold(T::zero(), |sum, c| sum.mul_add(at, *c))
        + at.tanh().hypot(T::one())
}

#[test]
fn functions_of_any_float() {
    differences(|x| horner(&x[1..], x[0]), &POINT);
}

#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Vertex {
    place: [f64; 2],
    weight: f64,
}

#[test]
fn casts_of_slices() {
    differences(
        |x| {
            let vertices: &[Vertex] = bytemuck::cast_slice(x);
            let mut copy = vertices.to_vec();
            copy[1].place[0] *= x[0];
            let flat: &mut [f64] = bytemuck::cast_slice_mut(&mut copy);
            flat[5] = flat[3] * flat[4];
            copy.iter().map(|v| v.weight * v.place[0].hypot(v.place[1])).sum()
        },
        &POINT,
    );
}
