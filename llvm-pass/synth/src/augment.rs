//! The augmented primal.
//!
//! A clone of the prepared function. In blocks that have a reverse:
//!
//! * values with a shadow get one, computed right after them;
//! * stores, copies and fills of bytes that are no floats are repeated on the shadow;
//! * objects with a shadow move to the frame (fixed stack objects) or the arena,
//!   beside a shadow filled with zeros, and are not freed (`free`);
//! * what the tape stores is written right after it is computed.
//!
//! In other blocks the program is as before, except that freeing asks whether
//! the arena owns the memory.

mod bits;
mod custom;
mod free;
mod mirror;
mod objects;

use std::collections::HashMap;

use enzyme_analysis::needs::{Item, shadow_in, shadow_operand};
use enzyme_analysis::script::{Forward, Home, Object, ObjectSize, Shadow};
use enzyme_analysis::separate::{Side, accessed};
use enzyme_body::{Def, Inst, LoopId, Op, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Block, Builder, Function, Opcode, Type, Value};
use enzyme_plan::Decision;
use enzyme_protocol::HINTS;
use enzyme_rules::{Known, is_text, known};

use crate::Input;
use crate::memory::{Pieces, alignment_of_shadow};
use crate::runtime::{Runtime, SEGMENT_TABLE};
use crate::scopes::Scopes;
use objects::Growth;
pub(crate) use objects::common_size;

struct Augment<'a> {
    input: Input<'a>,
    runtime: &'a Runtime,
    function: Function,
    builder: Builder,
    scopes: Scopes<'a>,
    /// Where the clone has the prepared function's values.
    clones: HashMap<Value, Value>,
    blocks: HashMap<Block, Block>,
    shadows: HashMap<ValueId, Value>,
    /// Frames that called functions returned.
    frames: HashMap<ValueId, Value>,
    records: HashMap<LoopId, Value>,
    /// The first instruction of the clone; what must come before goes here.
    start: Value,
    frame: Value,
    erased: Vec<Value>,
    /// Calls that were replaced, and are erased in the end.
    calls: HashMap<ValueId, Value>,
}

/// Writes the augmented primal.
pub fn augment(input: Input<'_>, runtime: &Runtime) -> Result<()> {
    let source = input.prepared.function;
    let function = input.sweeps[input.id].augmented;
    let count = input.body().params.len();
    let map: Vec<u32> = (0..u32::try_from(count).expect("few parameters")).collect();
    function.clone_body(source, &map);
    function.plain_attributes(source);
    if let Some(personality) = source.personality() {
        function.set_personality(personality);
    }
    let clones = source.insts().into_iter().zip(function.insts());
    let clones = clones.chain(source.params().into_iter().zip(function.params())).collect();
    let blocks = source.blocks().into_iter().zip(function.blocks()).collect();
    let builder = Builder::new(input.module());
    let start = function.blocks()[0].first().expect("a finished block");
    let frame = match input.is_request() {
        true => function.params()[2 * count],
        false => {
            builder.before(start);
            runtime.frame(&builder, input.tape.record_size(None), input.tape.frame_align())
        }
    };
    let mut augment = Augment {
        input,
        runtime,
        function,
        builder,
        scopes: input.scopes(),
        clones,
        blocks,
        shadows: HashMap::new(),
        frames: HashMap::new(),
        records: HashMap::new(),
        start,
        frame,
        erased: Vec::new(),
        calls: HashMap::new(),
    };
    augment.run()?;
    function.strip_debug();
    Ok(())
}

