//! Demand: where a zero adjoint must end, because the value may not have been used.
//!
//! *Computes*: for each operation of a rule and each operand, whether the contribution is 0
//! where the adjoint is 0, whatever IEEE arithmetic says. *From*: the body, its types, the
//! reverse of its instructions.
//!
//! # The problem
//!
//! LLVM turns `if a >= 0 { a.sqrt() } else { 3.0 * a }` into
//! `select(a >= 0, sqrt(a), 3.0 * a)`, and moves operations before the branch of which only
//! one side uses them. The program never asked for the root of a negative number. Its
//! adjoint is 0 then, but 0 · 1/(2·NaN) is NaN and would spoil the adjoint of `a`.
//!
//! # Method
//!
//! How sure is it that a value is used whenever it is computed?
//!
//! ```text
//! certain   on every path behind it an operation uses it whose result is certain,
//!           or it is stored where the caller sees it
//! kept      as certain, but it may only be stored in the function's own memory, or
//!           passed to or from a function that was not inlined
//! perhaps   there is a path without a use; or it is an arm of a choice
//! ```
//!
//! Both are greatest fixed points: all values are assumed used, and those without a use
//! on some path are struck off until nothing changes. A value that is used by itself in
//! the next round of a loop is used if the last round's is.
//!
//! Where a value is not used, its adjoint is exactly 0: it is a sum of zeros, by
//! induction. So `contribution = adjoint == 0 ? 0 : …` is right there, and reads nothing
//! but the adjoint: neither the tape nor the plan knows of it. Contributions that are 0
//! anyway are left alone:
//!
//! * those of sums, choices and factors that are finite constants;
//! * of *kept* values, those whose factors are not *wild*: results of operations that
//!   make infinities from ordinary numbers, or of such results. What is kept was
//!   seldom computed in vain: an empty `Option` may have had its payload computed.
//!
//! # Why it is sound
//!
//! Nothing changes for certain values: an unused result has no certain use, so all that is
//! computed for it alone is *perhaps* or *kept*. Where a value was used and its adjoint
//! happens to be 0, the contribution is 0 too, where IEEE arithmetic may say NaN; that is
//! the price of not tracking which arm was taken, and it changes no number that was right.
//!
//! # Limits
//!
//! Memory is not followed: what is stored where the caller sees it counts as used, even if
//! it is overwritten. A called function is not told that its result is not used.

use std::collections::{HashMap, HashSet};

use enzyme_body::{
    BlockId, Body, BodyId, Callee, Cast, Constant, FloatOp, Inst, LoopId, Op, ValueId,
};
use enzyme_rules::{Read, Rule, for_function};

use crate::script::{Reverse, Script};
use crate::types::Types;

/// Which contributions a zero adjoint does not pass. Immutable.
#[derive(Debug, Default)]
pub struct Demand {
    /// One bit for each operand.
    ends: HashMap<ValueId, u32>,
}

impl Demand {
    /// Whether a zero adjoint of the operation contributes 0 to the operand by decree.
    pub fn ends_at_zero(&self, operation: ValueId, operand: usize) -> bool {
        self.ends.get(&operation).is_some_and(|ends| ends >> operand & 1 == 1)
    }
}

/// Computes the demand of one body. The script's reverse and its graph are complete.
pub fn demand(id: BodyId, body: &Body, types: &Types, script: &Script) -> Demand {
    let backs = body.loops.iter().map(|(lp, shape)| ((shape.latch, shape.header), lp)).collect();
    let uses = Uses { id, body, types, script, backs };
    let certain = uses.settle(false);
    let kept = uses.settle(true);
    let wild = wild(body);
    let mut ends = HashMap::new();
    for (&value, reverse) in &script.reverse {
        let Reverse::Rule(rule) = reverse else { continue };
        if certain.contains(&value) {
            continue;
        }
        let inst = body.inst(value).expect("only instructions have a reverse");
        let finite = |read: Read| {
            let read = match read {
                Read::Operand(i) => inst.operands[i],
                Read::Result => value,
            };
            finite_constant(body, read) || kept.contains(&value) && !wild.contains(&read)
        };
        let ending = (0..rule.arity).filter(|&i| {
            let contribution = rule.contribution(i);
            script.has_adjoint(inst.operands[i])
                && contribution.is_some_and(|contribution| !contribution.vanishes(&finite))
        });
        let mask = ending.fold(0, |mask, i| mask | 1 << i);
        if mask != 0 {
            ends.insert(value, mask);
        }
    }
    Demand { ends }
}

