//! Functions of the C library, called by their symbols, against central differences.

use enzyme_rs::{Reverse, gradient, value_and_gradient};

use crate::support::{check_singular, check_slopes};

/// A complex number as C passes it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Complex<T> {
    re: T,
    im: T,
}

unsafe extern "C" {
    safe fn erf(x: f64) -> f64;
    safe fn erfc(x: f64) -> f64;
    safe fn tgamma(x: f64) -> f64;
    safe fn lgamma(x: f64) -> f64;
    safe fn remainder(x: f64, y: f64) -> f64;
    safe fn fmod(x: f64, y: f64) -> f64;
    safe fn ldexp(x: f64, n: i32) -> f64;
    safe fn scalbn(x: f64, n: i32) -> f64;
    safe fn scalbln(x: f64, n: i64) -> f64;
    safe fn logb(x: f64) -> f64;
    safe fn ilogb(x: f64) -> i32;
    safe fn nextafter(x: f64, y: f64) -> f64;
    safe fn fdim(x: f64, y: f64) -> f64;
    safe fn fmax(x: f64, y: f64) -> f64;
    safe fn exp10(x: f64) -> f64;
    safe fn j0(x: f64) -> f64;
    safe fn j1(x: f64) -> f64;
    safe fn jn(n: i32, x: f64) -> f64;
    safe fn y0(x: f64) -> f64;
    safe fn y1(x: f64) -> f64;
    safe fn yn(n: i32, x: f64) -> f64;
    safe fn jnf(n: i32, x: f32) -> f32;
    safe fn y1f(x: f32) -> f32;
    safe fn lgamma_r(x: f64, sign: &mut i32) -> f64;
    safe fn modf(x: f64, whole: &mut f64) -> f64;
    safe fn frexp(x: f64, exponent: &mut i32) -> f64;
    safe fn frexpf(x: f32, exponent: &mut i32) -> f32;
    safe fn sincos(x: f64, sine: &mut f64, cosine: &mut f64);
    safe fn remquo(x: f64, y: f64, quotient: &mut i32) -> f64;
    safe fn __muldc3(a: f64, b: f64, c: f64, d: f64) -> Complex<f64>;
    safe fn __divdc3(a: f64, b: f64, c: f64, d: f64) -> Complex<f64>;
    safe fn __mulsc3(a: f32, b: f32, c: f32, d: f32) -> Complex<f32>;
    safe fn __divsc3(a: f32, b: f32, c: f32, d: f32) -> Complex<f32>;
    safe fn cabs(z: Complex<f64>) -> f64;
    safe fn carg(z: Complex<f64>) -> f64;
    safe fn cabsf(z: Complex<f32>) -> f32;
}

/// A number that the optimiser does not know.
fn other() -> f64 {
    std::hint::black_box(1.7)
}

fn order() -> i32 {
    std::hint::black_box(3)
}

#[test]
fn functions_with_one_result() {
    let c = other();
    let n = order();
    check_slopes! {
        "erf": |x: f64| erf(x), 0.4;
        "erfc": |x: f64| erfc(x), 0.4;
        "tgamma": |x: f64| tgamma(x), 2.4;
        "lgamma": |x: f64| lgamma(x), 2.4;
        "remainder": |x: f64| remainder(c, x)*x, 0.4;
        "fmod": |x: f64| fmod(c,x), 0.7;
        "ldexp": |x: f64| ldexp(x*x, n), 0.7;
        "scalbn": |x: f64| scalbn(x*x, n), 0.7;
        "scalbln": |x: f64| scalbln(x*x, n as i64), 0.7;
        "logb": |x: f64| logb(x)*x, 5.7;
        "ilogb": |x: f64| ilogb(x) as f64*x, 5.7;
        "nextafter": |x: f64| nextafter(x,c), 5.7;
        "fdim": |x: f64| fdim(x*x,c), 5.7;
        "exp10": |x: f64| exp10(x), 0.7;
        "fmax": |x: f64| fmax(x,c)*x, 2.7;
    }
}

#[test]
fn bessel_functions() {
    let n = order();
    check_slopes! {
        "j0": |x: f64| j0(x), 2.7;
        "j1": |x: f64| j1(x), 2.7;
        "jn": |x: f64| jn(n,x), 2.7;
        "y0": |x: f64| y0(x), 2.7;
        "y1": |x: f64| y1(x), 2.7;
        "yn": |x: f64| yn(n,x), 2.7;
    }
}

