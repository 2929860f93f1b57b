//! Integers of arguments that the request states to be no bits of floats, and floats that it states
//! to be such.
//!
//! A cell of an argument that is only used as an integer is an input all the same, as it may
//! have been a float whose bits the function computes with. What the request states of an
//! argument (the length of a slice is one) is known not to be: what is read from there varies
//! with nothing, and where it goes does not tell what it is. So lengths may go where nobody
//! looks into, as to functions that stay aside, and where bytes of all kinds lie.
//!
//! *Computes*: such loads. *From*: statements that the request's own function passes whenever it
//! returns. *Why it is sound*: the load is from the bytes that the statement is of, as both count
//! from one parameter, and the parameter is used for nothing but loads, statements and checks,
//! so that nothing is written there; what is done before a panic does not matter.

use std::collections::HashSet;

use enzyme_body::{BlockId, Body, BodyId, Callee, Cast, Inst, IntOp, Op, Program, Ty, ValueId};

use crate::types::{CellId, Meaning, Types, meaning, size};
use crate::walk::walk;

/// The loads of the request's own function that read integers stated to be no floats.
pub(crate) fn plain_reads(program: &Program) -> HashSet<ValueId> {
    let body = &program.bodies[BodyId::FIRST];
    let last = body.return_block().unwrap_or(BlockId::new(0));
    let passed = body.dominators(last).flat_map(|block| &body.blocks[block].insts);
    let stated = passed.filter_map(|&v| statement(body, body.inst(v)?));
    let stated: Vec<_> = stated.filter(|&(param, _, _)| is_only_read(body, param)).collect();
    let loads = body.live_insts().filter(|(value, inst)| {
        let ty = &body.values[*value].ty;
        let (Op::Load(_), Ty::Int(_)) = (&inst.op, ty) else { return false };
        let Some((param, at)) = place(body, inst.operands[0]) else { return false };
        let end = at.saturating_add_unsigned(size(ty));
        stated.iter().any(|&(of, from, to)| of == param && from <= at && end <= to)
    });
    loads.map(|(value, _)| value).collect()
}

/// The cells that the request states to be floats.
pub(crate) fn stated_floats(program: &Program, types: &Types) -> HashSet<CellId> {
    let mut found = HashSet::new();
    for (id, body) in program.bodies.iter() {
        for (_, inst) in body.live_insts() {
            let Some(Meaning::Float(kind) | Meaning::Floats(kind)) = hint(inst) else { continue };
            let loc = inst.operands.first().and_then(|&address| types.loc(id, address));
            let cells = loc.map(|loc| types.cells_at(loc, Some(kind.size())));
            found.extend(cells.into_iter().flatten());
        }
    }
    found
}

/// The parameter and the bytes behind it that a call states to be no floats.
fn statement(body: &Body, inst: &Inst) -> Option<(ValueId, i64, i64)> {
    let Some(Meaning::Plain) = hint(inst) else { return None };
    let (param, at) = place(body, *inst.operands.first()?)?;
    Some((param, at, at.checked_add(body.int(*inst.operands.get(1)?)?)?))
}

/// What a call states, if it does.
fn hint(inst: &Inst) -> Option<Meaning> {
    let Op::Call(call) = &inst.op else { return None };
    let Callee::Symbol(symbol) = &call.callee else { return None };
    let meaning = meaning(symbol);
    matches!(meaning, Meaning::Plain | Meaning::Float(_) | Meaning::Floats(_)).then_some(meaning)
}

/// The parameter that an address is at a constant distance from, and the distance.
fn place(body: &Body, mut address: ValueId) -> Option<(ValueId, i64)> {
    let mut at = 0i64;
    while !body.params.contains(&address) {
        let inst = body.inst(address)?;
        at = at.checked_add(distance(inst)?)?;
        address = inst.operands[0];
    }
    Some((address, at))
}

/// How far an address is behind another one, if that is constant.
fn distance(inst: &Inst) -> Option<i64> {
    match &inst.op {
        Op::Offset { constant, .. } if inst.operands.len() == 1 => Some(*constant),
        _ => None,
    }
}

/// Whether all that is done with an address and those behind it is to load, to state and to
/// check.
fn is_only_read(body: &Body, param: ValueId) -> bool {
    let users = |address: ValueId| body.values[address].uses.iter().copied();
    let further = |address: ValueId| {
        users(address).filter(|&user| body.inst(user).is_some_and(|i| distance(i).is_some()))
    };
    let reads = |user: ValueId| {
        body.inst(user).is_some_and(|inst| {
            matches!(inst.op, Op::Load(_)) || distance(inst).is_some() || hint(inst).is_some()
        })
    };
    let harmless = |user| reads(user) || is_check(body, user);
    walk(param, further).all(|address| users(address).all(harmless))
}

/// Whether what uses an address only compares it, or bits of it, or runs before a panic.
fn is_check(body: &Body, user: ValueId) -> bool {
    let is_part =
        |inst: &Inst| matches!(inst.op, Op::Cast(Cast::AddressToInt) | Op::Int(IntOp::And));
    let further = |value| {
        let part = body.inst(value).is_some_and(is_part);
        body.values[value].uses.iter().copied().filter(move |_| part)
    };
    walk(user, further).filter_map(|value| body.inst(value)).all(|inst| {
        is_part(inst) || inst.op == Op::IntCompare || body.blocks[inst.block].no_reverse
    })
}
