//! Rows of operators, remainders, rounding, signs, choices and scaling.

use super::{G, X0, X1, Y, row};
use crate::expr::{Cond, Expr, Unary, copysign, select, unary};
use crate::function::Function;
use crate::rule::Rule;

const NAN: f64 = f64::NAN;
const INFINITY: f64 = f64::INFINITY;

pub(super) fn rows() -> Vec<Rule> {
    let mut rows = operators();
    rows.extend(remainders());
    rows.extend(rounding());
    rows.extend(signs());
    rows.extend(choices());
    rows
}

fn operators() -> Vec<Rule> {
    vec![
        row("neg", &[], "linear").gives(-G).smooth(&[(-2.0, 2.0)]),
        row("add", &[], "linear").gives(G).gives(G).smooth(&[(-2.0, 2.0), (-2.0, 2.0)]),
        row("sub", &[], "linear").gives(G).gives(-G).smooth(&[(-2.0, 2.0), (-2.0, 2.0)]),
        row("mul", &[], "product rule")
            .gives(G * X1)
            .gives(G * X0)
            .smooth(&[(-2.0, 2.0), (-2.0, 2.0)]),
        row("div", &[], "quotient rule; -x0/x1² = -y/x1, one division for both operands")
            .gives(G / X1)
            .gives(-((G / X1) * Y))
            .smooth(&[(-2.0, 2.0), (0.5, 3.0)])
            .at(&[1.0, 0.0], &[INFINITY, -INFINITY], "a pole")
            .at(&[0.0, 0.0], &[INFINITY, NAN], "the quotient itself is NaN"),
        row(
            "rcp",
            &["llvm.x86.sse.rcp.ps", "llvm.x86.avx.rcp.ps.256"],
            "-1/x², of the function that the processor approximates",
        )
        .gives(-(G / (X0 * X0)))
        .smooth(&[(0.5, 3.0)])
        .at(&[0.0], &[-INFINITY], "a pole"),
        row("fma", &["fma", "llvm.fma", "llvm.fmuladd"], "product rule and sum rule")
            .gives(G * X1)
            .gives(G * X0)
            .gives(G)
            .smooth(&[(-2.0, 2.0), (-2.0, 2.0), (-2.0, 2.0)]),
        row("ldexp", &["ldexp", "scalbn", "scalbln", "llvm.ldexp"], "linear: y = x0·2^x1")
            .gives(Expr::Call(Function::Ldexp, vec![G, X1]))
            .integer()
            .smooth(&[(-2.0, 2.0), (-3.0, 5.0)]),
        row("identity", &["llvm.canonicalize", "llvm.arithmetic.fence", "llvm.ssa.copy"], "y = x0")
            .gives(G)
            .smooth(&[(-2.0, 2.0)]),
        row("nextafter", &["nextafter"], "x0 moved by one unit in the last place")
            .gives(G)
            .zero()
            .smooth(&[(0.5, 2.0), (3.0, 4.0)]),
        row("nextup", &["nextup", "nextdown"], "x0 moved by one unit in the last place")
            .gives(G)
            .smooth(&[(0.5, 2.0)]),
        row("fdim", &["fdim"], "the difference, or 0 where it would be negative")
            .gives(select(Cond::OrderedGreater, (X0, X1), G, 0.0))
            .gives(select(Cond::OrderedGreater, (X0, X1), -G, 0.0))
            .smooth(&[(-2.0, 2.0), (-2.0, 2.0)])
            .at(&[1.5, 1.5], &[0.0, 0.0], "flat on a tie")
            .at(&[NAN, 1.0], &[0.0, 0.0], "no order with NaN"),
    ]
}

fn remainders() -> Vec<Rule> {
    // The integer quotient, recovered from the remainder: x0 - y is an integer
    // multiple of x1 up to rounding, so that rounding the quotient is exact even
    // where x0/x1 alone would round across an integer.
    let quotient = || unary(Unary::RoundEven, (X0 - Y) / X1);
    vec![
        row("fmod", &["fmod"], "y = x0 - trunc(x0/x1)·x1, the quotient constant nearby")
            .gives(G)
            .gives(-(G * quotient()))
            .smooth(&[(6.1, 6.4), (2.2, 2.9)])
            .at(&[6.0, 3.0], &[1.0, -2.0], "an exact multiple counts as above")
            .at(&[-7.0, 3.0], &[1.0, 2.0], "the quotient is cut toward zero")
            .at(&[5.5, INFINITY], &[1.0, 0.0], "the result is x0"),
        row(
            "remainder",
            &["remainder", "drem", "remquo"],
            "as fmod with the nearest quotient, ties to even",
        )
        .gives(G)
        .gives(-(G * quotient()))
        .smooth(&[(6.1, 6.4), (2.6, 2.9)])
        .at(&[5.0, 2.0], &[1.0, -2.0], "2.5 rounds to even 2")
        .at(&[7.0, 2.0], &[1.0, -4.0], "3.5 rounds to even 4"),
    ]
}

