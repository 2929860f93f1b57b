//! Adjoints of registers.
//!
//! Each value with an adjoint has a stack slot of its own type, zero at the
//! start; the optimiser turns the slots into registers. An adjoint is *taken*
//! (read, and cleared, because loops come here again) by the reverse of the
//! instruction that defines the value, and *given to* by the reverse of its uses.
//! It travels in parts: one float or vector, or the float pieces of an integer
//! or aggregate, each at its byte offset.

use enzyme_body::ValueId;
use enzyme_ir::{Type, Value};

use crate::gradient::Gradient;
use crate::size_of;

impl Gradient<'_> {
    fn adjoint(&mut self, value: ValueId) -> Value {
        if let Some(&slot) = self.adjoints.get(&value) {
            return slot;
        }
        let body = self.input.body();
        let ty = &body.values[value].ty;
        let slot_type = match ty.float() {
            Some(_) => self.input.ty(value),
            None => Type::array(self.input.module().int(8), size_of(ty)),
        };
        let slot = self.slot(slot_type, &format!("adjoint.{}", body.label(value)));
        self.adjoints.insert(value, slot);
        slot
    }

    /// Reads and clears the adjoint of a value.
    pub(crate) fn take(&mut self, value: ValueId) -> Vec<(u64, Value)> {
        let slot = self.adjoint(value);
        let parts = self.input.parts(value);
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
        let slot = self.adjoint(value);
        for (offset, part) in parts {
            let at = self.builder.offset_by(slot, offset + shift);
            let old = self.builder.load(part.ty(), at, 1);
            let new = self.builder.accumulate(old, *part);
            self.builder.store(new, at, 1);
        }
    }

    /// Adds to the adjoint of a float or vector of floats.
    pub(crate) fn give_whole(&mut self, value: ValueId, part: Value) {
        self.give(value, 0, &[(0, part)]);
    }
}
