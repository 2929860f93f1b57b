//! Integers that may be the bits of floats, as the program decides while it runs.
//!
//! Where a float and an integer take turns in the same bytes, nothing in LLVM's code says
//! which of the two an integer is that is read from there. If the program computes with it,
//! it may compute with the bits of a float, and what becomes of that may be a float again:
//! such a derivative would be lost.
//!
//! The shadow tells. An integer is repeated on its shadow as it is, a float has zeros
//! there. So integers in registers that come from such bytes have a shadow in the forward
//! sweep, too:
//!
//! | the value is | its shadow is |
//! |---|---|
//! | read from memory | read from the shadow |
//! | read from memory, narrower than a float | itself if the shadow agrees, else its complement |
//! | the bits of a float | zeros |
//! | chosen or moved | chosen or moved alike |
//! | computed of values that are equal to their shadows, in the words that it uses | itself |
//! | computed of others | its complement, but for words that are zero by their form |
//! | computed, and may be an address | computed alike of the shadows, if none is of a float: that is, zeros or a complement, and not the operand itself |
//!
//! *Computes*: which integers are *moved* and which *computed*, as far as they reach a place
//! where a float may be, and the instructions there that must not get a complement: those
//! end the program. Where the bits become a float in a register, the reverse sweep knows whether
//! it has a derivative, and the program ends only then. *From*: a program and its solved types.
//!
//! *Why it is sound*: what is computed from a float's bits differs from its shadow for good,
//! however it is chosen and moved, and ends the program before it can be a float that has a
//! derivative. To compute with such bits and not to use the result, as optimisers do in advance,
//! does no harm. A register of several words may have the complement of one of them: a word that
//! differs from its shadow in all bits is one, unless all of the shadow is 0. What passes is
//! computed from integers alone, so it has no derivative. Where the bits are 0 the float counts as
//! an integer: what is computed from them is the same as of the integer 0.
//!
//! *What it does not do*: arithmetic on what cannot be an integer is left to be refused, and
//! so is what comes from a caller's memory, whose shadow is the caller's, or by a call.

use std::collections::HashMap;
use std::ops::Range;

use enzyme_body::{Body, BodyId, Cast, FloatKind, Inst, IntOp, Op, Program, Ty, ValueId};
use enzyme_rules::Known;

use super::calls::known_call;
use super::certain::Certain;
use super::generate::size;
use super::{Site, Types};
use crate::bits::Bits;
use crate::byte_moves::{bits_used, byte_moves};

/// Which integers have a shadow that tells what they are.
#[derive(Debug, Default)]
pub(super) struct Dynamic {
    bases: Vec<usize>,
    moved: Bits,
    computed: Bits,
    /// Those of them that may be addresses.
    addresses: Bits,
    /// All that is computed: where it ends it is no float's bits.
    cut: Bits,
    /// The floats that moved integers may be the bits of, if nothing else tells.
    words: HashMap<Site, (FloatKind, u64)>,
    /// Bytes of the widest float of which integers may be the bits.
    widest: u64,
    /// Instructions that end the program if they get what is computed from a float's bits.
    checked: Bits,
    /// Floats of each body that may be integers.
    doubtful: Vec<Bits>,
}

impl Dynamic {
    /// Those of a program; `types` are its types but for these.
    pub fn new(program: &Program, types: &Types) -> Self {
        let mut bases = Vec::new();
        let mut count = 0;
        for (_, body) in program.bodies.iter() {
            bases.push(count);
            count += body.values.len();
        }
        let [moved, computed, addresses, cut, checked] = [(); 5].map(|()| Bits::new(count));
        let (words, widest) = (HashMap::new(), 1);
        let doubtful = Vec::new();
        let mut found =
            Self { bases, moved, computed, addresses, cut, words, widest, checked, doubtful };
        for (id, body) in program.bodies.iter() {
            let certain = Certain::new((id, body), types);
            found.spread((id, body), types, &certain.bits);
            found.doubtful.push(certain.doubtful);
        }
        let mut needed = Bits::new(count);
        for (id, body) in program.bodies.iter() {
            found.find_needed((id, body), types, &mut needed);
        }
        found.cut = found.computed.clone();
        found.moved = found.moved.and(&needed);
        found.computed = found.computed.and(&needed);
        found
    }

    fn number(&self, (body, value): Site) -> usize {
        self.bases[body.index()] + value.index()
    }

    pub fn is_moved(&self, site: Site) -> bool {
        self.moved.has(self.number(site))
    }

    pub fn is_computed(&self, site: Site) -> bool {
        self.computed.has(self.number(site))
    }

    /// Whether a value is computed, and may be an address.
    pub fn is_address(&self, site: Site) -> bool {
        self.is_computed(site) && self.addresses.has(self.number(site))
    }

    pub fn is_cut(&self, site: Site) -> bool {
        self.cut.has(self.number(site))
    }

