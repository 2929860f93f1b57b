//! The script: what each instruction does in the augmented primal and in the
//! gradient, decided once.
//!
//! Computed from the types and the activity. Synthesis plays the script and asks
//! no analysis. For each value it says how its shadow comes about, for each
//! instruction what is added to the primal (mirrored stores, shadow objects) and
//! what its reverse is (a row of the rule table, or one of the memory adjoints).
//!
//! The memory adjoints, with `m̄` the shadow and `x̄` a register's adjoint:
//!
//! | primal | forward | reverse, on float bytes |
//! |---|---|---|
//! | `x = *p` | shadow address loaded from `p̄` | `m̄[p] += x̄; x̄ = 0` |
//! | `*p = x` | other bytes stored to `p̄` too | `x̄ += m̄[p]; m̄[p] = 0` |
//! | `copy(d, s)` | other bytes copied on the shadows | `t = m̄[d]; m̄[d] = 0; m̄[s] += t` |
//! | `fill(d)` | other bytes filled on the shadow | `m̄[d] = 0` |
//! | new object | shadow made, filled with zeros | `m̄ = 0` |
//! | object grows from `o` to `n` | other bytes copied on the shadows | `ō += n̄; n̄ = 0` |
//!
//! Storing a constant still clears the adjoint of the place: that value is gone.

use std::collections::{HashMap, HashSet};

use enzyme_body::{BlockId, Body, BodyId, Call, Callee, Cast, Def, FloatOp, Inst, Op, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_rules::{Known, Operator, Rule, Size, for_function, for_operator, known};

use crate::activity::Activity;
use crate::byte_moves::{ByteMove, moved_floats};
use crate::demand::{Demand, demand};
use crate::extent::{Bytes, Piece, bytes};
use crate::reverse::{ReverseGraph, reverse_graph};
use crate::types::{Loc, Origin, PieceKind, Types, call_kind, is_marker};

/// How a value's shadow comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shadow {
    /// It has none.
    None,
    /// A parameter's shadow, or a constant that is its own (or its global's) shadow.
    Given,
    /// The value makes an object, and its shadow is another.
    Object,
    /// The same operation on shadows where operands have them.
    Derived,
    /// A phi of shadows.
    Phi,
    /// Loaded from the shadow of the address.
    Load,
    /// Returned by the augmented primal of a called function.
    Returned,
}

/// What the augmented primal does with an instruction.
#[derive(Clone, Debug, PartialEq)]
pub enum Forward {
    /// Only markers for the optimiser or the engine: leaves it out.
    Drop,
    /// Repeats the store of these byte ranges (offset, length) on the shadow.
    MirrorStore(Vec<(u64, u64)>),
    /// Repeats the copy of the bytes that are no floats on the shadow.
    MirrorCopy(Bytes),
    /// Copies the integers that a copy has left at its destination to the shadow. The
    /// shadow may be the destination itself: to repeat the copy would be to copy twice.
    MirrorIntegers,
    /// Repeats the fill of the bytes that are no floats on the shadow.
    MirrorFill(Bytes),
    /// Makes an object and its shadow.
    Object(Object),
    /// Calls the augmented primal of a function that was not inlined.
    Call(BodyId),
    /// Makes a larger or smaller object that takes over the bytes of an old one.
    Reallocate {
        /// The old object.
        pointer: ValueId,
        /// The new object.
        object: Object,
        /// Its bytes.
        bytes: Bytes,
    },
    /// Keeps the memory until the sweeps are over.
    Release,
    /// Frees a block of integers, and keeps other memory until the sweeps are over.
    FreeBlock,
    /// Frees memory when the sweeps are over, if it is none of the caller's that has a
    /// shadow: the gradient would be lost with that.
    FreeLater,
}

/// A new object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its size.
    pub size: ObjectSize,
    /// Its alignment in bytes.
    pub align: u64,
    /// Whether the primal starts with zeros.
    pub zeroed: bool,
    /// Whether its place is the function's frame, not the arena.
    pub in_frame: bool,
}

/// Size of an object in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectSize {
    /// Constant.
    Fixed(u64),
    /// The value of an operand.
    Operand(ValueId),
    /// The product of two operands.
    Product(ValueId, ValueId),
}

