//! Distances of addresses, as the program is to check them.
//!
//! A vector that is a copy of another one ends where `other.end() - other.begin()` bytes
//! behind its begin are. If the two addresses are read from memory, nothing shows that their
//! distance is a whole number of elements, and what is accessed near the end might be a part
//! of one element and of the next.
//!
//! *Computes*: the differences of addresses that are indices of memory of which only words
//! of four or eight bytes are accessed, and of which nothing shows that they are multiples
//! of that. *From*: the program, and which memory addresses lead to.
//!
//! *Why it is sound*: it is a guess, and stated as one. `enzyme_prepare` puts a check behind
//! the difference, which ends the program with a message if the guess is wrong, and uses the
//! difference with its low bits cleared from there on.

use enzyme_body::{Body, Cast, IntOp, Op, Program, ValueId, Whole};

use super::divisor::divisor;
use super::generate::size;
use super::shape::gcd;
use super::Types;

/// Phis and sums that are looked through between a difference and its use.
const MOST_STEPS: u32 = 3;
/// The words that are told apart.
const WORDS: [u64; 2] = [8, 4];

/// The differences that should be checked.
pub(super) fn wholes(program: &Program, types: &Types) -> Vec<Whole> {
    let grains = grains(program, types);
    let mut found = Vec::new();
    for (body, data) in program.bodies.iter() {
        for (distance, _) in data.live_insts().filter(|(v, _)| is_distance(data, *v)) {
            let mut offsets = Vec::new();
            indexed(data, distance, MOST_STEPS, &mut offsets);
            let grain = |&offset: &ValueId| {
                let loc = types.loc(body, data.inst(offset)?.operands[0])?;
                Some(grains[loc.region.index()])
            };
            let grain = offsets.iter().filter_map(grain).fold(0, gcd);
            let word = WORDS.into_iter().find(|word| grain > 0 && grain % word == 0);
            if let Some(size) = word.filter(|word| divisor(data, distance) % word != 0) {
                found.push(Whole { body, distance, size });
            }
        }
    }
    found
}

/// For each region the greatest number that divides the size of all loads and stores there,
/// or of what is known to lie there if it is only copied.
fn grains(program: &Program, types: &Types) -> Vec<u64> {
    let mut grains = vec![0; types.regions().len()];
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts() {
            let (address, ty) = match inst.op {
                Op::Load(_) => (inst.operands[0], &body.values[value].ty),
                Op::Store(_) => (inst.operands[1], &body.values[inst.operands[0]].ty),
                _ => continue,
            };
            if let Some(loc) = types.loc(id, address) {
                let grain = &mut grains[loc.region.index()];
                *grain = gcd(*grain, size(ty));
            }
        }
    }
    for (region, grain) in types.regions().ids().zip(&mut grains).filter(|(_, grain)| **grain == 0) {
        let cells = types.region(region).cells.iter();
        *grain = cells.map(|&cell| types.cell(cell).width).fold(0, gcd);
    }
    grains
}

/// Whether a value is the difference of two addresses: one of them shows that it is one.
fn is_distance(body: &Body, value: ValueId) -> bool {
    let address = |&value: &ValueId| {
        body.inst(value).is_some_and(|inst| inst.op == Op::Cast(Cast::AddressToInt))
    };
    let inst = body.inst(value).filter(|inst| inst.op == Op::Int(IntOp::Sub));
    inst.is_some_and(|inst| inst.operands.iter().any(address))
}

/// The offsets of which a value is an index.
fn indexed(body: &Body, value: ValueId, steps: u32, found: &mut Vec<ValueId>) {
    for &user in &body.values[value].uses {
        match body.inst(user).map(|inst| (&inst.op, &inst.operands)) {
            Some((Op::Offset { .. }, operands)) if operands[1..].contains(&value) => {
                found.push(user);
            }
            Some((Op::Phi(_) | Op::Freeze | Op::Int(IntOp::Add), _)) if steps > 0 => {
                indexed(body, user, steps - 1, found);
            }
            _ => {}
        }
    }
}
