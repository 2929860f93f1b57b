//! libm: elementary functions in plain Rust.

use crate::differences;

const POINT: [f64; 3] = [0.9, 1.7, 0.4];

#[test]
fn circular() {
    differences(
        |x| {
            libm::sin(x[0]) * libm::cos(x[1])
                + libm::tan(x[2])
                + libm::atan2(x[0], x[1])
                + libm::acos(x[2])
        },
        &POINT,
    );
}

#[test]
fn exponential() {
    differences(
        |x| {
            libm::exp(x[0]) * libm::log(x[1])
                + libm::exp2(x[2])
                + libm::expm1(x[0])
                + libm::log1p(x[1])
        },
        &POINT,
    );
}

#[test]
fn powers() {
    differences(
        |x| libm::pow(x[0], x[1]) + libm::sqrt(x[2]) + libm::cbrt(x[1]) + libm::hypot(x[0], x[2]),
        &POINT,
    );
}

#[test]
fn hyperbolic() {
    differences(|x| libm::sinh(x[0]) + libm::tanh(x[1]) + libm::asinh(x[2]), &POINT);
}

#[test]
fn gamma_and_error() {
    differences(|x| libm::lgamma(x[0]) + libm::tgamma(x[1]) + libm::erf(x[2]), &POINT);
}

#[test]
fn parts() {
    differences(
        |x| {
            libm::fabs(x[0] - 2.0)
                + libm::fmax(x[0], x[1])
                + libm::floor(x[1]) * x[2]
                + libm::fmod(x[1], x[2])
                + libm::copysign(x[0], -x[1])
        },
        &POINT,
    );
}

#[test]
fn of_large_arguments() {
    // Wrong digits of differences aside, the derivative is known.
    for at in [1e5, 3e6, 1e7, 1e12, 1e25] {
        let (value, slope): (f64, f64) = enzyme_rs::value_and_gradient(
            enzyme_rs::Reverse,
            |x: f64| libm::sin(x),
            std::hint::black_box(at),
        );
        crate::close(value, libm::sin(at), 1e-12, "value");
        crate::close(slope, libm::cos(at), 1e-9, "derivative");
    }
}

#[test]
fn of_large_arguments_tan() {
    for at in [1e5, 3e6, 1e7, 1e12, 1e25] {
        let (_, slope): (f64, f64) = enzyme_rs::value_and_gradient(
            enzyme_rs::Reverse,
            |x: f64| libm::tan(x),
            std::hint::black_box(at),
        );
        let t = libm::tan(at);
        crate::close(slope, 1.0 + t * t, 1e-9, "derivative");
    }
}

#[test]
fn of_large_singles() {
    for at in [1e5f32, 3e6, 1e7, 1e12, 1e25] {
        let (_, slope): (f32, f32) = enzyme_rs::value_and_gradient(
            enzyme_rs::Reverse,
            |x: f32| libm::cosf(x),
            std::hint::black_box(at),
        );
        crate::close(slope.into(), (-libm::sinf(at)).into(), 1e-5, "derivative");
    }
}

#[test]
fn scaled() {
    differences(
        |x| {
            libm::scalbn(x[0], 3)
                + libm::ldexp(x[1], -2)
                + {
                    let (m, e) = libm::frexp(x[2] * 6.0);
                    m * f64::from(e)
                }
                + {
                    let (f, w) = libm::modf(x[1] * 2.0);
                    f * w
                }
                + libm::rint(x[1]) * x[0]
                + libm::trunc(x[1]) * x[2]
                + libm::round(x[0] * 3.0) * x[1]
                + libm::ceil(x[0] * 3.0) * x[1]
        },
        &POINT,
    );
}

#[test]
fn remainders() {
    differences(|x| libm::remainder(x[1], x[2]) + libm::fdim(x[1], x[2]), &POINT);
}

#[test]
fn remainders_with_their_quotients() {
    differences(
        |x| {
            let (rest, quotient) = libm::remquo(x[1] * 7.3, x[2]);
            rest * rest * f64::from(quotient)
        },
        &POINT,
    );
}

/// The engine's body of the function has the values of the function.
#[test]
fn quotients_of_remainders_in_all_sizes() {
    let of = |x: f64, y: f64| {
        let (rest, quotient) = libm::remquo(x, y);
        rest + f64::from(quotient)
    };
    let single = |x: f32, y: f32| {
        let (rest, quotient) = libm::remquof(x, y);
        f64::from(rest) + f64::from(quotient)
    };
    let sizes =
        [0.0, 5e-324, 1e-3, 0.5, 1.0, 2.5, 7.3, 65536.5, 3e9, 1e30, f64::INFINITY, f64::NAN];
    let signed = || sizes.iter().flat_map(|size| [*size, -size]);
    for (x, y) in signed().flat_map(|x| signed().map(move |y| (x, y))) {
        let (value, _) = enzyme_rs::value_and_gradient(enzyme_rs::Reverse, of, (x, y));
        let expected = of(x, y);
        assert!(value.to_bits() == expected.to_bits() || value.is_nan() && expected.is_nan());
        let (x, y) = (x as f32, y as f32);
        let (value, _) = enzyme_rs::value_and_gradient(enzyme_rs::Reverse, single, (x, y));
        let expected = single(x, y);
        assert!(value.to_bits() == expected.to_bits() || value.is_nan() && expected.is_nan());
    }
}
