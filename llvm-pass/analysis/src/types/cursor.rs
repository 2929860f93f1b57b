//! Addresses that only look at integers.
//!
//! *Computes*: the addresses of a body that an index or a walk without known end
//! makes, and through which, and through all that is made from them, integers are
//! read and written and nothing else. *From*: the body alone, by their uses.
//!
//! Shapes and strides of arrays are such memory. Where they lie inside of a
//! structure, in front of addresses or floats, nothing in LLVM's code says where
//! their part ends: an index into them could reach whatever lies behind. But the
//! program reads integers there and counts with them, so it is not where addresses
//! and floats are (a premise of `types`). Such an address makes nothing repeat: its
//! place is its region, its reads and writes are of some integers there.
//!
//! Bits that are carried from one place to another do not make a cursor: they may be a
//! float's. Nor does an address into a region where floats were found, or of which the
//! integers are calculated into floats: there the program may calculate with the bits
//! of floats, and `types` solves again without it.

use std::collections::HashSet;

use enzyme_body::{Body, Callee, Cast, Constant, Def, Inst, IntOp, Op, Ty, ValueId};
use enzyme_rules::Known;

use super::calls::{Computes, Meaning, intrinsic, meaning};
use super::generate::is_header;
use super::offset::variable_part;

/// Which values of a body are cursors, by number; `wrong` are none.
pub(super) fn cursors(body: &Body, wrong: &HashSet<ValueId>) -> Vec<bool> {
    let endless = candidates(body);
    let candidate = |v: ValueId| endless[v.index()];
    let mut is = endless.clone();
    for value in body.values.ids().filter(|&v| candidate(v)) {
        is[value.index()] = !wrong.contains(&value) && looks_at_integers(body, value);
    }
    loop {
        // Where an address repeats, so does what it is made from, and what is made from it.
        let repeats = |v: ValueId| candidate(v) && !is[v.index()];
        let joined = |v: ValueId| {
            let inst = body.inst(v).expect("a candidate is made by an instruction");
            let made = live_users(body, v).filter(|(_, inst)| moves_address(inst, v));
            inst.operands.iter().copied().any(repeats) || made.map(|m| m.0).any(repeats)
        };
        let gone = body.values.ids().filter(|&v| is[v.index()] && joined(v));
        let gone: Vec<ValueId> = gone.collect();
        if gone.is_empty() {
            return is;
        }
        gone.into_iter().for_each(|v| is[v.index()] = false);
    }
}

/// Addresses with an index or walk without known end, and all that is made from them.
fn candidates(body: &Body) -> Vec<bool> {
    let mut is = vec![false; body.values.len()];
    let mut stack: Vec<ValueId> = Vec::new();
    for (value, inst) in body.live_insts() {
        let endless = match inst.op {
            Op::Offset { .. } => variable_part(body, inst).is_none(),
            Op::Phi(_) => body.values[value].ty == Ty::Ptr && is_header(inst),
            _ => false,
        };
        if endless {
            stack.push(value);
        }
    }
    while let Some(value) = stack.pop() {
        if std::mem::replace(&mut is[value.index()], true) {
            continue;
        }
        stack.extend(live_users(body, value).filter(|(_, i)| moves_address(i, value)).map(|u| u.0));
    }
    is
}

fn live_users(body: &Body, value: ValueId) -> impl Iterator<Item = (ValueId, &Inst)> {
    let users = body.values[value].uses.iter().filter_map(|&u| Some((u, body.inst(u)?)));
    users.filter(|(_, inst)| !body.blocks[inst.block].no_reverse)
}

/// Whether an instruction makes another address of this one.
fn moves_address(inst: &Inst, address: ValueId) -> bool {
    match inst.op {
        Op::Phi(_) | Op::Freeze => true,
        Op::Offset { .. } => inst.operands[0] == address,
        Op::Select => inst.operands[1..].contains(&address),
        _ => false,
    }
}

/// Whether all that is done at an address, and with it but to make others, is to read,
/// write and compare as with integers.
fn looks_at_integers(body: &Body, address: ValueId) -> bool {
    live_users(body, address).all(|(user, inst)| match &inst.op {
        Op::IntCompare => true,
        Op::Load(_) => is_integer(&body.values[user].ty) && Uses::of(body, user).integer(),
        Op::Store(_) => {
            inst.operands[0] != address
                && is_integer(&body.values[inst.operands[0]].ty)
                && is_computed(body, inst.operands[0])
        }
        Op::Cast(Cast::AddressToInt) => Uses::of(body, user).integer(),
        _ => moves_address(inst, address),
    })
}

