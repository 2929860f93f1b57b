//! Which addresses an array's end could be checked at.
//!
//! *Computes*: the offsets with indices, and the ends of copies of unknown length, whose accesses
//! are all known, and for each the array that it may lie in: where that begins, the size of its
//! elements, and what LLVM knows of its ends. *From*: the bodies alone. *Why it is sound*: these
//! are questions; `limit` guesses the answers, and the program checks them.
//!
//! *Does not*: look at addresses that are kept in memory, chosen or passed on.

use indexmap::IndexMap;

use enzyme_body::{BlockId, Body, Call, Callee, Cast, Inst, Len, Op, Program, ValueId};

use enzyme_rules::{Known, Size};

use super::super::Site;
use super::super::calls::{Meaning, known_call, meaning};
use super::super::divisor::divisor;
use super::super::generate::size;
use super::super::index::begins_with_least;
use super::super::offset::{Indices, is_only_measured, is_open_copy};
use super::super::shape::gcd;
use super::Array;
use crate::walk::walk;

/// What leads to the elements of an array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The index of one offset.
    Index,
    /// The indices of several.
    Indices,
    /// A copy of unknown length, from its end on.
    Copy,
}

/// An offset with an index, or where copies of unknown length begin.
#[derive(Clone)]
pub(super) struct Candidate {
    pub element: Site,
    pub way: Way,
    /// The index changes from round to round of a loop, or the length of the copies is open.
    pub varies: bool,
    /// If anything is accessed, then at the least index, too.
    pub least_first: bool,
    /// The address that the array is a part of, and how far behind it the first element's
    /// address lies.
    pub base: ValueId,
    pub begin: i64,
    /// How far behind that the element lies with the least index that is known not to be
    /// passed below.
    pub lowest: i64,
    /// The size of an element.
    pub step: u64,
    /// The most bytes that the array has, and how far the indices may lead, if known.
    pub most: Option<u64>,
    pub last: Option<u64>,
    /// The fewest bytes that it has: an end that LLVM sees is at most one element too far.
    /// What contradicts more is another object that may lie at the same address.
    pub least: u64,
    pub accesses: Vec<Access>,
}

/// An access, its address and how many bytes it touches.
#[derive(Clone, Copy)]
pub(super) struct Access {
    pub inst: ValueId,
    pub address: ValueId,
    pub len: Len,
    /// How far behind an element's address it begins at least, and ends at most.
    pub ahead: i64,
    pub end: Option<i64>,
}

impl Candidate {
    /// Where accesses of the first element begin, seen from its address.
    pub fn ahead(&self) -> i64 {
        self.accesses.iter().map(|access| access.ahead).min().unwrap_or(0)
    }

    /// Where accesses of the first element end, if that is known.
    pub fn end(&self) -> Option<i64> {
        let ends: Option<Vec<_>> = self.accesses.iter().map(|access| access.end).collect();
        ends?.into_iter().max()
    }

    /// The same without what lies before the object that the array is a part of, or before the
    /// structure at an index: what LLVM knows of several indices together is often less.
    fn begun_with_its_object(mut self, body: &Body) -> Self {
        let before = -(self.begin + self.ahead());
        if before > 0 && (self.most.is_some() || bytes_of_object(body, self.base).is_some()) {
            let whole = before.unsigned_abs().next_multiple_of(self.step).cast_signed();
            self.lowest = self.lowest.max(whole);
        }
        self
    }

    /// How far behind the array's begin the element with this index lies, counted from the
    /// lowest.
    pub fn behind(&self, index: i64) -> i64 {
        let index = if self.least_first { 0 } else { index };
        if self.way == Way::Copy { 0 } else { self.lowest + index * self.step.cast_signed() }
    }

    /// The array if it has but the element with this index.
    pub fn only(&self, index: i64) -> (Site, Array) {
        let first = self.behind(index);
        let begin = self.begin + first + self.ahead();
        (self.element, Array { base: self.base, begin, bytes: self.step, first })
    }
}

