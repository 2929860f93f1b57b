//! kurbo: curves in the plane.

use kurbo::{
    Affine, BezPath, CubicBez, ParamCurve, ParamCurveArclen, ParamCurveArea, ParamCurveCurvature,
    ParamCurveNearest, Point, QuadBez, Shape, Vec2,
};

use crate::differences;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

fn cubic(x: &[f64]) -> CubicBez {
    CubicBez::new((x[0], x[1]), (x[2], x[3]), (x[4], x[5]), (x[6], x[7]))
}

#[test]
fn a_cubic() {
    differences(
        |x| {
            let c = cubic(x);
            let p = c.eval(0.3).to_vec2();
            p.hypot() + c.signed_area() + c.curvature(0.4) + c.subdivide().0.p3.x
        },
        &POINT,
    );
}

#[test]
fn a_length() {
    differences(|x| QuadBez::new((x[0], x[1]), (x[2], x[3]), (x[4], x[5])).arclen(1e-9), &POINT);
}

#[test]
fn the_length_of_a_cubic() {
    differences(|x| cubic(x).arclen(1e-9), &POINT);
}

#[test]
fn the_nearest_point() {
    differences(
        |x| {
            let q = QuadBez::new((x[0], x[1]), (x[2], x[3]), (x[4], x[5]));
            q.nearest(Point::new(x[6], x[7]), 1e-12).distance_sq
        },
        &POINT,
    );
}

#[test]
fn a_path() {
    differences(
        |x| {
            let mut path = BezPath::new();
            path.move_to((x[0], x[1]));
            path.line_to((x[2], x[3]));
            path.quad_to((x[4], x[5]), (x[6], x[7]));
            path.close_path();
            path.apply_affine(Affine::rotate(x[0]) * Affine::translate(Vec2::new(x[1], 1.0)));
            path.area() + path.segments().map(|s| s.eval(0.5).x).sum::<f64>()
        },
        &POINT,
    );
}
