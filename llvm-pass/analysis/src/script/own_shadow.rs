//! Addresses whose shadow must be another.
//!
//! An integer that is computed from others is its own shadow, if they are theirs: it may be a
//! length or an index, where floats and integers take turns. If it was an address, computed in a
//! way that is not followed (two addresses in one word, say), the memory at it would be taken for
//! its own shadow.
//!
//! *Computes*: whether an instruction moves floats with a derivative at an address that was
//! computed as such an integer. *From*: the types, and which memory may be a constant. *Why it is
//! sound*: other memory with floats that have a derivative has a shadow elsewhere; the program
//! compares, and ends where that is not so.

use enzyme_body::{Cast, Inst, Op, ValueId};

use super::Writer;
use crate::types::made_from;
use crate::walk::walk;

impl Writer<'_> {
    /// The addresses at which the instruction moves floats, and that have a shadow elsewhere
    /// unless they were lost.
    pub(super) fn must_differ(&self, value: ValueId, inst: &Inst) -> Vec<ValueId> {
        let at = match inst.op {
            Op::Load(_) => &inst.operands[..1],
            Op::Store(_) => &inst.operands[1..2],
            Op::Copy(_) => &inst.operands[..2],
            _ => return Vec::new(),
        };
        if !self.types.is_dynamic() || !self.activity.moves(self.id, value) {
            return Vec::new();
        }
        at.iter().copied().filter(|&address| self.is_computed_place(address)).collect()
    }

    fn is_computed_place(&self, address: ValueId) -> bool {
        let loc = self.types.loc(self.id, address).filter(|_| self.shadowed(address));
        let always = loc.is_some_and(|loc| !self.activity.guarded(loc.region));
        let from = |v| made_from(self.body, v).unwrap_or_default().iter().copied();
        always && walk(address, from).any(|v| self.is_computed_address(v))
    }

    fn is_computed_address(&self, address: ValueId) -> bool {
        self.body.inst(address).is_some_and(|inst| {
            inst.op == Op::Cast(Cast::IntToAddress)
                && self.types.is_computed(self.id, inst.operands[0])
        })
    }
}
