//! What is known of integers that index memory: the sign, and the least value.

use enzyme_body::{BlockId, Body, Cast, Constant, Def, IntOp, Loop, LoopId, Op, ValueId};

const MOST_STEPS: u32 = 64;

/// Whether the value, read as signed, is never negative.
///
/// An integer that the program compares is taken for a checked index; Rust's
/// indices are unsigned and compared with a length before use.
pub(super) fn never_negative(body: &Body, value: ValueId) -> bool {
    Walk { body, seen: Vec::new() }.never_negative(value)
}

/// The least value of an index that walks down with its loop's counter, from the
/// constants that it, or another walk with the same counter, is compared with: a
/// walk over a part of an object asks whether it is at the end of the part.
///
/// `at` is where the address is used: behind the question there is a round less.
pub(super) fn least_of_walk(body: &Body, mut value: ValueId, at: &[BlockId]) -> Option<i64> {
    let mut ahead = 0;
    let mut ends: Vec<(BlockId, i64)> = Vec::new();
    for _ in 0..MOST_STEPS {
        ends.extend(compares_of(body, value).map(|(block, end)| (block, end + ahead)));
        let walk = down_walk(body, value);
        if let Some((start, step, counter)) = walk {
            let rounds = most_rounds(body, counter, at);
            let by_counter = start.zip(rounds).map(|(start, n)| start + step * n + ahead);
            let last = |&(block, end): &(BlockId, i64)| {
                if all_behind(body, at, block) { end - step } else { end }
            };
            // Its own end is nearer the truth than that of another walk.
            return ends.iter().map(last).min().or(by_counter);
        }
        let inst = body.inst(value)?;
        match inst.op {
            Op::Freeze => {}
            Op::Phi(_) if inst.operands.len() == 1 => {}
            Op::Int(IntOp::Add) => ahead += body.int(inst.operands[1])?,
            _ => return None,
        }
        value = inst.operands[0];
    }
    None
}

/// The constants, not negative, that a value is compared with, and where.
fn compares_of(body: &Body, value: ValueId) -> impl Iterator<Item = (BlockId, i64)> + '_ {
    let users = body.values[value].uses.iter().filter_map(|&user| body.inst(user));
    let compares = users.filter(|inst| inst.op == Op::IntCompare);
    let ends = compares.flat_map(|inst| inst.operands.iter().map(|o| (inst.block, body.int(*o))));
    ends.filter_map(|(block, end)| Some((block, end.filter(|end| *end >= 0)?)))
}

/// Whether all these blocks lie behind another: are reached through it only.
fn all_behind(body: &Body, blocks: &[BlockId], other: BlockId) -> bool {
    blocks.iter().all(|&block| block != other && passes(body, block, other))
}

/// Whether a block is another, or is reached through it only.
fn passes(body: &Body, block: BlockId, other: BlockId) -> bool {
    body.dominators(block).take(MOST_STEPS as usize).any(|b| b == other)
}

/// A value that is start + step · counter with a negative step; the start is none
/// where it is no constant.
fn down_walk(body: &Body, value: ValueId) -> Option<(Option<i64>, i64, ValueId)> {
    let negative_multiple = |value: ValueId| {
        let inst = body.inst(value).filter(|inst| inst.op == Op::Int(IntOp::Mul))?;
        Some((body.int(inst.operands[1]).filter(|by| *by < 0)?, inst.operands[0]))
    };
    if let Some((step, counter)) = negative_multiple(value) {
        return Some((Some(0), step, counter));
    }
    let inst = body.inst(value).filter(|inst| inst.op == Op::Int(IntOp::Add))?;
    let &[a, b] = &inst.operands[..] else { return None };
    let (start, (step, counter)) = match (negative_multiple(a), negative_multiple(b)) {
        (_, Some(walk)) => (a, walk),
        (Some(walk), None) => (b, walk),
        _ => return None,
    };
    Some((body.int(start), step, counter))
}