    pub fn is_checked(&self, site: Site) -> bool {
        self.checked.has(self.number(site))
    }

    pub fn is_doubtful(&self, (body, value): Site) -> bool {
        self.doubtful[body.index()].has(value.index())
    }

    /// The floats that a moved integer consists of, if it is some, and its size.
    pub fn words(&self, site: Site) -> Option<(FloatKind, u64)> {
        self.words.get(&site).copied().filter(|_| self.is_moved(site))
    }

    /// The bits of the operand of what is computed that must be no float's, if not all: the words
    /// that are used.
    pub fn bits_asked(&self, body: &Body, value: ValueId) -> Option<Range<u64>> {
        let (used, word) = (bits_used(body, value)?, self.widest * 8);
        let operand = body.inst(value)?.operands[0];
        let end = used.end.next_multiple_of(word).min(size(&body.values[operand].ty) * 8);
        Some(used.start / word * word..end)
    }

    fn has(&self, site: Site) -> bool {
        self.is_moved(site) || self.is_computed(site)
    }

    /// Finds all that comes from bytes that may be those of a float.
    fn spread(&mut self, (id, body): (BodyId, &Body), types: &Types, certain: &Bits) {
        let kind_of =
            |value| types.register_pieces(id, value).into_iter().find_map(|piece| piece.1.float());
        let float = |value| kind_of(value).is_some();
        // What is an integer in memory of the caller's is one if the caller's shadow agrees.
        let is_given_integer = |value, inst: &Inst| {
            let loc = types.loc(id, inst.operands[0]);
            loc.is_some_and(|loc| {
                types.regions_at(loc).into_iter().any(|region| types.region(region).given)
            }) && !float(value)
        };
        let lossy = lossy(body, certain);
        let mut changed = true;
        while changed {
            changed = false;
            for (value, inst) in body.live_insts() {
                let site = (id, value);
                if !is_integer(&body.values[value].ty) || self.has(site) {
                    continue;
                }
                let from = carried(body, value, inst);
                let size = size(&body.values[value].ty);
                let mixed = match inst.op {
                    Op::Load(_) => types.mixed_at(id, inst.operands[0]),
                    _ => from.iter().find_map(|&v| Some(self.words.get(&(id, v))?.0)),
                };
                let kind = mixed.or_else(|| from.iter().find_map(|&v| kind_of(v)));
                let parts = kind.is_some_and(|kind| moves_parts(body, value, inst, kind));
                let made = if parts { Way::Computes } else { way(body, value, inst) };
                let way = match made {
                    Way::Moves | Way::Computes if from.iter().any(|v| lossy.has(v.index())) => None,
                    // A part of a float is nothing that moves.
                    Way::Reads if mixed.is_some_and(|kind| size < kind.size()) => {
                        Some(Way::Computes)
                    }
                    Way::Reads if mixed.is_some() => Some(Way::Moves),
                    Way::Reads if types.is_mixed() && is_given_integer(value, inst) => {
                        Some(Way::Computes)
                    }
                    Way::Reads | Way::Moves if float(value) => Some(Way::Moves),
                    Way::Moves if from.iter().any(|&v| self.has((id, v))) => Some(Way::Moves),
                    Way::Computes
                        if from.iter().any(|&v| self.has((id, v)))
                            && !from.iter().any(|&v| certain.has(v.index())) =>
                    {
                        Some(Way::Computes)
                    }
                    _ => None,
                };
                let number = self.number(site);
                self.widest = self.widest.max(kind.map_or(1, FloatKind::size));
                changed |= match way {
                    Some(Way::Computes) => {
                        if computes_addresses(inst) && !types.pointees(id, value).is_empty() {
                            self.addresses.add(number);
                        }
                        self.computed.add(number)
                    }
                    Some(_) => {
                        if let Some(kind) = mixed.filter(|_| !float(value)) {
                            self.words.insert(site, (kind, size));
                        }
                        self.moved.add(number)
                    }
                    None => false,
                };
            }
        }
    }

    /// Finds what reaches a place where it may be a float.
    fn find_needed(&mut self, (id, body): (BodyId, &Body), types: &Types, needed: &mut Bits) {
        let mut stack = Vec::new();
        for (user, inst) in body.live_insts() {
            for operand in ends(body, user, inst, |to, len| types.may_be_float_at(id, to, len)) {
                if self.has((id, operand)) {
                    let number = self.number((id, user));
                    self.checked.add(number);
                    stack.push(operand);
                }
            }
        }
        while let Some(value) = stack.pop() {
            if self.has((id, value)) && needed.add(self.number((id, value))) {
                let inst = body.inst(value).expect("only instructions are dynamic");
                stack.extend(carried(body, value, inst));
            }
        }
    }
}

