//! ultraviolet: vectors and rotors, one and several at a time.

use ultraviolet::{DMat3, DRotor3, DVec3, DVec3x4, Mat4, Rotor3, Vec3};

use crate::{differences, single};

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];
const SINGLE: [f32; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn vectors_and_rotors() {
    differences(
        |x| {
            let a = DVec3::new(x[0], x[1], x[2]);
            let b = DVec3::new(x[3], x[4], x[5]);
            let r = DRotor3::from_rotation_between(a.normalized(), b.normalized());
            let m = DMat3::new(a, b, a.cross(b));
            (r * a).dot(b) + m.determinant() + (m.inversed() * b).mag()
        },
        &POINT,
    );
}

#[test]
fn single_precision() {
    single(
        |x| {
            let a = Vec3::new(x[0], x[1], x[2]);
            let turn = Rotor3::from_rotation_xy(x[3]);
            let m = Mat4::from_nonuniform_scale(a) * turn.into_matrix().into_homogeneous();
            let p = m.transform_point3(Vec3::new(x[4], x[5], 1.0));
            p.dot(a.reflected(Vec3::unit_y()))
        },
        &SINGLE,
    );
}

#[test]
fn four_at_a_time() {
    differences(
        |x| {
            let a = DVec3x4::splat(DVec3::new(x[0], x[1], x[2]));
            let b = DVec3x4::from([
                DVec3::new(x[3], 1.0, 2.0),
                DVec3::new(x[4], 0.5, x[0]),
                DVec3::new(0.3, x[5], -1.0),
                DVec3::new(x[1], x[2], x[3]),
            ]);
            let d = a.cross(b).mag() + a.dot(b);
            let d = d.to_array();
            d[0] + d[1] * d[2] + d[3]
        },
        &POINT,
    );
}
