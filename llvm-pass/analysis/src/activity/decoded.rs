//! Floats that are calculated from the bits of floats, as integers.
//!
//! An integer has no derivative, and a float that is converted from one has none; but if the
//! integer has the fraction of a float in it, taken from its bits, the float that it becomes does
//! depend on that one.
//!
//! *Computes*: the conversions to floats of integers in which the fraction of a float with a
//! derivative is, if an output depends on the result. *From*: the graph of ways from the
//! inputs that are floats. *Why it is sound*: what is found has bits of the fraction in it, and is
//! of what is a float for sure: of arithmetic, or of memory that the request states to be
//! floats. Elsewhere integers as a whole are what enums and unions hold beside floats: there
//! only what takes all bits of the fraction and no others is found, and so of integers that are
//! chosen. *What it does not do*: sign and exponent alone are constant near each point where the
//! function has a derivative.

use std::collections::{HashMap, HashSet};

use enzyme_body::{Body, BodyId, Cast, FloatKind, Inst, IntOp, Op, Program, Ty, ValueId};

use super::graph::Graph;
use crate::bits::Bits;
use crate::stated::stated_floats;
use crate::types::{CellId, Site, Types};
use crate::walk::walk;

/// Such conversions; `seeds` are the inputs that are floats, and `useful` is what outputs depend
/// on.
pub(super) fn decoded(
    program: &Program,
    types: &Types,
    graph: &Graph,
    (seeds, useful): (&[usize], &Bits),
) -> Vec<Site> {
    let stated = stated_floats(program, types);
    let mut found = Vec::new();
    for (id, body) in program.bodies.iter() {
        let float = |value| certain_float(types, &stated, (id, body), value);
        let fractions = |value| takes_fraction(body, value, |_| true);
        for (value, inst) in body.live_insts() {
            if inst.op == Op::Cast(Cast::IntToFloat) && useful.has(graph.value((id, value))) {
                let certain = shows_fraction(body, inst.operands[0], float);
                if certain || fractions(inst.operands[0]) {
                    found.push((id, value, inst.operands[0], certain));
                }
            }
        }
    }
    if found.is_empty() {
        return vec![];
    }
    let floats = graph.reach(seeds, false);
    found.retain(|&(id, _, integer, certain)| {
        let reached = |value| floats.has(graph.value((id, value))) && !types.is_cut(id, value);
        reached(integer) && (certain || takes_fraction(&program.bodies[id], integer, reached))
    });
    found.into_iter().map(|(id, value, ..)| (id, value)).collect()
}

/// Whether an integer is made of all of a fraction and no other bits, of what is `reached`.
fn takes_fraction(body: &Body, integer: ValueId, reached: impl Fn(ValueId) -> bool) -> bool {
    let operands = |value: ValueId| {
        let inst = body.inst(value).filter(|inst| makes_integer(inst)).into_iter();
        inst.flat_map(|inst| inst.operands.iter().copied()).filter(|&v| reached(v))
    };
    walk(integer, operands).any(|v| is_fraction(body, v))
}