/// All that could be checked.
pub(super) fn candidates(program: &Program) -> Vec<Candidate> {
    [indexed_elements(program), open_copies(program)].concat()
}

/// All offsets whose accesses can be checked.
fn indexed_elements(program: &Program) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts() {
            if matches!(inst.op, Op::Offset { .. }) {
                found.extend(indexed_element((id, value), body, inst));
            }
        }
    }
    found
}

/// All ends of copies of unknown length that can be checked.
fn open_copies(program: &Program) -> Vec<Candidate> {
    let mut found: IndexMap<Site, Vec<ValueId>> = IndexMap::new();
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts().filter(|(_, inst)| is_open_copy(body, inst)) {
            for &end in &inst.operands[..2] {
                found.entry((id, end)).or_default().push(value);
            }
        }
    }
    let candidate = |(end, copies): (&Site, &Vec<_>)| copied(*end, &program.bodies[end.0], copies);
    found.iter().filter_map(candidate).collect()
}

/// The arrays that an address at an index may be checked to stay in, best first: the one of
/// all that its indices lead over together, and the one of elements of its own.
fn indexed_element(element: Site, body: &Body, inst: &Inst) -> Vec<Candidate> {
    let mut accesses = Vec::new();
    let only = only_accessed(body, element.1, (0, Some(0)), &mut accesses);
    if !only || accesses.is_empty() {
        return vec![];
    }
    let parts = Parts::of(body, element.1);
    let arrays =
        [whole_array(element, body, &parts), own_array((element, inst.block), body, &parts)];
    let candidate = |array: Candidate| {
        Candidate { accesses: accesses.clone(), ..array }.begun_with_its_object(body)
    };
    arrays.into_iter().flatten().map(candidate).collect()
}

/// The array of elements at one offset, without what is accessed.
fn own_array((element, block): (Site, BlockId), body: &Body, parts: &Parts) -> Option<Candidate> {
    let indices = &parts.offsets.first()?.indices;
    let fits = indices.open.iter().all(|index| index.stride > 0);
    let step = indices.steps().next().filter(|&step| fits && indices.steps().all(|s| s == step))?;
    let least = indices.bounded.iter().filter_map(|spread| spread.ahead).max().unwrap_or(0);
    let least = least.unsigned_abs();
    // One of two places is a choice of fields.
    if indices.open.is_empty() && least <= step {
        return None;
    }
    let (base, begin, most) = parts.array_of(step);
    // Nothing but this object lies at the address of a variable: the end that LLVM sees is
    // just too far.
    let least = if bytes_of_object(body, base).is_some() { least.min(2 * step) } else { least };
    let from_least = |value| begins_with_least(body, value, block);
    let mut open = indices.open.iter().map(|index| index.value);
    let least_first = open.len() > 0 && open.all(from_least);
    let spread = indices.open_spread(body, element.1).filter(|(_, spread)| spread.back == Some(0));
    let lowest = spread.map_or(0, |(lowest, _)| lowest.max(0).unsigned_abs() / step * step);
    Some(Candidate {
        element,
        way: Way::Index,
        varies: indices.open.iter().any(|index| changes(body, index.value, block)),
        least_first,
        base,
        begin: begin + indices.least,
        lowest: lowest.cast_signed(),
        step,
        most,
        last: indices.last(),
        least,
        accesses: vec![],
    })
}

/// The offsets by which an address is made, from the last back to the first, and the address
/// that they begin with.
struct Parts {
    offsets: Vec<Part>,
    root: ValueId,
}

/// An offset on the way to an element.
struct Part {
    value: ValueId,
    constant: i64,
    indices: Indices,
}

