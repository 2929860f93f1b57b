//! How the gradient comes by a primal value or a shadow.
//!
//! As the tape decided: a parameter or constant, a load from the tape at the
//! current iteration of the loops around it, or the operation again on operands
//! that are looked up in turn. What was found is remembered for the rest of the
//! block being written.

use enzyme_analysis::needs::{Item, Place, shadow_in, shadow_operand};
use enzyme_analysis::script::Shadow;
use enzyme_analysis::separate::Side;
use enzyme_body::{Def, LoopId, Op, ValueId};
use enzyme_diag::Result;
use enzyme_ir::Value;
use enzyme_plan::Decision;

use crate::gradient::Gradient;
use crate::internal;
use crate::memory::alignment_of_shadow;

impl Gradient<'_> {
    /// The value of the primal.
    pub(crate) fn primal(&mut self, value: ValueId) -> Result<Value> {
        self.item(Item::Primal(value))
    }

    /// The shadow of an address.
    pub(crate) fn shadow(&mut self, value: ValueId) -> Result<Value> {
        self.item(shadow_operand(self.input.script, value))
    }

    pub(crate) fn item(&mut self, item: Item) -> Result<Value> {
        let key = (self.builder.block(), item);
        if let Some(&found) = self.found.get(&key) {
            return Ok(found);
        }
        let value = match self.input.tape.decision(item) {
            Decision::Free => self.free(item)?,
            Decision::Store => self.stored(item)?,
            Decision::Recompute => self.again(item)?,
            Decision::Unneeded => {
                return internal(format!("{item:?} was not planned for"));
            }
        };
        self.found.insert((self.builder.block(), item), value);
        Ok(value)
    }

    fn free(&mut self, item: Item) -> Result<Value> {
        let body = self.input.body();
        let value = item.value();
        if let Some((primal, shadow)) = self.input.tape.object(value) {
            let offset = if matches!(item, Item::Primal(_)) { primal } else { shadow };
            return Ok(self.builder.offset_by(self.frame, offset));
        }
        if let Item::Shadow(_) = item {
            return Ok(self.input.given_shadow(value, &self.params));
        }
        match &body.values[value].def {
            Def::Param(index) => Ok(self.params[*index as usize]),
            Def::Constant(_) => Ok(self.input.source(value)),
            Def::Inst(_) => {
                let found = body.loops.iter().find(|(_, l)| l.counter == value);
                let Some((lp, _)) = found else {
                    return internal(format!("{} is not free", body.label(value)));
                };
                Ok(self.counter(lp))
            }
        }
    }

    /// The current iteration of a loop.
    pub(crate) fn counter(&mut self, lp: LoopId) -> Value {
        let slot = self.counter_slot(lp);
        self.builder.load(self.input.module().int(64), slot, 8)
    }

    fn stored(&mut self, item: Item) -> Result<Value> {
        let value = item.value();
        let place = self.input.tape.place(item).expect("a stored item has a place");
        let slot = self.tape_slot(place);
        let ty = match item {
            Item::Frame(_) => self.input.module().ptr(),
            Item::Primal(_) | Item::Shadow(_) => self.input.ty(value),
        };
        Ok(self.scopes.tape(self.builder.load(ty, slot, 1)))
    }

    fn tape_slot(&mut self, place: Place) -> Value {
        let record = self.record(place.record);
        self.builder.offset_by(record, place.offset)
    }

    /// The record of the current iteration.
    fn record(&mut self, lp: Option<LoopId>) -> Value {
        let Some(lp) = lp else { return self.frame };
        let key = (self.builder.block(), lp);
        if let Some(&found) = self.found_records.get(&key) {
            return found;
        }
        let place = self.input.tape.records(lp).expect("this loop has records");
        let slot = self.tape_slot(place);
        let base = self.scopes.tape(self.builder.load(self.input.module().ptr(), slot, 8));
        let size = self.input.tape.record_size(Some(lp));
        let size = self.input.module().i64(i64::try_from(size).expect("a small record"));
        let counter = self.counter(lp);
        let record = match self.input.body().loops[lp].count {
            Some(_) => self.builder.offset(base, self.builder.mul(counter, size)),
            None => {
                let find = self.runtime.function("segment.find");
                self.scopes.tape(self.builder.call(find, &[base, counter, size]))
            }
        };
        self.found_records.insert(key, record);
        record
    }

    /// Evaluates the operation again.
    fn again(&mut self, item: Item) -> Result<Value> {
        let body = self.input.body();
        let value = item.value();
        let inst = body.inst(value).expect("only instructions are evaluated again");
        let of_shadow = matches!(item, Item::Shadow(_));
        let mut operands = Vec::new();
        for &operand in &inst.operands {
            let item = match of_shadow {
                true => shadow_in(self.input.script, value, operand),
                false => Some(Item::Primal(operand)),
            };
            let found = match item {
                Some(item) => self.item(item)?,
                None => self.input.ty(operand).zero(),
            };
            operands.push((self.input.source(operand), found));
        }
        if matches!(inst.op, Op::Phi(_)) {
            return Ok(operands[0].1);
        }
        let source = self.input.source(value);
        if of_shadow && self.input.script.shadow(value) == Shadow::Load {
            let load = self.builder.load(source.ty(), operands[0].1, alignment_of_shadow(source));
            return Ok(self.scopes.objects(load, &[self.input.twin(inst.operands[0])]));
        }
        let copy = self.builder.duplicate(source);
        for (i, operand) in source.operands().into_iter().enumerate() {
            if let Some((_, found)) = operands.iter().find(|(from, _)| *from == operand) {
                copy.set_operand(i, *found);
            }
        }
        if matches!(inst.op, Op::Load(_)) {
            let side = if of_shadow { Side::Shadow } else { Side::Primal };
            self.scopes.objects(copy, &[(side, inst.operands[0])]);
        }
        Ok(copy)
    }
}
