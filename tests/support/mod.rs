//! The harness of the numeric tests: one function, three derivatives.
//!
//! Each tested function is generic over its scalar. With `f64` it is
//! differentiated by the plugin and by central differences; with dual numbers
//! (`num-dual`) it gives the gradient by forward differentiation, an oracle that
//! shares no code with the engine and is exact up to rounding.
//!
//! What a green test does not prove: anything at points that were not tried; and
//! a function that is wrong in the same way for all scalars.

use enzyme_rs::{Reverse, value_and_gradient};
use num_dual::Dual64;

/// Largest relative error against the exact oracle.
const EXACT: f64 = 1e-9;
/// Largest relative error against central differences.
const DIFFERENCES: f64 = 1e-5;

/// Checks the gradient of a generic function of a slice.
macro_rules! check {
    ($f:ident, $at:expr) => {
        crate::support::check_gradient(
            stringify!($f),
            |x: &[f64]| $f::<f64>(x),
            |x| $f::<num_dual::Dual64>(x),
            $at,
        )
    };
}
pub(crate) use check;

/// Checks derivatives of functions of one number against central differences:
/// `name: closure, point;`.
macro_rules! check_slopes {
    ($($name:literal: $f:expr, $at:expr;)*) => {$(
        crate::support::check_slope($name, $f, $at);
    )*};
}
pub(crate) use check_slopes;

/// Checks derivatives where they are a decision: `name: closure, point, derivative;`.
macro_rules! check_singular {
    ($($name:literal: $f:expr, $at:expr, $expect:expr;)*) => {$(
        let at: f64 = std::hint::black_box($at);
        let found: f64 = enzyme_rs::gradient(enzyme_rs::Reverse, $f, at);
        let expect: f64 = $expect;
        let same = found == expect || (found.is_nan() && expect.is_nan());
        assert!(same, "{}: the derivative at {at} is {found}, not {expect}", $name);
    )*};
}
pub(crate) use check_singular;

/// Compares a derivative with the central difference.
pub fn check_slope<F: Fn(f64) -> f64>(name: &str, function: F, at: f64) {
    let at = std::hint::black_box(at);
    let (value, slope): (f64, f64) = value_and_gradient(Reverse, &function, at);
    assert_close(name, "value", 0, value, function(at), EXACT);
    let difference = central_difference(|x| function(x[0]), &[at], 0);
    assert_close(name, "difference", 0, slope, difference, DIFFERENCES);
}

/// Compares all derivatives of a function at a point.
pub fn check_gradient<F>(name: &str, function: F, dual: impl Fn(&[Dual64]) -> Dual64, at: &[f64])
where
    F: Fn(&[f64]) -> f64,
{
    let (value, gradient) = value_and_gradient(Reverse, &function, (at,));
    assert_close(name, "value", 0, value, function(at), EXACT);
    let (_, again) = value_and_gradient(Reverse, &function, (at,));
    assert_eq!(gradient.0, again.0, "{name}: a second call differs");
    for i in 0..at.len() {
        let point: Vec<_> = at
            .iter()
            .enumerate()
            .map(|(k, &x)| Dual64::new(x, if i == k { 1.0 } else { 0.0 }))
            .collect();
        assert_close(name, "dual number", i, gradient.0[i], dual(&point).eps, EXACT);
        let difference = central_difference(&function, at, i);
        assert_close(name, "difference", i, gradient.0[i], difference, DIFFERENCES);
    }
}

fn assert_close(name: &str, oracle: &str, i: usize, ours: f64, theirs: f64, tolerance: f64) {
    let scale = ours.abs().max(theirs.abs()).max(1.0);
    assert!(
        (ours - theirs).abs() <= tolerance * scale || (ours.is_nan() && theirs.is_nan()),
        "{name}: derivative {i} is {ours}, the {oracle} says {theirs}"
    );
}

/// The gradient by central differences.
pub fn differences(function: impl Fn(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    (0..at.len()).map(|i| central_difference(&function, at, i)).collect()
}

/// Richardson extrapolation of central differences with halved steps.
fn central_difference(function: impl Fn(&[f64]) -> f64, at: &[f64], i: usize) -> f64 {
    let slope = |h: f64| {
        let mut point = at.to_vec();
        point[i] = at[i] + h;
        let above = function(&point);
        point[i] = at[i] - h;
        (above - function(&point)) / (2.0 * h)
    };
    let h = 1e-3 * at[i].abs().max(1.0);
    let (wide, half) = (slope(h), slope(h / 2.0));
    (4.0 * half - wide) / 3.0
}
