//! num-complex: arithmetic, elementary functions and polynomials of complex numbers.

use num_complex::Complex;
use num_dual::DualNum;

use crate::differences;
use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn numbers<T: DualNum<f64> + Copy>(x: &[T]) -> Vec<Complex<T>> {
    x.chunks(2).map(|pair| Complex::new(pair[0], pair[1])).collect()
}

fn arithmetic<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let z = numbers(x);
    let w = z[0] * z[1] / z[2] - z[1].conj() * x[3] + z[2].scale(x[0]);
    let w = w * w + w.inv();
    w.norm_sqr() + w.re * w.im
}

#[test]
fn sums_products_and_quotients() {
    check!(arithmetic, &POINT);
}

fn polynomial<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let z = numbers(x);
    let at = z[0] * z[1];
    let value = z.iter().rev().fold(Complex::new(T::zero(), T::zero()), |sum, c| sum * at + c);
    (value * value.conj()).re + z.iter().sum::<Complex<T>>().im
}

#[test]
fn a_polynomial() {
    check!(polynomial, &POINT);
}

fn powers<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let z = numbers(x);
    let w = z[0].powu(5) * z[1].powi(-2) + z[2].powu(3);
    w.re * x[0] - w.im
}

#[test]
fn integer_powers() {
    check!(powers, &POINT);
}

fn of(x: &[f64]) -> [Complex<f64>; 3] {
    [0, 2, 4].map(|i| Complex::new(x[i], x[i + 1]))
}

#[test]
fn polar_form() {
    differences(
        |x| {
            let [a, b, c] = of(x);
            let (r, angle) = (a * b).to_polar();
            let w = Complex::from_polar(r * c.norm(), angle - c.arg()) + Complex::cis(x[0]);
            w.re * w.im + w.norm()
        },
        &POINT,
    );
}

#[test]
fn exponential_logarithm_root_and_powers() {
    differences(
        |x| {
            let [a, b, c] = of(x);
            let w = a.exp() * b.ln() + c.sqrt() + a.powc(b) + c.powf(x[1]) + b.cbrt();
            w.re * w.im + w.norm()
        },
        &POINT,
    );
}

#[test]
fn trigonometric_functions() {
    differences(
        |x| {
            let [a, b, c] = of(x);
            let w = a.sin() * b.cos() + c.tan() + a.sinh() * b.tanh() / c.cosh();
            w.re * w.im + w.norm_sqr()
        },
        &POINT,
    );
}

#[test]
fn inverse_trigonometric_functions() {
    differences(
        |x| {
            let [a, b, c] = of(x);
            let w = a.asin() * b.acos() + c.atan() + a.asinh() * b.acosh() / c.atanh();
            w.re * w.im + w.norm_sqr()
        },
        &POINT,
    );
}

#[test]
fn a_transform_by_its_definition() {
    differences(
        |x| {
            let n = x.len();
            let turn = |i: usize| Complex::cis(-std::f64::consts::TAU * i as f64 / n as f64);
            let bin = |k: usize| (0..n).map(|i| turn(i * k) * x[i]).sum::<Complex<f64>>();
            (0..n).map(|k| bin(k).norm_sqr() * (k as f64 + 1.0)).sum()
        },
        &POINT,
    );
}
