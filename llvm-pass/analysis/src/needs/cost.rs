//! What evaluating an operation again costs, about in cycles.
//!
//! Prices beside that of a byte on the tape (`enzyme_plan::DEFAULT_BYTE_WEIGHT`); what the
//! processor at hand really takes is not known here.

use enzyme_body::{FloatOp, IntOp, Op};

pub const PLAIN: u64 = 1;
pub const LOAD: u64 = 4;
pub const DIVISION: u64 = 12;
pub const FUNCTION: u64 = 40;
/// A sine beside a cosine: a place on the tape, of four bytes, is not cheaper.
pub const OTHER_HALF: u64 = 3;

/// The tape would be written and then read: to read what is still there is half of
/// that, for narrow floats too.
pub fn load(bytes: u64) -> u64 {
    bytes.div_ceil(2).clamp(1, LOAD)
}

pub fn of(op: &Op) -> Option<u64> {
    Some(match op {
        Op::Float(FloatOp::Div) | Op::Int(IntOp::Div | IntOp::Rem) => DIVISION,
        Op::Float(FloatOp::Rem) => FUNCTION,
        Op::Float(_)
        | Op::Int(_)
        | Op::IntCompare
        | Op::FloatCompare
        | Op::Cast(_)
        | Op::Select
        | Op::Offset { .. }
        | Op::Extract { .. }
        | Op::Insert { .. }
        | Op::ExtractLane
        | Op::InsertLane
        | Op::Shuffle(_) => PLAIN,
        _ => return None,
    })
}
