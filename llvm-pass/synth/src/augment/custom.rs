//! Calls of functions whose derivative the program states: the program's own augmented
//! primal is called in their place.
//!
//! It takes the arguments and the shadows of those that are addresses, and returns the
//! result and a tape, whose meaning is the program's. The tape goes to the arena, and its
//! address is an item like the frame of a called function.

use enzyme_analysis::needs::custom_arguments;
use enzyme_body::{Inst, Ty, ValueId};
use enzyme_diag::Result;

use super::Augment;
use crate::{Direction, stated};

impl Augment<'_> {
    pub(super) fn custom(&mut self, value: ValueId, inst: &Inst, taped: bool) -> Result<()> {
        let target = stated(self.input, inst, Direction::Forward)?;
        let original = self.primal(value);
        let given = custom_arguments(inst);
        let address = |a: &&ValueId| self.input.body().values[**a].ty == Ty::Ptr;
        let shadows = given.iter().filter(address).map(|&a| self.shadow(a));
        let arguments: Vec<_> = given.iter().map(|&a| self.primal(a)).chain(shadows).collect();
        self.builder.before(original);
        let results = self.call_in_place(original, target, &arguments);
        let result = u32::from(self.input.body().values[value].ty != Ty::Void);
        if taped {
            let module = self.input.module();
            let tape = self.builder.extract(results, result);
            let size = tape.ty().size(module).max(1);
            let room = self.runtime.frame(&self.builder, size, 1);
            self.builder.store(tape, room, 1);
            self.frames.insert(value, room);
        }
        if result != 0 {
            let result = self.builder.extract(results, 0);
            original.replace_uses(result);
            self.clones.insert(self.input.source(value), result);
        }
        self.erased.push(original);
        Ok(())
    }
}
