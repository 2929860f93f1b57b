//! Sums whose only purpose is to round.
//!
//! *Computes*: whether an addition is a step function of what it is given: constant between
//! jumps, as `floor` is. *From*: the operation, a constant, and what is done with the sum.
//!
//! Floats near a large number lie far apart: `(x + 2^52) - 2^52` is `x` rounded to a whole
//! number, and the lowest bits of `x + 1.5 · 2^52` are that number as an integer. So C
//! libraries and vector code round where the processor has no instruction for it. By the
//! rules of sums the derivative would be 1.
//!
//! *Why it is sound*: nothing but rounding is gained by adding a number and taking it away
//! again, and only what is rounded to 1/256 or coarser counts: the number is a power of two,
//! or one and a half of it, near the largest whole numbers that the format holds.
//!
//! The number may have a sign that is copied, or chosen. A double to which 2^51 or more of that
//! form, up to 2^53, is added is a step function by itself; of other roundings, and of `f32`s, it
//! must be seen that the number is taken away, or, if it is no larger, that the bits are looked at.
//!
//! *Does not*: follow such numbers, or the sums of finer roundings, through memory, or choices of
//! their sizes.

use std::ops::RangeInclusive;

use enzyme_body::{Body, Call, Callee, Cast, Constant, FloatKind, FloatOp, Op, Ty, ValueId};
use enzyme_rules::for_function;

/// What is rounded is rounded to 2 to the minus this, or coarser.
const FINEST: i32 = 8;

/// Beside such numbers no more than halves are left of a double that is added, and whole numbers
/// are exact: whatever is done with the sum, it was added to round. What is far larger is a
/// scale, as in the root of `(s·x)² + s²`, where `x` may be as large.
const WHOLE: RangeInclusive<f64> = (1u64 << 51) as f64..=(1u64 << 53) as f64;

/// A sign comes to a number in no more steps.
const MOST_STEPS: usize = 4;

/// What is added to round.
#[derive(Clone, Copy, PartialEq)]
struct Large {
    size: f64,
    /// The value of that size whose sign is not known, if it is no constant.
    of: Option<ValueId>,
    /// Whether the number, or this value, is taken away.
    taken: bool,
}

impl Large {
    fn taken_away(self) -> Self {
        Self { taken: !self.taken, ..self }
    }
}

/// Whether the value is a sum that rounds.
pub fn is_step(body: &Body, value: ValueId) -> bool {
    large_summand(body, value).is_some_and(|large| {
        let is_double = digits(&body.values[value].ty) == Some(f64::MANTISSA_DIGITS);
        let leaves_halves = is_double && large.of.is_none() && WHOLE.contains(&large.size);
        leaves_halves || is_rounded(body, value, large, MOST_STEPS)
    })
}

/// Whether something is done with a value that shows that a number was added to round: it is
/// taken away again, or the bits are looked at.
fn is_rounded(body: &Body, value: ValueId, large: Large, steps: usize) -> bool {
    body.values[value].uses.iter().any(|&user| {
        let Some(inst) = body.inst(user) else { return false };
        let further = |large| steps > 0 && is_rounded(body, user, large, steps - 1);
        match inst.op {
            Op::Cast(Cast::Bits) => large.size <= *WHOLE.end(),
            Op::Float(FloatOp::Neg) => further(large.taken_away()),
            Op::Float(FloatOp::Sub) if inst.operands[1] == value => {
                large_summand(body, user) == Some(large)
            }
            Op::Float(_) => large_summand(body, user) == Some(large.taken_away()),
            _ => {
                let fence = |symbol: &str| symbol.starts_with("llvm.arithmetic.fence.");
                called(body, user).is_some_and(fence) && further(large)
            }
        }
    })
}

/// What is added, if it is large.
fn large_summand(body: &Body, value: ValueId) -> Option<Large> {
    let inst = body.inst(value)?;
    let ty = &body.values[value].ty;
    let large = |index: usize| {
        let operand = *inst.operands.get(index)?;
        if let Some(Constant::Float(number)) = body.constant(operand) {
            let (size, taken) = (number.abs(), *number < 0.0);
            return is_large(size, ty).then_some(Large { size, of: None, taken });
        }
        let size = signed(body, operand, MOST_STEPS).filter(|size| is_large(*size, ty))?;
        let negated = body.inst(operand).filter(|inst| inst.op == Op::Float(FloatOp::Neg));
        let of = Some(negated.map_or(operand, |inst| inst.operands[0]));
        Some(Large { size, of, taken: negated.is_some() })
    };
    match inst.op {
        Op::Float(FloatOp::Add) => large(1).or_else(|| large(0)),
        Op::Float(FloatOp::Sub) => large(1).map(Large::taken_away).or_else(|| large(0)),
        _ if is_function(body, value, "fma") => large(2),
        _ => None,
    }
}

/// The size of a value that is one constant with either sign, made in so many steps at most.
fn signed(body: &Body, value: ValueId, steps: usize) -> Option<f64> {
    if let Some(Constant::Float(number)) = body.constant(value) {
        return Some(number.abs());
    }
    let inst = body.inst(value).filter(|_| steps > 0)?;
    let size = |index: usize| signed(body, inst.operands[index], steps - 1);
    match inst.op {
        Op::Float(FloatOp::Neg) => size(0),
        Op::Float(FloatOp::Mul) => Some(size(0)? * size(1)?),
        // The sign of what is no number is none.
        Op::Select => match (size(1)?, size(2)?) {
            (a, b) if a == b || a.is_nan() => Some(b),
            (a, b) => b.is_nan().then_some(a),
        },
        _ if is_function(body, value, "copysign") => size(0),
        _ => None,
    }
}

/// Whether floats of the type lie apart by 2 to the minus [`FINEST`] or more near a number
/// of the form that roundings have.
fn is_large(size: f64, ty: &Ty) -> bool {
    let form = [1.0, 1.5].map(|factor| (size / factor).to_bits());
    let is_power = |bits: &u64| bits.trailing_zeros() >= 52;
    let lies_apart = |digits| size >= 2.0_f64.powi(digits as i32 - 1 - FINEST);
    size.is_finite() && digits(ty).is_some_and(lies_apart) && form.iter().any(is_power)
}

/// The binary digits of floats of the type, or of a vector's items.
fn digits(ty: &Ty) -> Option<u32> {
    match ty {
        Ty::Vector(item, _) => digits(item),
        Ty::Float(FloatKind::Double) => Some(f64::MANTISSA_DIGITS),
        Ty::Float(FloatKind::Single) => Some(f32::MANTISSA_DIGITS),
        _ => None,
    }
}

/// Whether a value is the result of the function with this row in the table of rules.
fn is_function(body: &Body, value: ValueId, row: &str) -> bool {
    let symbol = called(body, value);
    symbol.and_then(for_function).is_some_and(|(rule, _)| rule.name == row)
}

/// The symbol of the function whose result the value is.
fn called(body: &Body, value: ValueId) -> Option<&str> {
    match &body.inst(value)?.op {
        Op::Call(Call { callee: Callee::Symbol(symbol), .. }) => Some(symbol),
        _ => None,
    }
}