impl Parts {
    fn of(body: &Body, address: ValueId) -> Self {
        let (mut offsets, mut root) = (Vec::new(), address);
        while let Some(inst) = body.inst(root)
            && let Op::Offset { constant, .. } = inst.op
        {
            offsets.push(Part { value: root, constant, indices: Indices::of(body, inst) });
            root = inst.operands[0];
        }
        Self { offsets, root }
    }

    /// Where an array begins in which such an address of an element lies: the address that it is
    /// a part of, and how far behind that it begins.
    ///
    /// Elements of one size may be added up from several indices. What lies below, at an index
    /// of larger steps, is the structure that the array is a part of: no array is longer than
    /// the steps. The indices of the last offset are those of the element.
    fn array_of(&self, step: u64) -> (ValueId, i64, Option<u64>) {
        let mut begin = 0;
        for (i, part) in self.offsets.iter().enumerate() {
            if i > 0 {
                if let Some(other) = part.indices.steps().find(|other| *other != step) {
                    return (part.value, begin, Some(other).filter(|other| *other > step));
                }
                begin += part.indices.least;
            }
            begin += part.constant;
        }
        (self.root, begin, None)
    }
}

/// The longest step of an index among some offsets; 0 if there is none.
fn longest_step(parts: &[Part]) -> u64 {
    parts.iter().flat_map(|part| part.indices.steps()).max().unwrap_or(0)
}

/// The array that several offsets lead over, without what is accessed: all of an object, or
/// those that lead back from longer steps to shorter ones (an item of a row that lies at a
/// column, the row at an item of the first). Where the ends of such indices depend on one
/// another, their sum leads far beyond the array.
fn whole_array(element: Site, body: &Body, parts: &Parts) -> Option<Candidate> {
    let &Parts { offsets: ref parts, root } = parts;
    let leads_back = |&part: &usize| {
        let before = longest_step(&parts[..part]);
        before > 0 && parts[part].indices.steps().any(|step| step <= before)
    };
    let indexed = parts.iter().filter(|part| part.indices.steps().next().is_some()).count();
    let last = match bytes_of_object(body, root) {
        Some(_) if indexed > 1 => parts.len() - 1,
        _ => (1..parts.len()).rev().find(leads_back)?,
    };
    let longest = longest_step(&parts[..=last]);
    // What has longer steps is a structure that the array is a part of.
    let inside = |part: &&Part| part.indices.steps().all(|step| step <= longest);
    let (whole, outside) = parts.split_at(parts.iter().take_while(inside).count());
    if whole.iter().flat_map(|part| &part.indices.open).any(|index| index.stride <= 0) {
        return None;
    }
    Some(Candidate {
        element,
        way: Way::Indices,
        varies: true,
        least_first: true,
        base: outside.first().map_or(root, |part| part.value),
        begin: whole.iter().map(|part| part.constant + part.indices.least).sum(),
        lowest: 0,
        step: whole.iter().flat_map(|part| part.indices.steps()).fold(0, gcd),
        most: outside.first().map(|part| longest_step(std::slice::from_ref(part))),
        last: whole.iter().map(|part| part.indices.last()).sum(),
        // A row is an array. A structure is none: it has other fields.
        least: longest,
        accesses: vec![],
    })
}

/// Whether a value changes from round to round of a loop around a block: it is a phi of the
/// loop, or counted from one.
fn changes(body: &Body, index: ValueId, block: BlockId) -> bool {
    let counted = |value: ValueId| match body.inst(value).map(|inst| (&inst.op, inst)) {
        Some((Op::Int(_) | Op::Cast(_) | Op::Freeze, inst)) => inst.operands.clone(),
        _ => vec![],
    };
    let is_of_loop = |value: ValueId| {
        let phi = body.inst(value).filter(|inst| matches!(inst.op, Op::Phi(_)));
        phi.is_some_and(|phi| body.loops_around(block).any(|l| body.loops[l].header == phi.block))
    };
    walk(index, counted).any(is_of_loop)
}

