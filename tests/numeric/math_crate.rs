//! The `libm` crate: Rust, but on the bits of floats, so that its functions are known
//! by their paths.
//!
//! In optimised builds rustc inlines some of them before the plugin sees the program,
//! unless it is told not to inline: see `LIMITATIONS.md`.

use crate::support::check_slopes;

/// A number that the optimiser does not know.
fn other() -> f64 {
    std::hint::black_box(1.7)
}

fn order() -> i32 {
    std::hint::black_box(3)
}

#[test]
fn circular_and_hyperbolic_functions() {
    let c = other();
    check_slopes! {
        "sin": |x: f64| libm::sin(x), 0.4;
        "cos": |x: f64| libm::cos(x), 0.4;
        "tan": |x: f64| libm::tan(x), 0.4;
        "asin": |x: f64| libm::asin(x), 0.4;
        "acos": |x: f64| libm::acos(x), 0.4;
        "atan": |x: f64| libm::atan(x), 0.4;
        "atan2": |x: f64| libm::atan2(x,c), 0.4;
        "sinh": |x: f64| libm::sinh(x), 0.4;
        "cosh": |x: f64| libm::cosh(x), 0.4;
        "tanh": |x: f64| libm::tanh(x), 0.4;
        "asinh": |x: f64| libm::asinh(x), 0.4;
        "acosh": |x: f64| libm::acosh(x), 1.4;
        "atanh": |x: f64| libm::atanh(x), 0.4;
        "Libm": |x: f64| libm::Libm::<f64>::tanh(x), 0.5;
    }
}

#[test]
fn powers_exponentials_and_logarithms() {
    let c = other();
    check_slopes! {
        "exp": |x: f64| libm::exp(x), 0.4;
        "exp2": |x: f64| libm::exp2(x), 0.4;
        "exp10": |x: f64| libm::exp10(x), 0.4;
        "expm1": |x: f64| libm::expm1(x), 0.4;
        "log": |x: f64| libm::log(x), 0.4;
        "log2": |x: f64| libm::log2(x), 0.4;
        "log10": |x: f64| libm::log10(x), 0.4;
        "log1p": |x: f64| libm::log1p(x), 0.4;
        "pow": |x: f64| libm::pow(x,c), 0.4;
        "sqrt": |x: f64| libm::sqrt(x), 0.4;
        "cbrt": |x: f64| libm::cbrt(x), 0.4;
        "hypot": |x: f64| libm::hypot(x,c), 0.4;
    }
}

#[test]
fn remainders_rounding_and_choices() {
    let c = other();
    let n = order();
    check_slopes! {
        "fmod": |x: f64| libm::fmod(c,x), 0.4;
        "remainder": |x: f64| libm::remainder(c,x), 0.4;
        "ldexp": |x: f64| libm::ldexp(x,n), 0.4;
        "scalbn": |x: f64| libm::scalbn(x,n), 0.4;
        "fma": |x: f64| libm::fma(x,c,x), 0.4;
        "fmax": |x: f64| libm::fmax(x,c), 2.4;
        "fmin": |x: f64| libm::fmin(x,c), 0.4;
        "fdim": |x: f64| libm::fdim(x,c), 2.4;
        "fmaximum": |x: f64| libm::fmaximum(x,c), 2.4;
        "fminimum_num": |x: f64| libm::fminimum_num(x,c), 0.4;
        "floor": |x: f64| libm::floor(x)*x, -2.4;
        "ceil": |x: f64| libm::ceil(x)*x, -2.4;
        "round": |x: f64| libm::round(x)*x, -2.4;
        "trunc": |x: f64| libm::trunc(x)*x, -2.4;
        "rint": |x: f64| libm::rint(x)*x, -2.4;
        "roundeven": |x: f64| libm::roundeven(x)*x, -2.4;
        "fabs": |x: f64| libm::fabs(x)*x, -2.4;
        "copysign": |x: f64| libm::copysign(x,-1.0)*x, -2.4;
        "ilogb": |x: f64| libm::ilogb(x) as f64*x, -2.4;
    }
}

#[test]
fn special_functions() {
    let n = order();
    check_slopes! {
        "erf": |x: f64| libm::erf(x), 0.4;
        "erfc": |x: f64| libm::erfc(x), 0.4;
        "tgamma": |x: f64| libm::tgamma(x), 2.4;
        "lgamma": |x: f64| libm::lgamma(x), 2.4;
        "j0": |x: f64| libm::j0(x), 0.4;
        "j1": |x: f64| libm::j1(x), 0.4;
        "jn": |x: f64| libm::jn(n,x), 2.4;
        "y0": |x: f64| libm::y0(x), 0.4;
        "y1": |x: f64| libm::y1(x), 2.4;
        "yn": |x: f64| libm::yn(n,x), 2.4;
    }
}

#[test]
fn functions_with_several_results() {
    check_slopes! {
        "sincos": |x: f64| {let (s,c)=libm::sincos(x); s*c+s}, 2.4;
        "lgamma_r": |x: f64| {let (s,c)=libm::lgamma_r(x); s*c as f64+s}, -2.4;
        "frexp": |x: f64| {let (s,c)=libm::frexp(x); s*c as f64+s}, -2.4;
        "modf": |x: f64| {let (s,c)=libm::modf(x); s*c+s}, -2.4;
    }
}
