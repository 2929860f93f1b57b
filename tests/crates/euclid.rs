//! euclid: points, vectors and transforms with units.

use euclid::default::{Box2D, Point2D, Transform2D, Transform3D, Vector2D, Vector3D};
use euclid::{Angle, Rotation3D, point2, point3};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn vectors() {
    differences(
        |x| {
            let a = Vector2D::new(x[0], x[1]);
            let b = Vector2D::new(x[2], x[3]);
            let v = Vector3D::new(x[4], x[5], x[0]).normalize();
            a.cross(b) + a.dot(b) + a.lerp(b, x[4]).length() + v.x * v.z + a.angle_to(b).radians
        },
        &POINT,
    );
}

#[test]
fn transforms() {
    differences(
        |x| {
            let t = Transform2D::translation(x[0], x[1])
                .then_rotate(Angle::radians(x[2]))
                .then_scale(x[3], x[5]);
            let p: Point2D<f64> = t.transform_point(point2(x[4], 1.0));
            let back = t.inverse().unwrap().transform_point(point2(0.3, x[4]));
            p.x * p.y + back.x - back.y + t.determinant()
        },
        &POINT,
    );
}

#[test]
fn rotations() {
    differences(
        |x| {
            let turn: Rotation3D<f64, euclid::UnknownUnit, euclid::UnknownUnit> =
                Rotation3D::around_axis(Vector3D::new(x[0], x[1], x[2]), Angle::radians(x[3]));
            let t: Transform3D<f64> = turn.to_transform();
            let p = t.transform_point3d(point3(x[4], x[5], 1.0)).unwrap();
            p.x + p.y * p.z + turn.inverse().i
        },
        &POINT,
    );
}

#[test]
fn boxes() {
    differences(
        |x| {
            let points = x.chunks(2).map(|p| point2(p[0], p[1]));
            let b: Box2D<f64> = Box2D::from_points(points);
            b.area() * b.center().x + b.inflate(x[5], 0.1).width()
        },
        &POINT,
    );
}