/// The addresses where the program stores what it calculates from what it reads at a
/// cursor.
pub(super) fn results(body: &Body, cursor: ValueId) -> Vec<ValueId> {
    let loads = live_users(body, cursor).filter(|(_, inst)| matches!(inst.op, Op::Load(_)));
    loads.flat_map(|(load, _)| Uses::of(body, load).results).collect()
}

fn is_integer(ty: &Ty) -> bool {
    matches!(ty, Ty::Int(bits) if *bits <= 64)
}

/// How the bits of an integer are used, wherever they are carried in registers.
#[derive(Debug, Default)]
struct Uses {
    /// Stored, unchanged but for masks and shifts.
    stored: bool,
    /// The addresses where what is calculated from it is stored.
    results: Vec<ValueId>,
    /// In a way that an address or a float may be.
    strange: bool,
}

impl Uses {
    /// Whether they are only those of an integer.
    fn integer(&self) -> bool {
        !self.strange && !self.stored
    }

    fn of(body: &Body, value: ValueId) -> Self {
        let mut uses = Self::default();
        let mut seen = HashSet::new();
        // The value, and whether its bits are those of the first.
        let mut stack = vec![(value, true)];
        while let Some((value, same)) = stack.pop() {
            if !seen.insert((value, same)) {
                continue;
            }
            for (user, inst) in live_users(body, value) {
                uses.note((user, inst), (value, same), &mut stack);
            }
        }
        uses
    }

    fn note(
        &mut self,
        (user, inst): (ValueId, &Inst),
        (value, same): (ValueId, bool),
        stack: &mut Vec<(ValueId, bool)>,
    ) {
        match &inst.op {
            Op::IntCompare | Op::Switch | Op::Branch => {}
            Op::Int(IntOp::And | IntOp::Or | IntOp::Xor) => stack.push((user, same)),
            Op::Int(IntOp::ShiftLeft | IntOp::ShiftRight | IntOp::ShiftRightSigned) => {
                stack.push((user, same));
            }
            Op::Int(_) => stack.push((user, false)),
            Op::Phi(_) | Op::Freeze | Op::Cast(Cast::IntToInt | Cast::SignExtend) => {
                stack.push((user, same));
            }
            Op::Select if inst.operands[0] != value => stack.push((user, same)),
            Op::Select => {}
            Op::Offset { .. } | Op::Copy(_) | Op::Alloca { .. } | Op::Cast(Cast::IntToFloat) => {}
            Op::Fill if inst.operands[2] == value => {}
            // Of the result of an operation with overflow.
            Op::Extract { .. } => stack.push((user, same)),
            Op::Store(_) if inst.operands[0] == value => {
                self.stored |= same;
                self.results.push(inst.operands[1]);
            }
            Op::Call(call) | Op::Invoke(call) => match &call.callee {
                Callee::Symbol(symbol) => match (intrinsic(symbol), meaning(symbol)) {
                    (Some(Computes::Bits), _) => stack.push((user, same)),
                    (_, Meaning::Known(Known::Identity { .. })) => stack.push((user, same)),
                    (Some(_), _) => stack.push((user, false)),
                    (_, Meaning::Known(_)) => {}
                    _ => self.strange = true,
                },
                _ => self.strange = true,
            },
            _ => self.strange = true,
        }
    }
}

/// Whether an integer is the result of counting.
fn is_computed(body: &Body, value: ValueId) -> bool {
    let mut seen = HashSet::new();
    let mut stack = vec![value];
    while let Some(value) = stack.pop() {
        if !seen.insert(value) {
            continue;
        }
        let inst = match &body.values[value].def {
            Def::Constant(Constant::Int(_) | Constant::Undef) => continue,
            Def::Inst(inst) => inst,
            _ => return false,
        };
        match &inst.op {
            // Bits are only masked and moved: whose they are counts.
            Op::Int(IntOp::And | IntOp::Or | IntOp::Xor) => stack.extend(&inst.operands),
            Op::Int(IntOp::ShiftLeft | IntOp::ShiftRight | IntOp::ShiftRightSigned) => {
                stack.push(inst.operands[0]);
            }
            Op::Int(_) | Op::IntCompare | Op::Cast(Cast::FloatToInt) => {}
            Op::Phi(_) | Op::Freeze | Op::Cast(Cast::IntToInt | Cast::SignExtend) => {
                stack.extend(&inst.operands);
            }
            Op::Select => stack.extend(&inst.operands[1..]),
            Op::Call(call) => match &call.callee {
                Callee::Symbol(symbol) if intrinsic(symbol).is_some() => {
                    if intrinsic(symbol) == Some(Computes::Bits) {
                        stack.extend(&inst.operands[..call.arguments]);
                    }
                }
                _ => return false,
            },
            // A part of the result of an operation with overflow.
            Op::Extract { .. } => stack.push(inst.operands[0]),
            _ => return false,
        }
    }
    true
}