/// The reverse of an instruction.
#[derive(Clone, Debug)]
pub enum Reverse {
    /// The contributions of a rule's row, of the active operands.
    Rule(&'static Rule),
    /// Conversion between float formats.
    Convert,
    /// To the operands that the bytes come from.
    Bytes(Vec<ByteMove>),
    /// To the operand chosen.
    Select,
    /// To the operand of the edge taken.
    Phi,
    /// Same bytes: to the operand with this index.
    Same(usize),
    /// Adds into the shadow.
    Load(Access),
    /// Takes from the shadow.
    Store(Access),
    /// Moves between shadows.
    Copy(Transfer),
    /// Clears the shadow.
    Fill(Bytes),
    /// Clears the shadow of an object at the beginning of its life.
    Clear(Object, Bytes),
    /// Calls the gradient of a function that was not inlined.
    Call(BodyId),
    /// The adjoint of the result, which the caller of the gradient passes.
    Return,
    /// Moves the adjoints of a new object to the old one, and clears it.
    Reallocate {
        /// The old object.
        pointer: ValueId,
        /// The new object.
        object: Object,
        /// Its bytes.
        bytes: Bytes,
    },
    /// To one lane of the operand.
    ExtractLane,
    /// From one lane to the lane operand, from the others to the vector.
    InsertLane,
    /// To the lanes that the result took.
    Shuffle(Vec<i32>),
    /// To a part of the operand, at this byte offset.
    Extract(u64),
    /// From a part to the part operand, from the rest to the aggregate.
    Insert(u64),
}

/// An adjoint of a load or store.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// The float pieces that move, by offset from the address.
    pub pieces: Vec<Piece>,
    /// Alignment of the address.
    pub align: u64,
    /// The shadow may be the primal itself, which marks a constant.
    pub guarded: bool,
}

/// An adjoint of memcpy or memmove.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// The bytes.
    pub bytes: Bytes,
    /// Whether the source has a shadow that takes the adjoint.
    pub to_source: bool,
    /// Whether the ranges may overlap.
    pub overlap: bool,
    /// The shadow of the destination may be the primal itself.
    pub guarded: bool,
    /// The shadow of the source may be the primal itself.
    pub guarded_source: bool,
}

/// The script of one body.
#[derive(Debug)]
pub struct Script {
    /// How each value's shadow comes about.
    pub shadows: HashMap<ValueId, Shadow>,
    /// What the augmented primal does beside or instead of an instruction.
    pub forward: HashMap<ValueId, Forward>,
    /// The reverse of each instruction that has one.
    pub reverse: HashMap<ValueId, Reverse>,
    /// The float pieces of each value that has an adjoint.
    pub adjoints: HashMap<ValueId, Vec<Piece>>,
    /// The order of the reverse sweep.
    pub graph: ReverseGraph,
    /// Where zero adjoints end.
    pub demand: Demand,
}

impl Script {
    /// How the value's shadow comes about.
    pub fn shadow(&self, value: ValueId) -> Shadow {
        self.shadows.get(&value).copied().unwrap_or(Shadow::None)
    }

    /// Whether the value has an adjoint.
    pub fn has_adjoint(&self, value: ValueId) -> bool {
        self.adjoints.contains_key(&value)
    }
}

/// Writes the script of one body.
///
/// # Errors
/// An active instruction without a reverse.
pub fn script(id: BodyId, body: &Body, types: &Types, activity: &Activity) -> Result<Script> {
    let writer = Writer { id, body, types, activity };
    let Some(start) = body.return_block() else {
        return Diagnostic::new(Code::ControlFlow, "the function never returns").into();
    };
    let mut script = Script {
        shadows: writer.shadows(),
        forward: HashMap::new(),
        reverse: HashMap::new(),
        adjoints: HashMap::new(),
        graph: ReverseGraph { steps: enzyme_body::IdVec::default(), start },
        demand: Demand::default(),
    };
    for value in body.values.ids() {
        if activity.active(id, value) && body.constant(value).is_none() {
            script.adjoints.insert(value, writer.pieces(value));
        }
    }
    for (value, inst) in body.live_insts() {
        if let Some(forward) = writer.forward(value, inst)? {
            script.forward.insert(value, forward);
        }
        if inst.op == Op::Return {
            let result = inst.operands.first();
            if id != BodyId::FIRST && result.is_some_and(|r| script.has_adjoint(*r)) {
                script.reverse.insert(value, Reverse::Return);
            }
            continue;
        }
        if activity.moves(id, value)
            && let Some(reverse) = writer.reverse(value, inst, &script)?
        {
            script.reverse.insert(value, reverse);
        }
    }
    let work: HashSet<BlockId> = script
        .reverse
        .iter()
        .filter(|(_, reverse)| !matches!(reverse, Reverse::Phi))
        .map(|(value, _)| body.inst(*value).expect("an instruction").block)
        .collect();
    let active_phi = |v: ValueId| matches!(script.reverse.get(&v), Some(Reverse::Phi));
    script.graph = reverse_graph(body, start, &work, &active_phi);
    script.demand = demand(id, body, types, &script);
    Ok(script)
}

