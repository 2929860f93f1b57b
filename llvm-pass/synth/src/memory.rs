//! Adjoints of memory operations: what moves between registers and shadows.
//!
//! The formulas stand in `enzyme_analysis::script`. A *guarded* access asks first
//! whether the shadow is the primal itself, which marks a constant: then nothing
//! moves, and above all nothing is written.

use enzyme_analysis::extent::{Bytes, Piece};
use enzyme_analysis::script::{Access, Home, Object, ObjectSize, Transfer, WIDEST};
use enzyme_body::{FloatKind, Inst, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Block, Builder, Order, Type, Value};

use crate::Input;
use crate::augment::common_size;
use crate::gradient::Gradient;
use crate::runtime::Runtime;
use crate::scopes::Scopes;

impl Gradient<'_> {
    /// `m̄[p] += x̄; x̄ = 0`
    pub(crate) fn reverse_load(
        &mut self,
        value: ValueId,
        inst: &Inst,
        access: &Access,
    ) -> Result<()> {
        let parts = self.take(value);
        let shadow = self.shadow(inst.operands[0])?;
        let rest = self.guard(inst.operands[0], shadow, access.guarded)?;
        for (offset, part) in parts {
            let align = align_at(access.align, offset);
            let at = self.builder.offset_by(shadow, offset);
            let place = [self.input.twin(inst.operands[0])];
            let old = self.scopes.objects(self.builder.load(part.ty(), at, align), &place);
            let new = self.builder.accumulate(old, part);
            self.scopes.objects(self.builder.store(new, at, align), &place);
        }
        self.end_guard(rest);
        Ok(())
    }

    /// `x̄ += m̄[p]; m̄[p] = 0`
    pub(crate) fn reverse_store(&mut self, inst: &Inst, access: &Access) -> Result<()> {
        let value = inst.operands[0];
        let shadow = self.shadow(inst.operands[1])?;
        let rest = self.guard(inst.operands[1], shadow, access.guarded)?;
        for (offset, ty) in self.stored_parts(value, access) {
            let align = align_at(access.align, offset);
            let at = self.builder.offset_by(shadow, offset);
            let place = [self.input.twin(inst.operands[1])];
            let part = self.scopes.objects(self.builder.load(ty, at, align), &place);
            self.scopes.objects(self.builder.store(ty.zero(), at, align), &place);
            self.give(value, 0, &[(offset, part)]);
        }
        if access.cleared > 0 {
            let len = self.input.module().i64(access.cleared.cast_signed());
            self.scopes.elsewhere(self.builder.zero_fill(shadow, len, 1));
        }
        self.end_guard(rest);
        Ok(())
    }

    fn stored_parts(&self, value: ValueId, access: &Access) -> Vec<(u64, Type)> {
        if self.input.body().values[value].ty.float().is_some() {
            return vec![(0, self.input.ty(value))];
        }
        let module = self.input.module();
        access.pieces.iter().map(|p| (p.offset, module.float(p.kind))).collect()
    }

    /// Opens a block that runs only if the shadow is not the primal itself.
    pub(crate) fn guard(
        &mut self,
        address: ValueId,
        shadow: Value,
        guarded: bool,
    ) -> Result<Option<Block>> {
        if !guarded {
            return Ok(None);
        }
        let primal = self.primal(address)?;
        let differs = self.builder.compare(Order::NotEqual, primal, shadow);
        let active = self.function.append_block("active");
        let rest = self.function.append_block("rest");
        self.builder.branch(differs, active, rest);
        self.builder.at_end(active);
        Ok(Some(rest))
    }

    pub(crate) fn end_guard(&mut self, rest: Option<Block>) {
        if let Some(rest) = rest {
            self.builder.jump(rest);
            self.builder.at_end(rest);
        }
    }

    /// `t = m̄[d]; m̄[d] = 0; m̄[s] += t`
    pub(crate) fn reverse_copy(&mut self, inst: &Inst, transfer: &Transfer) -> Result<()> {
        if !transfer.bytes.has_floats() {
            return Ok(());
        }
        let [to, from, len] = [0, 1, 2].map(|i| inst.operands[i]);
        let len = self.primal(len)?;
        let to_shadow = self.shadow(to)?;
        let from_shadow = if transfer.to_source { Some(self.shadow(from)?) } else { None };
        let rest = self.guard(to, to_shadow, transfer.guarded)?;
        match from_shadow {
            None => self.clear(&transfer.bytes, to_shadow, len)?,
            Some(from_shadow) if transfer.guarded_source => {
                self.copy_if_active(from, from_shadow, to_shadow, transfer, len)?;
            }
            Some(from_shadow) => self.move_adjoints(transfer, to_shadow, from_shadow, len)?,
        }
        self.end_guard(rest);
        Ok(())
    }

    /// From a source that may be a constant: its shadow takes the adjoints, or nothing does.
    fn copy_if_active(
        &mut self,
        from: ValueId,
        from_shadow: Value,
        to_shadow: Value,
        transfer: &Transfer,
        len: Value,
    ) -> Result<()> {
        let primal = self.primal(from)?;
        let differs = self.builder.compare(Order::NotEqual, primal, from_shadow);
        let active = self.function.append_block("active");
        let constant = self.function.append_block("constant");
        let done = self.function.append_block("copied");
        self.builder.branch(differs, active, constant);
        self.builder.at_end(constant);
        self.clear(&transfer.bytes, to_shadow, len)?;
        self.builder.jump(done);
        self.builder.at_end(active);
        self.move_adjoints(transfer, to_shadow, from_shadow, len)?;
        self.builder.jump(done);
        self.builder.at_end(done);
        Ok(())
    }

    fn move_adjoints(
        &mut self,
        transfer: &Transfer,
        to: Value,
        from: Value,
        len: Value,
    ) -> Result<()> {
        if let Some(kind) = transfer.bytes.words_by_turns() {
            let module = self.input.module();
            let len = self.builder.resize(len, module.int(64));
            let overlap = module.int(1).const_int(i64::from(transfer.overlap));
            let words = self.pieces().function("words", kind)?;
            self.scopes.elsewhere(self.builder.call(words, &[to, from, len, overlap]));
            return Ok(());
        }
        let (bytes, pieces) = (&transfer.bytes, self.pieces());
        if !transfer.overlap {
            return pieces.each(bytes, len, "copy", &[to, from]);
        }
        // All are taken before any is added: one may be added where another is taken.
        pieces.through_room(len, |room| {
            pieces.each(bytes, len, "take", &[to, room])?;
            pieces.each(bytes, len, "copy", &[room, from])
        })
    }

    /// `m̄ = 0`
    pub(crate) fn clear(&mut self, bytes: &Bytes, shadow: Value, len: Value) -> Result<()> {
        if bytes.uniform().is_some() || bytes.words_by_turns().is_some() {
            self.scopes.elsewhere(self.builder.zero_fill(shadow, len, 1));
            return Ok(());
        }
        self.pieces().each(bytes, len, "clear", &[shadow])
    }

    fn pieces(&self) -> Pieces<'_> {
        let scopes = Some(&self.scopes);
        Pieces { input: self.input, runtime: self.runtime, builder: &self.builder, scopes }
    }

    pub(crate) fn reverse_object(
        &mut self,
        value: ValueId,
        object: &Object,
        bytes: &Bytes,
    ) -> Result<()> {
        if !bytes.has_floats() {
            return Ok(());
        }
        let shadow = self.shadow(value)?;
        let len = self.object_size(object.size)?;
        self.clear(bytes, shadow, len)
    }
}

