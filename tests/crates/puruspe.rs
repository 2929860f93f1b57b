//! puruspe: special functions in plain Rust.

use crate::differences;

const POINT: [f64; 3] = [0.9, 1.7, 2.6];

#[test]
fn gamma_functions() {
    differences(
        |x| puruspe::gamma(x[1]) + puruspe::ln_gamma(x[2]) + puruspe::beta(x[0], x[2]),
        &POINT,
    );
}

#[test]
fn incomplete_gamma_and_beta() {
    differences(
        |x| puruspe::gammp(1.7, x[2]) + puruspe::gammq(2.1, x[0]) + puruspe::betai(1.3, 2.4, x[0]),
        &POINT,
    );
}

#[test]
fn error_functions() {
    differences(|x| puruspe::erf(x[0]) * puruspe::erfc(x[1]) + puruspe::inverf(0.3 * x[0]), &POINT);
}

#[test]
fn lambert_w() {
    differences(|x| puruspe::lambert_w0(x[0]) + puruspe::lambert_wm1(-0.1 * x[1]), &POINT);
}
