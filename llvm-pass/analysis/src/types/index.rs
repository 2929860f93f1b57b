//! What is known of integers that index memory: a divisor and the sign.

use enzyme_body::{Body, Cast, Constant, Def, IntOp, Op, ValueId};

use super::shape::gcd;

const MOST_STEPS: u32 = 64;

/// A number that divides the value; 0 divides only 0.
pub(super) fn divisor(body: &Body, value: ValueId) -> u64 {
    Walk { body, seen: Vec::new() }.divisor(value)
}

/// Whether the value, read as signed, is never negative.
///
/// An integer that the program compares is taken for a checked index; Rust's
/// indices are unsigned and compared with a length before use.
pub(super) fn never_negative(body: &Body, value: ValueId) -> bool {
    Walk { body, seen: Vec::new() }.never_negative(value)
}

/// Cycles are entered once: the property is assumed where it is asked again
/// (induction over the iterations).
struct Walk<'a> {
    body: &'a Body,
    seen: Vec<ValueId>,
}

impl Walk<'_> {
    fn enter(&mut self, value: ValueId) -> Option<bool> {
        if self.seen.contains(&value) {
            return Some(true);
        }
        self.seen.push(value);
        (self.seen.len() > MOST_STEPS as usize).then_some(false)
    }

    fn divisor(&mut self, value: ValueId) -> u64 {
        let inst = match &self.body.values[value].def {
            Def::Constant(Constant::Int(n)) => return n.unsigned_abs(),
            Def::Inst(inst) => inst,
            _ => return 1,
        };
        match self.enter(value) {
            Some(true) => return 0,
            Some(false) => return 1,
            None => {}
        }
        let ops = &inst.operands;
        match &inst.op {
            Op::Int(IntOp::Mul) => self.divisor(ops[0]).wrapping_mul(self.divisor(ops[1])).max(1),
            Op::Int(IntOp::ShiftLeft) => match self.body.int(ops[1]) {
                Some(by @ 0..32) => self.divisor(ops[0]).wrapping_shl(by as u32),
                _ => 1,
            },
            Op::Int(IntOp::And) => match self.body.int(ops[1]) {
                Some(mask) if mask != 0 => gcd(0, 1 << mask.trailing_zeros().min(32)),
                _ => 1,
            },
            Op::Int(IntOp::Add | IntOp::Sub) => gcd(self.divisor(ops[0]), self.divisor(ops[1])),
            Op::Phi(_) => ops.iter().fold(0, |d, &o| gcd(d, self.divisor(o))),
            Op::Select => gcd(self.divisor(ops[1]), self.divisor(ops[2])),
            Op::Freeze | Op::Cast(Cast::IntToInt) => self.divisor(ops[0]),
            _ => 1,
        }
    }

    fn never_negative(&mut self, value: ValueId) -> bool {
        let data = &self.body.values[value];
        let inst = match &data.def {
            Def::Constant(Constant::Int(n)) => return *n >= 0,
            Def::Constant(_) => return false,
            Def::Param(_) => return self.compared(value),
            Def::Inst(inst) => inst,
        };
        if let Some(answer) = self.enter(value) {
            return answer;
        }
        let ops = &inst.operands;
        match &inst.op {
            Op::Int(IntOp::Add | IntOp::Mul | IntOp::Or | IntOp::Div | IntOp::Rem) => {
                ops.iter().all(|&o| self.never_negative(o)) || self.compared(value)
            }
            Op::Int(IntOp::And) => ops.iter().any(|&o| self.never_negative(o)),
            Op::Int(IntOp::ShiftLeft | IntOp::ShiftRight) => self.never_negative(ops[0]),
            Op::Phi(_) => ops.iter().all(|&o| self.never_negative(o)),
            Op::Select => ops[1..].iter().all(|&o| self.never_negative(o)),
            Op::Freeze => self.never_negative(ops[0]),
            // Widening is almost always by zeros in Rust; a sign extension of a
            // checked index is one of a value that is not negative.
            Op::Cast(Cast::IntToInt) => self.never_negative(ops[0]) || self.widens(value, ops[0]),
            _ => self.compared(value),
        }
    }

    fn widens(&self, to: ValueId, from: ValueId) -> bool {
        self.body.values[to].ty.size() > self.body.values[from].ty.size()
    }

    fn compared(&self, value: ValueId) -> bool {
        let is_compare = |user: &ValueId| {
            self.body.inst(*user).is_some_and(|inst| inst.op == Op::IntCompare)
        };
        self.body.values[value].uses.iter().any(is_compare)
    }
}