/// Whether products and quotients with a value are finite.
fn finite_constant(body: &Body, value: ValueId) -> bool {
    match body.constant(value) {
        Some(Constant::Float(number)) => number.is_finite() && *number != 0.0,
        Some(Constant::Int(_)) => true,
        _ => false,
    }
}

/// Where an instruction's use of a value counts.
enum Passes {
    /// Whenever the instruction is executed.
    Here,
    /// Where this edge is taken.
    Edge(BlockId, BlockId),
    /// Not surely.
    Perhaps,
}

struct Uses<'a> {
    id: BodyId,
    body: &'a Body,
    types: &'a Types,
    script: &'a Script,
    /// The back edges.
    backs: HashMap<(BlockId, BlockId), LoopId>,
}

impl Uses<'_> {
    /// The values that are used whenever they are computed; `keeping` counts uses that
    /// only keep a value as uses.
    fn settle(&self, keeping: bool) -> HashSet<ValueId> {
        let mut used: HashSet<ValueId> = self.script.adjoints.keys().copied().collect();
        let mut pending: Vec<ValueId> = used.iter().copied().collect();
        while let Some(value) = pending.pop() {
            if used.contains(&value) && !self.is_used(value, keeping, &used) {
                used.remove(&value);
                let inst = self.body.inst(value);
                pending.extend(inst.iter().flat_map(|inst| &inst.operands));
            }
        }
        used
    }

    /// Whether each path from the value's definition has a use.
    fn is_used(&self, value: ValueId, keeping: bool, used: &HashSet<ValueId>) -> bool {
        let start = self.body.inst(value).map_or(BlockId::new(0), |inst| inst.block);
        let (mut blocks, mut edges) = (HashSet::new(), HashSet::new());
        for &user in &self.body.values[value].uses {
            let inst = self.body.inst(user).expect("only instructions use values");
            if !self.script.graph.visits(inst.block) {
                continue;
            }
            for index in (0..inst.operands.len()).filter(|&i| inst.operands[i] == value) {
                match self.passes((user, inst), index, keeping, used) {
                    Passes::Here if inst.block == start => return true,
                    Passes::Here => drop(blocks.insert(inst.block)),
                    Passes::Edge(from, to) => drop(edges.insert((from, to))),
                    Passes::Perhaps => {}
                }
            }
        }
        !(blocks.is_empty() && edges.is_empty()) && self.covered(start, &blocks, &edges)
    }

    /// Whether every path from a block meets one of these blocks or edges before the value
    /// is computed anew or the function ends.
    fn covered(
        &self,
        start: BlockId,
        blocks: &HashSet<BlockId>,
        edges: &HashSet<(BlockId, BlockId)>,
    ) -> bool {
        let mut seen = HashSet::from([start]);
        let mut pending = vec![start];
        while let Some(block) = pending.pop() {
            let next = self.body.blocks[block].succs.iter().copied();
            let mut next = next.filter(|&to| !self.body.blocks[to].no_reverse).peekable();
            if next.peek().is_none() {
                return false;
            }
            for to in next {
                if edges.contains(&(block, to)) || blocks.contains(&to) {
                    continue;
                }
                match self.backs.get(&(block, to)) {
                    Some(&lp) if self.body.holds(lp, start) => return false,
                    // Where the loop ends is on another path.
                    Some(_) => {}
                    None if seen.insert(to) => pending.push(to),
                    None => {}
                }
            }
        }
        true
    }

    fn passes(
        &self,
        (user, inst): (ValueId, &Inst),
        index: usize,
        keeping: bool,
        used: &HashSet<ValueId>,
    ) -> Passes {
        let here = |passes: bool| if passes { Passes::Here } else { Passes::Perhaps };
        let Some(reverse) = self.script.reverse.get(&user) else { return Passes::Perhaps };
        let result = used.contains(&user);
        match reverse {
            Reverse::Store(_) => here(index == 0 && (keeping || self.seen(inst.operands[1]))),
            Reverse::Return | Reverse::Call(_) => here(keeping),
            Reverse::Phi => match &inst.op {
                Op::Phi(from) if result => Passes::Edge(from[index], inst.block),
                _ => Passes::Perhaps,
            },
            Reverse::Rule(rule) => here(result && passes_on(rule, index)),
            Reverse::Convert | Reverse::Same(_) => here(result),
            // The lanes and parts that an insertion replaces were inserted for nothing;
            // then nobody inserts them.
            Reverse::InsertLane | Reverse::Insert(_) => {
                here(result && (index == 1 || self.is_composed(inst.operands[0])))
            }
            Reverse::Shuffle(mask) => here(result && self.takes_all(inst, index, mask)),
            _ => Passes::Perhaps,
        }
    }

    /// Whether the caller sees what is stored at an address.
    fn seen(&self, address: ValueId) -> bool {
        let loc = self.types.loc(self.id, address);
        loc.is_some_and(|loc| self.types.region(loc.region).external)
    }

    fn is_composed(&self, value: ValueId) -> bool {
        let inst = self.body.inst(value);
        inst.is_some_and(|inst| matches!(inst.op, Op::InsertLane | Op::Insert { .. }))
    }

    /// Whether each lane of an operand is in the result.
    fn takes_all(&self, inst: &Inst, index: usize, mask: &[i32]) -> bool {
        let enzyme_body::Ty::Vector(_, lanes) = self.body.values[inst.operands[index]].ty else {
            return false;
        };
        let lanes = i32::try_from(lanes).unwrap_or(i32::MAX);
        let first = if index == 0 { 0 } else { lanes };
        (first..first.saturating_add(lanes)).all(|lane| mask.contains(&lane))
    }
}

