//! palette: colours from space to space.

use palette::{FromColor, Hsv, IntoColor, Lab, LinSrgb, Mix, Oklab, Srgb};

use crate::differences;

const POINT: [f64; 3] = [0.3, 0.6, 0.45];

#[test]
fn linear_light() {
    differences(
        |x| {
            let c: LinSrgb<f64> = Srgb::new(x[0], x[1], x[2]).into_linear();
            let d = c.mix(LinSrgb::new(0.1, 0.2, 0.3), 0.4);
            let e: Srgb<f64> = Srgb::from_linear(d);
            c.red * c.green + d.blue + e.red
        },
        &POINT,
    );
}

#[test]
fn distance_in_lab() {
    differences(
        |x| {
            let a: Lab<palette::white_point::D65, f64> = Srgb::new(x[0], x[1], x[2]).into_color();
            let b = Lab::<palette::white_point::D65, f64>::new(50.0, 10.0, -20.0);
            ((a.l - b.l).powi(2) + (a.a - b.a).powi(2) + (a.b - b.b).powi(2)).sqrt()
        },
        &POINT,
    );
}

#[test]
fn perceptual_and_hue() {
    differences(
        |x| {
            let rgb = Srgb::new(x[0], x[1], x[2]);
            let ok = Oklab::from_color(rgb);
            let hsv = Hsv::from_color(rgb);
            ok.l * ok.a + ok.b + hsv.saturation * hsv.value + hsv.hue.into_inner() * 0.01
        },
        &POINT,
    );
}
