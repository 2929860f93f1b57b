//! What divides the integers that index memory.
//!
//! *Computes*: a number that divides an integer, and one that divides the distance of two
//! addresses: `v.end() - v.begin()` is a multiple of an element's size. *From*: the form of
//! what computes them, and what LLVM knows of indices.
//!
//! *Why it is sound*: by induction over what is executed. What is asked again while it is
//! answered is taken to be divided by anything (0, the neutral number): all that it is made
//! of otherwise is in the answer. Two phis of one block get their values by the same edge, so
//! that their distance is that of two values of one edge. The value of another phi is older
//! than the phi: it is compared with an address only that is still the same.
//!
//! *Does not*: follow memory; know how objects are aligned.

use std::collections::HashMap;

use enzyme_body::{Body, Cast, Constant, Inst, IntOp, Op, ValueId};

use super::shape::gcd;

/// Questions that are answered for one.
const MOST_STEPS: u32 = 1024;

/// A number that divides the value; 0 divides only 0.
pub(super) fn divisor(body: &Body, value: ValueId) -> u64 {
    let (asked, answers) = (Vec::new(), HashMap::new());
    Walk { body, asked, answers, lowest: usize::MAX, steps: 0 }.divisor(value)
}

/// What divides an integer, or the distance of an address from another one.
type Question = (ValueId, Option<ValueId>);

struct Walk<'a> {
    body: &'a Body,
    /// What is being answered.
    asked: Vec<Question>,
    /// Answers for which nothing had to be assumed.
    answers: HashMap<Question, u64>,
    /// The first of what is being answered for which something was assumed.
    lowest: usize,
    steps: u32,
}