/// How far a counter comes, from the ends of the walks that go with it.
fn most_rounds(body: &Body, counter: ValueId, at: &[BlockId]) -> Option<i64> {
    let products = body.values[counter].uses.iter();
    let walks = products.flat_map(|product| body.values[*product].uses.iter().chain([product]));
    let rounds = walks.flat_map(|&walk| {
        let found = down_walk(body, walk).filter(|(_, _, c)| *c == counter);
        let known = found.and_then(|(start, step, _)| Some((start?, step)));
        known.into_iter().flat_map(move |(start, step)| {
            compares_of(body, walk).map(move |(block, end)| {
                (end - start) / step - i64::from(all_behind(body, at, block))
            })
        })
    });
    rounds.filter(|n| *n >= 0).max()
}

/// Whether an index counts the rounds of a loop up from a constant, and all rounds pass a
/// block: if they do at all, they do with the least index.
pub(super) fn begins_with_least(body: &Body, mut value: ValueId, block: BlockId) -> bool {
    for _ in 0..MOST_STEPS {
        let counts = |l: LoopId| {
            let Loop { counter, latch, .. } = body.loops[l];
            counter == value && passes(body, latch, block)
        };
        if body.loops_around(block).any(counts) {
            return true;
        }
        let Some(inst) = body.inst(value) else { return false };
        let constant = |at: usize| body.int(inst.operands[at]);
        value = match inst.op {
            Op::Int(IntOp::Add) if constant(0).is_some() => inst.operands[1],
            Op::Int(IntOp::Add) if constant(1).is_some() => inst.operands[0],
            Op::Int(IntOp::Mul) if constant(1).is_some_and(|by| by > 0) => inst.operands[0],
            Op::Freeze | Op::Cast(Cast::IntToInt) => inst.operands[0],
            _ => return false,
        };
    }
    false
}

/// The least value of an index that is never negative, as far as its form shows.
pub(super) fn least(body: &Body, value: ValueId) -> i64 {
    least_within(body, value, MOST_STEPS / 8)
}

fn least_within(body: &Body, value: ValueId, steps: u32) -> i64 {
    if let Some(n) = body.int(value) {
        return n.max(0);
    }
    let Some(inst) = body.inst(value).filter(|_| steps > 0) else { return 0 };
    let least = |i: usize| least_within(body, inst.operands[i], steps - 1);
    match inst.op {
        Op::Int(IntOp::Add) if inst.operands.iter().all(|&o| never_negative(body, o)) => {
            least(0).saturating_add(least(1))
        }
        Op::Int(IntOp::Mul) => least(0).saturating_mul(least(1)),
        Op::Phi(_) if inst.operands.len() == 1 => least(0),
        _ => 0,
    }
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
            Op::Int(IntOp::ShiftLeft | IntOp::ShiftRight | IntOp::ShiftRightSigned) => {
                self.never_negative(ops[0])
            }
            Op::Phi(_) => ops.iter().all(|&o| self.never_negative(o)),
            Op::Select => ops[1..].iter().all(|&o| self.never_negative(o)),
            Op::Freeze => self.never_negative(ops[0]),
            // Widening is almost always by zeros in Rust; a sign extension of a
            // checked index is one of a value that is not negative.
            Op::Cast(Cast::IntToInt | Cast::SignExtend) => {
                self.never_negative(ops[0]) || self.widens(value, ops[0])
            }
            _ => self.compared(value),
        }
    }

    fn widens(&self, to: ValueId, from: ValueId) -> bool {
        self.body.values[to].ty.size() > self.body.values[from].ty.size()
    }

    fn compared(&self, value: ValueId) -> bool {
        let is_compare =
            |user: &ValueId| self.body.inst(*user).is_some_and(|inst| inst.op == Op::IntCompare);
        self.body.values[value].uses.iter().any(is_compare)
    }
}
