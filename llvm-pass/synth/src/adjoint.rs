//! Adjoints of registers.
//!
//! An adjoint is *taken* (read, and cleared, because loops come here again) by the reverse
//! of the instruction that defines the value, and *given to* by the reverse of its uses.
//! It travels in parts: one float or vector, or the float pieces of an integer
//! or aggregate, each at its byte offset.
//!
//! Where all uses stand in the block of the definition, all is given and taken by the
//! reverse of that one block, in this order, by code of which each piece dominates the
//! next: such an adjoint is a *register*, the sum of what was given so far. All others have
//! a stack slot of their own type, zero at the start, which the optimiser turns into
//! registers; it looks for the first access of each slot in each block, so that slots for
//! all adjoints would make the reverse of long blocks quadratic.
//!
//! What is given to a register by a phi comes on an edge, and by a guarded store only where
//! its shadow is active: these have slots. A part of a register that is given by itself
//! (a lane) makes it a slot from there on.

use enzyme_analysis::script::Reverse;
use enzyme_body::{Def, Op, ValueId};
use enzyme_ir::{Type, Value};

use crate::gradient::Gradient;
use crate::size_of;

/// Where an adjoint is.
#[derive(Clone, Copy)]
pub(crate) enum Adjoint {
    /// In a register; none is zero.
    Register(Option<Value>),
    /// In memory.
    Slot(Value),
}

impl Gradient<'_> {
    fn adjoint(&mut self, value: ValueId) -> Adjoint {
        if let Some(&adjoint) = self.adjoints.get(&value) {
            return adjoint;
        }
        let adjoint = match self.stays_in_its_block(value) {
            true => Adjoint::Register(None),
            false => Adjoint::Slot(self.adjoint_slot(value)),
        };
        self.adjoints.insert(value, adjoint);
        adjoint
    }

    /// Whether the reverse of one block gives and takes the whole adjoint.
    fn stays_in_its_block(&self, value: ValueId) -> bool {
        let body = self.input.body();
        let data = &body.values[value];
        let Def::Inst(inst) = &data.def else { return false };
        let here = |user: ValueId| {
            let guarded = match self.input.script.reverse.get(&user) {
                Some(Reverse::Store(access)) => access.guarded,
                _ => false,
            };
            body.inst(user).is_some_and(|user| {
                user.block == inst.block && !matches!(user.op, Op::Phi(_)) && !guarded
            })
        };
        data.ty.float().is_some() && data.uses.iter().all(|&user| here(user))
    }

    fn adjoint_slot(&self, value: ValueId) -> Value {
        let body = self.input.body();
        let ty = &body.values[value].ty;
        let slot_type = match ty.float() {
            Some(_) => self.input.ty(value),
            None => Type::array(self.input.module().int(8), size_of(ty)),
        };
        self.slot(slot_type, &format!("adjoint.{}", body.label(value)))
    }

    /// Reads and clears the adjoint of a value.
    pub(crate) fn take(&mut self, value: ValueId) -> Vec<(u64, Value)> {
        let parts = self.input.parts(value);
        let slot = match self.adjoint(value) {
            Adjoint::Slot(slot) => slot,
            Adjoint::Register(sum) => {
                self.adjoints.insert(value, Adjoint::Register(None));
                let whole = sum.unwrap_or_else(|| self.input.ty(value).zero());
                return vec![(0, whole)];
            }
        };
        parts
            .into_iter()
            .map(|(offset, ty)| {
                let at = self.builder.offset_by(slot, offset);
                let part = self.builder.load(ty, at, 1);
                self.builder.store(ty.zero(), at, 1);
                (offset, part)
            })
            .collect()
    }

    /// Reads and clears the adjoint of a float or vector of floats.
    pub(crate) fn take_whole(&mut self, value: ValueId) -> Value {
        let parts = self.take(value);
        parts.first().expect("a float has one part").1
    }

    /// Adds parts to the adjoint of a value, if it has one, `shift` bytes further.
    pub(crate) fn give(&mut self, value: ValueId, shift: u64, parts: &[(u64, Value)]) {
        if !self.input.script.has_adjoint(value) {
            return;
        }
        for &(offset, part) in parts {
            let slot = match self.adjoint(value) {
                Adjoint::Slot(slot) => slot,
                Adjoint::Register(sum) if part.ty() == self.input.ty(value) => {
                    let sum = sum.map_or(part, |old| self.builder.accumulate(old, part));
                    self.adjoints.insert(value, Adjoint::Register(Some(sum)));
                    continue;
                }
                Adjoint::Register(sum) => self.spill(value, sum),
            };
            let at = self.builder.offset_by(slot, offset + shift);
            let old = self.builder.load(part.ty(), at, 1);
            let new = self.builder.accumulate(old, part);
            self.builder.store(new, at, 1);
        }
    }

    /// Makes a register a slot. Until here it held the whole sum, so the slot held zero.
    fn spill(&mut self, value: ValueId, sum: Option<Value>) -> Value {
        let slot = self.adjoint_slot(value);
        if let Some(sum) = sum {
            self.builder.store(sum, slot, 1);
        }
        self.adjoints.insert(value, Adjoint::Slot(slot));
        slot
    }

    /// Adds to the adjoint of a float or vector of floats.
    pub(crate) fn give_whole(&mut self, value: ValueId, part: Value) {
        self.give(value, 0, &[(0, part)]);
    }
}
