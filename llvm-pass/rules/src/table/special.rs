//! Rows of the error, gamma and Bessel functions.

use std::f64::consts::{FRAC_2_SQRT_PI, PI};

use super::{G, X0, X1, Y, row};
use crate::expr::{Cond, Expr, Unary, select, unary};
use crate::function::Function;
use crate::rule::Rule;

const NAN: f64 = f64::NAN;
const INFINITY: f64 = f64::INFINITY;

pub(super) fn rows() -> Vec<Rule> {
    let mut rows = errors();
    rows.extend(gammas());
    rows.extend(bessels());
    rows.extend(half_turns());
    rows
}

fn errors() -> Vec<Rule> {
    let bell = || FRAC_2_SQRT_PI * unary(Unary::Exp, -(X0 * X0));
    vec![
        row("erf", &["erf"], "2/√π·exp(-x²)").gives(G * bell()).smooth(&[(-2.0, 2.0)]),
        row("erfc", &["erfc"], "-2/√π·exp(-x²)").gives(-(G * bell())).smooth(&[(-2.0, 2.0)]),
        row("erfi", &["erfi", "Faddeeva_erfi_re"], "2/√π·exp(x²)")
            .gives(G * (FRAC_2_SQRT_PI * unary(Unary::Exp, X0 * X0)))
            .smooth(&[(-1.5, 1.5)]),
        row("erfcx", &["erfcx", "Faddeeva_erfcx_re"], "2xy - 2/√π, from y = exp(x²)·erfc(x)")
            .gives(G * (2.0 * (X0 * Y) - FRAC_2_SQRT_PI))
            .smooth(&[(-1.0, 1.5)]),
        row("dawson", &["dawson", "Faddeeva_Dawson_re"], "1 - 2xy (DLMF 7.5)")
            .gives(G * (1.0 - 2.0 * (X0 * Y)))
            .smooth(&[(-1.5, 1.5)]),
        row("w_im", &["Faddeeva_w_im"], "2/√π - 2xy; 2/√π times Dawson's integral")
            .gives(G * (FRAC_2_SQRT_PI - 2.0 * (X0 * Y)))
            .smooth(&[(-1.5, 1.5)]),
    ]
}

fn gammas() -> Vec<Rule> {
    let psi = || Expr::Call(Function::Digamma, vec![X0]);
    vec![
        row("tgamma", &["tgamma"], "Γ' = Γ·ψ; ψ is the logarithmic derivative")
            .gives(G * (Y * psi()))
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[f64::NEG_INFINITY], "a pole")
            .at(&[-1.0], &[NAN], "outside the domain"),
        row("lgamma", &["lgamma", "gamma"], "ψ, by definition, on both sides of 0")
            .gives(G * psi())
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[f64::NEG_INFINITY], "a pole")
            .at(&[-1.0], &[NAN], "a pole of both signs"),
    ]
}

/// C' is the difference of the neighbours (DLMF 10.6.1), for order 0 and 1 with fewer calls.
fn bessels() -> Vec<Rule> {
    let of = |function, x: &Expr| Expr::Call(function, vec![x.clone()]);
    let step = |op, function| Expr::Call(function, vec![unary(op, X0), X1]);
    let neighbours = |f| G * (0.5 * (step(Unary::Decrement, f) - step(Unary::Increment, f)));
    // At 0 the quotient y/x is 0/0, and its limit 1/2.
    let first =
        select(Cond::OrderedEqual, (X0, 0.0), 0.5 * G, G * (of(Function::J0, &X0) - Y / X0));
    let line = [(-6.0, 6.0)];
    let half_line = [(0.5, 6.0)];
    vec![
        row("j0", &["j0"], "-J₁ (DLMF 10.6.3)").gives(-(G * of(Function::J1, &X0))).smooth(&line),
        row("j1", &["j1"], "J₀ - J₁/x (DLMF 10.6.2)").gives(first).smooth(&line).at(
            &[0.0],
            &[0.5],
            "limit",
        ),
        row("jn", &["jn"], "(Jₙ₋₁ - Jₙ₊₁)/2 (DLMF 10.6.1)")
            .integer()
            .gives(neighbours(Function::Jn))
            .smooth(&[(-2.0, 5.0), (0.5, 6.0)])
            .at(&[1.0, 0.0], &[0.0, 0.5], "limit"),
        row("y0", &["y0"], "-Y₁ (DLMF 10.6.3)")
            .gives(-(G * of(Function::Y1, &X0)))
            .smooth(&half_line)
            .at(&[0.0], &[INFINITY], "a pole"),
        row("y1", &["y1"], "Y₀ - Y₁/x (DLMF 10.6.2)")
            .gives(G * (of(Function::Y0, &X0) - Y / X0))
            .smooth(&half_line)
            .at(&[0.0], &[NAN], "a pole: -∞ + ∞"),
        row("yn", &["yn"], "(Yₙ₋₁ - Yₙ₊₁)/2 (DLMF 10.6.1)")
            .integer()
            .gives(neighbours(Function::Yn))
            .smooth(&[(-2.0, 3.0), (1.5, 6.0)]),
    ]
}

/// Circular functions of multiples of π, which C23 has.
fn half_turns() -> Vec<Rule> {
    let turn = |function| Expr::Call(function, vec![X0]);
    let root = || unary(Unary::Sqrt, (1.0 - X0) * (1.0 + X0));
    vec![
        row("sinpi", &["sinpi"], "π·cos πx, without rounding of πx")
            .gives(G * (PI * turn(Function::CosPi)))
            .smooth(&[(-3.0, 3.0)])
            .at(&[0.5], &[0.0], "exactly flat")
            .at(&[1e15], &[PI], "an even number"),
        row("cospi", &["cospi"], "-π·sin πx, without rounding of πx")
            .gives(-(G * (PI * turn(Function::SinPi))))
            .smooth(&[(-3.0, 3.0)])
            .at(&[1.0], &[0.0], "exactly flat"),
        row("tanpi", &["tanpi"], "π(1 + tan²), from the result")
            .gives(G * (PI * (1.0 + Y * Y)))
            .smooth(&[(-0.4, 0.4)]),
        row("asinpi", &["asinpi"], "1/(π√((1-x)(1+x)))")
            .gives(G / (PI * root()))
            .smooth(&[(-0.9, 0.9)])
            .at(&[1.0], &[INFINITY], "vertical tangent"),
        row("acospi", &["acospi"], "-1/(π√((1-x)(1+x)))")
            .gives(-(G / (PI * root())))
            .smooth(&[(-0.9, 0.9)])
            .at(&[-1.0], &[-INFINITY], "vertical tangent"),
        row("atanpi", &["atanpi"], "1/(π(1 + x²))")
            .gives(G / (PI * (1.0 + X0 * X0)))
            .smooth(&[(-3.0, 3.0)]),
    ]
}
