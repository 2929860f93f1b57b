//! quaternion-core: rotations by functions of arrays.

use quaternion_core as quat;
use quaternion_core::{RotationSequence, RotationType};

use crate::differences;

const POINT: [f64; 6] = [0.9, -0.7, 0.4, 2.1, -0.3, 1.6];

#[test]
fn rotations() {
    differences(
        |x| {
            let a = quat::from_axis_angle([x[0], x[1], x[2]], x[3]);
            let b = quat::from_rotation_vector([x[3] * 0.2, x[4], x[5]]);
            let rotated = quat::point_rotation(quat::slerp(a, b, 0.3), [1.0, 2.0, x[0]]);
            let (axis, angle) = quat::to_axis_angle(quat::mul(a, b));
            quat::dot(rotated, axis) + angle
        },
        &POINT,
    );
}

#[test]
fn angles_and_powers() {
    differences(
        |x| {
            let q = quat::from_rotation_vector([x[3] * 0.2, x[4], x[5]]);
            let angles = quat::to_euler_angles(RotationType::Intrinsic, RotationSequence::ZYX, q);
            let power: f64 = quat::norm(quat::pow(q, x[5]));
            angles.iter().zip(x).map(|(a, v)| a * v).sum::<f64>() + power + quat::ln(q).1[0] * x[0]
        },
        &POINT,
    );
}