impl Walk<'_> {
    fn ask(&mut self, question: Question, answer: impl FnOnce(&mut Self) -> u64) -> u64 {
        if let Some(&known) = self.answers.get(&question) {
            return known;
        }
        if let Some(at) = self.asked.iter().position(|asked| *asked == question) {
            self.lowest = self.lowest.min(at);
            return 0;
        }
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return 1;
        }
        let (depth, before) = (self.asked.len(), self.lowest);
        self.lowest = usize::MAX;
        self.asked.push(question);
        let found = answer(self);
        self.asked.pop();
        if self.lowest >= depth {
            self.answers.insert(question, found);
            self.lowest = usize::MAX;
        }
        self.lowest = self.lowest.min(before);
        found
    }

    fn divisor(&mut self, value: ValueId) -> u64 {
        match self.body.constant(value) {
            Some(Constant::Int(n)) => return n.unsigned_abs(),
            Some(_) => return 1,
            None => {}
        }
        let Some(inst) = self.body.inst(value) else { return 1 };
        self.ask((value, None), |this| this.of_inst(inst))
    }

    fn of_inst(&mut self, inst: &Inst) -> u64 {
        let ops = &inst.operands;
        match &inst.op {
            Op::Int(IntOp::Mul) => self.divisor(ops[0]).wrapping_mul(self.divisor(ops[1])).max(1),
            Op::Int(IntOp::ShiftLeft) => match self.body.int(ops[1]) {
                Some(by @ 0..32) => self.divisor(ops[0]).wrapping_shl(by as u32),
                _ => 1,
            },
            // What was shifted out on the left may have been a part of the other factors.
            Op::Int(IntOp::ShiftRight | IntOp::ShiftRightSigned) => {
                let twos = match self.divisor(ops[0]) {
                    0 => return 0,
                    found => found & found.wrapping_neg(),
                };
                self.body.int(ops[1]).map_or(1, |by| match by {
                    0..63 => (twos >> by).max(1),
                    _ => 1,
                })
            }
            Op::Int(IntOp::And) => match self.body.int(ops[1]) {
                Some(mask) if mask != 0 => {
                    let cleared = 1 << mask.trailing_zeros().min(32);
                    match self.divisor(ops[0]) {
                        // Only bits are cleared that are zero.
                        found
                            if found % cleared == 0 && mask == (cleared as i64).wrapping_neg() =>
                        {
                            found
                        }
                        found => cleared.max(found & found.wrapping_neg()),
                    }
                }
                _ => 1,
            },
            Op::Int(IntOp::Sub) => match gcd(self.divisor(ops[0]), self.divisor(ops[1])) {
                1 => self.distance(ops[0], ops[1]),
                found => found,
            },
            Op::Int(IntOp::Add) => gcd(self.divisor(ops[0]), self.divisor(ops[1])),
            Op::Phi(_) => ops.iter().fold(0, |d, &o| gcd(d, self.divisor(o))),
            Op::Select => gcd(self.divisor(ops[1]), self.divisor(ops[2])),
            Op::Freeze | Op::Cast(Cast::IntToInt | Cast::SignExtend) => self.divisor(ops[0]),
            _ => 1,
        }
    }

    /// A number that divides the distance of two addresses, or of integers that are some.
    fn distance(&mut self, a: ValueId, b: ValueId) -> u64 {
        if a == b {
            return 0;
        }
        self.ask((a, Some(b)), |this| this.apart_by(a, b))
    }

    fn apart_by(&mut self, a: ValueId, b: ValueId) -> u64 {
        let (first, second) = (self.body.inst(a), self.body.inst(b));
        if let [Some(x), Some(y)] = [first, second]
            && x.block == y.block
            && let [Op::Phi(from), Op::Phi(other)] = [&x.op, &y.op]
        {
            let edges = std::iter::zip(from, &x.operands);
            return edges.fold(0, |d, (block, &o)| {
                let there = other.iter().position(|b| b == block);
                there.map_or(1, |i| gcd(d, self.distance(o, y.operands[i])))
            });
        }
        for (of, inst, other) in [(a, first, b), (b, second, a)] {
            match inst.map(|inst| (&inst.op, inst)) {
                Some((Op::Offset { .. }, inst)) => {
                    let moved = self.moved_by(inst);
                    return gcd(moved, self.distance(inst.operands[0], other));
                }
                Some((Op::Freeze | Op::Cast(Cast::AddressToInt), inst)) => {
                    return self.distance(inst.operands[0], other);
                }
                Some((Op::Phi(_), inst)) if self.is_the_same_since(other, of) => {
                    return inst.operands.iter().fold(0, |d, &o| gcd(d, self.distance(o, other)));
                }
                Some((Op::Select, inst)) => {
                    let arms = [inst.operands[1], inst.operands[2]];
                    return arms.into_iter().fold(0, |d, o| gcd(d, self.distance(o, other)));
                }
                _ => {}
            }
        }
        1
    }

    /// A number that divides how far an offset leads.
    fn moved_by(&mut self, inst: &Inst) -> u64 {
        let Op::Offset { constant, strides, divisors, .. } = &inst.op else { return 1 };
        let mut found = constant.unsigned_abs();
        for (i, &index) in inst.operands[1..].iter().enumerate() {
            let own = self.divisor(index);
            let known = if own == 0 { 0 } else { own / gcd(own, divisors[i]) * divisors[i] };
            found = gcd(found, known.wrapping_mul(strides[i].unsigned_abs()));
        }
        found
    }

    /// Whether a value is what it was when a phi's operands were computed: it is defined
    /// outside of all loops that the phi is in, or in the same round of one.
    fn is_the_same_since(&self, value: ValueId, phi: ValueId) -> bool {
        let (Some(inst), Some(phi)) = (self.body.inst(value), self.body.inst(phi)) else {
            return self.body.inst(value).is_none();
        };
        let own = self.body.blocks[inst.block].in_loop;
        match self.body.blocks[phi.block].in_loop {
            around if own == around => {
                own.is_none_or(|own| self.body.loops[own].header != phi.block)
            }
            around => self.body.within(around, own),
        }
    }
}