/// Allocators without an alignment argument align for every ordinary type.
const MALLOC_ALIGN: u64 = 16;

struct Writer<'a> {
    id: BodyId,
    body: &'a Body,
    types: &'a Types,
    activity: &'a Activity,
}

impl Writer<'_> {
    fn refuse<T>(&self, code: Code, value: ValueId, message: impl Into<String>) -> Result<T> {
        Diagnostic::new(code, message)
            .at(self.body.values[value].location.clone())
            .within(&self.body.name)
            .into()
    }

    fn shadows(&self) -> HashMap<ValueId, Shadow> {
        let with_shadow = self.body.values.ids().filter(|&v| self.activity.has_shadow(self.id, v));
        with_shadow.map(|value| (value, self.shadow(value))).collect()
    }

    fn shadow(&self, value: ValueId) -> Shadow {
        let Def::Inst(inst) = &self.body.values[value].def else { return Shadow::Given };
        match &inst.op {
            Op::Phi(_) => Shadow::Phi,
            Op::Load(_) => Shadow::Load,
            Op::Alloca { .. } => Shadow::Object,
            Op::Call(call) | Op::Invoke(call) => match call_kind(call) {
                Some(Known::Allocate { .. } | Known::Reallocate { .. }) => Shadow::Object,
                None if matches!(call.callee, Callee::Body(_)) => Shadow::Returned,
                _ => Shadow::Derived,
            },
            _ => Shadow::Derived,
        }
    }

    fn loc(&self, value: ValueId, address: ValueId) -> Result<Loc> {
        match self.types.loc(self.id, address) {
            Some(loc) => Ok(loc),
            None => self.refuse(Code::UnknownMemory, value, "an address of unknown origin"),
        }
    }

    fn shadowed(&self, address: ValueId) -> bool {
        self.activity.has_shadow(self.id, address)
    }

    fn guarded(&self, loc: Loc) -> bool {
        self.activity.guarded(loc.region)
    }

    /// The float pieces of a register.
    fn pieces(&self, value: ValueId) -> Vec<Piece> {
        let pieces = self.types.register_pieces(self.id, value).into_iter();
        pieces
            .filter_map(|(offset, kind)| match kind {
                PieceKind::Float(kind) => Some(Piece { offset, kind }),
                PieceKind::Other | PieceKind::Unknown => None,
            })
            .collect()
    }

    fn length(&self, operand: ValueId) -> Option<u64> {
        self.body.int(operand).and_then(|n| u64::try_from(n).ok())
    }

    /// The bytes of a memory range at an operand.
    fn bytes(&self, value: ValueId, address: ValueId, len: Option<u64>) -> Result<Bytes> {
        let loc = self.loc(value, address)?;
        bytes(&self.types.segments(loc, len), len).or_else(|problem| {
            let code = match problem {
                crate::extent::Problem::Mixed => Code::MixedType,
                crate::extent::Problem::Shapeless => Code::UnknownType,
            };
            self.refuse(code, value, problem.to_string())
        })
    }

    fn forward(&self, value: ValueId, inst: &Inst) -> Result<Option<Forward>> {
        Ok(match &inst.op {
            Op::Alloca { size, align } if self.shadowed(value) => {
                let Some(size) = *size else {
                    return self.refuse(Code::NoRule, value, "a stack object of varying size");
                };
                let object = Object {
                    size: ObjectSize::Fixed(size),
                    align: *align,
                    zeroed: false,
                    in_frame: inst.block == BlockId::new(0),
                };
                Some(Forward::Object(object))
            }
            Op::Store(_) if self.shadowed(inst.operands[1]) => self.mirror_store(value, inst)?,
            Op::Copy(_) if self.types.moves_words(self.id, value) => {
                self.shadowed(inst.operands[0]).then_some(Forward::MirrorIntegers)
            }
            Op::Copy(_) if self.shadowed(inst.operands[0]) => {
                let len = self.length(inst.operands[2]);
                let bytes = self.bytes(value, inst.operands[0], len)?;
                bytes.has_rest().then_some(Forward::MirrorCopy(bytes))
            }
            Op::Fill if self.shadowed(inst.operands[0]) => {
                let len = self.length(inst.operands[2]);
                let bytes = self.bytes(value, inst.operands[0], len)?;
                bytes.has_rest().then_some(Forward::MirrorFill(bytes))
            }
            Op::Call(call) | Op::Invoke(call) => self.forward_call(value, inst, call)?,
            _ => None,
        })
    }

    fn mirror_store(&self, value: ValueId, inst: &Inst) -> Result<Option<Forward>> {
        let stored = inst.operands[0];
        let size = self.body.values[stored].ty.size();
        if self.body.values[stored].ty.float().is_some() {
            return Ok(None);
        }
        let bytes = self.bytes(value, inst.operands[1], Some(size))?;
        let rest = bytes.rest_within(size);
        Ok((!rest.is_empty()).then_some(Forward::MirrorStore(rest)))
    }

    fn forward_call(&self, value: ValueId, inst: &Inst, call: &Call) -> Result<Option<Forward>> {
        if let Callee::Body(callee) = call.callee {
            return Ok(Some(Forward::Call(callee)));
        }
        let from_arena =
            matches!(&call.callee, Callee::Symbol(name) if name == enzyme_protocol::ARENA_ALLOC);
        if let Callee::Symbol(name) = &call.callee
            && (is_optimizer_marker(name) || is_marker(name) && !from_arena)
        {
            return Ok(Some(Forward::Drop));
        }
        Ok(match call_kind(call) {
            Some(Known::Allocate { .. }) if self.shadowed(value) || from_arena => {
                if !from_arena {
                    self.stays_inside(value, value)?;
                }
                Some(Forward::Object(self.allocation(inst, call)))
            }
            Some(Known::Free { pointer }) if self.shadowed(inst.operands[usize::from(pointer)]) => {
                let inside = self.is_inside(value, inst.operands[usize::from(pointer)])?;
                if !self.types.has_blocks() {
                    self.stays_inside(value, inst.operands[usize::from(pointer)])?;
                    return Ok(Some(Forward::Release));
                }
                // It may be a block, whatever the address may lead to besides.
                Some(if inside { Forward::FreeBlock } else { Forward::FreeLater })
            }
            Some(Known::Reallocate { pointer, new_size, .. }) if self.shadowed(value) => {
                let pointer = inst.operands[usize::from(pointer)];
                self.stays_inside(value, pointer)?;
                let object = Object {
                    size: self.size(inst.operands[usize::from(new_size)]),
                    align: MALLOC_ALIGN,
                    zeroed: false,
                    in_frame: false,
                };
                let bytes = self.bytes(value, value, None)?;
                Some(Forward::Reallocate { pointer, object, bytes })
            }
            _ => None,
        })
    }

    /// Memory that the engine moves to the arena must not be seen outside.
    fn stays_inside(&self, value: ValueId, pointer: ValueId) -> Result<()> {
        if self.is_inside(value, pointer)? {
            return Ok(());
        }
        self.refuse(
            Code::EscapingAllocation,
            value,
            "this memory is also reachable outside of the differentiated function",
        )
    }

    /// Whether an address leads to nothing but objects of the function.
    fn is_inside(&self, value: ValueId, pointer: ValueId) -> Result<bool> {
        let region = self.types.region(self.loc(value, pointer)?.region);
        let own = |o: &Origin| matches!(o, Origin::Allocation(_) | Origin::Alloca(_));
        Ok(!region.external && region.origins.iter().all(own))
    }

    fn size(&self, operand: ValueId) -> ObjectSize {
        self.length(operand).map_or(ObjectSize::Operand(operand), ObjectSize::Fixed)
    }

    fn allocation(&self, inst: &Inst, call: &Call) -> Object {
        let Some(Known::Allocate { size, zeroed, align, .. }) = call_kind(call) else {
            unreachable!("the caller matched an allocation");
        };
        let operand = |i: u8| inst.operands[usize::from(i)];
        let size = match size {
            Size::Argument(i) => self.size(operand(i)),
            Size::Product(i, j) => {
                let constant = self.length(operand(i)).zip(self.length(operand(j)));
                match constant.and_then(|(a, b)| a.checked_mul(b)) {
                    Some(size) => ObjectSize::Fixed(size),
                    None => ObjectSize::Product(operand(i), operand(j)),
                }
            }
        };
        let align = align.and_then(|i| self.length(operand(i)));
        let align = align.unwrap_or(MALLOC_ALIGN).max(MALLOC_ALIGN);
        Object { size, align, zeroed, in_frame: false }
    }

    fn reverse(&self, value: ValueId, inst: &Inst, script: &Script) -> Result<Option<Reverse>> {
        let active = script.has_adjoint(value);
        Ok(Some(match &inst.op {
            Op::Float(op) => Reverse::Rule(for_operator(operator(*op))),
            Op::Cast(Cast::FloatToFloat) => Reverse::Convert,
            Op::Cast(Cast::Bits) | Op::Freeze => Reverse::Same(0),
            Op::Select => Reverse::Select,
            Op::Phi(_) => Reverse::Phi,
            Op::Load(_) if active => {
                self.plain_access(value, &inst.op)?;
                self.load(value, inst)?
            }
            Op::Store(_) => {
                self.plain_access(value, &inst.op)?;
                self.store(value, inst)?
            }
            Op::Copy(kind) => self.copy(value, inst, *kind)?,
            Op::Fill => {
                let len = self.length(inst.operands[2]);
                Reverse::Fill(self.bytes(value, inst.operands[0], len)?)
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

    fn plain_access(&self, value: ValueId, op: &Op) -> Result<()> {
        match op {
            Op::Load(access) | Op::Store(access) if access.atomic || access.volatile => {
                self.refuse(Code::AtomicAccess, value, "an atomic or volatile access")
            }
            _ => Ok(()),
        }
    }

    fn load(&self, value: ValueId, inst: &Inst) -> Result<Reverse> {
        let loc = self.loc(value, inst.operands[0])?;
        let Op::Load(access) = &inst.op else { unreachable!("a load") };
        Ok(Reverse::Load(Access {
            pieces: self.pieces(value),
            align: access.align,
            guarded: self.guarded(loc),
        }))
    }

    fn store(&self, value: ValueId, inst: &Inst) -> Result<Reverse> {
        let loc = self.loc(value, inst.operands[1])?;
        let Op::Store(access) = &inst.op else { unreachable!("a store") };
        let size = self.body.values[inst.operands[0]].ty.size();
        let bytes = self.bytes(value, inst.operands[1], Some(size))?;
        Ok(Reverse::Store(Access {
            pieces: bytes.pieces_within(size),
            align: access.align,
            guarded: self.guarded(loc),
        }))
    }

    fn copy(&self, value: ValueId, inst: &Inst, kind: enzyme_body::Transfer) -> Result<Reverse> {
        let len = self.length(inst.operands[2]);
        let bytes = self.bytes(value, inst.operands[0], len)?;
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
        if let Some((rule, _)) = for_function(name) {
            return Ok(script.has_adjoint(value).then_some(Reverse::Rule(rule)));
        }
        match known(name) {
            Some(Known::Identity { operand }) => Ok(Some(Reverse::Same(usize::from(operand)))),
            _ => match script.forward.get(&value) {
                Some(Forward::Object(object)) => self.clear(value, object).map(Some),
                Some(Forward::Reallocate { pointer, object, bytes }) => {
                    Ok(Some(Reverse::Reallocate {
                        pointer: *pointer,
                        object: object.clone(),
                        bytes: bytes.clone(),
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

/// Intrinsics that only inform the optimiser and would be wrong for memory that moved.
fn is_optimizer_marker(name: &str) -> bool {
    name.starts_with("llvm.lifetime.")
        || name.starts_with("llvm.experimental.noalias.scope")
        || name.starts_with("llvm.invariant.")
}