impl Augment<'_> {
    fn run(&mut self) -> Result<()> {
        self.primal_scopes();
        self.global_shadows();
        self.frame_objects();
        self.shadow_phis();
        let body = self.input.body();
        for (_, block) in body.blocks.iter().filter(|(_, b)| !b.no_reverse) {
            for &value in &block.insts {
                self.instruction(value)?;
            }
        }
        self.fill_shadow_phis();
        self.check_apart();
        self.make_records();
        for value in body.values.ids() {
            self.write_tape(Item::Primal(value));
            self.write_tape(Item::Shadow(value));
            self.write_tape(Item::Frame(value));
        }
        if !self.input.is_request() {
            self.return_frame();
        }
        self.drop_markers();
        self.guard_frees();
        for inst in std::mem::take(&mut self.erased) {
            inst.erase();
        }
        self.scopes.declare(self.function);
        Ok(())
    }

    /// What the program itself accesses.
    fn primal_scopes(&self) {
        for (value, inst) in self.input.body().live_insts() {
            let primal = |&address: &ValueId| (Side::Primal, address);
            let places: Vec<_> = accessed(inst).iter().map(primal).collect();
            if !places.is_empty() {
                self.scopes.objects(self.primal(value), &places);
            }
        }
    }

    /// An access to the shadows of what an instruction accesses.
    fn of_shadows(&self, access: Value, inst: &Inst) {
        let places: Vec<_> = accessed(inst).iter().map(|&a| self.input.twin(a)).collect();
        self.scopes.objects(access, &places);
    }

    /// The clone's value.
    fn primal(&self, value: ValueId) -> Value {
        let source = self.input.source(value);
        self.clones.get(&source).copied().unwrap_or(source)
    }

    /// The clone's call, which another value may have replaced.
    fn primal_call(&self, value: ValueId) -> Value {
        self.calls.get(&value).copied().unwrap_or_else(|| self.primal(value))
    }

    /// The value's shadow, or the value itself if it has none.
    fn shadow(&self, value: ValueId) -> Value {
        match shadow_operand(self.input.script, value) {
            Item::Primal(_) | Item::Frame(_) => self.primal(value),
            Item::Shadow(_) => match self.input.script.shadow(value) {
                Shadow::Given => self.input.given_shadow(value, &self.function.params()),
                _ => self.shadows[&value],
            },
        }
    }

    /// The shadow of an operand, or zeros where floats and addresses take turns.
    fn shadow_in(&self, user: ValueId, operand: ValueId) -> Value {
        match shadow_in(self.input.script, user, operand) {
            Some(Item::Primal(operand)) => self.primal(operand),
            Some(_) => self.shadow(operand),
            None => self.input.ty(operand).zero(),
        }
    }

    fn after(&self, value: ValueId) {
        let inst = self.primal(value);
        if matches!(self.input.body().inst(value).map(|i| &i.op), Some(Op::Phi(_))) {
            self.builder.before(inst.block().first_non_phi());
        } else {
            self.behind(inst);
        }
    }

    /// Continues behind an instruction; what an invoke does is done in a block of its own.
    fn behind(&self, inst: Value) {
        match inst.opcode() {
            Some(Opcode::LLVMInvoke) => {
                self.builder.before(inst.block().successors()[0].first_non_phi());
            }
            _ => self.builder.after(inst),
        }
    }

    /// Fixed stack objects become parts of the frame.
    fn frame_objects(&mut self) {
        let first = self.start;
        for value in self.input.body().values.ids() {
            let Some((primal, shadow)) = self.input.tape.object(value) else { continue };
            let Some(Forward::Object(Object { size: ObjectSize::Fixed(size), zeroed, .. })) =
                self.input.script.forward.get(&value)
            else {
                continue;
            };
            self.builder.before(first);
            let place = self.builder.offset_by(self.frame, primal);
            let twin = self.builder.offset_by(self.frame, shadow);
            let len = self.input.module().i64(i64::try_from(*size).expect("a small object"));
            self.builder.zero_fill(twin, len, 1);
            if *zeroed {
                self.builder.zero_fill(place, len, 1);
            }
            let alloca = self.primal(value);
            alloca.replace_uses(place);
            self.erased.push(alloca);
            self.clones.insert(self.input.source(value), place);
            self.shadows.insert(value, twin);
        }
    }

    fn shadow_phis(&mut self) {
        let phis = self.input.body().live_insts();
        for (value, _) in phis.filter(|(v, _)| self.input.script.shadow(*v) == Shadow::Phi) {
            let phi = self.primal(value);
            self.builder.before(phi);
            let shadow = self.builder.phi(phi.ty());
            self.shadows.insert(value, shadow);
        }
    }

    fn fill_shadow_phis(&mut self) {
        let body = self.input.body();
        for (value, inst) in body.live_insts() {
            if self.input.script.shadow(value) != Shadow::Phi {
                continue;
            }
            let Op::Phi(from) = &inst.op else { continue };
            for (block, &operand) in from.iter().zip(&inst.operands) {
                let block = self.blocks[&self.input.block(*block)];
                self.shadows[&value].add_incoming(self.shadow_in(value, operand), block);
            }
        }
    }

    fn instruction(&mut self, value: ValueId) -> Result<()> {
        let body = self.input.body();
        let inst = body.inst(value).expect("a block holds instructions");
        if self.input.script.strays.contains(&value) {
            self.builder.before(self.primal(value));
            self.builder.call(self.runtime.function("border.nowhere"), &[]);
        }
        if let Some(addresses) = self.input.script.must_differ.get(&value) {
            self.builder.before(self.primal(value));
            for &address in addresses {
                let twins = [self.primal(address), self.shadow(address)];
                self.builder.call(self.runtime.function("border.differ"), &twins);
            }
        }
        if self.input.script.checks_bits.contains(&value) {
            self.check_bits(value, inst);
        }
        match self.input.script.forward.get(&value).cloned() {
            Some(Forward::Drop) => self.erased.push(self.primal(value)),
            Some(Forward::Release) => self.erased.push(self.primal(value)),
            Some(Forward::FreeLater { kept }) => self.free_later(value, inst, kept),
            Some(Forward::Object(object)) if object.home != Home::Frame => {
                self.object(value, &object)?;
            }
            Some(Forward::Reallocate { pointer, old_size, object, bytes, guarded }) => {
                let growth = Growth { pointer, old_size, object, bytes, guarded };
                self.reallocate(value, &growth)?;
            }
            Some(Forward::Call(callee)) => self.call(value, inst, callee),
            Some(Forward::Custom { taped }) => self.custom(value, inst, taped)?,
            Some(Forward::Object(_) | Forward::FreeOther) | None => {}
            Some(Forward::MirrorStore(ranges)) => self.mirror_store(value, inst, &ranges),
            Some(Forward::MirrorCopy(bytes)) => self.mirror_copy(value, inst, &bytes)?,
            Some(Forward::ClearCopy(kind)) => {
                self.check_grid(value, inst.operands[0], kind.size());
                self.after(value);
                let len = self.unless_constant(value, inst, self.primal(inst.operands[2]));
                let fill = self.builder.zero_fill(self.shadow(inst.operands[0]), len, 1);
                self.scopes.elsewhere(fill);
            }
            Some(Forward::MirrorIntegers) => {
                self.after(value);
                let [to, len] = [0, 2].map(|i| self.primal(inst.operands[i]));
                self.builder.copy(self.shadow(inst.operands[0]), to, len, 1);
            }
            Some(Forward::MirrorFill(bytes)) => {
                self.after(value);
                let shadow = self.shadow(inst.operands[0]);
                let len = self.unless_constant(value, inst, self.primal(inst.operands[2]));
                self.mirror_bytes(value, &bytes, &[shadow], len)?;
            }
            Some(Forward::MirrorWritten(objects)) => {
                objects.into_iter().for_each(|object| self.mirror_written(value, object));
            }
        }
        if let Some(&lost) = self.input.script.checked.get(&value) {
            self.check_write(value, inst, lost);
        }
        match self.input.script.shadow(value) {
            Shadow::Load => {
                self.after(value);
                let load = self.primal(value);
                let address = self.shadow(inst.operands[0]);
                let shadow = self.builder.load(load.ty(), address, alignment_of_shadow(load));
                self.of_shadows(shadow, inst);
                self.shadows.insert(value, shadow);
            }
            Shadow::Derived => self.derived(value, inst)?,
            Shadow::Computed => self.computed(value, inst),
            Shadow::ComputedAddress => self.computed_address(value, inst)?,
            Shadow::None | Shadow::Given | Shadow::Object | Shadow::Phi | Shadow::Returned => {}
        }
        Ok(())
    }

    /// The same operation on shadows.
    fn derived(&mut self, value: ValueId, inst: &Inst) -> Result<()> {
        if let Op::Call(call) | Op::Invoke(call) = &inst.op {
            let enzyme_body::Callee::Symbol(name) = &call.callee else {
                return self.no_shadow(value, "a call that is not known");
            };
            let silent = !call.effects.reads && !call.effects.writes;
            match known(name) {
                Some(Known::Identity { operand }) => {
                    let shadow = self.shadow(inst.operands[usize::from(operand)]);
                    self.shadows.insert(value, shadow);
                    return Ok(());
                }
                // The address of text is its own shadow, as no text is differentiated, and so are
                // integers that are computed of no others: keys, times, numbers.
                Some(Known::Inactive { .. })
                    if is_text(name) || !silent && has_no_address(self.input.ty(value)) =>
                {
                    self.shadows.insert(value, self.primal(value));
                    return Ok(());
                }
                // Integers are computed from what is by turns an address.
                Some(Known::Inactive { writes: false }) if silent => {}
                _ => return self.no_shadow(value, &format!("`{name}`")),
            }
        }
        self.after(value);
        let source = self.primal(value);
        let shadow = self.builder.duplicate(source);
        for (i, operand) in self.input.source(value).operands().into_iter().enumerate() {
            if let Some(id) = inst.operands.iter().find(|o| self.input.source(**o) == operand) {
                shadow.set_operand(i, self.shadow_in(value, *id));
            }
        }
        self.shadows.insert(value, shadow);
        Ok(())
    }

    /// What a failure of the analyses is told by.
    fn no_shadow<T>(&self, value: ValueId, of: &str) -> Result<T> {
        let place = self.input.source(value).location();
        Diagnostic::new(Code::Internal, format!("a shadow from {of}")).at(place).into()
    }

    /// Calls the augmented primal of a function instead of the function.
    fn call(&mut self, value: ValueId, inst: &Inst, callee: enzyme_body::BodyId) {
        let original = self.primal(value);
        let other = self.input.other(callee);
        let target = self.input.sweeps[callee].augmented;
        let primals = inst.operands.iter().map(|&o| self.primal(o));
        let shadows = other.shadowed_params().into_iter().map(|i| self.shadow(inst.operands[i]));
        let arguments: Vec<_> = primals.chain(shadows).collect();
        self.builder.before(original);
        let results = self.call_in_place(original, target, &arguments);
        let mut next = 0;
        let mut take = || {
            let part = self.builder.extract(results, next);
            next += 1;
            part
        };
        if other.result().is_some() {
            let result = take();
            original.replace_uses(result);
            self.clones.insert(self.input.source(value), result);
        }
        if other.result_has_shadow() {
            let shadow = take();
            self.shadows.insert(value, shadow);
        }
        let frame = take();
        self.frames.insert(value, frame);
        self.erased.push(original);
    }

    /// Calls another function as an original call does, and continues behind it.
    fn call_in_place(&self, original: Value, target: Function, arguments: &[Value]) -> Value {
        if original.opcode() != Some(Opcode::LLVMInvoke) {
            return self.builder.call(target, arguments);
        }
        let ways = original.block().successors();
        let results = self.builder.invoke(target, arguments, ways[0], ways[1]);
        self.behind(results);
        results
    }

    /// A called function returns its frame beside its result.
    fn return_frame(&mut self) {
        let body = self.input.body();
        let block = body.return_block().expect("the script has a return");
        let last = *body.blocks[block].insts.last().expect("a finished block");
        let original = self.primal(last);
        self.builder.before(original);
        let mut parts = Vec::new();
        if let Some(result) = self.input.result() {
            parts.push(self.primal(result));
            if self.input.result_has_shadow() {
                parts.push(self.shadow(result));
            }
        }
        parts.push(self.frame);
        let mut results = self.function.result_type().poison();
        for (i, part) in parts.into_iter().enumerate() {
            results = self.builder.insert(results, part, u32::try_from(i).expect("few parts"));
        }
        self.builder.return_value(results);
        original.erase();
    }

    fn pieces(&self) -> Pieces<'_> {
        let scopes = Some(&self.scopes);
        Pieces { input: self.input, runtime: self.runtime, builder: &self.builder, scopes }
    }

    /// Allocates the records of each loop that has any, and finds the current one.
    fn make_records(&mut self) {
        let mut loops: Vec<_> = self.input.tape.loops().collect();
        loops.sort();
        for lp in loops {
            let shape = &self.input.body().loops[lp];
            let size = self.input.tape.record_size(Some(lp));
            let size = self.input.module().i64(i64::try_from(size).expect("a small record"));
            let preheader = self.blocks[&self.input.block(shape.preheader)];
            self.builder.before(preheader.terminator().expect("a finished block"));
            let base = match shape.count {
                Some(count) => {
                    let last = self.primal(count);
                    self.builder.call(self.runtime.function("arena.records"), &[last, size])
                }
                None => {
                    let table = self.input.module().i64(SEGMENT_TABLE.cast_signed());
                    self.builder.call(self.runtime.function("arena.allocate"), &[table])
                }
            };
            self.scopes.arena(base);
            let place = self.input.tape.records(lp).expect("this loop has records");
            let slot = self.builder.offset_by(self.record(place.record), place.offset);
            self.scopes.tape(self.builder.store(base, slot, 8));
            let header = self.blocks[&self.input.block(shape.header)];
            self.builder.before(header.first_non_phi());
            let counter = self.primal(shape.counter);
            let record = match shape.count {
                Some(_) => self.builder.offset(base, self.builder.mul(counter, size)),
                None => {
                    let push = self.runtime.function("segment.push");
                    // It may take memory from the arena, whose counters are no tape.
                    self.builder.call(push, &[base, counter, size])
                }
            };
            self.records.insert(lp, record);
        }
    }

    fn record(&self, lp: Option<LoopId>) -> Value {
        lp.map_or(self.frame, |l| self.records[&l])
    }

    fn write_tape(&self, item: Item) {
        if self.input.tape.decision(item) != Decision::Store {
            return;
        }
        let value = item.value();
        let body = self.input.body();
        let stored = match item {
            Item::Primal(_) => self.primal(value),
            Item::Shadow(_) => self.shadow(value),
            Item::Frame(_) => self.frames[&value],
        };
        let place = self.input.tape.place(item).expect("a stored item has a place");
        match &body.values[value].def {
            Def::Inst(inst) => self.after_definition(stored, inst, place.record),
            _ => self.builder.before(self.start),
        }
        let slot = self.builder.offset_by(self.record(place.record), place.offset);
        self.scopes.tape(self.builder.store(stored, slot, 1));
    }

    /// Continues after the definition, and after the address of its record.
    fn after_definition(&self, stored: Value, inst: &Inst, record: Option<LoopId>) {
        if stored.opcode() == Some(Opcode::LLVMInvoke) {
            return self.behind(stored);
        }
        let is_phi = stored.opcode() == Some(enzyme_ir::Opcode::LLVMPHI);
        let header = record.is_some_and(|l| self.input.body().loops[l].header == inst.block);
        // What an invoke returns is taken apart in the block behind it.
        let before = |lp: LoopId| {
            let record = self.records[&lp];
            // The record stands near the beginning, the end of the block may be far.
            let head = std::iter::successors(Some(stored.block().first_non_phi()), |i| i.next());
            record.block() == stored.block()
                && (is_phi || head.take_while(|i| *i != record).any(|i| i == stored))
        };
        match record {
            Some(lp) if header && before(lp) => {
                self.builder.after(self.records[&lp]);
            }
            _ if is_phi => self.builder.before(stored.block().first_non_phi()),
            _ => self.builder.after(stored),
        }
    }

    /// Lifetimes of stack objects mean nothing for objects in the frame, and hints are for
    /// the analyses only. The script drops them in blocks that have a reverse; here are the
    /// others.
    fn drop_markers(&mut self) {
        let body = self.input.body();
        for (_, block) in body.blocks.iter().filter(|(_, b)| b.no_reverse) {
            for &value in &block.insts {
                let Some(Inst { op: Op::Call(call), .. }) = body.inst(value) else { continue };
                if let enzyme_body::Callee::Symbol(name) = &call.callee
                    && (name.starts_with("llvm.lifetime.") || HINTS.contains(&name.as_ref()))
                {
                    self.erased.push(self.primal(value));
                }
            }
        }
    }
}

/// Whether a type is of integers, or of parts that are.
fn has_no_address(ty: Type) -> bool {
    ty.is_integers()
        || ty.is_structure() && (0..ty.field_count()).all(|i| ty.field(i).is_integers())
}
