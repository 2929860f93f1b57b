//! Integer operations that only move bytes: how optimisers pack and unpack small
//! fields in wide registers.
//!
//! *Computes*: of which bytes of which operands the bytes of a value are copies.
//! *From*: the operation, and which bytes of its operands are zero by their form.
//! Where all bytes of a sum, `or` or `xor` are zero in one of the operands, it only
//! puts the others side by side. What is known of each byte holds for every
//! execution, so the description is exact; where it would not be there is none.
//! Whole words of four bytes only, since floats take four or more.

use std::ops::Range;

use enzyme_body::{Body, Cast, Constant, Def, IntOp, Op, Ty, ValueId};

use crate::Activity;
use crate::types::{PieceKind, Site, Types};

/// Bytes of a value that are copies of an operand's; other bytes are constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteMove {
    /// The operand.
    pub operand: usize,
    /// The first byte in the operand.
    pub from: u64,
    /// The first byte in the value.
    pub to: u64,
    /// How many bytes.
    pub len: u64,
}

/// How many bytes a register may have to be looked at.
const MOST_BYTES: u64 = 64;
/// How many operations are looked through for zeros.
const MOST_STEPS: u32 = 8;
/// The bytes of a word.
pub const WORD: u64 = 4;

/// What a value is made of, if all it does is to move words of its operands.
pub fn byte_moves(body: &Body, value: ValueId) -> Option<Vec<ByteMove>> {
    let inst = body.inst(value)?;
    let size = bytes(&body.values[value].ty)?;
    let ops = &inst.operands;
    let moves = match inst.op {
        Op::Cast(Cast::IntToInt) => {
            let len = size.min(bytes(&body.values[ops[0]].ty)?);
            vec![ByteMove { operand: 0, from: 0, to: 0, len }]
        }
        Op::Int(op @ (IntOp::ShiftLeft | IntOp::ShiftRight)) => {
            let by = shifted_bytes(body, ops[1]).filter(|by| *by < size)?;
            let (from, to) = if op == IntOp::ShiftLeft { (0, by) } else { (by, 0) };
            vec![ByteMove { operand: 0, from, to, len: size - by }]
        }
        Op::Int(IntOp::And) => {
            let kept = !zeros_of_mask(body.int(ops[1])?)?;
            runs(size, |byte| bit(kept, byte).then_some(0))
        }
        Op::Int(IntOp::Or | IntOp::Xor | IntOp::Add) => {
            let zeros = [0, 1].map(|i| zero_bytes(body, ops[i], MOST_STEPS));
            if !(0..size).all(|byte| zeros.iter().any(|z| bit(*z, byte))) {
                return None;
            }
            runs(size, |byte| zeros.iter().position(|z| !bit(*z, byte)))
        }
        _ => return None,
    };
    let whole = |n: u64| n.is_multiple_of(WORD);
    moves.iter().all(|m| whole(m.from) && whole(m.to) && whole(m.len)).then_some(moves)
}

/// The words of an integer that are zero whatever happens, if it consists of whole ones.
pub fn zero_words(body: &Body, value: ValueId) -> Vec<u64> {
    let size = bytes(&body.values[value].ty).filter(|size| size.is_multiple_of(WORD));
    let zeros = zero_bytes(body, value, MOST_STEPS);
    let is_zero = |word: &u64| (word * WORD..(word + 1) * WORD).all(|byte| bit(zeros, byte));
    (0..size.unwrap_or(0) / WORD).filter(is_zero).collect()
}

/// The bits of its operand that an operation with one uses, if that is known.
pub fn bits_used(body: &Body, value: ValueId) -> Option<Range<u64>> {
    let inst = body.inst(value)?;
    let operand = *inst.operands.first()?;
    let (Ty::Int(to), Ty::Int(from)) = (&body.values[value].ty, &body.values[operand].ty) else {
        return None;
    };
    let (to, from) = (u64::from(*to), u64::from(*from));
    let constant = || body.int(*inst.operands.get(1)?);
    let by = || constant().and_then(|by| u64::try_from(by).ok()).filter(|by| *by < from);
    match inst.op {
        Op::Cast(Cast::IntToInt) => Some(0..from.min(to)),
        Op::Int(IntOp::ShiftLeft) => Some(0..from - by()?),
        Op::Int(IntOp::ShiftRight | IntOp::ShiftRightSigned) => Some(by()?..from),
        Op::Int(IntOp::And) => {
            let mask = constant().filter(|mask| *mask != 0)?;
            let end = if mask < 0 { from } else { 64 - u64::from(mask.leading_zeros()) };
            Some(u64::from(mask.trailing_zeros())..end.min(from))
        }
        _ => None,
    }
}