impl Gradient<'_> {
    /// The old object takes the adjoints of the bytes that moved; the new one is cleared.
    pub(crate) fn reverse_reallocation(
        &mut self,
        value: ValueId,
        (pointer, old_size, guarded): (ValueId, Option<ObjectSize>, bool),
        object: &Object,
        bytes: &Bytes,
    ) -> Result<()> {
        if !bytes.has_floats() {
            return Ok(());
        }
        let new = self.shadow(value)?;
        let old = self.shadow(pointer)?;
        let common = match object.home {
            Home::Program | Home::Kept => {
                let before = old_size.map(|size| self.object_size(size)).transpose()?;
                let after = self.object_size(object.size)?;
                let sized = if object.home == Home::Kept { self.primal(pointer)? } else { old };
                common_size(&self.pieces(), (sized, sized), before, after)
            }
            Home::Frame | Home::Arena => {
                self.builder.call(self.runtime.function("arena.common"), &[old, new])
            }
        };
        let rest = self.guard(pointer, old, guarded)?;
        self.pieces().each(bytes, common, "copy", &[new, old])?;
        self.end_guard(rest);
        self.reverse_object(value, object, bytes)
    }

    fn object_size(&mut self, size: ObjectSize) -> Result<Value> {
        Ok(match size {
            ObjectSize::Fixed(size) => {
                self.input.module().i64(i64::try_from(size).expect("a small object"))
            }
            ObjectSize::Operand(size) => self.primal(size)?,
            ObjectSize::Product(a, b) => {
                let (a, b) = (self.primal(a)?, self.primal(b)?);
                self.builder.mul(a, b)
            }
        })
    }
}

