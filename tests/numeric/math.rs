//! Straight-line mathematics.

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
