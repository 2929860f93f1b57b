//! Rows of powers, roots, exponentials, logarithms, circular and hyperbolic functions.

use std::f64::consts::{LN_2, LN_10};

use super::{G, X0, X1, Y, row};
use crate::expr::{Cond, Expr, Unary, select, unary};
use crate::function::Function;
use crate::rule::Rule;

const NAN: f64 = f64::NAN;
const INFINITY: f64 = f64::INFINITY;

pub(super) fn rows() -> Vec<Rule> {
    let mut rows = powers();
    rows.extend(exponentials());
    rows.extend(logarithms());
    rows.extend(circular());
    rows.extend(inverse_circular());
    rows.extend(hyperbolic());
    rows
}

fn powers() -> Vec<Rule> {
    let float = |x: Expr| unary(Unary::FromInteger, x);
    let pow = |x: Expr, p: Expr| Expr::Call(Function::Pow, vec![x, p]);
    let powi = Expr::Call(Function::Powi, vec![X0, unary(Unary::Decrement, X1)]);
    // The logarithm's argument is moved to 1 at 0⁰, where the result does not depend
    // on the exponent in the limit of positive exponents; a result of 0 needs none.
    let base = select(Cond::OrderedEqual, (X1, 0.0), 1.0, X0);
    let base = select(Cond::OrderedEqual, (X0, 0.0), base, X0);
    let growth = select(Cond::OrderedEqual, (Y, 0.0), 0.0, Y * unary(Unary::Log, base));
    vec![
        row("sqrt", &["sqrt", "llvm.sqrt"], "(√x)' = 1/(2√x), from the result")
            .gives(G / (2.0 * Y))
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[INFINITY], "vertical tangent")
            .seeded(0.0, &[0.0], &[NAN], "0/0: an unused root of 0 is not silently 0")
            .at(&[-1.0], &[NAN], "outside the domain")
            .at(&[NAN], &[NAN], "NaN stays NaN"),
        row("cbrt", &["cbrt"], "(∛x)' = 1/(3y²), from the result; y/(3x) would be 0/0 at 0")
            .gives(G / (3.0 * (Y * Y)))
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[INFINITY], "vertical tangent")
            .at(&[-8.0], &[1.0 / 12.0], "negative arguments are in the domain"),
        row("rsqrt", &["rsqrt"], "-1/(2x√x), from the result: -y/(2x)")
            .gives(-(G * (Y / (2.0 * X0))))
            .smooth(&[(0.3, 5.0)])
            .at(&[0.0], &[-INFINITY], "a pole"),
        row(
            "rsqrt of x86",
            &["llvm.x86.sse.rsqrt.ps", "llvm.x86.avx.rsqrt.ps.256"],
            "-1/(2x√x), of the function that the processor approximates",
        )
        .gives(-(G / (2.0 * (X0 * unary(Unary::Sqrt, X0)))))
        .smooth(&[(0.3, 5.0)])
        .at(&[0.0], &[-INFINITY], "a pole"),
        row("pow", &["pow", "llvm.pow"], "p·x^(p-1) and x^p·log x; exponent 0 is constant")
            .gives(select(Cond::OrderedEqual, (X1, 0.0), 0.0, G * (X1 * pow(X0, X1 - 1.0))))
            .gives(G * growth)
            .smooth(&[(0.3, 3.0), (-2.0, 3.0)])
            .at(&[0.0, 0.0], &[0.0, 0.0], "0⁰ = 1 whatever is nearby")
            .at(&[0.0, 1.0], &[1.0, 0.0], "the identity at 0")
            .at(&[0.0, 2.0], &[0.0, 0.0], "limit")
            .at(&[0.0, 0.5], &[INFINITY, 0.0], "vertical tangent, as sqrt")
            .at(&[0.0, -1.0], &[-INFINITY, -INFINITY], "a pole")
            .at(&[-2.0, 2.0], &[-4.0, NAN], "a negative base has integer exponents only")
            .at(&[5.0, 0.0], &[0.0, 1.6094379124341003], "exponent 0: log x")
            .at(&[NAN, 0.0], &[0.0, NAN], "the result is 1 for every base")
            .at(&[INFINITY, -1.0], &[0.0, 0.0], "limit"),
        row("powi", &["llvm.powi"], "n·x^(n-1); exponent 0 is constant")
            .gives(select(Cond::OrderedEqual, (float(X1), 0.0), 0.0, G * (float(X1) * powi)))
            .integer()
            .smooth(&[(0.3, 2.0), (-4.0, 6.0)])
            .at(&[0.0, 0.0], &[0.0, 0.0], "0⁰ = 1 whatever is nearby")
            .at(&[0.0, 1.0], &[1.0, 0.0], "the identity at 0")
            .at(&[-3.0, 3.0], &[27.0, 0.0], "negative base"),
        hypot(),
    ]
}

