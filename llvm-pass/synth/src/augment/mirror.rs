//! What is done on shadows as on the primals: stores, copies and fills of bytes that are
//! no floats.
//!
//! A shadow may be the primal itself, which marks a constant. What is written there is
//! written already, and to write it again may do harm: the address that is stored would
//! become its shadow's, bytes that a copy moves would move twice. So nothing is written:
//! a store goes to a place that nobody reads, and ranges have no length.

use enzyme_analysis::extent::Bytes;
use enzyme_analysis::needs::shadow_in;
use enzyme_analysis::script::Lost;
use enzyme_body::{Inst, Op, Transfer, ValueId};
use enzyme_diag::Result;
use enzyme_ir::{Builder, Order, Type, Value};

use super::Augment;
use crate::internal;
use crate::memory::alignment_of_shadow;

impl Augment<'_> {
    /// What global variables hold now, but for floats, is what their shadows hold.
    pub(super) fn global_shadows(&self) {
        self.builder.before(self.start);
        let module = self.input.module();
        let number = |n: u64| module.i64(n.cast_signed());
        for global in &self.input.script.globals {
            let primal = module.global(&global.symbol).expect("the mirror saw this global");
            let shadow = self.input.shadow_global(&global.symbol);
            let (bytes, size) = (&global.bytes, number(global.size));
            if let Some(period) = bytes.period {
                self.mirror_periods("copy", &[shadow, primal], size, bytes, period);
                continue;
            }
            for (offset, len) in bytes.rest_within(global.size) {
                let [to, from] = [shadow, primal].map(|at| self.builder.offset_by(at, offset));
                self.builder.copy(to, from, number(len), 1);
            }
        }
    }

    /// Ends the program if an address from outside leads to the floats of a global variable,
    /// and its shadow elsewhere.
    pub(super) fn check_apart(&self) {
        let module = self.input.module();
        let number = |n: u64| module.i64(n.cast_signed());
        for apart in &self.input.script.apart {
            match self.input.body().inst(apart.address) {
                Some(_) => self.builder.after(self.shadow(apart.address)),
                None => self.builder.before(self.start),
            }
            let global = module.global(&apart.symbol).expect("the mirror saw this global");
            let twin = match apart.shadowed {
                true => self.input.shadow_global(&apart.symbol),
                false => module.ptr().zero(),
            };
            let shadow = match apart.differentiated {
                true => self.shadow(apart.address),
                false => module.ptr().zero(),
            };
            let addresses = [self.primal(apart.address), shadow, global, twin];
            let (from, to) = apart.floats;
            let numbers = [from, to, apart.reach.unwrap_or(u64::MAX)].map(number);
            let arguments: Vec<_> = addresses.into_iter().chain(numbers).collect();
            self.builder.call(self.runtime.function("border.apart"), &arguments);
        }
    }

    /// Repeats a copy on the shadows.
    pub(super) fn mirror_copy(&self, value: ValueId, inst: &Inst, bytes: &Bytes) -> Result<()> {
        let [to, from, len] = [0, 1, 2].map(|i| inst.operands[i]);
        if let Some(kind) = bytes.words_by_turns() {
            self.check_words(value, [to, from, len], kind.size());
        }
        self.after(value);
        let shadows = [self.shadow(to), self.shadow(from)];
        let len = self.unless_constant(value, inst, self.primal(len));
        let overlap = inst.op == Op::Copy(Transfer::MayOverlap);
        if overlap && bytes.has_floats() && bytes.words_by_turns().is_none() {
            // One part may be written where another is read.
            self.pieces().through_room(len, |room| {
                self.builder.copy(room, shadows[1], len, 1);
                self.mirror_bytes(value, bytes, &[shadows[0], room], len)
            })?;
        } else {
            self.mirror_bytes(value, bytes, &shadows, len)?;
        }
        if shadow_in(self.input.script, value, from).is_none() {
            // No shadow, so no addresses that have one.
            let turns = bytes.only_by_turns();
            self.pieces().each(&turns, len, "clear", &shadows[..1])?;
        }
        Ok(())
    }

    /// The length of a range that is written, or 0 if the shadow is the range itself.
    pub(super) fn unless_constant(&self, value: ValueId, inst: &Inst, len: Value) -> Value {
        if !self.input.script.guarded.contains(&value) {
            return len;
        }
        let [primal, shadow] = [self.primal(inst.operands[0]), self.shadow(inst.operands[0])];
        let constant = self.builder.compare(Order::Equal, primal, shadow);
        self.builder.select(constant, len.ty().zero(), len)
    }

    /// Ends the program if a constant is written with what may have a derivative: there is
    /// no shadow for it. Addresses have none if they are those of other constants.
    pub(super) fn check_write(&self, value: ValueId, inst: &Inst, lost: Lost) {
        self.after(value);
        let module = self.input.module();
        let (from, to) = match inst.op {
            Op::Store(_) => (inst.operands[0], inst.operands[1]),
            _ => (inst.operands[1], inst.operands[0]),
        };
        let [mut written, mut shadow] = [self.primal(to), module.ptr().zero()];
        if self.input.ty(from) == module.ptr() {
            [written, shadow] = [self.primal(from), self.shadow(from)];
        }
        let arguments = [self.primal(to), self.shadow(to), written, shadow];
        let name = match lost {
            Lost::Kept => "border.write.kept",
            Lost::Optional => "border.write.optional",
        };
        self.builder.call(self.runtime.function(name), &arguments);
    }

    /// Mirrors the bytes of the head and of each period that are no floats.
    pub(super) fn mirror_periods(
        &self,
        name: &str,
        operands: &[Value],
        len: Value,
        bytes: &Bytes,
        period: u64,
    ) {
        let function = self.runtime.function(&format!("mirror.{name}"));
        let module = self.input.module();
        let number = |n: u64| module.i64(i64::try_from(n).expect("a small number"));
        let once = i64::MAX.unsigned_abs();
        for (offset, size) in bytes.rest_within(bytes.head + period) {
            let before = bytes.head.saturating_sub(offset).min(size);
            let parts = [(offset, before, once), (offset + before, size - before, period)];
            for (offset, size, period) in parts.into_iter().filter(|part| part.1 > 0) {
                let mut arguments = operands.to_vec();
                arguments.extend([len, number(period), number(offset), number(size)]);
                self.builder.call(function, &arguments);
            }
        }
    }

    /// Repeats a store on the shadow, for the bytes that are no floats.
    pub(super) fn mirror_store(&self, value: ValueId, inst: &Inst, ranges: &[(u64, u64)]) {
        self.after(value);
        let store = self.primal(value);
        let stored = match self.input.script.plain_stores.contains(&value) {
            true => self.primal(inst.operands[0]),
            false => self.shadow_in(value, inst.operands[0]),
        };
        let mut address = self.shadow(inst.operands[1]);
        let size = self.input.body().values[inst.operands[0]].ty.size();
        if self.input.script.guarded.contains(&value) {
            let room = self.entry_alloca(stored.ty());
            self.after(value);
            let primal = self.primal(inst.operands[1]);
            let constant = self.builder.compare(Order::Equal, primal, address);
            address = self.builder.select(constant, room, address);
        }
        if ranges == [(0, size)] {
            self.of_shadows(self.builder.store(stored, address, alignment_of_shadow(store)), inst);
            return;
        }
        // Part of the register is floats: only the other bytes go to the shadow.
        let room = self.entry_alloca(stored.ty());
        self.builder.store(stored, room, 16);
        for &(offset, len) in ranges {
            let to = self.builder.offset_by(address, offset);
            let from = self.builder.offset_by(room, offset);
            let len = self.input.module().i64(i64::try_from(len).expect("a small range"));
            self.scopes.elsewhere(self.builder.copy(to, from, len, 1));
        }
    }

    /// The words of an object that a call has changed go to its shadow as they are.
    pub(super) fn mirror_written(&self, call: ValueId, (object, size): (ValueId, u64)) {
        let module = self.input.module();
        let len = module.i64(size.cast_signed());
        let before = self.entry_alloca(Type::array(module.int(8), size));
        let [primal, shadow] = [self.primal(object), self.shadow(object)];
        self.builder.before(self.primal(call));
        self.builder.copy(before, primal, len, 1);
        self.after(call);
        let written = self.runtime.function("border.written");
        self.builder.call(written, &[primal, before, shadow, len]);
    }

    fn entry_alloca(&self, ty: Type) -> Value {
        let builder = Builder::new(self.input.module());
        builder.before(self.function.blocks()[0].first().expect("a finished block"));
        let room = builder.alloca(ty, "bytes");
        room.set_alignment(16);
        room
    }

    /// Repeats a copy or fill on shadows, for the bytes that are no floats. The
    /// first `shadows.len()` operands are addresses.
    pub(super) fn mirror_bytes(
        &self,
        value: ValueId,
        bytes: &Bytes,
        shadows: &[Value],
        len: Value,
    ) -> Result<()> {
        let original = self.primal(value);
        let piece = |offset: u64, len: Value| {
            let addresses: Vec<_> =
                shadows.iter().map(|s| self.builder.offset_by(*s, offset)).collect();
            let copy = self.builder.duplicate(original);
            for (i, address) in addresses.into_iter().enumerate() {
                copy.set_operand(i, address);
                copy.drop_argument_attributes(i);
            }
            copy.set_operand(2, len);
            copy.drop_scopes();
            self.scopes.elsewhere(copy);
        };
        if !bytes.has_floats() || bytes.words_by_turns().is_some() {
            piece(0, len);
            return Ok(());
        }
        let Some(total) = bytes.len.filter(|_| bytes.period.is_none()) else {
            let Some(period) = bytes.period else {
                return internal("a range without length and period");
            };
            let len = self.builder.resize(len, self.input.module().int(64));
            match shadows {
                [to, from] => self.mirror_periods("copy", &[*to, *from], len, bytes, period),
                _ => {
                    let byte = original.operand(1);
                    self.mirror_periods("fill", &[shadows[0], byte], len, bytes, period);
                }
            }
            return Ok(());
        };
        // All of the range is mirrored or, of a constant, nothing.
        let varies = len.int() != Some(total.cast_signed());
        let len = self.builder.resize(len, self.input.module().int(64));
        for (offset, size) in bytes.rest_within(total) {
            let size = self.input.module().i64(size.cast_signed());
            let size = match varies {
                true => self.builder.call(self.runtime.function("border.less"), &[size, len]),
                false => size,
            };
            piece(offset, size);
        }
        Ok(())
    }
}
