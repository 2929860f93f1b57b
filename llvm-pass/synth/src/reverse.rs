//! The reverse of each kind of instruction, as the script names it.

use enzyme_analysis::needs::{Item, custom_arguments};
use enzyme_analysis::script::Reverse;
use enzyme_body::{BodyId, Inst, Ty, ValueId};
use enzyme_diag::Result;
use enzyme_ir::{FloatOrder, Opcode, Order, Type, Value};
use enzyme_rules::Rule;

use crate::gradient::Gradient;
use crate::{Direction, size_of, stated};

impl Gradient<'_> {
    /// Writes the reverse of one instruction.
    pub(crate) fn reverse(&mut self, value: ValueId, reverse: &Reverse) -> Result<()> {
        let inst = self.input.body().inst(value).expect("an instruction");
        let operand = |i: usize| inst.operands[i];
        match reverse {
            Reverse::Rule(rule) => self.rule(value, inst, rule)?,
            Reverse::Convert => {
                let adjoint = self.take_whole(value);
                let converted = self.convert(adjoint, operand(0));
                self.give_whole(operand(0), converted);
            }
            Reverse::Select => self.select(value, inst)?,
            Reverse::Same(i) => {
                let parts = self.take(value);
                self.give(operand(*i), 0, &parts);
            }
            Reverse::Bits => self.bits(value, operand(0))?,
            Reverse::Bytes(moves) => {
                let parts = self.take(value);
                for m in moves {
                    let moved = parts.iter().filter(|(at, _)| (m.to..m.to + m.len).contains(at));
                    let moved: Vec<_> = moved.map(|(at, part)| (at - m.to, *part)).collect();
                    self.give(operand(m.operand), m.from, &moved);
                }
            }
            Reverse::Load(access) => self.reverse_load(value, inst, access)?,
            Reverse::Store(access) => self.reverse_store(inst, access)?,
            Reverse::Copy(transfer) => self.reverse_copy(inst, transfer)?,
            Reverse::Fill { bytes, guarded } => {
                let shadow = self.shadow(operand(0))?;
                let len = self.primal(operand(2))?;
                let rest = self.guard(operand(0), shadow, *guarded)?;
                self.clear(bytes, shadow, len)?;
                self.end_guard(rest);
            }
            Reverse::Clear(object, bytes) => self.reverse_object(value, object, bytes)?,
            Reverse::Call(callee) => self.call(value, inst, *callee)?,
            Reverse::Custom { taped } => self.custom(value, inst, *taped)?,
            Reverse::Return => {
                let parts = self.input.result_parts().into_iter().map(|(offset, _)| offset);
                let seeds: Vec<_> = parts.zip(self.params[1..].iter().copied()).collect();
                self.give(operand(0), 0, &seeds);
            }
            Reverse::Reallocate { pointer, old_size, object, bytes, guarded } => {
                let old = (*pointer, *old_size, *guarded);
                self.reverse_reallocation(value, old, object, bytes)?;
            }
            Reverse::ExtractLane => {
                let adjoint = self.take_whole(value);
                let index = self.primal(operand(1))?;
                let zero = self.input.ty(operand(0)).zero();
                let spread = self.builder.insert_lane(zero, adjoint, index);
                self.give_whole(operand(0), spread);
            }
            Reverse::InsertLane => {
                let adjoint = self.take_whole(value);
                let index = self.primal(operand(2))?;
                let lane = self.builder.extract_lane(adjoint, index);
                let zero = lane.ty().zero();
                let rest = self.builder.insert_lane(adjoint, zero, index);
                self.give_whole(operand(1), lane);
                self.give_whole(operand(0), rest);
            }
            Reverse::Shuffle(mask) => self.shuffle(value, inst, mask),
            Reverse::Extract(offset) => {
                let parts = self.take(value);
                self.give(operand(0), *offset, &parts);
            }
            Reverse::Insert(offset) => self.insert(value, inst, *offset),
            Reverse::Phi => unreachable!("phis are reversed on the edges"),
        }
        Ok(())
    }

    /// Calls the gradient of a function: its result's adjoint goes in, those of its
    /// parameters come out.
    fn call(&mut self, value: ValueId, inst: &Inst, callee: BodyId) -> Result<()> {
        let other = self.input.other(callee);
        let own = match self.input.script.has_adjoint(value) {
            true => self.take(value),
            false => vec![],
        };
        let frame = self.item(Item::Frame(value))?;
        let seeds = other.result_parts().into_iter().map(|(offset, ty)| {
            own.iter().find(|(o, _)| *o == offset).map_or_else(|| ty.zero(), |(_, part)| *part)
        });
        let arguments: Vec<_> = std::iter::once(frame).chain(seeds).collect();
        let results = self.builder.call(self.input.sweeps[callee].gradient, &arguments);
        let mut next = 0;
        for (i, &param) in other.body().params.iter().enumerate() {
            if !other.script.has_adjoint(param) {
                continue;
            }
            let mut parts = Vec::new();
            for (offset, _) in other.parts(param) {
                parts.push((offset, self.builder.extract(results, next)));
                next += 1;
            }
            self.give(inst.operands[i], 0, &parts);
        }
        Ok(())
    }

    /// Calls what the program states to be the gradient: the adjoint of the result goes in,
    /// those of the arguments that are floats come out.
    fn custom(&mut self, value: ValueId, inst: &Inst, taped: bool) -> Result<()> {
        let target = stated(self.input, inst, Direction::Reverse)?;
        let body = self.input.body();
        let float = |v: ValueId| body.values[v].ty.float().is_some();
        let given = custom_arguments(inst);
        let mut arguments = Vec::new();
        for &argument in given {
            arguments.push(self.primal(argument)?);
        }
        for &argument in given.iter().filter(|&&a| body.values[a].ty == Ty::Ptr) {
            arguments.push(self.shadow(argument)?);
        }
        if float(value) {
            arguments.push(self.take_whole(value));
        }
        if taped {
            let room = self.item(Item::Frame(value))?;
            let ty = target.params().last().expect("a tape").ty();
            arguments.push(self.builder.load(ty, room, 1));
        }
        let results = self.builder.call(target, &arguments);
        for (index, &argument) in (0..).zip(given.iter().filter(|&&a| float(a))) {
            let part = self.builder.extract(results, index);
            self.give_whole(argument, part);
        }
        Ok(())
    }

    fn convert(&self, adjoint: Value, to: ValueId) -> Value {
        let ty = self.input.ty(to);
        let bits = |t: enzyme_ir::Type| t.size(self.input.module());
        let op =
            if bits(ty) > bits(adjoint.ty()) { Opcode::LLVMFPExt } else { Opcode::LLVMFPTrunc };
        self.builder.cast(op, adjoint, ty)
    }

    fn select(&mut self, value: ValueId, inst: &Inst) -> Result<()> {
        let parts = self.take(value);
        let condition = self.primal(inst.operands[0])?;
        for (offset, part) in parts {
            let zero = part.ty().zero();
            let first = self.builder.select(condition, part, zero);
            let second = self.builder.select(condition, zero, part);
            self.give(inst.operands[1], 0, &[(offset, first)]);
            self.give(inst.operands[2], 0, &[(offset, second)]);
        }
        Ok(())
    }

    /// What is in the lanes of integers is moved lane by lane.
    fn shuffle_bits(&mut self, value: ValueId, inst: &Inst, mask: &[i32]) {
        let Ty::Vector(item, lanes) = &self.input.body().values[inst.operands[0]].ty else {
            unreachable!("a shuffle of vectors");
        };
        let (width, lanes) = (size_of(item), u64::from(*lanes));
        for (at, part) in self.take(value) {
            let to = usize::try_from(at / width).expect("few lanes");
            let Ok(source) = u64::try_from(mask[to]) else { continue };
            let operand = inst.operands[usize::from(source >= lanes)];
            self.give(operand, source % lanes * width, &[(at % width, part)]);
        }
    }

    fn shuffle(&mut self, value: ValueId, inst: &Inst, mask: &[i32]) {
        if self.input.body().values[value].ty.float().is_none() {
            return self.shuffle_bits(value, inst, mask);
        }
        let adjoint = self.take_whole(value);
        let index = |i: usize| self.input.module().i64(i64::try_from(i).expect("few lanes"));
        let lanes = self.input.ty(inst.operands[0]).vector().expect("a vector").1 as usize;
        let mut sums = [0, 1].map(|side| self.input.ty(inst.operands[side]).zero());
        for (i, &source) in mask.iter().enumerate() {
            // A negative index may be any lane, so no lane is owed anything.
            let Ok(source) = usize::try_from(source) else { continue };
            let (side, lane) = (source / lanes, source % lanes);
            let part = self.builder.extract_lane(adjoint, index(i));
            let old = self.builder.extract_lane(sums[side], index(lane));
            let new = self.builder.accumulate(old, part);
            sums[side] = self.builder.insert_lane(sums[side], new, index(lane));
        }
        for (side, sum) in sums.into_iter().enumerate() {
            self.give_whole(inst.operands[side], sum);
        }
    }

    fn insert(&mut self, value: ValueId, inst: &Inst, offset: u64) {
        let size = size_of(&self.input.body().values[inst.operands[1]].ty);
        let (inside, outside): (Vec<_>, Vec<_>) =
            self.take(value).into_iter().partition(|(o, _)| (offset..offset + size).contains(o));
        let inside: Vec<_> = inside.into_iter().map(|(o, part)| (o - offset, part)).collect();
        self.give(inst.operands[1], 0, &inside);
        self.give(inst.operands[0], 0, &outside);
    }

    fn rule(&mut self, value: ValueId, inst: &Inst, rule: &Rule) -> Result<()> {
        let adjoint = self.take_whole(value);
        let mut given = Vec::new();
        for (i, &operand) in inst.operands.iter().enumerate().take(rule.arity) {
            let Some(contribution) = rule.contribution(i) else { continue };
            if self.input.script.has_adjoint(operand) {
                let mut part = self.contribution(value, inst, adjoint, contribution)?;
                if self.input.script.demand.ends_at_zero(value, i) {
                    part = self.unless_zero(adjoint, part);
                }
                given.push((operand, part));
            }
        }
        for (operand, contribution) in given {
            self.give_whole(operand, contribution);
        }
        Ok(())
    }

    /// From a float to the integer of the same bits. Ends the program if there is a derivative, and
    /// the bits were computed of a float's: then they are the complement of their shadow.
    fn bits(&mut self, value: ValueId, bits: ValueId) -> Result<()> {
        let adjoint = self.take_whole(value);
        let derivative =
            self.builder.float_compare(FloatOrder::LLVMRealUNE, adjoint, adjoint.ty().zero());
        let module = self.input.module();
        let word = |float: Type| {
            module.int(u32::try_from(float.size(module) * 8).expect("the width of a float"))
        };
        let (words, lanes) = match adjoint.ty().vector() {
            Some((float, lanes)) => (Type::vector_of(word(float), lanes), lanes),
            None => (word(adjoint.ty()), 1),
        };
        let [primal, shadow] = [self.item(Item::Primal(bits))?, self.item(Item::Shadow(bits))?]
            .map(|value| self.builder.cast(Opcode::LLVMBitCast, value, words));
        let complement = self.builder.is_complement(primal, shadow);
        let lost = self.builder.binary(Opcode::LLVMAnd, derivative, complement);
        let lost = self.builder.cast(Opcode::LLVMBitCast, lost, module.int(lanes));
        let any = self.builder.compare(Order::NotEqual, lost, lost.ty().zero());
        self.builder.call(self.runtime.function("border.bits"), &[any]);
        self.give(bits, 0, &[(0, adjoint)]);
        Ok(())
    }

    /// The contribution, or 0 where the adjoint is 0: the value may not have been used.
    fn unless_zero(&self, adjoint: Value, contribution: Value) -> Value {
        let zero = adjoint.ty().zero();
        let unused = self.builder.float_compare(FloatOrder::LLVMRealOEQ, adjoint, zero);
        self.builder.select(unused, zero, contribution)
    }
}
