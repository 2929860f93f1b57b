//! enterpolation: curves through elements.

use enterpolation::bezier::Bezier;
use enterpolation::bspline::BSpline;
use enterpolation::linear::Linear;
use enterpolation::{Curve, Signal};

use crate::differences;

const POINT: [f64; 6] = [0.9, -0.7, 0.4, 2.1, -0.3, 1.6];

#[test]
fn lines_between_knots() {
    differences(
        |x| {
            let knots = [0.0, 0.2, 0.8 + 0.1 * x[4], 1.5];
            let line =
                Linear::builder().elements([x[0], x[1], x[2], x[3]]).knots(knots).build().unwrap();
            line.eval(0.3) + line.take(5).sum::<f64>()
        },
        &POINT,
    );
}

#[test]
fn a_bezier_curve_and_a_spline() {
    differences(
        |x| {
            let curve = Bezier::builder()
                .elements([x[0], x[2], x[4], x[5]])
                .normalized::<f64>()
                .constant()
                .build()
                .unwrap();
            let spline = BSpline::builder()
                .clamped()
                .elements(x.to_vec())
                .equidistant::<f64>()
                .degree(3)
                .normalized()
                .dynamic()
                .build()
                .unwrap();
            curve.eval(0.4 + 0.1 * x[0]) + spline.eval(0.6)
        },
        &POINT,
    );
}
