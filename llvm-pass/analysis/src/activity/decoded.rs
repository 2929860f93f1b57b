//! Floats that are calculated from the bits of floats, as integers.
//!
//! An integer has no derivative, and a float that is converted from one has none; but if the
//! integer is the fraction of a float, taken from its bits, the float that it becomes does
//! depend on that one.
//!
//! *Computes*: the conversions to floats of integers that may be the bits of a float with a
//! derivative, if an output depends on the result. *From*: the graph of ways from the inputs
//! that are floats. *Why it is sound*: what is not refused comes from no such bits, or from
//! their sign and exponent alone, and those are constant near each point where the function
//! has a derivative. *What it does not do*: where floats and integers take turns, in memory or
//! as one or the other is chosen, the optimiser converts in advance what it may not use; those conversions are left alone.

use enzyme_body::{Body, BodyId, Cast, FloatKind, Inst, IntOp, Op, Program, Ty, ValueId};

use super::graph::Graph;
use crate::bits::Bits;
use crate::types::{PieceKind, Site, Types};
use crate::walk::walk;

/// Such conversions; `floats` is what floats go to, and `useful` what outputs depend on.
pub(super) fn decoded(
    program: &Program,
    types: &Types,
    graph: &Graph,
    (floats, useful): (&Bits, &Bits),
) -> Vec<Site> {
    let has = |bits: &Bits, site| bits.has(graph.value(site));
    let mut found = Vec::new();
    for (id, body) in program.bodies.iter() {
        let reached = |value: ValueId| has(floats, (id, value)) && !types.is_cut(id, value);
        for (value, inst) in body.live_insts() {
            if inst.op == Op::Cast(Cast::IntToFloat)
                && has(useful, (id, value))
                && reached(inst.operands[0])
                && has_fraction(types, (id, body), inst.operands[0], &reached)
            {
                found.push((id, value));
            }
        }
    }
    found
}

/// Whether an integer may depend on more of a float than its sign and exponent.
fn has_fraction(
    types: &Types,
    (id, body): (BodyId, &Body),
    integer: ValueId,
    reached: &impl Fn(ValueId) -> bool,
) -> bool {
    let operands = |value: ValueId| {
        let inst = body.inst(value).filter(|inst| passes_on(inst))?;
        let keeps = !leaves_exponent(types, id, (body, value), inst) && !mixes(inst, reached);
        Some(inst.operands.iter().copied().filter(move |&v| keeps && reached(v)))
    };
    let mut all = walk(integer, |value| operands(value).into_iter().flatten());
    all.any(|value| operands(value).is_none() && is_float(types, id, (body, value)))
}

/// Whether what an integer begins with is a float's bits, and no integer by turns.
fn is_float(types: &Types, id: BodyId, (body, value): (&Body, ValueId)) -> bool {
    match body.inst(value).map(|inst| (&inst.op, &inst.operands[..])) {
        Some((Op::Load(_), &[from])) => {
            types.holds_only_floats(id, from, body.values[value].ty.size())
        }
        Some((Op::Cast(Cast::Bits), _)) => true,
        _ => !types.is_dynamic(),
    }
}

/// Whether a choice is of the bits of floats and of integers: they take turns in a register.
fn mixes(inst: &Inst, reached: &impl Fn(ValueId) -> bool) -> bool {
    let chosen = match inst.op {
        Op::Phi(_) => &inst.operands[..],
        Op::Select => &inst.operands[1..],
        _ => &[],
    };
    chosen.iter().any(|&value| !reached(value))
}

/// Whether an instruction makes an integer of others.
fn passes_on(inst: &Inst) -> bool {
    matches!(
        inst.op,
        Op::Int(_)
            | Op::Cast(Cast::IntToInt | Cast::SignExtend)
            | Op::Phi(_)
            | Op::Select
            | Op::Freeze
    )
}

/// Whether all that an operation leaves of the bits of a float are its sign and exponent.
fn leaves_exponent(
    types: &Types,
    id: BodyId,
    (body, value): (&Body, ValueId),
    inst: &Inst,
) -> bool {
    let (fraction, kind) = match body.values[value].ty {
        Ty::Int(64) => (52, FloatKind::Double),
        Ty::Int(32) => (23, FloatKind::Single),
        _ => return false,
    };
    let other = |piece: &(u64, PieceKind)| piece.1.is_float() && piece.1 != PieceKind::Float(kind);
    let constant = inst.operands.get(1).and_then(|&by| body.int(by));
    let leaves = match (&inst.op, constant) {
        (Op::Int(IntOp::ShiftRight | IntOp::ShiftRightSigned), Some(by)) => by >= fraction,
        (Op::Int(IntOp::And), Some(mask)) => mask.trailing_zeros() >= fraction as u32,
        _ => false,
    };
    leaves && !types.register_pieces(id, inst.operands[0]).iter().any(other)
}
