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
        Unary::Increment => f64::from((a as i32).wrapping_add(1)),
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
        (Function::SinPi, [x]) => sinpi(*x),
        (Function::CosPi, [x]) => sinpi_from(half_turns(*x).abs() + 0.5),
        (Function::J0, [x]) => libm::j0(*x),
        (Function::J1, [x]) => libm::j1(*x),
        (Function::Jn, [n, x]) => libm::jn(*n as i32, *x),
        (Function::Y0, [x]) => libm::y0(*x),
        (Function::Y1, [x]) => libm::y1(*x),
        (Function::Yn, [n, x]) => libm::yn(*n as i32, *x),
        _ => panic!("{} does not take {} arguments", function.name(), arguments.len()),
    }
}

/// sin(πx), without rounding of πx.
pub fn sinpi(x: f64) -> f64 {
    let turned = half_turns(x);
    sinpi_from(turned.abs()).copysign(turned)
}

/// x less the even number that is nearest: exact, and within ±1.
fn half_turns(x: f64) -> f64 {
    x - 2.0 * (0.5 * x).round_ties_even()
}

/// sin(πa) for a from 0 to 3/2. Within a quarter of a multiple of 1/2 the sine or
/// cosine of a small angle; the differences are exact.
fn sinpi_from(a: f64) -> f64 {
    let angle = |part: f64| std::f64::consts::PI * part;
    match () {
        () if a <= 0.25 => angle(a).sin(),
        () if a < 0.75 => angle(a - 0.5).cos(),
        () if a <= 1.25 => angle(1.0 - a).sin(),
        () => -angle(a - 1.5).cos(),
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
