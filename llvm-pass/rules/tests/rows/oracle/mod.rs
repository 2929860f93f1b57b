//! The functions themselves, and closed forms of their partial derivatives.

/// What a row is compared with.
pub struct Oracle {
    /// The function.
    pub primal: fn(&[f64]) -> f64,
    /// Its derivative with respect to each operand, by another identity than the row's.
    pub partials: fn(&[f64]) -> Vec<f64>,
}

macro_rules! oracles {
    ($($name:literal: |$x:ident| $primal:expr, [$($partial:expr),*];)*) => {
        /// The oracle of the row with this name.
        pub fn of(name: &str) -> Option<Oracle> {
            Some(match name {
                $($name => Oracle { primal: |$x| $primal, partials: |$x| { let _ = $x; vec![$($partial),*] } },)*
                _ => return None,
            })
        }
    };
}

oracles! {
    // Operators.
    "neg": |x| -x[0], [-1.0];
    "add": |x| x[0] + x[1], [1.0, 1.0];
    "sub": |x| x[0] - x[1], [1.0, -1.0];
    "mul": |x| x[0] * x[1], [x[1], x[0]];
    "div": |x| x[0] / x[1], [x[1].recip(), -x[0] / (x[1] * x[1])];
    "rcp": |x| x[0].recip(), [-x[0].powi(-2)];
    "fma": |x| libm::fma(x[0], x[1], x[2]), [x[1], x[0], 1.0];
    "ldexp": |x| libm::ldexp(x[0], x[1] as i32), [2f64.powf(x[1]), 0.0];
    "identity": |x| x[0], [1.0];
    "nextafter": |x| libm::nextafter(x[0], x[1]), [1.0, 0.0];
    "nextup": |x| libm::nextafter(x[0], f64::INFINITY), [1.0];
    "fdim": |x| libm::fdim(x[0], x[1]), [step(x[0] - x[1]), -step(x[0] - x[1])];
    "fmod": |x| x[0] % x[1], [1.0, -(x[0] / x[1]).trunc()];
    "remainder": |x| libm::remainder(x[0], x[1]), [1.0, -(x[0] / x[1]).round_ties_even()];
    // Rounding, signs, choices.
    "floor": |x| x[0].floor(), [0.0];
    "ceil": |x| x[0].ceil(), [0.0];
    "trunc": |x| x[0].trunc(), [0.0];
    "round": |x| x[0].round(), [0.0];
    "roundeven": |x| x[0].round_ties_even(), [0.0];
    "logb": |x| x[0].abs().log2().floor(), [0.0];
    "abs": |x| x[0].abs(), [x[0].signum()];
    "copysign": |x| x[0].copysign(x[1]), [(x[0] * x[1]).signum(), 0.0];
    "fmax": |x| x[0].max(x[1]), [step(x[0] - x[1]), step(x[1] - x[0])];
    "fmin": |x| x[0].min(x[1]), [step(x[1] - x[0]), step(x[0] - x[1])];
    "maximum": |x| nan_or(x, x[0].max(x[1])), [step(x[0] - x[1]), step(x[1] - x[0])];
    "minimum": |x| nan_or(x, x[0].min(x[1])), [step(x[1] - x[0]), step(x[0] - x[1])];
    // Powers and roots.
    "sqrt": |x| x[0].sqrt(), [0.5 * x[0].powf(-0.5)];
    "cbrt": |x| x[0].cbrt(), [x[0].powf(-2.0 / 3.0) / 3.0];
    "rsqrt of x86": |x| x[0].sqrt().recip(), [-0.5 * x[0].powf(-1.5)];
    "rsqrt": |x| x[0].sqrt().recip(), [-0.5 * x[0].powf(-1.5)];
    "pow": |x| x[0].powf(x[1]), [x[1] * x[0].powf(x[1]) / x[0], x[0].powf(x[1]) * x[0].ln()];
    "powi": |x| x[0].powi(x[1] as i32), [x[1] * x[0].powf(x[1]) / x[0], 0.0];
    "hypot": |x| x[0].hypot(x[1]), [x[0].atan2(x[1]).sin(), x[0].atan2(x[1]).cos()];
    // Exponentials and logarithms.
    "exp": |x| x[0].exp(), [x[0].sinh() + x[0].cosh()];
    "exp2": |x| x[0].exp2(), [2f64.powf(x[0]) * 2f64.ln()];
    "exp10": |x| libm::exp10(x[0]), [10f64.powf(x[0]) * 10f64.ln()];
    "expm1": |x| x[0].exp_m1(), [x[0].exp()];
    "exp2m1": |x| (x[0] * 2f64.ln()).exp_m1(), [2f64.powf(x[0]) * 2f64.ln()];
    "exp10m1": |x| (x[0] * 10f64.ln()).exp_m1(), [10f64.powf(x[0]) * 10f64.ln()];
    "log2p1": |x| x[0].ln_1p() / 2f64.ln(), [(-x[0].ln_1p()).exp() / 2f64.ln()];
    "log10p1": |x| x[0].ln_1p() / 10f64.ln(), [(-x[0].ln_1p()).exp() / 10f64.ln()];
    "log": |x| x[0].ln(), [(-x[0].ln()).exp()];
    "log2": |x| x[0].log2(), [2f64.ln().recip() / x[0]];
    "log10": |x| x[0].log10(), [std::f64::consts::LOG10_E / x[0]];
    "log1p": |x| x[0].ln_1p(), [(-x[0].ln_1p()).exp()];
    // Circular functions.
    "sin": |x| x[0].sin(), [quarter(x[0]).sin()];
    "cos": |x| x[0].cos(), [quarter(x[0]).cos()];
    "tan": |x| x[0].tan(), [x[0].cos().powi(-2)];
    "asin": |x| x[0].asin(), [x[0].asin().cos().recip()];
    "acos": |x| x[0].acos(), [-x[0].acos().sin().recip()];
    "atan": |x| x[0].atan(), [x[0].atan().cos().powi(2)];
    "atan2": |x| x[0].atan2(x[1]), [x[1] / norm(x), -x[0] / norm(x)];
    // Hyperbolic functions.
    "sinh": |x| x[0].sinh(), [0.5 * (x[0].exp() + (-x[0]).exp())];
    "cosh": |x| x[0].cosh(), [0.5 * (x[0].exp() - (-x[0]).exp())];
    "tanh": |x| x[0].tanh(), [x[0].cosh().powi(-2)];
    "asinh": |x| libm::asinh(x[0]), [libm::asinh(x[0]).cosh().recip()];
    "acosh": |x| libm::acosh(x[0]), [libm::acosh(x[0]).sinh().recip()];
    "atanh": |x| libm::atanh(x[0]), [libm::atanh(x[0]).cosh().powi(2)];
    // Special functions.
    "erf": |x| libm::erf(x[0]), [(-x[0].powi(2)).exp() / std::f64::consts::PI.sqrt() * 2.0];
    "erfc": |x| libm::erfc(x[0]), [(-x[0].powi(2)).exp() / std::f64::consts::PI.sqrt() * -2.0];
    "erfi": |x| erfi(x[0]), [x[0].powi(2).exp() / std::f64::consts::PI.sqrt() * 2.0];
    "erfcx": |x| libm::erfc(x[0]) * (x[0] * x[0]).exp(), [
        2.0 * x[0] * libm::erfc(x[0]) * (x[0] * x[0]).exp() - 2.0 / std::f64::consts::PI.sqrt()
    ];
    "dawson": |x| dawson(x[0]), [1.0 - 2.0 * x[0] * dawson(x[0])];
    "w_im": |x| dawson(x[0]) * 2.0 / std::f64::consts::PI.sqrt(), [
        (1.0 - 2.0 * x[0] * dawson(x[0])) * 2.0 / std::f64::consts::PI.sqrt()
    ];
    "tgamma": |x| libm::tgamma(x[0]), [libm::tgamma(x[0]) * psi(x[0])];
    "lgamma": |x| libm::lgamma(x[0]), [psi(x[0])];
    // Bessel's functions, their derivatives with the neighbour above instead of both.
    "j0": |x| libm::j0(x[0]), [libm::jn(-1, x[0])];
    "j1": |x| libm::j1(x[0]), [libm::j1(x[0]) / x[0] - libm::jn(2, x[0])];
    "jn": |x| libm::jn(x[0] as i32, x[1]), [
        0.0, x[0] / x[1] * libm::jn(x[0] as i32, x[1]) - libm::jn(x[0] as i32 + 1, x[1])
    ];
    "y0": |x| libm::y0(x[0]), [libm::yn(-1, x[0])];
    "y1": |x| libm::y1(x[0]), [libm::y1(x[0]) / x[0] - libm::yn(2, x[0])];
    "yn": |x| libm::yn(x[0] as i32, x[1]), [
        0.0, x[0] / x[1] * libm::yn(x[0] as i32, x[1]) - libm::yn(x[0] as i32 + 1, x[1])
    ];
    // Multiples of π.
    "sinpi": |x| turned(x[0]).sin(), [turned(x[0]).cos() * std::f64::consts::PI];
    "cospi": |x| turned(x[0]).cos(), [-turned(x[0]).sin() * std::f64::consts::PI];
    "tanpi": |x| turned(x[0]).tan(), [std::f64::consts::PI * turned(x[0]).cos().powi(-2)];
    "asinpi": |x| x[0].asin() / std::f64::consts::PI, [
        (std::f64::consts::PI * x[0].asin().cos()).recip()
    ];
    "acospi": |x| x[0].acos() / std::f64::consts::PI, [
        -(std::f64::consts::PI * x[0].acos().sin()).recip()
    ];
    "atanpi": |x| x[0].atan() / std::f64::consts::PI, [
        x[0].atan().cos().powi(2) / std::f64::consts::PI
    ];
}