fn rounding() -> Vec<Rule> {
    const FLAT: &str = "constant between jumps; derivative 0 at the jumps too";
    let step = |name, symbols| row(name, symbols, FLAT).zero().smooth(&[(-0.4, -0.1)]);
    vec![
        step("floor", &["floor", "llvm.floor"]),
        step("ceil", &["ceil", "llvm.ceil"]),
        step("trunc", &["trunc", "llvm.trunc"]),
        step("round", &["round", "llvm.round"]),
        step(
            "roundeven",
            &["roundeven", "rint", "nearbyint", "llvm.roundeven", "llvm.rint", "llvm.nearbyint"],
        ),
        step("logb", &["logb"]),
    ]
}

fn signs() -> Vec<Rule> {
    let sign = |x: Expr| copysign(1.0, x);
    vec![
        row("abs", &["fabs", "llvm.fabs"], "the sign; 0 at 0, the middle of the subgradients")
            .gives(select(Cond::OrderedEqual, (X0, 0.0), 0.0, G * sign(X0)))
            .smooth(&[(-2.0, 2.0)])
            .at(&[0.0], &[0.0], "kink")
            .at(&[-0.0], &[0.0], "kink"),
        row("copysign", &["copysign", "llvm.copysign"], "abs(x0) times a sign that is constant")
            .gives(select(Cond::OrderedEqual, (X0, 0.0), 0.0, G * (sign(X0) * sign(X1))))
            .zero()
            .smooth(&[(-2.0, 2.0), (-2.0, 2.0)])
            .at(&[0.0, -1.0], &[0.0, 0.0], "kink, as abs")
            .at(&[3.0, -0.0], &[-1.0, 0.0], "the sign of zero counts"),
    ]
}

fn choices() -> Vec<Rule> {
    const RETURNED: &str = "all of g goes to the operand that was returned; the first on a tie";
    let square = [(-2.0, 2.0), (-2.0, 2.0)];
    // The operands tell who was returned, and not the result: where arithmetic may be rounded
    // anew, an operand that is computed again need not be equal to it.
    let first = |(larger, smaller): (Expr, Expr), nan: Expr, [yes, no]: [Expr; 2]| {
        let or_nan = select(Cond::Unordered, (nan.clone(), nan), yes.clone(), no);
        select(Cond::OrderedGreaterEqual, (larger, smaller), yes, or_nan)
    };
    let shares = || [[G, Expr::Lit(0.0)], [Expr::Lit(0.0), G]];
    let number = |name, symbols, order: (Expr, Expr)| {
        let [a, b] = shares().map(|shares| first(order.clone(), X1, shares));
        row(name, symbols, RETURNED)
            .gives(a)
            .gives(b)
            .smooth(&square)
            .at(&[1.0, 1.0], &[1.0, 0.0], "tie")
            .at(&[-0.0, 0.0], &[1.0, 0.0], "zeros tie")
            .at(&[NAN, 2.0], &[0.0, 1.0], "the number was returned")
            .at(&[2.0, NAN], &[1.0, 0.0], "the number was returned")
    };
    // Here a NaN operand is the one that was returned.
    let nan = |name, symbols, order: (Expr, Expr)| {
        let [a, b] = shares().map(|shares| first(order.clone(), X0, shares));
        row(name, symbols, RETURNED)
            .gives(a)
            .gives(b)
            .smooth(&square)
            .at(&[1.0, 1.0], &[1.0, 0.0], "tie")
            .at(&[-0.0, 0.0], &[1.0, 0.0], "zeros tie")
            .at(&[NAN, 2.0], &[1.0, 0.0], "the NaN was returned")
            .at(&[2.0, NAN], &[0.0, 1.0], "the NaN was returned")
            .at(&[NAN, NAN], &[1.0, 0.0], "tie")
    };
    const MAX: [&str; 4] = ["fmax", "llvm.maxnum", "llvm.maximumnum", "fmaximum_num"];
    const MIN: [&str; 4] = ["fmin", "llvm.minnum", "llvm.minimumnum", "fminimum_num"];
    vec![
        number("fmax", &MAX, (X0, X1)),
        number("fmin", &MIN, (X1, X0)),
        nan("maximum", &["llvm.maximum", "fmaximum"], (X0, X1)),
        nan("minimum", &["llvm.minimum", "fminimum"], (X1, X0)),
    ]
}
