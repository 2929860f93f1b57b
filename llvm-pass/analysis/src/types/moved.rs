//! Words that the optimiser moves as addresses, and that may be floats, or the other way.
//!
//! In an enum with a float in one variant and an address in another, code that only looks
//! into the second loads the word as an address, and moves it as one: `store ptr (load ptr)`.
//! An address has no adjoint, so that of the float would stay behind. And code that only looks
//! into the first moves the word as a float: nobody would know where the address points then.
//!
//! *Computes*: the addresses that are loaded from bytes where a float and an address take
//! turns, or made of such words; the stores to such bytes, and the casts to what may be a
//! float, to which choices lead from there; and doubles that are loaded from such bytes and
//! only stored to such. *From*: the program, and which bytes take turns. `enzyme_prepare` then
//! moves the words as integers, which may be the bits of a float.
//!
//! *Why it is sound*: it need not be: what stays an address is refused
//! (`activity::addresses`) where a float might move with it, and what is read behind an address
//! that came as a float ends the program.

use std::collections::HashSet;

use enzyme_body::{Body, BodyId, Cast, FloatKind, Inst, Moved, Op, Program, Ty, ValueId};

use super::Types;
use super::words::live_users;
use crate::walk::walk;

/// What should be moved as integers, for each body that moves any.
pub(super) fn moved(program: &Program, types: &Types) -> Vec<Moved> {
    let found = program.bodies.iter().filter_map(|(id, body)| {
        let loads = body.live_insts().map(|(value, _)| value);
        let loads: Vec<_> =
            loads.filter(|&v| may_be_float(types, (id, body), v) && is_whole(body, v)).collect();
        let from_turning: HashSet<_> =
            loads.iter().flat_map(|&load| walk(load, |v| choices(body, v))).collect();
        let doubles = body.live_insts().filter(|&load| is_moved_double(types, (id, body), load));
        let stores = doubles.flat_map(|(value, _)| live_users(body, value).map(|user| user.0));
        let mut users: Vec<_> = from_turning
            .iter()
            .flat_map(|&address| live_users(body, address).map(move |user| (address, user)))
            .filter(|(address, user)| moves(types, (id, body), *address, *user))
            .map(|(_, (user, _))| user)
            .chain(stores)
            .collect();
        users.sort_unstable();
        users.dedup();
        let operands = |v: ValueId| {
            let inst = body.inst(v).into_iter();
            let operands = inst.flat_map(|inst| inst.operands.iter().copied());
            operands.filter(|operand| from_turning.contains(operand)).collect::<Vec<_>>()
        };
        let sources = users.iter().filter_map(|&user| body.inst(user)).map(|inst| inst.operands[0]);
        let all: HashSet<_> = sources.flat_map(|source| walk(source, operands)).collect();
        let mut addresses: Vec<_> = all.into_iter().collect();
        addresses.sort_unstable();
        (!users.is_empty()).then_some(Moved { body: id, users, addresses })
    });
    found.collect()
}

/// Whether a value is an address that may be the bits of a float: loaded from where one may
/// lie, or made of what may be one.
pub(crate) fn may_be_float(types: &Types, (id, body): (BodyId, &Body), value: ValueId) -> bool {
    body.values[value].ty == Ty::Ptr
        && body.inst(value).is_some_and(|inst| match inst.op {
            Op::Load(_) => types.takes_turns_at(id, inst.operands[0], 8),
            Op::Cast(Cast::IntToAddress) | Op::Extract { .. } => {
                types.by_turns(id, inst.operands[0])
            }
            _ => false,
        })
}

/// Whether a double is loaded from where an address may lie, and only stored to such places.
fn is_moved_double(
    types: &Types,
    (id, body): (BodyId, &Body),
    (value, inst): (ValueId, &Inst),
) -> bool {
    let turns = |address: ValueId| types.takes_turns_at(id, address, 8);
    let mut users = live_users(body, value).peekable();
    matches!(inst.op, Op::Load(_))
        && body.values[value].ty.float() == Some(FloatKind::Double)
        && turns(inst.operands[0])
        && users.peek().is_some()
        && users.all(|(_, user)| {
            matches!(user.op, Op::Store(_)) && user.operands[0] == value && turns(user.operands[1])
        })
}

/// The choices that may choose a value.
pub(crate) fn choices(body: &Body, value: ValueId) -> Vec<ValueId> {
    let chosen = |inst: &Inst| match inst.op {
        Op::Phi(_) | Op::Freeze => true,
        Op::Select => inst.operands[1..].contains(&value),
        _ => false,
    };
    live_users(body, value).filter(|(_, inst)| chosen(inst)).map(|(user, _)| user).collect()
}

/// Whether a user moves an address to where it may be a float.
fn moves(
    types: &Types,
    (id, body): (BodyId, &Body),
    address: ValueId,
    (user, inst): (ValueId, &Inst),
) -> bool {
    let is_stored = |value: ValueId, inst: &Inst| {
        matches!(inst.op, Op::Store(_))
            && inst.operands[0] == value
            && types.takes_turns_at(id, inst.operands[1], 8)
    };
    match inst.op {
        Op::Store(_) => is_stored(address, inst),
        Op::Cast(Cast::AddressToInt) if body.values[user].ty == Ty::Int(64) => {
            walk(user, |v| as_they_are(body, v)).any(|v| {
                body.values[v].ty.float().is_some()
                    || live_users(body, v).any(|(_, inst)| is_stored(v, inst))
            })
        }
        _ => false,
    }
}

/// Whether an integer can take the place of an address: not if that is a part of something.
fn is_whole(body: &Body, address: ValueId) -> bool {
    body.inst(address).is_some_and(|inst| match inst.op {
        Op::Load(_) => true,
        Op::Cast(Cast::IntToAddress) => body.values[inst.operands[0]].ty == Ty::Int(64),
        _ => false,
    })
}

/// What has the bits of a value.
fn as_they_are(body: &Body, value: ValueId) -> Vec<ValueId> {
    let casts = live_users(body, value).filter(|(_, inst)| inst.op == Op::Cast(Cast::Bits));
    choices(body, value).into_iter().chain(casts.map(|(user, _)| user)).collect()
}
