//! Straight-line mathematics.

use enzyme_rs::{Reverse, gradient};
use num_dual::DualNum;

use crate::support::check;

fn polynomial<T: DualNum<f64>>(x: &[T]) -> T {
    x[0].clone() * &x[1] - x[0].clone() / &x[1] + x[1].powi(3) * 2.0
}

#[test]
fn arithmetic() {
    check!(polynomial, &[1.5, -0.7]);
}

fn elementary<T: DualNum<f64>>(x: &[T]) -> T {
    x[0].sin() * x[1].cos() + x[0].exp() + x[1].ln() + (x[0].clone() * &x[1]).sqrt() + x[0].tanh()
}

#[test]
fn elementary_functions() {
    check!(elementary, &[0.8, 2.3]);
}

fn inverse<T: DualNum<f64>>(x: &[T]) -> T {
    x[0].asin() + x[0].acos() * &x[1] + x[1].atan() + x[0].atan2(x[1].clone()) + x[1].cbrt()
}

#[test]
fn inverse_functions() {
    check!(inverse, &[0.3, 1.7]);
}

fn hyperbolic<T: DualNum<f64>>(x: &[T]) -> T {
    x[0].sinh() + x[1].cosh() + x[0].asinh() + x[1].acosh() + x[0].atanh()
}

#[test]
fn hyperbolic_functions() {
    check!(hyperbolic, &[0.4, 1.9]);
}

fn powers<T: DualNum<f64>>(x: &[T]) -> T {
    x[0].powf(2.5) + x[1].powd(x[0].clone()) + x[0].powi(-3) + x[1].exp2() + x[0].log10()
}

#[test]
fn powers_and_logarithms() {
    check!(powers, &[1.3, 2.2]);
}

unsafe extern "C" {
    safe fn lgamma(x: f64) -> f64;
    safe fn tgamma(x: f64) -> f64;
    safe fn lgammaf(x: f32) -> f32;
}

/// ψ, the logarithmic derivative of the gamma function, in closed form (DLMF 5.4).
#[test]
fn gamma_functions() {
    const EULER: f64 = 0.577_215_664_901_532_9;
    let half = -EULER - 2.0 * 2.0_f64.ln();
    let psi = [
        (1.0, -EULER),
        (0.5, half),
        (-0.5, half + 2.0),
        (-1.5, half + 2.0 + 1.0 / 1.5),
        (4.0, -EULER + 1.0 + 0.5 + 1.0 / 3.0),
    ];
    for (x, expected) in psi {
        let close = |found: f64, expected: f64, tolerance: f64| {
            let error = (found - expected).abs() / expected.abs().max(1.0);
            assert!(error < tolerance, "at {x}: {found}, not {expected}");
        };
        close(gradient(Reverse, |x: f64| lgamma(x), x), expected, 1e-14);
        close(gradient(Reverse, |x: f64| tgamma(x), x), tgamma(x) * expected, 1e-13);
        let single = gradient(Reverse, |x: f32| lgammaf(x), x as f32);
        close(f64::from(single), expected, 1e-6);
    }
    let pole: f64 = gradient(Reverse, |x: f64| lgamma(x), -3.0);
    assert!(pole.is_nan());
}
