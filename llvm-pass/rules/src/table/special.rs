//! Rows of the error and gamma functions.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::{G, X0, Y, row};
use crate::expr::{Expr, Unary, unary};
use crate::function::Function;
use crate::rule::Rule;

pub(super) fn rows() -> Vec<Rule> {
    let bell = || FRAC_2_SQRT_PI * unary(Unary::Exp, -(X0 * X0));
    let psi = || Expr::Call(Function::Digamma, vec![X0]);
    vec![
        row("erf", &["erf"], "2/√π·exp(-x²)").gives(G * bell()).smooth(&[(-2.0, 2.0)]),
        row("erfc", &["erfc"], "-2/√π·exp(-x²)").gives(-(G * bell())).smooth(&[(-2.0, 2.0)]),
        row("tgamma", &["tgamma"], "Γ' = Γ·ψ; ψ is the logarithmic derivative")
            .gives(G * (Y * psi()))
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[f64::NEG_INFINITY], "a pole")
            .at(&[-1.0], &[f64::NAN], "outside the domain"),
        row("lgamma", &["lgamma", "gamma"], "ψ, by definition, on both sides of 0")
            .gives(G * psi())
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[f64::NEG_INFINITY], "a pole")
            .at(&[-1.0], &[f64::NAN], "a pole of both signs"),
    ]
}