/// Their second results go to memory; the sign and the quotient matter in each round of a
/// loop, though the place is the same.
#[test]
fn functions_with_several_results() {
    let c = other();
    let n = order();
    check_slopes! {
        "lgamma_r, negative": |x: f64| {let mut s=0; let y = lgamma_r(x,&mut s); y*s as f64}, -0.4;
        "lgamma_r": |x: f64| {let mut s=0; let y = lgamma_r(x,&mut s); y*s as f64}, 2.4;
        "lgamma_r, between other poles": |x: f64| {let mut s=0; let y = lgamma_r(x,&mut s); y*s as f64}, -1.4;
        "modf": |x: f64| {let mut s=0.0; let y = modf(x,&mut s); y*y+s}, -2.4;
        "modf, both parts": |x: f64| {let mut s=0.0; let y = modf(x*x,&mut s); y*s}, -2.4;
        "frexp": |x: f64| {let mut s=0; let y = frexp(x,&mut s); y*y*s as f64}, -6.4;
        "sincos": |x: f64| {let (mut s, mut cc)=(0.0,0.0); sincos(x,&mut s, &mut cc); s*cc+s}, -6.4;
        "remquo": |x: f64| {let mut s=0; let y = remquo(x*2.0,x*x,&mut s); y*y*s as f64}, 0.4;
        "remquo of a constant": |x: f64| {let mut s=0; let y = remquo(x*20.0,c,&mut s); y*y*s as f64}, 1.4;
        "complex product": |x: f64| {let z=__muldc3(x,c,x*x,x); z.re*z.im}, 0.7;
        "complex quotient": |x: f64| {let z=__divdc3(x,c,x*x,x); z.re*z.im+z.re}, 0.7;
        "complex quotient, scaled": |x: f64| {let z=__divdc3(x,c,1.0,x*x*x); z.re*z.im+z.im}, 2.7;
        "cabs": |x: f64| cabs(Complex { re: x, im: c }), 0.7;
        "carg": |x: f64| carg(Complex { re: x, im: c }), 0.7;
        "lgamma_r in a loop": |x: f64| {let mut acc=0.0; let mut s=0; for i in 0..n { let y = lgamma_r(x - i as f64,&mut s); acc += y*x*s as f64; } acc}, 0.4;
        "remquo in a loop": |x: f64| {let mut acc=0.0; let mut s=0; for i in 0..n { let y = remquo(x*x*(i+5) as f64,c,&mut s); acc += y*x*s as f64; } acc}, 1.4;
        "frexp in a loop": |x: f64| {let mut acc=0.0; let mut s=0; for i in 0..n { let y = frexp(x*x*(i+5) as f64,&mut s); acc += y*x*s as f64; } acc}, 1.4;
    }
}

#[test]
fn bessel_functions_at_their_limits() {
    check_singular! {
        "j0": |x: f64| j0(x), 0.0, 0.0;
        "j1": |x: f64| j1(x), 0.0, 0.5;
        "y0": |x: f64| y0(x), 0.0, f64::INFINITY;
    }
}

#[test]
fn single_precision() {
    let close = |name: &str, found: f32, expected: f64| {
        let error = (f64::from(found) - expected).abs() / expected.abs().max(1.0);
        assert!(error < 2e-6, "{name}: {found}, not {expected}");
    };
    let x = std::hint::black_box(0.75_f32);
    let d = f64::from(x);
    close("jn", gradient(Reverse, |x: f32| jnf(2, x), x), j1(d) - 2.0 / d * jn(2, d));
    close("y1", gradient(Reverse, |x: f32| y1f(x), x), y0(d) - y1(d) / d);
    let halved = |x: f32| frexpf(8.0 * x * x, &mut 0);
    close("frexp", gradient(Reverse, halved, x), 2.0 * d);
    let product = |x: f32| {
        let z = __mulsc3(x, 1.5, 2.0, x);
        z.re * z.im
    };
    // (2x - 1.5x)(x² + 3)
    close("product", gradient(Reverse, product, x), 0.5 * (3.0 * d * d + 3.0));
    let quotient = |x: f32| __divsc3(x, 1.5, 2.0, x).im;
    // (3 - x²)/(4 + x²)
    close("quotient", gradient(Reverse, quotient, x), -14.0 * d / (4.0 + d * d).powi(2));
    let size = |x: f32| cabsf(Complex { re: x, im: 1.5 });
    close("size", gradient(Reverse, size, x), d / d.hypot(1.5));
}

/// What stands in place of these functions gives their values to the last bit.
#[test]
fn bodies_compute_what_the_functions_compute() {
    let special = [0.0, 1.0, 2.5, 0.5, 3.5, 0.999999, 1e300, 5e-324, 3e-310, f64::INFINITY];
    let points = special.into_iter().flat_map(|x| [x, -x]).chain([f64::NAN]);
    for x in points.map(std::hint::black_box) {
        let check = |name: &str, ours: f64, theirs: f64| {
            let same = ours.to_bits() == theirs.to_bits() || (ours.is_nan() && theirs.is_nan());
            assert!(same, "{name} of {x:?}: {ours:?}, not {theirs:?}");
        };
        let both = |f: fn(f64) -> f64| f(x);
        macro_rules! compare {
            ($name:literal, $f:expr) => {{
                let (value, _): (f64, f64) = value_and_gradient(Reverse, $f, x);
                check($name, value, both($f));
            }};
        }
        compare!("modf", |x: f64| modf(x, &mut 0.0));
        compare!("whole part of modf", |x: f64| {
            let mut whole = 0.0;
            modf(x, &mut whole);
            whole
        });
        compare!("frexp", |x: f64| frexp(x, &mut 0));
        compare!("lgamma_r", |x: f64| lgamma_r(x, &mut 0));
        if x.is_finite() {
            compare!("exponent of frexp", |x: f64| {
                let mut exponent = 0;
                frexp(x, &mut exponent) * 0.0 + f64::from(exponent)
            });
            compare!("sign of lgamma_r", |x: f64| {
                let mut sign = 0;
                lgamma_r(x, &mut sign).min(1.0) * 0.0 + f64::from(sign)
            });
        }
    }
}
