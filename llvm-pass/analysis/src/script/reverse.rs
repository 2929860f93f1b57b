//! The reverse half of the script: a row of the table of rules, or a memory adjoint.

use enzyme_body::{Call, Callee, Cast, FloatOp, Inst, Op, ValueId};
use enzyme_diag::{Code, Result};
use enzyme_rules::stand_in::{Custom, custom};
use enzyme_rules::{Known, Operator, for_function, for_operator, known};

use super::{Access, Forward, Object, ObjectSize, Reverse, Script, Transfer, WIDEST, Writer};
use crate::byte_moves::moved_floats;
use crate::extent::Piece;

impl Writer<'_> {
    pub(super) fn reverse(
        &self,
        value: ValueId,
        inst: &Inst,
        script: &Script,
    ) -> Result<Option<Reverse>> {
        let active = script.has_adjoint(value);
        Ok(Some(match &inst.op {
            Op::Float(op) => Reverse::Rule(for_operator(operator(*op))),
            Op::Cast(Cast::FloatToFloat) => Reverse::Convert,
            Op::Cast(Cast::Bits) if self.types.checks_bits(self.id, value) => Reverse::Bits,
            Op::Cast(Cast::Bits) | Op::Freeze => Reverse::Same(0),
            Op::Select => Reverse::Select,
            Op::Phi(_) => Reverse::Phi,
            Op::Load(_) if active => self.load(value, inst)?,
            Op::Store(_) => self.store(value, inst)?,
            Op::Copy(kind) => self.copy(value, inst, *kind)?,
            Op::Fill => {
                let len = self.length(inst.operands[2]);
                let bytes = self.bytes(value, inst.operands[0], len)?;
                let guarded = self.guarded(self.loc(value, inst.operands[0])?);
                Reverse::Fill { bytes, guarded }
            }
            Op::Alloca { .. } => match script.forward.get(&value) {
                Some(Forward::Object(object)) => self.clear(value, object)?,
                _ => return Ok(None),
            },
            Op::ExtractLane => Reverse::ExtractLane,
            Op::InsertLane => Reverse::InsertLane,
            Op::Shuffle(mask) => Reverse::Shuffle(mask.clone()),
            Op::Extract { offset } => Reverse::Extract(*offset),
            Op::Insert { offset } => Reverse::Insert(*offset),
            Op::Call(call) | Op::Invoke(call) => return self.reverse_call(value, call, script),
            Op::Cast(Cast::IntToInt | Cast::SignExtend) | Op::Int(_) => {
                let moves = moved_floats(self.types, self.activity, (self.id, value), self.body);
                Reverse::Bytes(moves.expect("the activity's check refuses all others"))
            }
            other => {
                return self.refuse(Code::NoRule, value, format!("no reverse for {other:?}"));
            }
        }))
    }

    fn load(&self, value: ValueId, inst: &Inst) -> Result<Reverse> {
        let loc = self.loc(value, inst.operands[0])?;
        let Op::Load(access) = &inst.op else { unreachable!("a load") };
        self.is_word(value, value, (inst.operands[0], access.align))?;
        let pieces = self.pieces(value);
        Ok(Reverse::Load(Access {
            align: of_shadow(access.align, &pieces),
            pieces,
            guarded: self.guarded(loc),
            cleared: 0,
        }))
    }

    /// Where bytes are told apart while the program runs, all floats have one width, and lie
    /// at multiples of it.
    fn is_word(
        &self,
        value: ValueId,
        moved: ValueId,
        (address, align): (ValueId, u64),
    ) -> Result<()> {
        let Some(kind) = self.types.mixed_at(self.id, address) else { return Ok(()) };
        if self.pieces(moved).iter().any(|piece| piece.kind != kind) {
            let message = "bytes that may be floats of two widths are moved";
            return self.refuse(Code::MixedType, value, message);
        }
        if self.body.values[moved].ty.float().is_some() && align < kind.size() {
            let message = "a float lies where it need not be aligned, among other things";
            return self.refuse(Code::MixedType, value, message);
        }
        Ok(())
    }

    fn store(&self, value: ValueId, inst: &Inst) -> Result<Reverse> {
        let loc = self.loc(value, inst.operands[1])?;
        let Op::Store(access) = &inst.op else { unreachable!("a store") };
        self.is_word(value, inst.operands[0], (inst.operands[1], access.align))?;
        let size = self.body.values[inst.operands[0]].ty.size();
        let bytes = self.bytes(value, inst.operands[1], Some(size))?;
        let float = self.body.values[inst.operands[0]].ty.float().is_some();
        let turns = self.types.takes_turns_at(self.id, inst.operands[1], size);
        let mixed = self.types.mixed_at(self.id, inst.operands[1]).is_some();
        let partial = turns && (mixed || bytes.pieces_within(size).is_empty());
        let pieces = bytes.pieces_within(size);
        Ok(Reverse::Store(Access {
            align: of_shadow(access.align, &pieces),
            pieces,
            guarded: self.guarded(loc),
            cleared: if partial && !float { size } else { 0 },
        }))
    }

    fn copy(&self, value: ValueId, inst: &Inst, kind: enzyme_body::Transfer) -> Result<Reverse> {
        let len = self.length(inst.operands[2]);
        let bytes = match self.copied_floats(value, inst)? {
            Some((_, floats)) => floats,
            None => self.bytes(value, inst.operands[0], len)?,
        };
        let to_source = self.shadowed(inst.operands[1]);
        let guarded_source = to_source && self.guarded(self.loc(value, inst.operands[1])?);
        Ok(Reverse::Copy(Transfer {
            bytes,
            to_source,
            overlap: kind == enzyme_body::Transfer::MayOverlap,
            guarded: self.guarded(self.loc(value, inst.operands[0])?),
            guarded_source,
        }))
    }

    fn clear(&self, value: ValueId, object: &Object) -> Result<Reverse> {
        let len = match object.size {
            ObjectSize::Fixed(size) => Some(size),
            _ => None,
        };
        Ok(Reverse::Clear(object.clone(), self.bytes(value, value, len)?))
    }

    fn reverse_call(
        &self,
        value: ValueId,
        call: &Call,
        script: &Script,
    ) -> Result<Option<Reverse>> {
        let name = match &call.callee {
            Callee::Symbol(name) => name,
            Callee::Body(callee) => return Ok(Some(Reverse::Call(*callee))),
            Callee::Indirect => {
                return self.refuse(Code::IndirectCall, value, "the function called is not known");
            }
            Callee::Assembly(text) => {
                return self.refuse(Code::Assembly, value, format!("inline assembly `{text}`"));
            }
        };
        if let Some(Custom { taped, .. }) = custom(name) {
            return Ok(Some(Reverse::Custom { taped }));
        }
        if let Some((rule, _)) = for_function(name) {
            return Ok(script.has_adjoint(value).then_some(Reverse::Rule(rule)));
        }
        match known(name) {
            Some(Known::Identity { operand }) => Ok(Some(Reverse::Same(usize::from(operand)))),
            _ => match script.forward.get(&value) {
                Some(Forward::Object(object)) => self.clear(value, object).map(Some),
                Some(Forward::Reallocate { pointer, old_size, object, bytes, guarded }) => {
                    Ok(Some(Reverse::Reallocate {
                        pointer: *pointer,
                        old_size: *old_size,
                        object: object.clone(),
                        bytes: bytes.clone(),
                        guarded: *guarded,
                    }))
                }
                Some(_) => Ok(None),
                None if known(name).is_some() => Ok(None),
                None => self.refuse(
                    Code::MissingBody,
                    value,
                    format!("`{name}` has neither a body nor a rule"),
                ),
            },
        }
    }
}

fn operator(op: FloatOp) -> Operator {
    match op {
        FloatOp::Neg => Operator::FNeg,
        FloatOp::Add => Operator::FAdd,
        FloatOp::Sub => Operator::FSub,
        FloatOp::Mul => Operator::FMul,
        FloatOp::Div => Operator::FDiv,
        FloatOp::Rem => Operator::FRem,
    }
}

/// The alignment of an access to floats in a shadow.
fn of_shadow(align: u64, pieces: &[Piece]) -> u64 {
    align.min(pieces.iter().map(|piece| piece.kind.size()).max().unwrap_or(WIDEST))
}