fn step(difference: f64) -> f64 {
    if difference > 0.0 { 1.0 } else { 0.0 }
}

fn nan_or(x: &[f64], result: f64) -> f64 {
    if x.iter().any(|v| v.is_nan()) { f64::NAN } else { result }
}

fn quarter(x: f64) -> f64 {
    x + std::f64::consts::FRAC_PI_2
}

fn turned(x: f64) -> f64 {
    std::f64::consts::PI * (x % 2.0)
}

/// The power series 2/√π·Σ x²ⁿ⁺¹/(n!(2n+1)), which has no cancellation.
fn erfi(x: f64) -> f64 {
    let (mut power, mut sum) = (x, x);
    for n in 1..80 {
        power *= x * x / f64::from(n);
        sum += power / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

fn dawson(x: f64) -> f64 {
    0.5 * std::f64::consts::PI.sqrt() * (-x * x).exp() * erfi(x)
}

fn norm(x: &[f64]) -> f64 {
    x[0] * x[0] + x[1] * x[1]
}

/// Digamma by Gauss's sum of the defining series ψ(x) = -γ + Σ (1/(n+1) - 1/(n+x)),
/// its tail by the Euler-Maclaurin formula.
fn psi(x: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    const TERMS: usize = 60;
    let term = |n: f64| (x - 1.0) / ((n + 1.0) * (n + x));
    let head: f64 = (0..TERMS).rev().map(|n| term(n as f64)).sum();
    let n = TERMS as f64;
    let (a, b) = (n + 1.0, n + x);
    let power = |k: i32| a.powi(-k) - b.powi(-k);
    // ∫ term, then half the first term, then -f'/12 + f'''/720 - f⁽⁵⁾/30240.
    let tail = (b / a).ln() + 0.5 * term(n) + power(2) / 12.0 - power(4) / 120.0 + power(6) / 252.0;
    head - EULER + tail
}