/// The integers that are computed of the bits of floats, whatever happens, and what may be one of
/// them: no shadow tells that, so they are left to be refused.
fn lossy(body: &Body, certain: &Bits) -> Bits {
    let mut lossy = Bits::new(body.values.len());
    let mut changed = true;
    while changed {
        changed = false;
        for (value, inst) in body.live_insts().filter(|(v, _)| is_integer(&body.values[*v].ty)) {
            let computes = way(body, value, inst) == Way::Computes;
            let of = |v: &ValueId| lossy.has(v.index()) || computes && certain.has(v.index());
            changed |= carried(body, value, inst).iter().any(of) && lossy.add(value.index());
        }
    }
    lossy
}

/// How an instruction makes an integer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Reads,
    Moves,
    Computes,
    Else,
}

fn way(body: &Body, value: ValueId, inst: &Inst) -> Way {
    match &inst.op {
        Op::Load(_) => Way::Reads,
        Op::Phi(_) | Op::Select | Op::Freeze | Op::Cast(Cast::Bits) => Way::Moves,
        Op::Int(_) | Op::Cast(Cast::IntToInt | Cast::SignExtend) => {
            if byte_moves(body, value).is_some() { Way::Moves } else { Way::Computes }
        }
        Op::Call(_) if computes_registers(inst) => Way::Computes,
        Op::Extract { .. } if body.inst(inst.operands[0]).is_some_and(computes_registers) => {
            Way::Computes
        }
        _ => Way::Else,
    }
}

/// Whether an operation moves bytes of words that may be floats, and not whole words.
fn moves_parts(body: &Body, value: ValueId, inst: &Inst, kind: FloatKind) -> bool {
    let operation = matches!(inst.op, Op::Int(_) | Op::Cast(Cast::IntToInt));
    let moves = byte_moves(body, value).filter(|_| operation);
    let whole = |n: u64| n.is_multiple_of(kind.size());
    moves.is_some_and(|all| !all.iter().all(|m| whole(m.from) && whole(m.to) && whole(m.len)))
}

/// Whether an operation may make an address of another.
fn computes_addresses(inst: &Inst) -> bool {
    use IntOp::{Add, And, Or, Sub, Xor};
    matches!(inst.op, Op::Int(Add | Sub | And | Or | Xor))
}

/// Whether a call is of an intrinsic that computes integers.
fn computes_registers(inst: &Inst) -> bool {
    let Op::Call(call) = &inst.op else { return false };
    let intrinsic =
        matches!(&call.callee, enzyme_body::Callee::Symbol(s) if s.starts_with("llvm."));
    intrinsic && matches!(known_call(inst), Some(Known::Inactive { .. }))
}

/// The values whose bits the value has, or is computed from.
pub(crate) fn carried(body: &Body, value: ValueId, inst: &Inst) -> Vec<ValueId> {
    match (way(body, value, inst), &inst.op) {
        (Way::Reads | Way::Else, _) => vec![],
        (_, Op::Select) => inst.operands[1..].to_vec(),
        (_, Op::Call(call)) => inst.operands[..call.arguments].to_vec(),
        // A part of what an intrinsic computes, as a sum beside whether it overflows.
        (_, Op::Extract { .. }) => {
            let call = inst.operands[0];
            body.inst(call).map(|inst| carried(body, call, inst)).unwrap_or_default()
        }
        _ => inst.operands.clone(),
    }
}

/// The operands of an instruction that go to where they may be floats.
fn ends(
    body: &Body,
    user: ValueId,
    inst: &Inst,
    turns: impl Fn(ValueId, u64) -> bool,
) -> Vec<ValueId> {
    let ops = &inst.operands;
    match &inst.op {
        Op::Store(_) => {
            let size = size(&body.values[ops[0]].ty);
            ops[..usize::from(turns(ops[1], size))].to_vec()
        }
        // What stays an integer has an end of its own.
        Op::Cast(Cast::Bits) if body.values[user].ty.float().is_some() => ops.clone(),
        Op::Load(_)
        | Op::Copy(_)
        | Op::Fill
        | Op::Offset { .. }
        | Op::IntCompare
        | Op::Branch
        | Op::Switch
        | Op::Float(_)
        | Op::FloatCompare
        | Op::Alloca { .. }
        | Op::Cast(Cast::IntToFloat) => vec![],
        // What has fewer bits is no part of a float.
        _ if matches!(body.values[user].ty, Ty::Int(0..8)) => vec![],
        Op::Select if is_integer(&body.values[user].ty) => vec![],
        Op::Call(_) | Op::Invoke(_)
            if known_call(inst).is_some_and(|known| !matches!(known, Known::Identity { .. })) =>
        {
            vec![]
        }
        _ if is_integer(&body.values[user].ty) && way(body, user, inst) != Way::Else => vec![],
        _ => ops.clone(),
    }
}

/// Whether a value is an integer, or several.
fn is_integer(ty: &Ty) -> bool {
    match ty {
        Ty::Int(bits) => *bits >= 8,
        Ty::Vector(item, _) => is_integer(item),
        _ => false,
    }
}
