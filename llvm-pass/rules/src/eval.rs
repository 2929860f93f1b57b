//! Evaluates contributions on `f64` numbers.
//!
//! This is the meaning of the language against which generated code may be
//! compared. It follows IEEE arithmetic node by node, reassociates nothing, and
//! evaluates both branches of a choice, as generated code does. Integers are
//! represented by floats that are integers.

use crate::expr::{Binary, Expr, Unary};
use crate::function::Function;

/// The primal values of one call and the result's adjoint.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The operands.
    pub operands: &'a [f64],
    /// The result.
    pub result: f64,
    /// The result's adjoint.
    pub adjoint: f64,
}

/// The expression's value at a point.
///
/// # Panics
/// If the expression reads an operand that the point does not have.
pub fn eval(expr: &Expr, point: &Point<'_>) -> f64 {
    match expr {
        Expr::G => point.adjoint,
        Expr::X(i) => point.operands[usize::from(*i)],
        Expr::Y => point.result,
        Expr::Lit(number) => *number,
        Expr::Unary(op, a) => unary(*op, eval(a, point)),
        Expr::Binary(op, a, b) => binary(*op, eval(a, point), eval(b, point)),
        Expr::Select(cond, a, b, then, otherwise) => {
            let (yes, no) = (eval(then, point), eval(otherwise, point));
            if cond.holds(eval(a, point), eval(b, point)) { yes } else { no }
        }
        Expr::Call(function, arguments) => {
            let values: Vec<f64> = arguments.iter().map(|a| eval(a, point)).collect();
            call(*function, &values)
        }
    }
}

fn unary(op: Unary, a: f64) -> f64 {
    match op {
        Unary::Neg => -a,
        Unary::Sqrt => a.sqrt(),
        Unary::Exp => a.exp(),
        Unary::Log => a.ln(),
        Unary::Sin => a.sin(),
        Unary::Cos => a.cos(),
        Unary::RoundEven => a.round_ties_even(),
        Unary::FromInteger => a,
        Unary::Decrement => f64::from((a as i32).wrapping_sub(1)),
    }
}

fn binary(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::CopySign => a.copysign(b),
    }
}

/// The value of a function that contributions may call.
///
/// # Panics
/// If the number of arguments is not the function's.
pub fn call(function: Function, arguments: &[f64]) -> f64 {
    match (function, arguments) {
        (Function::Pow, [x, p]) => x.powf(*p),
        (Function::Powi, [x, n]) => x.powi(*n as i32),
        (Function::Ldexp, [x, n]) => x * n.exp2(),
        (Function::Sinh, [x]) => x.sinh(),
        (Function::Cosh, [x]) => x.cosh(),
        (Function::Hypot, [x, z]) => x.hypot(*z),
        (Function::Digamma, [x]) => digamma(*x),
        _ => panic!("{} does not take {} arguments", function.name(), arguments.len()),
    }
}

/// The logarithmic derivative of the gamma function.
///
/// Negative arguments are reflected, ψ(x) = ψ(1-x) - π/tan(πx); small ones moved
/// up by ψ(x) = ψ(x+1) - 1/x; from 10 on, the asymptotic series
/// log x - 1/2x - Σ B₂ₖ/(2k·x²ᵏ) is exact to rounding after seven terms.
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return -x.recip();
    }
    if x < 0.0 {
        // tan has period π, so only the fraction matters; it is exact in floats.
        let fraction = x - x.round();
        if fraction == 0.0 {
            return f64::NAN;
        }
        let turn = std::f64::consts::PI / (std::f64::consts::PI * fraction).tan();
        return digamma(1.0 - x) - turn;
    }
    let (mut argument, mut moved) = (x, 0.0);
    while argument < 10.0 {
        moved -= argument.recip();
        argument += 1.0;
    }
    // B₂ₖ/2k for k = 1..7.
    const COEFFICIENTS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 120.0,
        1.0 / 252.0,
        -1.0 / 240.0,
        1.0 / 132.0,
        -691.0 / 32760.0,
        1.0 / 12.0,
    ];
    let square = argument.recip().powi(2);
    let series = COEFFICIENTS.iter().rev().fold(0.0, |sum, c| (sum + c) * square);
    moved + argument.ln() - 0.5 / argument - series
}