/// Calls of the functions that work on the floats of a range.
pub(crate) struct Pieces<'a> {
    pub input: Input<'a>,
    pub runtime: &'a Runtime,
    pub builder: &'a Builder,
    /// Of the function that is written.
    pub scopes: Option<&'a Scopes<'a>>,
}

impl Pieces<'_> {
    /// Calls the function of this name for each piece of a range.
    pub fn each(&self, bytes: &Bytes, len: Value, name: &str, shadows: &[Value]) -> Result<()> {
        let module = self.input.module();
        let number = |n: u64| module.i64(i64::try_from(n).expect("a small number"));
        for piece in &bytes.pieces {
            let function = self.function(name, piece.kind)?;
            let (count, stride) = match bytes.period {
                None => (number(1), number(piece.kind.size())),
                Some(period) => {
                    let count = self.count(bytes, period, len, *piece);
                    (count, number(period))
                }
            };
            let mut arguments: Vec<_> =
                shadows.iter().map(|s| self.builder.offset_by(*s, piece.offset)).collect();
            arguments.extend([count, stride]);
            let call = self.builder.call(function, &arguments);
            if let Some(scopes) = self.scopes {
                scopes.elsewhere(call);
            }
        }
        Ok(())
    }

    /// Lets `work` have memory for a range.
    pub fn through_room(&self, len: Value, work: impl FnOnce(Value) -> Result<()>) -> Result<()> {
        let mark = self.builder.call(self.runtime.function("arena.mark"), &[]);
        let len = self.builder.resize(len, self.input.module().int(64));
        let room = self.builder.call(self.runtime.function("arena.allocate"), &[len]);
        work(room)?;
        self.builder.call(self.runtime.function("arena.release"), &[mark]);
        Ok(())
    }

    /// How often a piece lies in a range. It belongs to the range only if it ends within it.
    fn count(&self, bytes: &Bytes, period: u64, len: Value, piece: Piece) -> Value {
        let module = self.input.module();
        let number = |n: u64| module.i64(i64::try_from(n).expect("a small number"));
        let less =
            |a: Value, b: Value| self.builder.call(self.runtime.function("border.less"), &[a, b]);
        let divide =
            |a: Value, b: u64| self.builder.binary(enzyme_ir::Opcode::LLVMUDiv, a, number(b));
        let mut len = self.builder.resize(len, module.int(64));
        let end = piece.offset + piece.kind.size();
        if piece.offset < bytes.head {
            return less(divide(len, end), number(1));
        }
        if bytes.head > 0 {
            len = self.builder.sub(len, less(len, number(bytes.head)));
        }
        divide(self.builder.add(len, number(period + bytes.head - end)), period)
    }

    fn function(&self, name: &str, kind: FloatKind) -> Result<enzyme_ir::Function> {
        self.runtime.memory(name, kind).ok_or_else(|| {
            let text = format!("memory of {kind} is copied");
            Box::new(Diagnostic::new(Code::NoRule, text).within(&self.input.body().name))
        })
    }
}

/// The alignment of the shadow's access that is like one of the primal.
pub(crate) fn alignment_of_shadow(access: Value) -> u64 {
    access.alignment().min(WIDEST)
}

/// What is known of the alignment some bytes further.
fn align_at(align: u64, offset: u64) -> u64 {
    if offset == 0 { align } else { align.min(1 << offset.trailing_zeros()) }
}