fn hypot() -> Rule {
    let share = |x: Expr| select(Cond::OrderedEqual, (Y, 0.0), 0.0, G * (x / Y));
    row("hypot", &["hypot"], "x/h; at the origin 0, the middle of the subgradients")
        .gives(share(X0))
        .gives(share(X1))
        .smooth(&[(-2.0, 2.0), (0.5, 2.0)])
        .at(&[0.0, 0.0], &[0.0, 0.0], "no direction at the origin")
        .at(&[3e-200, 4e-200], &[0.6, 0.8], "nothing is squared")
}

fn exponentials() -> Vec<Rule> {
    let line = [(-2.0, 2.0)];
    vec![
        row("exp", &["exp", "llvm.exp"], "own derivative").gives(G * Y).smooth(&line),
        row("exp2", &["exp2", "llvm.exp2"], "2^x = exp(x·log 2)")
            .gives(G * (Y * LN_2))
            .smooth(&line),
        row("exp10", &["exp10", "__exp10", "pow10", "llvm.exp10"], "10^x = exp(x·log 10)")
            .gives(G * (Y * LN_10))
            .smooth(&line),
        row("expm1", &["expm1"], "exp x = y + 1").gives(G * (Y + 1.0)).smooth(&line),
        row("exp2m1", &["exp2m1"], "2^x = y + 1").gives(G * ((Y + 1.0) * LN_2)).smooth(&line),
        row("exp10m1", &["exp10m1"], "10^x = y + 1").gives(G * ((Y + 1.0) * LN_10)).smooth(&line),
    ]
}

fn logarithms() -> Vec<Rule> {
    let positive = [(0.3, 5.0)];
    vec![
        row("log", &["log", "llvm.log"], "1/x")
            .gives(G / X0)
            .smooth(&positive)
            .at(&[0.0], &[INFINITY], "a pole")
            .seeded(0.0, &[0.0], &[NAN], "0/0"),
        row("log2", &["log2", "llvm.log2"], "1/(x·log 2)").gives(G / (X0 * LN_2)).smooth(&positive),
        row("log10", &["log10", "llvm.log10"], "1/(x·log 10)")
            .gives(G / (X0 * LN_10))
            .smooth(&positive),
        row("log1p", &["log1p"], "1/(1 + x)").gives(G / (1.0 + X0)).smooth(&[(-0.7, 3.0)]).at(
            &[-1.0],
            &[INFINITY],
            "a pole",
        ),
        row("log2p1", &["log2p1"], "1/((1 + x)·log 2)")
            .gives(G / ((1.0 + X0) * LN_2))
            .smooth(&[(-0.7, 3.0)]),
        row("log10p1", &["log10p1"], "1/((1 + x)·log 10)")
            .gives(G / ((1.0 + X0) * LN_10))
            .smooth(&[(-0.7, 3.0)]),
    ]
}

