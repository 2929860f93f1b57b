//! Floats that are calculated from the fractions of floats, as integers.
//!
//! An integer has no derivative, and a float that is converted from one has none; but if the
//! integer is the fraction of a float, taken from its bits, the float that it becomes does
//! depend on that one.
//!
//! *Computes*: the conversions to floats of integers that are made of the fraction of a float
//! with a derivative, if an output depends on the result. *From*: the graph of ways from the
//! inputs that are floats. *Why it is sound*: what is found takes the bits of the fraction, no
//! more and no less, out of what may be a float's bits. *What it does not do*: find conversions
//! of other parts. Sign and exponent alone are constant near each point where the function has a
//! derivative; integers as a whole are what enums and unions hold beside floats.

use enzyme_body::{Body, Cast, Inst, IntOp, Op, Program, Ty, ValueId};

use super::graph::Graph;
use crate::bits::Bits;
use crate::types::{Site, Types};
use crate::walk::walk;

/// Such conversions; `seeds` are the inputs that are floats, and `useful` is what outputs depend
/// on.
pub(super) fn decoded(
    program: &Program,
    types: &Types,
    graph: &Graph,
    (seeds, useful): (&[usize], &Bits),
) -> Vec<Site> {
    let mut found = Vec::new();
    let takes_fraction =
        |(_, body): (_, &Body)| body.live_insts().any(|(value, _)| is_fraction(body, value));
    if !program.bodies.iter().any(takes_fraction) {
        return found;
    }
    let floats = graph.reach(seeds, false);
    for (id, body) in program.bodies.iter() {
        let reached = |value| floats.has(graph.value((id, value))) && !types.is_cut(id, value);
        let operands = |value: ValueId| {
            let inst = body.inst(value).filter(|inst| makes_integer(inst)).into_iter();
            inst.flat_map(|inst| inst.operands.iter().copied()).filter(|&v| reached(v))
        };
        for (value, inst) in body.live_insts() {
            if inst.op == Op::Cast(Cast::IntToFloat)
                && useful.has(graph.value((id, value)))
                && reached(inst.operands[0])
                && walk(inst.operands[0], operands).any(|v| is_fraction(body, v))
            {
                found.push((id, value));
            }
        }
    }
    found
}

/// Whether an instruction makes an integer of others.
fn makes_integer(inst: &Inst) -> bool {
    matches!(
        inst.op,
        Op::Int(_)
            | Op::Cast(Cast::IntToInt | Cast::SignExtend)
            | Op::Phi(_)
            | Op::Select
            | Op::Freeze
    )
}

/// Whether an integer is the fraction of another as a float, and no other part: `x & mask`, or
/// the same of an `x` that is shifted to the left. What is shifted to the right is a step
/// function.
fn is_fraction(body: &Body, value: ValueId) -> bool {
    let fraction: u64 = match body.values[value].ty {
        Ty::Int(64) => (1 << 52) - 1,
        Ty::Int(32) => (1 << 23) - 1,
        _ => return false,
    };
    let by_constant = |value: ValueId, op: IntOp| {
        let inst = body.inst(value).filter(|inst| inst.op == Op::Int(op))?;
        Some((inst.operands[0], body.int(*inst.operands.get(1)?)?))
    };
    let Some((masked, mask)) = by_constant(value, IntOp::And) else { return false };
    let shift = by_constant(masked, IntOp::ShiftLeft).and_then(|(_, by)| u32::try_from(by).ok());
    fraction.checked_shl(shift.unwrap_or(0)) == Some(mask.cast_unsigned())
}
