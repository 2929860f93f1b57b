//! The methods of `f64` and `f32`, against central differences and at singular points.

use enzyme_rs::{Reverse, gradient, set_runtime_activity, set_strong_zero};

use crate::support::{check_singular, check_slopes};

fn whole(x: f64) -> f64 {
    // SAFETY: the tests' numbers are small.
    (unsafe { x.to_int_unchecked::<i64>() }) as f64
}

/// A number that the optimiser does not know.
fn other() -> f64 {
    std::hint::black_box(1.7)
}

#[test]
fn circular_and_hyperbolic_methods() {
    let c = other();
    check_slopes! {
        "acos": |x: f64| x.acos(), 0.3;
        "acosh": |x: f64| x.acosh(), 1.3;
        "asin": |x: f64| x.asin(), 0.3;
        "asinh": |x: f64| x.asinh(), 0.3;
        "asinh of a negative number": |x: f64| x.asinh(), -0.3;
        "atan": |x: f64| x.atan(), 0.3;
        "atan2": |x: f64| x.atan2(c), 0.3;
        "atan2, second argument": |x: f64| c.atan2(x), 0.3;
        "atanh": |x: f64| x.atanh(), 0.3;
        "cos": |x: f64| x.cos(), 0.3;
        "cosh": |x: f64| x.cosh(), 0.3;
        "sin": |x: f64| x.sin(), 2.3;
        "sin_cos": |x: f64| {let (s,c)=x.sin_cos(); s*c+s}, 2.3;
        "sinh": |x: f64| x.sinh(), 2.3;
        "tan": |x: f64| x.tan(), 2.3;
        "tanh": |x: f64| x.tanh(), 2.3;
        "to_degrees": |x: f64| x.to_degrees(), 2.3;
        "to_radians": |x: f64| x.to_radians(), 2.3;
    }
}

#[test]
fn powers_exponentials_and_logarithms() {
    let c = other();
    check_slopes! {
        "cbrt": |x: f64| x.cbrt(), 0.3;
        "exp": |x: f64| x.exp(), 0.3;
        "exp2": |x: f64| x.exp2(), 0.3;
        "exp_m1": |x: f64| x.exp_m1(), 0.3;
        "hypot": |x: f64| x.hypot(c), 2.3;
        "ln": |x: f64| x.ln(), 2.3;
        "ln_1p": |x: f64| x.ln_1p(), 2.3;
        "log": |x: f64| x.log(c), 2.3;
        "log, base": |x: f64| c.log(x), 2.3;
        "log10": |x: f64| x.log10(), 2.3;
        "log2": |x: f64| x.log2(), 2.3;
        "powf": |x: f64| x.powf(c), 2.3;
        "powf, exponent": |x: f64| c.powf(x), 2.3;
        "powf, both": |x: f64| x.powf(x), 2.3;
        "powi": |x: f64| x.powi(3), 2.3;
        "powi, negative": |x: f64| x.powi(-3), 2.3;
        "recip": |x: f64| x.recip(), 2.3;
        "sqrt": |x: f64| x.sqrt(), 2.3;
    }
}

#[test]
fn rounding_remainders_and_signs() {
    let c = other();
    check_slopes! {
        "abs": |x: f64| x.abs(), -0.7;
        "ceil": |x: f64| x*x.ceil(), 0.3;
        "copysign": |x: f64| x.copysign(-1.0), 0.3;
        "div_euclid": |x: f64| x*x.div_euclid(c), 7.3;
        "div_euclid, negative": |x: f64| x*x.div_euclid(c), -7.3;
        "floor": |x: f64| x*x.floor(), 2.3;
        "fract": |x: f64| x.fract()*x, 2.3;
        "rem": |x: f64| x % c, 2.3;
        "rem_euclid": |x: f64| x.rem_euclid(c), 2.3;
        "rem_euclid, negative": |x: f64| x.rem_euclid(c), -2.3;
        "rem_euclid, second argument": |x: f64| c.rem_euclid(x), 0.7;
        "round": |x: f64| x.round()*x, 2.3;
        "round_ties_even": |x: f64| x.round_ties_even()*x, 2.3;
        "signum": |x: f64| x.signum()*x, -2.3;
        "trunc": |x: f64| x.trunc()*x, 2.3;
        "to_int_unchecked": |x: f64| whole(x) * x, 2.3;
        "as i32": |x: f64| (x as i32) as f64 * x, 2.3;
        "limited size": |x: f64| x.abs().min(c).copysign(x)*x, -1.2;
    }
}

