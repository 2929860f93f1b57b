//! glam: vectors, matrices and rotations, of f64 and of f32 in SIMD registers.

use glam::{
    Affine3A, DAffine3, DMat2, DMat3, DMat4, DQuat, DVec2, DVec3, DVec4, EulerRot, Mat3A, Mat4,
    Quat, Vec3, Vec3A, Vec4, Vec4Swizzles,
};

use crate::{differences, single};

const POINT: [f64; 9] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.5, 0.8, -0.7];

#[test]
fn vectors() {
    differences(
        |x| {
            let a = DVec3::from_slice(x);
            let b = DVec3::from_slice(&x[3..]);
            let c = a.cross(b) + a.lerp(b, x[6]) * b.normalize();
            let flat = DVec2::new(x[7], x[8]).rotate(DVec2::new(x[0], x[1])).perp();
            c.dot(a) + c.length() + a.distance(b) + a.angle_between(b) + flat.dot(a.truncate())
        },
        &POINT,
    );
}

#[test]
fn choices_in_vectors() {
    differences(
        |x| {
            let (a, b) = (DVec4::from_slice(x), DVec4::from_slice(&x[4..]));
            let c = DVec4::select(a.cmplt(b), a * b, a - b) + a.max(b).abs() * a.min(b);
            c.clamp(DVec4::splat(-1.0), DVec4::splat(2.0)).dot(a)
                + c.max_element()
                + c.wzyx().dot(b)
        },
        &POINT,
    );
}

#[test]
fn matrices() {
    differences(
        |x| {
            let a = DMat3::from_cols_slice(x);
            let b = a.inverse() * a.transpose() + a * a;
            let flat = DMat2::from_angle(x[0]) * DMat2::from_cols_slice(&x[1..5]).inverse();
            (b * DVec3::new(x[0], x[4], x[8])).length() + a.determinant() + flat.determinant()
        },
        &POINT,
    );
}

#[test]
fn matrices_of_four_rows() {
    differences(
        |x| {
            let (scale, shift) = (DVec3::from_slice(x), DVec3::from_slice(&x[4..]));
            let turn = DQuat::from_rotation_z(x[3]);
            let place = DMat4::from_scale_rotation_translation(scale, turn, shift);
            let projected = place.transpose() * 0.5 + DMat4::IDENTITY;
            let p = projected.project_point3(DVec3::from_slice(&x[6..]));
            p.dot(DVec3::new(1.0, 2.0, 3.0)) + projected.inverse().determinant() * 1e-2
        },
        &POINT,
    );
}

#[test]
fn rotations() {
    differences(
        |x| {
            let a = DQuat::from_euler(EulerRot::XYZ, x[0], x[1], x[2]);
            let b = DQuat::from_axis_angle(DVec3::from_slice(&x[3..]).normalize(), x[6]);
            let turned = (a * b.inverse()).mul_vec3(DVec3::from_slice(&x[6..]));
            let between = a.slerp(b, 0.3).to_axis_angle().1;
            let place = DAffine3::from_rotation_translation(b, turned).inverse();
            place.transform_point3(turned * x[0]).length() + turned.x + between
        },
        &POINT,
    );
}

#[test]
fn vectors_of_single_precision() {
    single(
        |x| {
            let a = Vec3A::from_slice(x);
            let b = Vec3A::from_slice(&x[3..]);
            let c = a.cross(b) * a.dot(b) + b.normalize();
            let d = Vec4::from_slice(x).dot(Vec4::from_slice(&x[5..]));
            c.length() + d + Vec3::from_slice(&x[6..]).dot(c.into())
        },
        &POINT.map(|v| v as f32),
    );
}

#[test]
fn choices_in_single_precision() {
    single(
        |x| {
            let (a, b) = (Vec4::from_slice(x), Vec4::from_slice(&x[4..]));
            let c = Vec4::select(a.cmplt(b), a * b, a - b) + a.max(b).abs() * a.min(b);
            c.dot(a) + c.max_element() + c.wzyx().dot(b)
        },
        &POINT.map(|v| v as f32),
    );
}

#[test]
fn matrices_of_single_precision() {
    single(
        |x| {
            let a = Mat3A::from_cols_slice(x);
            let b = Mat4::from_cols_array_2d(&[
                [x[0], x[1], x[2], x[3]],
                [x[4], x[5], x[6], x[7]],
                [x[8], x[0], x[5], x[2]],
                [x[1], x[3], x[7], x[8]],
            ]);
            let c = a.inverse() * Vec3A::from_slice(x) + a * Vec3A::from_slice(&x[5..]);
            c.length() + b.determinant() + (b.inverse() * Vec4::from_slice(x)).length()
        },
        &POINT.map(|v| v as f32),
    );
}

#[test]
fn rotations_of_single_precision() {
    single(
        |x| {
            let a = Quat::from_xyzw(x[0], x[1], x[2], x[3]).normalize();
            let b = Quat::from_rotation_y(x[4]);
            let place = Affine3A::from_rotation_translation(a * b, Vec3::from_slice(&x[5..]));
            (place.inverse() * place).transform_point3(Vec3::from_slice(x)).length()
                + (a * b * Vec3A::from_slice(&x[6..])).dot(Vec3A::from_slice(x))
        },
        &POINT.map(|v| v as f32),
    );
}