/// The moves that brought the floats of an active integer, if all of them were moved
/// here whole, from operands that know them for floats.
pub(crate) fn moved_floats(
    types: &Types,
    activity: &Activity,
    (id, value): Site,
    body: &Body,
) -> Option<Vec<ByteMove>> {
    let moves = byte_moves(body, value)?;
    let operands = &body.inst(value)?.operands;
    let came = |(at, kind): (u64, PieceKind)| {
        let size = match kind {
            PieceKind::Other => return true,
            PieceKind::Unknown => 1,
            PieceKind::Float(float) => float.size(),
        };
        // What no move brings is constant.
        let mut moves = moves.iter().filter(|m| at < m.to + m.len && m.to < at + size);
        moves.all(|m| {
            let whole = m.to <= at && at + size <= m.to + m.len;
            let operand = operands[m.operand];
            let known = || types.register_pieces(id, operand).contains(&(at - m.to + m.from, kind));
            !activity.active(id, operand) || whole && kind != PieceKind::Unknown && known()
        })
    };
    types.register_pieces(id, value).into_iter().all(came).then_some(moves)
}

/// By how many whole bytes a shift with this amount moves.
pub fn shifted_bytes(body: &Body, amount: ValueId) -> Option<u64> {
    let by = u64::try_from(body.int(amount)?).ok()?;
    by.is_multiple_of(8).then_some(by / 8)
}

/// Bytes in place that come from the operands `source` names, as few moves as there are.
fn runs(size: u64, source: impl Fn(u64) -> Option<usize>) -> Vec<ByteMove> {
    let mut moves: Vec<ByteMove> = Vec::new();
    for at in 0..size {
        let Some(operand) = source(at) else { continue };
        match moves.last_mut() {
            Some(last) if last.operand == operand && last.to + last.len == at => last.len += 1,
            _ => moves.push(ByteMove { operand, from: at, to: at, len: 1 }),
        }
    }
    moves
}

/// The bytes of an integer type, if it has whole ones and not too many.
fn bytes(ty: &Ty) -> Option<u64> {
    let Ty::Int(bits) = ty else { return None };
    (bits.is_multiple_of(8)).then_some(u64::from(bits / 8)).filter(|n| *n <= MOST_BYTES)
}

fn bit(mask: u64, byte: u64) -> bool {
    mask >> byte & 1 == 1
}

/// The bytes of a mask that are zero, if each is zero or all ones. Bytes behind the
/// eighth are like the sign.
fn zeros_of_mask(mask: i64) -> Option<u64> {
    let each = mask.to_le_bytes();
    each.iter().all(|b| matches!(b, 0 | 0xff)).then(|| zeros_of(mask))
}

/// The bytes of a constant that are zero.
fn zeros_of(constant: i64) -> u64 {
    let each = constant.to_le_bytes().into_iter().enumerate();
    let low = each.fold(0, |mask, (i, b)| mask | u64::from(b == 0) << i);
    if constant < 0 { low } else { low | !0xff }
}

/// Bytes of an integer that are zero in every execution, one bit each.
fn zero_bytes(body: &Body, value: ValueId, steps: u32) -> u64 {
    let inst = match &body.values[value].def {
        Def::Constant(Constant::Int(n)) => return zeros_of(*n),
        Def::Inst(inst) if steps > 0 => inst,
        _ => return 0,
    };
    let of = |i: usize| zero_bytes(body, inst.operands[i], steps - 1);
    match inst.op {
        Op::Cast(Cast::IntToInt) => match body.values[inst.operands[0]].ty {
            Ty::Int(bits @ 0..512) => of(0) | !0 << bits.div_ceil(8),
            _ => 0,
        },
        Op::Int(op @ (IntOp::ShiftLeft | IntOp::ShiftRight)) => {
            let Ty::Int(bits) = body.values[value].ty else { return 0 };
            let Some(by) = shifted_bytes(body, inst.operands[1]).filter(|n| *n < 64) else {
                return 0;
            };
            match op {
                IntOp::ShiftLeft => of(0) << by | ((1 << by) - 1),
                // What is moved in from above the type's end is zero.
                _ => (of(0) | !0 << (bits / 8).min(63)) >> by | !(!0 >> by),
            }
        }
        Op::Int(IntOp::And) => of(0) | of(1),
        Op::Int(IntOp::Or | IntOp::Xor) => of(0) & of(1),
        Op::Freeze => of(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_of_constants_go_on_like_the_sign() {
        assert_eq!(zeros_of(0x00ff_0000_0001), !0b1_0001);
        assert_eq!(zeros_of(-1), 0);
        assert_eq!(zeros_of(0), !0);
        assert_eq!(zeros_of_mask(0xffff_ffff), Some(!0b1111));
        assert_eq!(zeros_of_mask(0x0fff_ffff), None);
    }
}
