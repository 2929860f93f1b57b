//! Which values of a body cannot be but floats or the bits of floats, and which may be else.
//!
//! Where an enum has a float in one variant and an integer in another, the optimiser may keep
//! both in one register: as a double that is chosen among floats and integers that are cast to
//! one. That it is a double shows nothing of what it holds.
//!
//! *Computes*: the integers that are the bits of floats whatever happens, and the *doubtful*
//! floats, into which an integer that is none of them may come. *From*: a body and its solved
//! types. *Why it is sound*: what memory with floats alone, arithmetic or a call yields as a
//! float is one; what is cast from an integer is one if that is the bits of one; what is chosen
//! is one if all that it may be is. *What it does not do*: floats that are parameters or
//! results of functions are taken for floats.

use enzyme_body::{Body, BodyId, Cast, Op, ValueId};

use super::Types;
use super::dynamic::carried;
use super::generate::size;
use super::moved::choices;
use crate::bits::Bits;
use crate::byte_moves::byte_moves;
use crate::walk::walk_all;

/// What is known of the values of a body.
pub(super) struct Certain {
    /// Integers that are the bits of floats.
    pub bits: Bits,
    /// Floats that may be integers.
    pub doubtful: Bits,
}

impl Certain {
    pub fn new(at: (BodyId, &Body), types: &Types) -> Self {
        let mut doubtful = Bits::new(at.1.values.len());
        loop {
            let bits = bits_of_floats(at, types, &doubtful);
            if !spread(at.1, &bits, &mut doubtful) {
                return Self { bits, doubtful };
            }
        }
    }
}

/// Adds the floats that integers are cast to, and what may choose them; whether there were any
/// new ones.
fn spread(body: &Body, bits: &Bits, doubtful: &mut Bits) -> bool {
    let is_float = |value: ValueId| body.values[value].ty.float().is_some();
    let casts = body.live_insts().filter(|(value, inst)| {
        let [from] = inst.operands[..] else { return false };
        inst.op == Op::Cast(Cast::Bits)
            && is_float(*value)
            && !is_float(from)
            && body.constant(from).is_none()
            && !bits.has(from.index())
    });
    let casts: Vec<_> = casts.map(|(value, _)| value).collect();
    let mut any = false;
    for value in walk_all(casts, |value| choices(body, value)) {
        any |= doubtful.add(value.index());
    }
    any
}

/// The integers that cannot be but the bits of floats, of which these are doubtful.
fn bits_of_floats((id, body): (BodyId, &Body), types: &Types, doubtful: &Bits) -> Bits {
    let mut certain = Bits::new(body.values.len());
    let mut changed = true;
    while changed {
        changed = false;
        for (value, inst) in body.live_insts() {
            let is = match inst.op {
                Op::Load(_) => {
                    let size = size(&body.values[value].ty);
                    types.holds_only_floats(id, inst.operands[0], size)
                }
                Op::Cast(Cast::Bits) => {
                    let from = inst.operands[0];
                    let float = body.values[from].ty.float().is_some();
                    float && !doubtful.has(from.index()) || certain.has(from.index())
                }
                Op::Phi(_) | Op::Select | Op::Freeze => {
                    let from = carried(body, value, inst);
                    from.iter().all(|from| certain.has(from.index()))
                }
                Op::Int(_) | Op::Cast(Cast::IntToInt) if byte_moves(body, value).is_some() => {
                    inst.operands.iter().any(|from| certain.has(from.index()))
                }
                _ => false,
            };
            changed |= is && certain.add(value.index());
        }
    }
    certain
}
