//! cgmath: vectors, matrices, rotations, projections.

use cgmath::prelude::*;
use cgmath::{Deg, Matrix3, Matrix4, Point3, Quaternion, Rad, Vector3, Vector4};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn vectors(x: &[f64]) -> (Vector3<f64>, Vector3<f64>) {
    (Vector3::new(x[0], x[1], x[2]), Vector3::new(x[3], x[4], x[5]))
}

#[test]
fn products_of_vectors() {
    differences(
        |x| {
            let (a, b) = vectors(x);
            a.cross(b).magnitude() + a.dot(b) + (a + b * 2.0).normalize().x + a.distance(b)
        },
        &POINT,
    );
}

#[test]
fn inverse_and_determinant() {
    differences(
        |x| {
            let (a, b) = vectors(x);
            let m = Matrix3::from_cols(a, b, a.cross(b) + Vector3::unit_x());
            let inverse = m.invert().unwrap();
            m.determinant() + (inverse * a).magnitude2() + (m.transpose() * inverse)[1][2]
        },
        &POINT,
    );
}

#[test]
fn rotations() {
    differences(
        |x| {
            let (a, b) = vectors(x);
            let turn = Quaternion::from_axis_angle(a.normalize(), Rad(x[3]));
            let other = Quaternion::from_angle_x(Deg(x[4] * 10.0));
            let mean = turn.slerp(other, 0.3);
            mean.rotate_vector(b).dot(a) + Matrix3::from(turn).z.y
        },
        &POINT,
    );
}

#[test]
fn a_camera() {
    differences(
        |x| {
            let eye = Point3::new(x[0], x[1], x[2] + 5.0);
            let view = Matrix4::look_at_rh(eye, Point3::new(0.0, 0.0, 0.0), Vector3::unit_y());
            let lens = cgmath::perspective(Deg(60.0 + x[3]), 1.5, 0.1, 100.0);
            let seen: Vector4<f64> = lens * view * Vector4::new(x[4], x[5], 0.3, 1.0);
            seen.x / seen.w + seen.y / seen.w
        },
        &POINT,
    );
}