/// Whether the rule's operand is used wherever the result is.
fn passes_on(rule: &Rule, operand: usize) -> bool {
    rule.contribution(operand).is_some_and(|contribution| !contribution.chooses())
}

/// Whether a function is finite wherever its operands are.
fn is_tame(rule: &Rule) -> bool {
    matches!(
        rule.name,
        "abs" | "copysign" | "fdim" | "fmax" | "fmin" | "maximum" | "minimum" | "identity" | "fma"
    ) || matches!(rule.name, "floor" | "ceil" | "trunc" | "round" | "roundeven")
        || matches!(rule.name, "sin" | "cos" | "tanh" | "atan" | "atan2" | "asinh" | "erf" | "cbrt")
}

/// The values that may be infinite or NaN though all that was loaded is finite.
fn wild(body: &Body) -> HashSet<ValueId> {
    let source = |inst: &Inst| match &inst.op {
        Op::Float(FloatOp::Div | FloatOp::Rem) => !finite_constant(body, inst.operands[1]),
        Op::Call(call) => match &call.callee {
            Callee::Symbol(name) => for_function(name).is_some_and(|(rule, _)| !is_tame(rule)),
            _ => false,
        },
        _ => false,
    };
    let sources = body.live_insts().filter(|(_, inst)| source(inst));
    let mut wild: HashSet<ValueId> = sources.map(|(value, _)| value).collect();
    let mut pending: Vec<ValueId> = wild.iter().copied().collect();
    while let Some(value) = pending.pop() {
        for &user in &body.values[value].uses {
            let hands_on = body.inst(user).is_some_and(|inst| hands_on(&inst.op));
            if hands_on && wild.insert(user) {
                pending.push(user);
            }
        }
    }
    wild
}

/// Whether the result of an operation is as wild as its operands.
fn hands_on(op: &Op) -> bool {
    match op {
        Op::Float(_) | Op::Phi(_) | Op::Select | Op::Freeze => true,
        Op::Cast(cast) => matches!(cast, Cast::FloatToFloat | Cast::Bits),
        Op::ExtractLane | Op::InsertLane | Op::Shuffle(_) => true,
        Op::Extract { .. } | Op::Insert { .. } => true,
        Op::Call(call) => {
            matches!(&call.callee, Callee::Symbol(name) if for_function(name).is_some())
        }
        _ => false,
    }
}
