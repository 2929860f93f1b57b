//! How integers that are read from memory are used, and where those that are written
//! come from.
//!
//! *Counting* with an integer (arithmetic but for masks and shifts, an index, a length)
//! shows that its bits are no address's and no float's: but for tricks that end in a
//! float, which `cursor` looks for. Moves, masks, shifts and comparisons show nothing.

use std::collections::HashSet;

use enzyme_body::{Body, Callee, Cast, Constant, Def, Inst, IntOp, Op, Ty, ValueId};
use enzyme_rules::Known;

use super::calls::{Computes, Meaning, intrinsic, meaning};

/// How the bits of an integer are used, wherever they are carried in registers.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// The addresses where the bits are stored, unchanged but for masks and shifts.
    pub stored: Vec<ValueId>,
    /// The addresses where what is calculated from it is stored.
    pub results: Vec<ValueId>,
    /// It is counted with.
    pub counted: bool,
    /// In a way that an address or a float may be.
    pub strange: bool,
}

impl Uses {
    /// Follows a value.
    pub fn of(body: &Body, value: ValueId) -> Self {
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

    /// Whether they are only those of an integer that stays in registers.
    pub fn only_looked_at(&self) -> bool {
        !self.strange && self.stored.is_empty()
    }

    fn note(
        &mut self,
        (user, inst): (ValueId, &Inst),
        (value, same): (ValueId, bool),
        stack: &mut Vec<(ValueId, bool)>,
    ) {
        match &inst.op {
            Op::IntCompare | Op::Switch | Op::Branch => {}
            Op::Int(op) => {
                self.counted |= !moves_bits(*op);
                stack.push((user, same && moves_bits(*op)));
            }
            Op::Phi(_) | Op::Freeze | Op::Cast(Cast::IntToInt | Cast::SignExtend) => {
                stack.push((user, same));
            }
            Op::Select if inst.operands[0] != value => stack.push((user, same)),
            Op::Select => {}
            Op::Offset { .. } | Op::Copy(_) | Op::Alloca { .. } | Op::Cast(Cast::IntToFloat) => {
                self.counted = true;
            }
            Op::Fill if inst.operands[2] == value => self.counted = true,
            // Pairs, and the results of operations with overflow.
            Op::Extract { .. } | Op::Insert { .. } => stack.push((user, same)),
            Op::Store(_) if inst.operands[0] == value => {
                self.results.push(inst.operands[1]);
                if same {
                    self.stored.push(inst.operands[1]);
                }
            }
            Op::Call(call) | Op::Invoke(call) => match &call.callee {
                Callee::Symbol(symbol) => match (intrinsic(symbol), meaning(symbol)) {
                    (Some(Computes::Bits), _) => stack.push((user, same)),
                    (_, Meaning::Known(Known::Identity { .. })) => stack.push((user, same)),
                    (Some(computes), _) => {
                        self.counted |= computes == Computes::Product;
                        stack.push((user, false));
                    }
                    (_, Meaning::Known(_)) => {}
                    _ => self.strange = true,
                },
                _ => self.strange = true,
            },
            _ => self.strange = true,
        }
    }
}

/// Whether an operation only masks and moves bits.
fn moves_bits(op: IntOp) -> bool {
    use IntOp::{And, Or, ShiftLeft, ShiftRight, ShiftRightSigned, Xor};
    matches!(op, And | Or | Xor | ShiftLeft | ShiftRight | ShiftRightSigned)
}

/// Where the bits of an integer come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// All from constants.
    Constant,
    /// Some from counting, and none from elsewhere.
    Counting,
    /// Some from memory, or from outside of the function.
    Elsewhere,
    /// Some from an address or a float.
    Strange,
}

impl Source {
    /// Follows a value back.
    pub fn of(body: &Body, value: ValueId) -> Self {
        let mut seen = HashSet::new();
        let mut stack = vec![value];
        let mut worst = Self::Constant;
        while let Some(value) = stack.pop() {
            if seen.insert(value) {
                worst = worst.max(Self::step(body, value, &mut stack));
            }
        }
        worst
    }

    fn step(body: &Body, value: ValueId, stack: &mut Vec<ValueId>) -> Self {
        let inst = match &body.values[value].def {
            Def::Constant(Constant::Int(_) | Constant::Undef) => return Self::Constant,
            Def::Constant(_) => return Self::Strange,
            Def::Param(_) => return Self::Elsewhere,
            Def::Inst(inst) => inst,
        };
        let operands = match &inst.op {
            // Bits are only masked and moved: whose they are counts.
            Op::Int(IntOp::And | IntOp::Or | IntOp::Xor) => &inst.operands[..],
            Op::Int(op) if moves_bits(*op) => &inst.operands[..1],
            Op::Int(_) | Op::IntCompare | Op::Cast(Cast::FloatToInt) => return Self::Counting,
            Op::Phi(_) | Op::Freeze | Op::Cast(Cast::IntToInt | Cast::SignExtend) => {
                &inst.operands[..]
            }
            Op::Select => &inst.operands[1..],
            // Pairs, and the results of operations with overflow.
            Op::Extract { .. } => &inst.operands[..1],
            Op::Insert { .. } => &inst.operands[..],
            Op::Load(_) => return Self::Elsewhere,
            Op::Call(call) => match &call.callee {
                Callee::Symbol(symbol) => match intrinsic(symbol) {
                    Some(Computes::Bits) => &inst.operands[..call.arguments],
                    Some(_) => return Self::Counting,
                    None => return Self::Elsewhere,
                },
                _ => return Self::Elsewhere,
            },
            _ => return Self::Strange,
        };
        stack.extend(operands);
        Self::Constant
    }
}

/// The instructions with this operand from which the function may return.
pub(crate) fn live_users(body: &Body, value: ValueId) -> impl Iterator<Item = (ValueId, &Inst)> {
    users(body, value).filter(|(_, inst)| !body.blocks[inst.block].no_reverse)
}

/// All instructions with this operand.
pub(crate) fn users(body: &Body, value: ValueId) -> impl Iterator<Item = (ValueId, &Inst)> {
    body.values[value].uses.iter().filter_map(|&user| Some((user, body.inst(user)?)))
}

/// The addresses that an address is, or at a distance from; none if it is no such.
pub(crate) fn made_from(body: &Body, address: ValueId) -> Option<&[ValueId]> {
    let inst = body.inst(address)?;
    match inst.op {
        Op::Offset { .. } | Op::Freeze => Some(&inst.operands[..1]),
        Op::Select => Some(&inst.operands[1..]),
        Op::Phi(_) => Some(&inst.operands[..]),
        _ => None,
    }
}

/// Whether a load is of an integer that is used as one.
pub(super) fn reads_integer(body: &Body, load: ValueId) -> bool {
    is_integer(&body.values[load].ty) && !Uses::of(body, load).strange
}

/// Whether a store is of an integer that comes from none but integers.
pub(super) fn writes_integer(body: &Body, store: &Inst) -> bool {
    let stored = store.operands[0];
    is_integer(&body.values[stored].ty) && Source::of(body, stored) != Source::Strange
}

/// Whether values of the type are integers of at most a word.
fn is_integer(ty: &Ty) -> bool {
    matches!(ty, Ty::Int(bits) if *bits <= 64)
}