/// The format of the float whose bits an integer is, if it is a float for sure.
fn certain_float(
    types: &Types,
    stated: &HashSet<CellId>,
    (id, body): (BodyId, &Body),
    integer: ValueId,
) -> Option<FloatKind> {
    let inst = body.inst(integer)?;
    let kind = match body.values[integer].ty {
        Ty::Int(64) => FloatKind::Double,
        Ty::Int(32) => FloatKind::Single,
        _ => return None,
    };
    let read = |load: &Inst| {
        let loc = types.loc(id, load.operands[0]);
        let cells = loc.map(|loc| types.cells_at(loc, Some(kind.size()))).unwrap_or_default();
        cells.iter().any(|cell| stated.contains(cell))
    };
    let is = match inst.op {
        Op::Load(_) => read(inst),
        Op::Cast(Cast::Bits) if body.values[inst.operands[0]].ty.float() == Some(kind) => {
            let choices = |v: ValueId| match body.inst(v) {
                Some(inst) if matches!(inst.op, Op::Phi(_) | Op::Freeze) => inst.operands.clone(),
                Some(inst) if inst.op == Op::Select => inst.operands[1..].to_vec(),
                _ => vec![],
            };
            let mut sources = walk(inst.operands[0], choices);
            sources.all(|v| match body.inst(v).map(|inst| (&inst.op, inst)) {
                Some((Op::Load(_), load)) => read(load),
                Some((Op::Cast(cast), _)) => *cast != Cast::Bits,
                Some((Op::Float(_) | Op::Call(_) | Op::Phi(_) | Op::Freeze | Op::Select, _)) => {
                    true
                }
                Some(_) => false,
                None => body.constant(v).is_some() || body.params.contains(&v),
            })
        }
        _ => false,
    };
    is.then_some(kind)
}

/// Whether bits of the fraction of a float are among those of an integer that count for a
/// conversion: all of them, but for what masks and shifts take away before.
fn shows_fraction(
    body: &Body,
    converted: ValueId,
    float: impl Fn(ValueId) -> Option<FloatKind>,
) -> bool {
    let mut wanted: HashMap<ValueId, u64> = HashMap::new();
    let mut pending = vec![(converted, u64::MAX)];
    while let Some((value, bits)) = pending.pop() {
        let known = wanted.entry(value).or_default();
        if *known | bits == *known {
            continue;
        }
        *known |= bits;
        if let Some(kind) = float(value) {
            if bits & fraction(kind) != 0 {
                return true;
            }
            continue;
        }
        // What is chosen need not be the bits of the float that it may be.
        let computes =
            |inst: &&Inst| makes_integer(inst) && !matches!(inst.op, Op::Phi(_) | Op::Select);
        let Some(inst) = body.inst(value).filter(computes) else { continue };
        pending.extend(wanted_of_operands(body, (value, inst), bits));
    }
    false
}

/// Which bits of its operands count for these of an integer.
fn wanted_of_operands(
    body: &Body,
    (value, inst): (ValueId, &Inst),
    bits: u64,
) -> Vec<(ValueId, u64)> {
    let width = |v: ValueId| match body.values[v].ty {
        Ty::Int(n @ 0..64) => (1 << n) - 1,
        _ => u64::MAX,
    };
    let constant = inst.operands.get(1).and_then(|&v| body.int(v)).map(i64::cast_unsigned);
    let by = constant.and_then(|n| u32::try_from(n).ok());
    let bits = bits & width(value);
    let bits = match (&inst.op, constant, by) {
        (Op::Int(IntOp::And), Some(mask), _) => bits & mask,
        (Op::Int(IntOp::ShiftLeft), _, Some(by)) => bits.unbounded_shr(by),
        (Op::Int(IntOp::ShiftRight | IntOp::ShiftRightSigned), _, Some(by)) => {
            bits.unbounded_shl(by)
        }
        // What is smaller than the divisor comes to nothing.
        (Op::Int(IntOp::Div), Some(by @ 1..), _) => u64::MAX.unbounded_shl(by.ilog2()),
        (
            Op::Int(IntOp::Mul | IntOp::Rem | IntOp::Div)
            | Op::Int(IntOp::ShiftLeft | IntOp::ShiftRight | IntOp::ShiftRightSigned),
            ..,
        ) => u64::MAX,
        _ => bits,
    };
    inst.operands.iter().map(|&v| (v, bits & width(v))).collect()
}

/// The bits of a float's fraction.
fn fraction(kind: FloatKind) -> u64 {
    match kind {
        FloatKind::Double => (1 << 52) - 1,
        _ => (1 << 23) - 1,
    }
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
    let fraction = match body.values[value].ty {
        Ty::Int(64) => fraction(FloatKind::Double),
        Ty::Int(32) => fraction(FloatKind::Single),
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
