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
//! *Does not*: follow such numbers through memory and choices.

use enzyme_body::{Body, Callee, Cast, Constant, FloatKind, FloatOp, Op, Ty, ValueId};

/// What is rounded is rounded to 2 to the minus this, or coarser.
const FINEST: i32 = 8;

/// Whether the value is a sum that rounds.
pub fn is_step(body: &Body, value: ValueId) -> bool {
    let Some(large) = large_summand(body, value) else { return false };
    let user = |&user: &ValueId| match body.inst(user).map(|inst| &inst.op) {
        Some(Op::Cast(Cast::Bits)) => true,
        Some(Op::Float(_)) => large_summand(body, user) == Some(-large),
        _ => false,
    };
    let fence = |user| calls(body, user, &["llvm.arithmetic.fence."]);
    let seen = |&seen: &ValueId| user(&seen) || fence(seen) && uses(body, seen).any(user);
    uses(body, value).any(seen)
}

fn uses(body: &Body, value: ValueId) -> impl Iterator<Item = &ValueId> {
    body.values[value].uses.iter()
}

/// The constant that is added, if it is large.
fn large_summand(body: &Body, value: ValueId) -> Option<f64> {
    let inst = body.inst(value)?;
    let constant = |index: usize| match body.constant(*inst.operands.get(index)?) {
        Some(Constant::Float(number)) => Some(*number),
        _ => None,
    };
    let number = match inst.op {
        Op::Float(FloatOp::Add) => constant(1).or_else(|| constant(0)),
        Op::Float(FloatOp::Sub) => constant(1).map(|number| -number),
        _ if calls(body, value, &["llvm.fma.", "llvm.fmuladd."]) => constant(2),
        _ => None,
    }?;
    is_large(number, &body.values[value].ty).then_some(number)
}

/// Whether floats of the type lie apart by 2 to the minus [`FINEST`] or more near a number
/// of the form that roundings have.
fn is_large(number: f64, ty: &Ty) -> bool {
    let digits = match ty {
        Ty::Vector(item, _) => return is_large(number, item),
        Ty::Float(FloatKind::Double) => 52,
        Ty::Float(FloatKind::Single) => 23,
        _ => return false,
    };
    let form = [1.0, 1.5].map(|factor| (number.abs() / factor).to_bits());
    let is_power = |bits: &u64| bits.trailing_zeros() >= 52;
    number.is_finite() && number.abs() >= 2.0_f64.powi(digits - FINEST) && form.iter().any(is_power)
}

/// Whether a value is the result of a function whose name begins so.
fn calls(body: &Body, value: ValueId, names: &[&str]) -> bool {
    let Some(Op::Call(call)) = body.inst(value).map(|inst| &inst.op) else { return false };
    matches!(&call.callee, Callee::Symbol(symbol) if names.iter().any(|n| symbol.starts_with(n)))
}