/// The size of an object that an instruction makes, if it is constant.
fn bytes_of_object(body: &Body, object: ValueId) -> Option<u64> {
    let inst = body.inst(object)?;
    if let Op::Alloca { size, .. } = inst.op {
        return size;
    }
    let Some(Known::Allocate { size, .. }) = known_call(inst) else { return None };
    let operand = |i: u8| body.int(inst.operands[usize::from(i)]).map(i64::cast_unsigned);
    match size {
        Size::Argument(i) => operand(i),
        Size::Product(i, j) => operand(i)?.checked_mul(operand(j)?),
    }
}

/// One end of copies, if it is no element at an index without known end. Their lengths tell
/// the size of the elements.
fn copied(end: Site, body: &Body, copies: &[ValueId]) -> Option<Candidate> {
    let lens = copies.iter().map(|&copy| body.inst(copy).map(|inst| inst.operands[2]));
    let lens: Vec<_> = lens.collect::<Option<_>>()?;
    let step = lens.iter().map(|&len| divisor(body, len)).fold(0, gcd);
    let parts = Parts::of(body, end.1);
    let indices = parts.offsets.first().map(|part| &part.indices);
    let fits = indices.is_none_or(|indices| {
        indices.open.is_empty() && indices.steps().all(|other| other == step)
    });
    let (base, begin, most) = parts.array_of(step);
    let begin = begin + indices.map_or(0, |indices| indices.least);
    let access = |(&inst, len)| {
        let len = Len::Value(len);
        Access { inst, address: end.1, len, ahead: 0, end: None }
    };
    let accesses = std::iter::zip(copies, lens).map(access).collect();
    let checked = fits && step > 1;
    checked.then_some(Candidate {
        element: end,
        way: Way::Copy,
        varies: true,
        least_first: true,
        lowest: 0,
        base,
        begin,
        step,
        most,
        last: None,
        least: 0,
        accesses,
    })
}

/// Whether an address is used for nothing but accesses, which are gathered. It lies this far
/// behind an element's: at least, and at most.
fn only_accessed(
    body: &Body,
    address: ValueId,
    behind: (i64, Option<i64>),
    found: &mut Vec<Access>,
) -> bool {
    body.values[address].uses.iter().all(|&user| {
        let Some(inst) = body.inst(user) else { return true };
        let ops = &inst.operands;
        let len = |value: ValueId| match body.int(value) {
            Some(n) => Len::Bytes(n.cast_unsigned()),
            None => Len::Value(value),
        };
        let len = match &inst.op {
            Op::Load(_) => Len::Bytes(size(&body.values[user].ty)),
            Op::Store(_) if ops[0] != address => Len::Bytes(size(&body.values[ops[0]].ty)),
            Op::Copy(_) | Op::Fill => len(ops[2]),
            Op::IntCompare => return true,
            Op::Cast(Cast::AddressToInt) => return is_only_measured(body, user),
            Op::Freeze => return only_accessed(body, user, behind, found),
            Op::Offset { constant, .. } => {
                let indices = Indices::of(body, inst);
                let fixed = indices.steps().next().is_none();
                let most = behind.1.filter(|_| fixed).map(|most| most + constant);
                let least = behind.0 + constant + indices.least;
                return only_accessed(body, user, (least, most), found);
            }
            Op::Call(call) => return states_or_reads(call),
            _ => return false,
        };
        let end = match len {
            Len::Bytes(n) => behind.1.map(|most| most.saturating_add_unsigned(n)),
            Len::Value(_) => None,
        };
        found.push(Access { inst: user, address, len, ahead: behind.0, end });
        true
    })
}

/// Whether a call says of which kind the bytes at an address are, or reads them for what is
/// not differentiated.
fn states_or_reads(call: &Call) -> bool {
    use Meaning::{Float, Known as Table, Plain};
    let Callee::Symbol(symbol) = &call.callee else { return false };
    matches!(meaning(symbol), Float(_) | Plain | Table(Known::Inactive { writes: false }))
}
