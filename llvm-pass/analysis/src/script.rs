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

mod forward;
mod globals;
mod own_shadow;
mod reverse;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use enzyme_body::{BlockId, Body, BodyId, Callee, Cast, Def, FloatKind, Inst, Op, Ty, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_rules::{Known, Rule};

use crate::activity::Activity;
use crate::byte_moves::ByteMove;
use crate::demand::{Demand, demand};
use crate::extent::{Bytes, Piece, bytes};
use crate::reverse::{ReverseGraph, reverse_graph};
use crate::types::{Loc, RegionId, Types, call_kind, carried};

pub use globals::{Apart, GlobalShadow};

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
    /// The value itself if it is computed of what are their own shadows, else its complement.
    Computed,
    /// As computed, but of addresses the same operation on shadows.
    ComputedAddress,
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
    /// Floats are copied to where something else takes turns with floats: zeros on the shadow.
    ClearCopy(FloatKind),
    /// Copies the integers that a copy has left at its destination to the shadow. The
    /// shadow may be the destination itself: to repeat the copy would be to copy twice.
    MirrorIntegers,
    /// Repeats the fill of the bytes that are no floats on the shadow.
    MirrorFill(Bytes),
    /// Takes over to the shadow what a function of the library writes to these objects, of so many
    /// bytes: integers and addresses of text, which are their own shadows.
    MirrorWritten(Vec<(ValueId, u64)>),
    /// Makes an object and its shadow.
    Object(Object),
    /// Calls the augmented primal of a function that was not inlined.
    Call(BodyId),
    /// Calls what the program states to be the augmented primal.
    Custom {
        /// Whether it leaves a tape.
        taped: bool,
    },
    /// Makes a larger or smaller object that takes over the bytes of an old one.
    Reallocate {
        /// The old object.
        pointer: ValueId,
        /// The size of the old object, if the program says it.
        old_size: Option<ObjectSize>,
        /// The new object.
        object: Object,
        /// Its bytes.
        bytes: Bytes,
        /// The old object may be a constant.
        guarded: bool,
    },
    /// Keeps the memory until the sweeps are over.
    Release,
    /// Frees what is not the arena's, as a block of integers, and keeps other memory until the
    /// sweeps are over.
    FreeOther,
    /// Frees memory and its shadow when the sweeps are over, if it is none of the caller's
    /// that has a shadow: the gradient would be lost with that.
    FreeLater {
        /// Shadows here are the arena's, or the memory itself.
        kept: bool,
    },
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
    /// Where it lives.
    pub home: Home,
}

/// Why what is written to a constant would be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// A global variable has kept the constant, whose memory has no shadow.
    Kept,
    /// The caller has marked it as constant, and what is written is the address of something
    /// with a shadow. (Of floats the caller has said that they do not matter.)
    Optional,
}