#[test]
fn choices_and_order() {
    let c = other();
    check_slopes! {
        "clamp": |x: f64| x.clamp(0.0, 1.0)*x, 0.3;
        "clamp, above": |x: f64| x.clamp(0.0, 1.0)*x, 1.3;
        "max": |x: f64| x.max(c), 2.3;
        "min": |x: f64| x.min(c)*x, 2.3;
        "midpoint": |x: f64| x.midpoint(c), 2.3;
        "mul_add": |x: f64| x.mul_add(c, x), 2.3;
        "lerp": |x: f64| c + (c*x - c)*x, 2.3;
        "total_cmp": |x: f64| if x.total_cmp(&c).is_lt() {x} else {x*x}, 2.3;
        "max_by total_cmp": |x: f64| *[x, x*x, c].iter().max_by(|a,b| a.total_cmp(b)).unwrap(), 2.3;
        "partial_cmp": |x: f64| *[x, x*x, c].iter().max_by(|a,b| a.partial_cmp(b).unwrap()).unwrap(), 2.3;
        "fold max": |x: f64| [x, x*x, c].iter().copied().fold(f64::NEG_INFINITY, f64::max), 2.3;
        "sum": |x: f64| [x, x*x, c].iter().sum::<f64>(), 2.3;
        "product": |x: f64| [x, x*x, c].iter().product::<f64>(), 2.3;
        "abs_sub": |x: f64| { #[allow(deprecated)] x.abs_sub(c) }, 2.3;
    }
}

#[test]
fn bits_that_are_read() {
    check_slopes! {
        "to_bits": |x: f64| if x.to_bits() >> 63 == 1 {x} else {x*x}, 2.3;
        "classes": |x: f64| if x.is_finite() && x.is_normal() && x.is_sign_positive() {x*x} else {x}, 2.3;
        "classify": |x: f64| match x.classify() {std::num::FpCategory::Normal => x*x, _ => x}, 2.3;
        "exponent of to_bits": |x: f64| ((x*x).to_bits() >> 52 & 0x7ff) as f64 * x + (x.to_bits() >> 63) as f64 / x, -2.3;
        "from_bits of to_bits": |x: f64| f64::from_bits(x.to_bits())*x, 2.3;
        "bytes": |x: f64| f64::from_ne_bytes(x.to_ne_bytes())*x, 2.3;
        "le bytes": |x: f64| f64::from_le_bytes(x.to_le_bytes())*x, 2.3;
        "be bytes": |x: f64| f64::from_be_bytes(x.to_be_bytes())*x, 2.3;
    }
}

/// Where a function has a kink, a pole or a vertical tangent, and where only its formula
/// has one.
#[test]
fn singular_points_of_methods() {
    let c = other();
    check_singular! {
        "asinh 0": |x: f64| x.asinh(), 0.0, 1.0;
        "asinh -0": |x: f64| x.asinh(), -0.0, 1.0;
        "acosh 1": |x: f64| x.acosh(), 1.0, f64::INFINITY;
        "atanh 0": |x: f64| x.atanh(), 0.0, 1.0;
        "atanh -0": |x: f64| x.atanh(), -0.0, 1.0;
        "sqrt 0": |x: f64| x.sqrt(), 0.0, f64::INFINITY;
        "abs 0": |x: f64| x.abs(), 0.0, 0.0;
        "powi0 0": |x: f64| x.powi(0), 0.0, 0.0;
        "powf0 2": |x: f64| x.powf(2.0), 0.0, 0.0;
        "powf0 c": |x: f64| x.powf(c), 0.0, 0.0;
        "powf 0.5": |x: f64| x.powf(0.5), 0.0, f64::INFINITY;
        "signum*x 0": |x: f64| x.signum()*x, 0.0, 1.0;
        "fract": |x: f64| x.fract(), 2.0, 1.0;
        "max tie": |x: f64| x.max(2.0), 2.0, 1.0;
        "max 0": |x: f64| x.max(0.0), 0.0, 1.0;
        "hypot 0": |x: f64| x.hypot(0.0), 0.0, 0.0;
        "atan2 0": |x: f64| x.atan2(0.0), 0.0, 0.0;
        "tanh, far out": |x: f64| x.tanh(), 1e3, 0.0;
        "rem_euclid tie": |x: f64| x.rem_euclid(c), 2.0 * 1.7, 1.0;
    }
}

/// All that `f32` has is the same table.
#[test]
fn single_precision() {
    let close = |name: &str, found: f32, expected: f64| {
        let error = (f64::from(found) - expected).abs() / expected.abs().max(1.0);
        assert!(error < 1e-6, "{name}: {found}, not {expected}");
    };
    let x = std::hint::black_box(0.375_f32);
    let d = f64::from(x);
    close("sin", gradient(Reverse, |x: f32| x.sin(), x), d.cos());
    close("tan", gradient(Reverse, |x: f32| x.tan(), x), 1.0 + d.tan().powi(2));
    close("asinh", gradient(Reverse, |x: f32| x.asinh(), x), (d * d + 1.0).sqrt().recip());
    close("asinh at 0", gradient(Reverse, |x: f32| x.asinh(), x - x), 1.0);
    close("ln_1p", gradient(Reverse, |x: f32| x.ln_1p(), x), (1.0 + d).recip());
    close("powf", gradient(Reverse, |x: f32| x.powf(2.5), x), 2.5 * d.powf(1.5));
    close("hypot", gradient(Reverse, |x: f32| x.hypot(1.0), x), d / d.hypot(1.0));
    close("rem_euclid", gradient(Reverse, |x: f32| (-x).rem_euclid(0.25) * x, x), 0.125 - d);
    close("midpoint", gradient(Reverse, |x: f32| x.midpoint(1.0), x), 0.5);
    close("cbrt", gradient(Reverse, |x: f32| x.cbrt(), x), d.cbrt().powi(-2) / 3.0);
}

/// An adjoint of 0 times an infinite derivative: NaN, or 0 on request.
#[test]
fn strong_zeros() {
    let slope = |x: f64| {
        let limited = |x: f64| (1.0 / x).min(1.0) + x.sqrt() * 0.0 + x.max(-1.0).ln().max(0.0);
        let plain: f64 = gradient(Reverse, limited, x);
        let strong: f64 = gradient(set_strong_zero(Reverse), limited, x);
        let both: f64 = gradient(set_runtime_activity(set_strong_zero(Reverse)), limited, x);
        assert_eq!(strong.to_bits(), both.to_bits());
        (plain, strong)
    };
    let (plain, strong) = slope(std::hint::black_box(0.0));
    assert!(plain.is_nan());
    assert_eq!(strong, 0.0);
    assert_eq!(slope(std::hint::black_box(2.0)), (0.25, 0.25));
    // A pole that the result does depend on stays one.
    let pole: f64 = gradient(set_strong_zero(Reverse), |x: f64| x.sqrt(), 0.0);
    assert_eq!(pole, f64::INFINITY);
}
