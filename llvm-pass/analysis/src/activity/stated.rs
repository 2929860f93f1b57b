//! Integers of arguments that the request states to be no bits of floats.
//!
//! A cell of an argument that is only used as an integer is an input all the same, as it may
//! have been a float whose bits the function computes with. What the request states of an
//! argument (the length of a slice is one) is known not to be: what is read from there varies
//! with nothing. So lengths may go where nobody looks into: to functions that stay aside.
//!
//! *Computes*: such loads. *From*: statements in the request's own function. *Why it is
//! sound*: the load is from the bytes that the statement is of, as both count from one
//! parameter, and nothing writes there.

use std::collections::HashSet;

use enzyme_body::{BlockId, Body, BodyId, Callee, Inst, Op, Program, ValueId};

use crate::bits::Bits;
use crate::types::{Meaning, Types, meaning, size};

/// The loads of the request's own function that read bytes stated to be no floats.
pub(super) fn plain_reads(program: &Program, types: &Types, written: &Bits) -> HashSet<ValueId> {
    let id = BodyId::FIRST;
    let body = &program.bodies[id];
    let entry = &body.blocks[BlockId::new(0)].insts;
    let stated: Vec<_> = entry.iter().filter_map(|&v| statement(body, body.inst(v)?)).collect();
    let unchanged = |address: ValueId| {
        types.loc(id, address).is_some_and(|loc| {
            !written.has(loc.region.index()) && !types.region(loc.region).escapes
        })
    };
    let loads = body.live_insts().filter(|(value, inst)| {
        let Op::Load(_) = inst.op else { return false };
        let Some((param, at)) = place(body, inst.operands[0]) else { return false };
        let end = at.saturating_add_unsigned(size(&body.values[*value].ty));
        let inside = |&(of, from, to): &(ValueId, i64, i64)| of == param && from <= at && end <= to;
        stated.iter().any(inside) && unchanged(inst.operands[0])
    });
    loads.map(|(value, _)| value).collect()
}

/// The parameter and the bytes behind it that a call states to be no floats.
fn statement(body: &Body, inst: &Inst) -> Option<(ValueId, i64, i64)> {
    let Op::Call(call) = &inst.op else { return None };
    let Callee::Symbol(symbol) = &call.callee else { return None };
    let Meaning::Plain = meaning(symbol) else { return None };
    let (param, at) = place(body, *inst.operands.first()?)?;
    Some((param, at, at.checked_add(body.int(*inst.operands.get(1)?)?)?))
}

/// The parameter that an address is at a constant distance from, and the distance.
fn place(body: &Body, mut address: ValueId) -> Option<(ValueId, i64)> {
    let mut at = 0i64;
    while !body.params.contains(&address) {
        let inst = body.inst(address)?;
        let Op::Offset { constant, .. } = &inst.op else { return None };
        if inst.operands.len() != 1 {
            return None;
        }
        at = at.checked_add(*constant)?;
        address = inst.operands[0];
    }
    Some((address, at))
}