fn circular() -> Vec<Rule> {
    let line = [(-3.0, 3.0)];
    vec![
        row("sin", &["sin", "llvm.sin"], "cos x").gives(G * unary(Unary::Cos, X0)).smooth(&line),
        row("cos", &["cos", "llvm.cos"], "-sin x")
            .gives(-(G * unary(Unary::Sin, X0)))
            .smooth(&line),
        row("tan", &["tan", "llvm.tan"], "1 + tan², from the result")
            .gives(G * (1.0 + Y * Y))
            .smooth(&[(-1.2, 1.2)]),
    ]
}

fn inverse_circular() -> Vec<Rule> {
    let inside = [(-0.9, 0.9)];
    // Factored, because 1 - x² loses its digits near ±1.
    let root = || unary(Unary::Sqrt, (1.0 - X0) * (1.0 + X0));
    let radius = || Expr::Call(Function::Hypot, vec![X0, X1]);
    let turn = |g: Expr, x: Expr| {
        // Divided twice, because r² under- and overflows before r does.
        let slope = (g * (x / radius())) / radius();
        select(Cond::OrderedEqual, (radius(), 0.0), 0.0, slope)
    };
    vec![
        row("asin", &["asin", "llvm.asin"], "1/√((1-x)(1+x))")
            .gives(G / root())
            .smooth(&inside)
            .at(&[1.0], &[INFINITY], "vertical tangent")
            .at(&[2.0], &[NAN], "outside the domain"),
        row("acos", &["acos", "llvm.acos"], "-1/√((1-x)(1+x))")
            .gives(-(G / root()))
            .smooth(&inside)
            .at(&[-1.0], &[-INFINITY], "vertical tangent"),
        row("atan", &["atan", "llvm.atan"], "1/(1 + x²)")
            .gives(G / (1.0 + X0 * X0))
            .smooth(&[(-3.0, 3.0)])
            .at(&[INFINITY], &[0.0], "limit"),
        row("atan2", &["atan2", "llvm.atan2"], "atan2(y, x): x/r² and -y/r²; at the origin 0")
            .gives(turn(G, X1))
            .gives(turn(-G, X0))
            .smooth(&[(0.3, 2.0), (-2.0, 2.0)])
            .at(&[0.0, 0.0], &[0.0, 0.0], "no direction at the origin")
            .at(&[0.0, -1.0], &[-1.0, 0.0], "on the branch cut, as from above")
            .at(&[0.0, 1e-200], &[1e200, 0.0], "nothing is squared"),
    ]
}

fn hyperbolic() -> Vec<Rule> {
    let line = [(-2.0, 2.0)];
    let call = |f: Function| Expr::Call(f, vec![X0]);
    let root = |x: Expr| unary(Unary::Sqrt, x);
    vec![
        row("sinh", &["sinh", "llvm.sinh"], "cosh x").gives(G * call(Function::Cosh)).smooth(&line),
        row("cosh", &["cosh", "llvm.cosh"], "sinh x").gives(G * call(Function::Sinh)).smooth(&line),
        row("tanh", &["tanh", "llvm.tanh"], "1 - tanh², factored, from the result")
            .gives(G * ((1.0 - Y) * (1.0 + Y)))
            .smooth(&line)
            .at(&[INFINITY], &[0.0], "limit"),
        row("asinh", &["asinh"], "1/√(x² + 1) without squaring x")
            .gives(G / Expr::Call(Function::Hypot, vec![X0, Expr::Lit(1.0)]))
            .smooth(&[(-3.0, 3.0)])
            .at(&[1e200], &[1e-200], "nothing is squared"),
        row("acosh", &["acosh"], "1/(√(x-1)·√(x+1)); two roots, for range and domain")
            .gives(G / (root(X0 - 1.0) * root(X0 + 1.0)))
            .smooth(&[(1.3, 5.0)])
            .at(&[1.0], &[INFINITY], "vertical tangent")
            .at(&[-2.0], &[NAN], "outside the domain"),
        row("atanh", &["atanh"], "1/((1-x)(1+x))")
            .gives(G / ((1.0 - X0) * (1.0 + X0)))
            .smooth(&[(-0.9, 0.9)])
            .at(&[1.0], &[INFINITY], "a pole"),
    ]
}
