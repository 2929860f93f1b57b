//! splines: keys of different interpolations.

use splines::{Interpolation, Key, Spline};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn spline(x: &[f64], how: Interpolation<f64, f64>) -> Spline<f64, f64> {
    x.iter().enumerate().map(|(i, v)| Key::new(i as f64, v * v, how)).collect()
}

#[test]
fn catmull_rom() {
    differences(
        |x| {
            let s = spline(x, Interpolation::CatmullRom);
            s.sample(1.3).unwrap() + s.sample(2.7).unwrap() * s.clamped_sample(3.1).unwrap()
        },
        &POINT,
    );
}

#[test]
fn keys_of_all_kinds() {
    differences(
        |x| {
            let s = Spline::from_vec(vec![
                Key::new(0.0, x[0], Interpolation::Cosine),
                Key::new(1.0, x[1], Interpolation::Bezier(x[2])),
                Key::new(2.0, x[3], Interpolation::Step(0.5)),
                Key::new(3.0, x[4], Interpolation::Linear),
                Key::new(4.0, x[5], Interpolation::Linear),
            ]);
            s.sample(0.4).unwrap()
                + s.sample(1.6).unwrap()
                + s.sample(2.6).unwrap()
                + s.sample(3.5).unwrap()
        },
        &POINT,
    );
}
