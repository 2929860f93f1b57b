//! quadrature: integrals by adaptive rules.

use crate::differences;

const POINT: [f64; 3] = [0.9, 1.2, 0.4];

#[test]
fn double_exponential() {
    differences(
        |x| {
            quadrature::integrate(
                |t| (-x[0] * t * t).exp() * (x[1] * t).cos(),
                0.0,
                1.0 + x[2],
                1e-11,
            )
            .integral
        },
        &POINT,
    );
}

#[test]
fn clenshaw_curtis() {
    differences(
        |x| {
            let f = |t: f64| (x[0] * t).sin() / (x[1] + t);
            quadrature::clenshaw_curtis::integrate(f, 0.0, x[2], 1e-12).integral
        },
        &POINT,
    );
}