/// Where a new object lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the function's frame.
    Frame,
    /// In the arena.
    Arena,
    /// Where the program allocates it, beside a shadow from the same allocator.
    Program,
    /// Where the program allocates it; its shadow is in the arena. Of the memory that only
    /// global variables keep nobody looks at the shadow after the call.
    Kept,
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
    /// Same bytes, of an integer that may have been computed of the bits of a float: then the
    /// program ends if there is a derivative.
    Bits,
    /// Adds into the shadow.
    Load(Access),
    /// Takes from the shadow.
    Store(Access),
    /// Moves between shadows.
    Copy(Transfer),
    /// Clears the shadow.
    Fill {
        /// The bytes.
        bytes: Bytes,
        /// The shadow may be the primal itself.
        guarded: bool,
    },
    /// Clears the shadow of an object at the beginning of its life.
    Clear(Object, Bytes),
    /// Calls the gradient of a function that was not inlined.
    Call(BodyId),
    /// Calls what the program states to be the gradient.
    Custom {
        /// Whether it reads a tape.
        taped: bool,
    },
    /// The adjoint of the result, which the caller of the gradient passes.
    Return,
    /// Moves the adjoints of a new object to the old one, and clears it.
    Reallocate {
        /// The old object.
        pointer: ValueId,
        /// The size of the old object, if the program says it.
        old_size: Option<ObjectSize>,
        /// The new object.
        object: Object,
        /// Its bytes.
        bytes: Bytes,
        /// The old object may be a constant.
        guarded: bool,
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

/// What addresses of floats, integers and addresses are a multiple of in every shadow. A program
/// that looks at an address may find out that it is a multiple of more, and knows that of its own
/// memory alone.
pub const WIDEST: u64 = 8;

/// An adjoint of a load or store.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// The float pieces that move, by offset from the address.
    pub pieces: Vec<Piece>,
    /// Alignment of the address in the shadow.
    pub align: u64,
    /// The shadow may be the primal itself, which marks a constant.
    pub guarded: bool,
    /// Bytes that a store clears whatever they were: an integer may be a part of a float's.
    pub cleared: u64,
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
    /// Integers whose shadows are only chosen and stored, where no float takes turns with them.
    pub handed: HashSet<ValueId>,
    /// Instructions on bytes that are floats and addresses by turns: operands without a
    /// shadow have zeros as one.
    pub by_turns: HashSet<ValueId>,
    /// The operands of integers that are computed, where their shadows tell of what.
    pub computed: HashMap<ValueId, Vec<ValueId>>,
    /// The bits of the one operand of such an integer that tell, if not all do.
    pub asked: HashMap<ValueId, Range<u64>>,
    /// Of such instructions the conditions and numbers of lanes: what decides which bits one
    /// moves, and is none of them; by instruction and operand.
    pub deciding: HashSet<(ValueId, ValueId)>,
    /// The address that another one is some bytes behind, where that one has a shadow. The
    /// distance is an integer: where it was read from may hold floats or addresses by turns,
    /// and then what the shadow holds there is no integer.
    pub bases: HashMap<ValueId, ValueId>,
    /// Stores of such integers where no float takes turns: they are what they are.
    pub plain_stores: HashSet<ValueId>,
    /// Integers that are no float's bits: they are their own shadows where floats take turns.
    pub integers: HashSet<ValueId>,
    /// Instructions that must not get a complement: what is computed from a float's bits.
    pub checks_bits: HashSet<ValueId>,
    /// Instructions that read floats where nothing shows where that is: they end the program.
    pub strays: HashSet<ValueId>,
    /// Addresses that end the program if they are their own shadows, by the instructions that
    /// move floats there.
    pub must_differ: HashMap<ValueId, Vec<ValueId>>,
    /// Instructions that write to memory with a shadow that may be the primal itself.
    pub guarded: HashSet<ValueId>,
    /// Those of them that may write to a constant what has a derivative.
    pub checked: HashMap<ValueId, Lost>,
    /// The float pieces of each value that has an adjoint.
    pub adjoints: HashMap<ValueId, Vec<Piece>>,
    /// The order of the reverse sweep.
    pub graph: ReverseGraph,
    /// Where zero adjoints end.
    pub demand: Demand,
    /// The global variables with a shadow, of all bodies; the request's own has the list.
    pub globals: Vec<GlobalShadow>,
    /// What the program checks of addresses that come from outside.
    pub apart: Vec<Apart>,
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
        return Diagnostic::new(Code::ControlFlow, "the function never returns")
            .within(&body.name)
            .into();
    };
    let mut script = Script {
        shadows: writer.shadows(),
        forward: HashMap::new(),
        reverse: HashMap::new(),
        handed: body.values.ids().filter(|&value| activity.is_handed(id, value)).collect(),
        by_turns: HashSet::new(),
        computed: HashMap::new(),
        asked: HashMap::new(),
        deciding: HashSet::new(),
        bases: writer.bases(),
        plain_stores: HashSet::new(),
        integers: writer.integers(),
        checks_bits: HashSet::new(),
        strays: HashSet::new(),
        must_differ: HashMap::new(),
        guarded: HashSet::new(),
        checked: HashMap::new(),
        adjoints: HashMap::new(),
        graph: ReverseGraph { steps: enzyme_body::IdVec::default(), start },
        demand: Demand::default(),
        globals: match id {
            BodyId::FIRST => globals::globals(types, activity)?,
            _ => Vec::new(),
        },
        apart: globals::apart(id, body, types, activity),
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
        if writer.by_turns(value, inst)? {
            writer.comes_from_inside(value, inst)?;
            script.by_turns.insert(value);
            script.deciding.extend(deciding(inst).iter().map(|&operand| (value, operand)));
        }
        if writer.strays(value, inst) {
            script.strays.insert(value);
        }
        let must_differ = writer.must_differ(value, inst);
        if !must_differ.is_empty() {
            script.must_differ.insert(value, must_differ);
        }
        if types.is_computed(id, value) {
            script.computed.insert(value, carried(body, value, inst));
            script.asked.extend(types.bits_asked(body, value).map(|bits| (value, bits)));
        }
        // A float is asked in the reverse sweep, which knows whether it has a derivative.
        if types.checks_bits(id, value) && !matches!(inst.op, Op::Cast(Cast::Bits)) {
            script.checks_bits.insert(value);
        }
        if let (Op::Store(_), Some(&stored)) = (&inst.op, inst.operands.first())
            && (types.is_moved(id, stored) || types.is_computed(id, stored))
            && types.pointees(id, stored).is_empty()
            && !script.by_turns.contains(&value)
        {
            script.plain_stores.insert(value);
        }
        if let Some((region, moved)) = writer.writes(value, inst) {
            if activity.guarded(region) {
                script.guarded.insert(value);
            }
            if activity.kept(region) && activity.carries(id, moved) {
                script.checked.insert(value, Lost::Kept);
            } else if activity.optional(region) && writer.moves_addresses(value, inst) {
                script.checked.insert(value, Lost::Optional);
            }
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

struct Writer<'a> {
    id: BodyId,
    body: &'a Body,
    types: &'a Types,
    activity: &'a Activity,
}

/// The operands that decide which bits an instruction moves.
fn deciding(inst: &Inst) -> &[ValueId] {
    match inst.op {
        Op::Select => &inst.operands[..1],
        Op::ExtractLane => &inst.operands[1..],
        Op::InsertLane => &inst.operands[2..],
        _ => &[],
    }
}

impl Writer<'_> {
    fn refuse<T>(&self, code: Code, value: ValueId, message: impl Into<String>) -> Result<T> {
        Diagnostic::new(code, message)
            .at(self.body.values[value].location.clone())
            .within(&self.body.name)
            .into()
    }

    fn strays(&self, value: ValueId, inst: &Inst) -> bool {
        let (from, len) = match inst.op {
            Op::Load(_) => (inst.operands[0], Some(self.body.values[value].ty.size())),
            Op::Copy(_) => (inst.operands[1], self.length(inst.operands[2])),
            _ => return false,
        };
        let loc = self.types.loc(self.id, from);
        loc.is_some_and(|loc| self.activity.strays(self.types, loc, len))
    }

    fn shadows(&self) -> HashMap<ValueId, Shadow> {
        let with_shadow = self.body.values.ids().filter(|&v| self.activity.has_shadow(self.id, v));
        with_shadow.map(|value| (value, self.shadow(value))).collect()
    }

    /// What addresses are near, where that has a shadow.
    fn bases(&self) -> HashMap<ValueId, ValueId> {
        let near = |(value, inst): (ValueId, &Inst)| {
            let base = *inst.operands.first()?;
            let near = matches!(inst.op, Op::Offset { .. }) && self.shadowed(base);
            near.then_some((value, base))
        };
        self.body.live_insts().filter_map(near).collect()
    }

    /// Integers that may be stored where floats take turns with them.
    fn integers(&self) -> HashSet<ValueId> {
        if !self.types.is_dynamic() {
            return HashSet::new();
        }
        let plain = |v: &ValueId| {
            matches!(self.body.values[*v].ty, Ty::Int(_)) && !self.activity.may_be_bits(self.id, *v)
        };
        self.body.values.ids().filter(plain).collect()
    }

    fn shadow(&self, value: ValueId) -> Shadow {
        let Def::Inst(inst) = &self.body.values[value].def else { return Shadow::Given };
        if self.types.is_computed_address(self.id, value) {
            return Shadow::ComputedAddress;
        }
        if self.types.is_computed(self.id, value) {
            return Shadow::Computed;
        }
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
        let floats = pieces.filter_map(|(offset, piece)| {
            Some(Piece { offset, kind: piece.float()?, by_turns: false })
        });
        floats.collect()
    }

    fn length(&self, operand: ValueId) -> Option<u64> {
        self.body.int(operand).and_then(|n| u64::try_from(n).ok())
    }

    /// Whether the instruction makes or stores what is a float and an address by turns.
    fn by_turns(&self, value: ValueId, inst: &Inst) -> Result<bool> {
        let place = match &inst.op {
            Op::Store(_) => (inst.operands[1], Some(self.body.values[inst.operands[0]].ty.size())),
            Op::Copy(_) => (inst.operands[0], self.length(inst.operands[2])),
            _ => return Ok(self.types.by_turns(self.id, value)),
        };
        if !self.shadowed(place.0) || self.types.moves_words(self.id, value) {
            return Ok(false);
        }
        Ok(self.bytes(value, place.0, place.1)?.by_turns())
    }

    /// The forward sweep moves shadows of what is a float and an address by turns, for the
    /// addresses: those of floats must be zero by then, which the caller's need not be.
    fn comes_from_inside(&self, value: ValueId, inst: &Inst) -> Result<()> {
        let from = match &inst.op {
            Op::Copy(_) if self.copied_floats(value, inst)?.is_some() => return Ok(()),
            Op::Copy(_) => inst.operands[1],
            Op::Load(_) if self.types.is_computed(self.id, value) => return Ok(()),
            Op::Load(_) if self.shadowed(value) => inst.operands[0],
            _ => return Ok(()),
        };
        if self.shadowed(from) && self.types.region(self.loc(value, from)?.region).given {
            return self.refuse(Code::MixedType, value, crate::extent::Problem::Mixed.to_string());
        }
        Ok(())
    }

    /// The bytes of a copy of floats, and nothing else, to where something else takes turns
    /// with floats of their kind.
    fn copied_floats(&self, value: ValueId, inst: &Inst) -> Result<Option<(FloatKind, Bytes)>> {
        let [to, from] = [0, 1].map(|i| self.types.mixed_at(self.id, inst.operands[i]));
        let len = self.length(inst.operands[2]);
        let to = match to {
            None if self.shadowed(inst.operands[0]) => {
                self.bytes(value, inst.operands[0], len)?.words_by_turns()
            }
            known => known,
        };
        let (Some(kind), None, true) = (to, from, self.shadowed(inst.operands[1])) else {
            return Ok(None);
        };
        let bytes = self.bytes(value, inst.operands[1], len)?;
        let whole = match len {
            Some(len) => bytes.rest_within(len).is_empty(),
            None => !bytes.has_rest(),
        };
        let same = bytes.pieces.iter().all(|piece| piece.kind == kind);
        let fits = whole && same && !bytes.by_turns() && bytes.has_floats();
        Ok(fits.then_some((kind, bytes)))
    }

    /// The region with a shadow that an instruction writes, and the value or the address of
    /// the bytes that it writes there.
    fn writes(&self, value: ValueId, inst: &Inst) -> Option<(RegionId, ValueId)> {
        let (to, from) = match inst.op {
            Op::Store(_) => (inst.operands[1], inst.operands[0]),
            Op::Copy(_) if self.types.moves_words(self.id, value) => return None,
            Op::Copy(_) | Op::Fill => (inst.operands[0], inst.operands[1]),
            _ => return None,
        };
        let loc = self.types.loc(self.id, to).filter(|_| self.shadowed(to))?;
        Some((loc.region, from))
    }

    /// Whether a store or copy moves addresses of memory with a shadow.
    fn moves_addresses(&self, value: ValueId, inst: &Inst) -> bool {
        if matches!(inst.op, Op::Store(_)) {
            return self.shadowed(inst.operands[0]);
        }
        let Op::Copy(_) = inst.op else { return false };
        let Ok(from) = self.loc(value, inst.operands[1]) else { return false };
        let cells = self.types.cells_at(from, self.length(inst.operands[2])).into_iter();
        let mut behind = cells.filter_map(|cell| self.types.cell(cell).pointee);
        behind.any(|loc| self.activity.needs_shadow(loc.region))
    }

    /// The bytes of a memory range at an operand.
    fn bytes(&self, value: ValueId, address: ValueId, len: Option<u64>) -> Result<Bytes> {
        let loc = self.loc(value, address)?;
        let room = self.types.room(self.id, value).filter(|_| len.is_none());
        let segments = match room {
            Some(room) => self.types.segments_within(loc, room),
            None => self.types.segments(loc, len),
        };
        let bytes = bytes(&segments, len).or_else(|problem| {
            let code = match problem {
                crate::extent::Problem::Mixed => Code::MixedType,
                crate::extent::Problem::Shapeless => Code::UnknownType,
            };
            self.refuse(code, value, problem.to_string())
        })?;
        // The primal itself may be the shadow, and what ends an address there writes it.
        let turns_alone = !self.types.is_dynamic();
        if bytes.by_turns() && self.guarded(loc) && turns_alone {
            return self.refuse(Code::MixedType, value, crate::extent::Problem::Mixed.to_string());
        }
        Ok(bytes)
    }
}
