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

use super::Types;
use super::divisor::divisor;
use super::generate::size;
use super::shape::gcd;
use super::words::users;

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
            let mut uses = Vec::new();
            indexed(data, distance, MOST_STEPS, &mut uses);
            let grain = |&(address, _): &(ValueId, u64)| {
                Some(grains[types.loc(body, address)?.region.index()])
            };
            let grain = uses.iter().filter_map(grain).fold(0, gcd);
            let word = WORDS.into_iter().find(|word| grain > 0 && grain.is_multiple_of(*word));
            let own = divisor(data, distance);
            let open = |word: u64| {
                !own.is_multiple_of(word)
                    && uses.iter().any(|(_, known)| !known.is_multiple_of(word))
            };
            if let Some(size) = word.filter(|&word| open(word)) {
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
    for (region, grain) in types.regions().ids().zip(&mut grains).filter(|(_, grain)| **grain == 0)
    {
        let cells = types.region(region).cells.iter();
        *grain = cells.map(|&cell| types.cell(cell).width).fold(0, gcd);
    }
    grains
}

/// Whether a value is the difference of two addresses: one of them shows that it is one.
fn is_distance(body: &Body, value: ValueId) -> bool {
    let inst = body.inst(value).filter(|inst| inst.op == Op::Int(IntOp::Sub));
    inst.is_some_and(|inst| inst.operands.iter().any(|&o| is_address(body, o, MOST_STEPS)))
}

fn is_address(body: &Body, value: ValueId, steps: u32) -> bool {
    body.inst(value).is_some_and(|inst| match inst.op {
        Op::Cast(Cast::AddressToInt) => true,
        Op::Phi(_) => steps > 0 && inst.operands.iter().any(|&o| is_address(body, o, steps - 1)),
        _ => false,
    })
}

/// The addresses from which a value leads on, each with what LLVM knows to divide the step.
fn indexed(body: &Body, value: ValueId, steps: u32, found: &mut Vec<(ValueId, u64)>) {
    for user in users(body, value) {
        match (&user.1.op, &user.1.operands) {
            (Op::Offset { strides, divisors, .. }, operands) => {
                let indices = operands[1..].iter().zip(strides).zip(divisors);
                let of_value = indices.filter(|((index, _), _)| **index == value);
                let steps = of_value.map(|((_, stride), by)| stride.unsigned_abs() * by);
                found.extend(steps.map(|step| (operands[0], step)));
            }
            (Op::Phi(_) | Op::Freeze | Op::Int(IntOp::Add), _) if steps > 0 => {
                indexed(body, user.0, steps - 1, found);
            }
            _ => {}
        }
    }
}
