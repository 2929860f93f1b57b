//! Ends of indices that nothing shows, as the program is to check them.
//!
//! An array inside of a structure that is indexed by a variable without known end takes
//! all fields behind it along, and one with an end that LLVM sees one element too far the
//! next field. The program knows better: a search tree's nodes hold keys, then values, then
//! lengths, and no key's index reaches a value.
//!
//! *Computes*: for each index where the array begins and ends in which it stays, if all of
//! that is to be of one kind. *From*: the types that the program has if each index is the
//! least that it can be, or if each is the next: what is accessed there, and in all other
//! ways, shows what lies where. Of the two that is taken where less is contradicted (where
//! the element before an index is looked at, the index is never the least, unless a loop counts
//! from there). An array ends at the first field, counted in steps of the index, that
//! contradicts its first element; it begins with the least index, unless what lies there is of
//! another kind or another array.
//!
//! *Why it is sound*: it is a guess, and stated as one. `enzyme_prepare::limits` puts a
//! check before each access, which ends the program with a message if the guess is wrong;
//! behind the check what was guessed is known. Addresses that are kept in memory, chosen or
//! passed on are not checked, so indices in these have no limit.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use enzyme_body::{
    BlockId, Body, Call, Callee, Cast, Constant, FloatKind, Inst, Len, Limit, Op, Program, ValueId,
    WITHIN,
};

use enzyme_rules::{Known, Size};

use super::Site;
use super::calls::{Meaning, known_call, meaning};
use super::divisor::divisor;
use super::doubt::Assumed;
use super::generate::{Generator, size};
use super::index::begins_with_least;
use super::offset::{Indices, is_only_measured, is_open_copy};
use super::shape::{gcd, occurrences};
use super::store::At;
use crate::walk::walk;

/// As far as this the fields behind an array are compared with it.
const FAR: u64 = 1 << 12;
/// The bytes of an array that only has a begin.
const ENDLESS: u64 = 1 << 62;

/// Where an array lies in bytes behind the address that it is a part of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Array {
    pub base: ValueId,
    pub begin: i64,
    pub bytes: u64,
    /// How far behind the least address of an element the first is that lies in it.
    pub first: i64,
}

/// The arrays in which the program stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    /// By the address of an element: all that is accessed at it is checked.
    pub indices: HashMap<Site, Array>,
    /// By the end of a copy of unknown length: such copies are checked there.
    pub ends: HashMap<Site, Array>,
}

impl Array {
    /// Where it ends behind the address that it is a part of, if it does.
    pub fn end(&self) -> Option<i64> {
        (self.bytes < ENDLESS).then(|| self.begin.saturating_add_unsigned(self.bytes))
    }
}

impl Limits {
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty() && self.ends.is_empty()
    }

    /// Whether something that is accessed at an address is checked.
    pub fn has(&self, address: Site) -> bool {
        self.indices.contains_key(&address) || self.ends.contains_key(&address)
    }
}

/// The limits that the program checks.
pub(super) fn checked(program: &Program) -> Limits {
    let mut found = Limits::default();
    for (id, body) in program.bodies.iter() {
        for (_, inst) in body.live_insts() {
            let (Op::Call(call), Some(&[base, indexed, at, _, begin, bytes, first])) =
                (&inst.op, inst.operands.first_chunk())
            else {
                continue;
            };
            if matches!(&call.callee, Callee::Symbol(symbol) if symbol == WITHIN) {
                let numbers = [begin, bytes, first].map(|n| body.int(n));
                let [Some(begin), Some(bytes), Some(first)] = numbers else { continue };
                let array = Array { base, begin, bytes: bytes.cast_unsigned(), first };
                match body.constant(indexed) {
                    Some(Constant::Null) => found.ends.insert((id, at), array),
                    _ => found.indices.insert((id, indexed), array),
                };
            }
        }
    }
    found
}

/// What leads to the elements of an array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The index of one offset.
    Index,
    /// The indices of several.
    Indices,
    /// A copy of unknown length, from its end on.
    Copy,
}

/// An offset with an index, or where copies of unknown length begin.
#[derive(Clone)]
struct Candidate {
    element: Site,
    way: Way,
    /// The index changes from round to round of a loop, or the length of the copies is open.
    varies: bool,
    /// If anything is accessed, then at the least index, too.
    least_first: bool,
    /// The address that the array is a part of, and how far behind it the first element's
    /// address lies.
    base: ValueId,
    begin: i64,
    /// How far behind that the element lies with the least index that is known not to be
    /// passed below.
    lowest: i64,
    /// The size of an element.
    step: u64,
    /// The most bytes that the array has, and how far the indices may lead, if known.
    most: Option<u64>,
    last: Option<u64>,
    /// The fewest bytes that it has: an end that LLVM sees is at most one element too far.
    /// What contradicts more is another object that may lie at the same address.
    least: u64,
    accesses: Vec<Access>,
}

/// An access, its address and how many bytes it touches.
#[derive(Clone, Copy)]
struct Access {
    inst: ValueId,
    address: ValueId,
    len: Len,
    /// How far behind an element's address it begins at least, and ends at most.
    ahead: i64,
    end: Option<i64>,
}

impl Candidate {
    /// Where accesses of the first element begin, seen from its address.
    fn ahead(&self) -> i64 {
        self.accesses.iter().map(|access| access.ahead).min().unwrap_or(0)
    }

    /// Where accesses of the first element end, if that is known.
    fn end(&self) -> Option<i64> {
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

    /// What is to be checked, if the array is a tail and what lies before it.
    fn limits(&self, tail: &Tail, others: &[Extent]) -> Vec<Limit> {
        let &Self { base, step, last, .. } = self;
        let Tail { from, first, .. } = *tail;
        let below = tail.same_before(others) * step;
        let begin = from.saturating_add_unsigned(tail.start - below);
        let bytes = tail.bytes.saturating_add(below).min(ENDLESS);
        let first = first - below.cast_signed();
        let leads_beyond = last.zip(self.end()).is_none_or(|(last, end)| {
            let end = self.begin + end.saturating_add_unsigned(last);
            end > begin.saturating_add_unsigned(bytes)
        });
        let span = if self.way == Way::Indices { tail.span } else { bytes };
        let far = span.saturating_add_signed(first) >= self.least;
        // Nobody writes a loop over one element, or copies an unknown number of one.
        let one = self.varies && bytes <= step;
        // What is wider than the array shows that it is none.
        let wider = |access: &Access| matches!(access.len, Len::Bytes(len) if len > bytes);
        let holds_all = !self.accesses.iter().any(wider);
        let tells = first > self.lowest || leads_beyond && tail.bytes != ENDLESS;
        if !(far && !one && holds_all && tells) {
            return vec![];
        }
        let limit = |&Access { inst: access, address, len, .. }: &Access| Limit {
            body: self.element.0,
            access,
            address,
            len,
            indexed: (self.way != Way::Copy).then_some(self.element.1),
            base,
            begin,
            bytes,
            first,
        };
        self.accesses.iter().map(limit).collect()
    }

    /// How far behind the array's begin the element with this index lies, counted from the
    /// lowest.
    fn behind(&self, index: i64) -> i64 {
        let index = if self.least_first { 0 } else { index };
        if self.way == Way::Copy { 0 } else { self.lowest + index * self.step.cast_signed() }
    }

    /// The array if it has but the element with this index.
    fn only(&self, index: i64) -> (Site, Array) {
        let first = self.behind(index);
        let begin = self.begin + first + self.ahead();
        (self.element, Array { base: self.base, begin, bytes: self.step, first })
    }
}

/// Which accesses are to be checked so that arrays end where other fields begin.
pub(super) fn limits(program: &Program) -> Vec<Limit> {
    let candidates = [indexed_elements(program), open_copies(program)].concat();
    let trial = |index: i64| {
        let mut only = Limits::default();
        for candidate in &candidates {
            let copied = candidate.way == Way::Copy;
            let arrays = if copied { &mut only.ends } else { &mut only.indices };
            let (element, array) = candidate.only(index);
            arrays.entry(element).or_insert(array);
        }
        let assumed = Assumed::new(only, HashSet::new());
        super::solved(program, assumed, |mut generator| {
            (generator.contradictions(), generator.all_limits(&candidates, index))
        })
    };
    // Where the program looks at the element before an index, that is never the least.
    let (none, least) = trial(0);
    let (some, next) = trial(1);
    if some < none { next } else { least }
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
    let arrays = [whole_array(element, body), own_array(element, body, inst)];
    let candidate = |array: Candidate| {
        Candidate { accesses: accesses.clone(), ..array }.begun_with_its_object(body)
    };
    arrays.into_iter().flatten().map(candidate).collect()
}

/// The array of elements at one offset, without what is accessed.
fn own_array(element: Site, body: &Body, inst: &Inst) -> Option<Candidate> {
    let indices = Indices::of(body, inst);
    let fits = indices.open.iter().all(|index| index.stride > 0);
    let step = indices.steps().next().filter(|&step| fits && indices.steps().all(|s| s == step))?;
    let least = indices.bounded.iter().filter_map(|spread| spread.ahead).max().unwrap_or(0);
    let least = least.unsigned_abs();
    // One of two places is a choice of fields.
    if indices.open.is_empty() && least <= step {
        return None;
    }
    let (base, begin, most) = array_of(body, element.1, step);
    // Nothing but this object lies at the address of a variable: the end that LLVM sees is
    // just too far.
    let least = if bytes_of_object(body, base).is_some() { least.min(2 * step) } else { least };
    let from_least = |value| begins_with_least(body, value, inst.block);
    let mut open = indices.open.iter().map(|index| index.value);
    let least_first = open.len() > 0 && open.all(from_least);
    let spread = indices.open_spread(body, element.1).filter(|(_, spread)| spread.back == Some(0));
    let lowest = spread.map_or(0, |(lowest, _)| lowest.max(0).unsigned_abs() / step * step);
    Some(Candidate {
        element,
        way: Way::Index,
        varies: indices.open.iter().any(|index| changes(body, index.value, inst.block)),
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

/// The array that several offsets lead over, without what is accessed, if they lead back
/// from longer steps to shorter ones: an item of a row that lies at a column, the row at an
/// item of the first. Where the ends of such indices depend on one another, their sum leads
/// far beyond the array.
fn whole_array(element: Site, body: &Body) -> Option<Candidate> {
    let mut parts = Vec::new();
    let mut value = element.1;
    while let Some(inst) = body.inst(value)
        && let Op::Offset { constant, .. } = inst.op
    {
        parts.push((value, constant, Indices::of(body, inst)));
        value = inst.operands[0];
    }
    let greatest = |parts: &[(ValueId, i64, Indices)]| {
        parts.iter().flat_map(|(_, _, indices)| indices.steps()).max().unwrap_or(0)
    };
    let leads_back = |&part: &usize| {
        let before = greatest(&parts[..part]);
        before > 0 && parts[part].2.steps().any(|step| step <= before)
    };
    let indexed = |part: &(ValueId, i64, Indices)| part.2.steps().next().is_some();
    let of_object =
        bytes_of_object(body, value).is_some() && parts.iter().filter(|p| indexed(p)).count() > 1;
    let last = if of_object { parts.len() - 1 } else { (1..parts.len()).rev().find(leads_back)? };
    let longest = greatest(&parts[..=last]);
    // What has longer steps is a structure that the array is a part of.
    let inside = |(_, _, indices): &&(_, _, Indices)| indices.steps().all(|step| step <= longest);
    let whole: Vec<_> = parts.iter().take_while(inside).collect();
    let base = parts.get(whole.len()).map_or(value, |part| part.0);
    let most = parts.get(whole.len()).map(|part| greatest(std::slice::from_ref(part)));
    let begin: i64 = whole.iter().map(|(_, constant, indices)| constant + indices.least).sum();
    let step = whole.iter().flat_map(|(_, _, indices)| indices.steps()).fold(0, gcd);
    let known = whole.iter().all(|(_, _, indices)| indices.open.iter().all(|i| i.stride > 0));
    known.then_some(Candidate {
        element,
        way: Way::Indices,
        varies: true,
        least_first: true,
        base,
        begin,
        lowest: 0,
        step,
        most,
        last: whole.iter().map(|(_, _, indices)| indices.last()).sum(),
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
    let indices = body.inst(end.1).map(|inst| Indices::of(body, inst)).unwrap_or_default();
    let fits = indices.open.is_empty() && indices.steps().all(|other| other == step);
    let (base, begin, most) = array_of(body, end.1, step);
    let begin = begin + indices.least;
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

/// Where an array begins in which an address of an element lies: the address that it is a
/// part of, and how far behind that it begins.
///
/// Elements of one size may be added up from several indices. What lies below, at an index
/// of larger steps, is the structure that the array is a part of: no array is longer than
/// the steps.
fn array_of(body: &Body, element: ValueId, step: u64) -> (ValueId, i64, Option<u64>) {
    let (mut value, mut begin) = (element, 0);
    while let Some(inst) = body.inst(value)
        && let Op::Offset { constant, .. } = &inst.op
    {
        let indices = Indices::of(body, inst);
        if value != element {
            if let Some(other) = indices.steps().find(|other| *other != step) {
                return (value, begin, Some(other).filter(|other| *other > step));
            }
            begin += indices.least;
        }
        begin += constant;
        value = inst.operands[0];
    }
    (value, begin, None)
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

/// What a field is, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Float(FloatKind),
    Integer,
    /// The region that it leads to.
    Address(u32),
}

impl Field {
    /// Its bytes, of which no other field begins in the midst.
    fn bytes(self) -> u64 {
        match self {
            Self::Float(kind) => kind.size(),
            Self::Integer => 1,
            Self::Address(_) => 8,
        }
    }
}

/// The fields from a place on, in order, as those of elements of one size.
struct Fields {
    all: Vec<(u64, Field)>,
    step: u64,
}

impl Fields {
    /// Whether a place is in the midst of a float or an address.
    fn splits(&self, place: u64) -> bool {
        let mut before = self.all.iter().take_while(|(at, _)| *at < place);
        before.any(|&(at, field)| place < at + field.bytes())
    }

    /// How many bytes behind the first element's start an element begins with a field that is
    /// another than the first has there.
    fn first_other(&self, start: u64) -> Option<u64> {
        let mut element: HashMap<u64, Field> = HashMap::new();
        self.all.iter().filter(|(at, _)| *at >= start).find_map(|&(at, field)| {
            let place = (at - start) % self.step;
            (*element.entry(place).or_insert(field) != field).then_some(at - start - place)
        })
    }
}

/// An array from one of its elements on.
struct Tail {
    /// The region, and where in it fields are counted from; how far that is behind the base.
    region: (u32, i64),
    from: i64,
    fields: Fields,
    /// Where the element begins, and how many bytes there are from there on.
    start: u64,
    bytes: u64,
    /// The bytes with all elements of its kind that lie before it, from the base on.
    span: u64,
    /// How far behind the least element's address that of this one is.
    first: i64,
}

/// The bytes of a region that a tail has.
type Extent = (u32, i64, i64);

impl Tail {
    fn extent(&self) -> Extent {
        let begin = self.region.1.saturating_add_unsigned(self.start);
        (self.region.0, begin, begin.saturating_add_unsigned(self.bytes))
    }

    /// How many elements lie before it: those that have no other fields, and where no other
    /// array ends.
    fn same_before(&self, others: &[Extent]) -> u64 {
        let step = self.fields.step;
        let (region, begin, _) = self.extent();
        let fits = |count: &u64| {
            let back = count * step;
            let lowest = begin.saturating_sub_unsigned(back);
            let ends = |&(other, from, to): &Extent| {
                other == region && from <= lowest && lowest < to && to <= begin
            };
            let from = self.start.checked_sub(back);
            let same = |from| self.fields.first_other(from).is_none_or(|n| n >= back + self.bytes);
            from.is_some_and(same) && !others.iter().any(ends)
        };
        (1..=self.first.unsigned_abs() / step).take_while(fits).last().unwrap_or(0)
    }
}

impl Generator<'_> {
    fn all_limits(&mut self, candidates: &[Candidate], index: i64) -> Vec<Limit> {
        let tail = |c| Some((c, self.tail(c, index)?));
        let tails: Vec<(&Candidate, Tail)> = candidates.iter().filter_map(tail).collect();
        let extents: Vec<_> = tails.iter().map(|(_, tail)| tail.extent()).collect();
        let (mut checked, mut elements) = (HashSet::new(), HashSet::new());
        let mut found = Vec::new();
        for (candidate, tail) in &tails {
            let mut limits = candidate.limits(tail, &extents);
            let place = |limit: &Limit| (limit.body, limit.access, limit.address);
            match candidate.way {
                Way::Indices => {}
                // What stays in the whole may be any of it.
                Way::Index if elements.contains(&candidate.element) => limits.clear(),
                Way::Index => {}
                // A copy to which an index leads is checked with the index.
                Way::Copy => limits.retain(|limit| !checked.contains(&place(limit))),
            }
            elements.extend(limits.first().map(|_| candidate.element));
            checked.extend(limits.iter().map(place));
            found.extend(limits);
        }
        found
    }

    /// Everything from the element with this index on that one candidate leads to.
    ///
    /// An element begins at a field, at or before what is accessed of it. If that may be one
    /// of several, it is the one by which the array reaches furthest.
    fn tail(&mut self, candidate: &Candidate, index: i64) -> Option<Tail> {
        let &Candidate { base, step, most, .. } = candidate;
        let ahead = candidate.ahead();
        let earliest = candidate.end().map_or(ahead, |end| ahead.min(end - step.cast_signed()));
        let first = candidate.behind(index);
        let from = candidate.begin + earliest;
        let place = self.place(candidate.element.0, base)?.plus(from);
        let fields = Fields { all: self.fields(place), step };
        let [begin, slack] = [first, first + ahead - earliest].map(i64::cast_unsigned);
        let mut best: Option<(u64, u64)> = None;
        let starts = fields.all.iter().map(|field| field.0);
        for start in starts.filter(|at| (begin..slack).contains(at)).chain([slack]) {
            let bytes = fields.first_other(start).unwrap_or(ENDLESS);
            let bytes = bytes.min(most.map_or(bytes, |most| most / step * step));
            if best.is_none_or(|(other, length)| other + length < start + bytes) {
                best = Some((start, bytes));
            }
        }
        let whole = |&(start, bytes): &(u64, u64)| bytes > 0 && !fields.splits(start);
        let (start, bytes) = best.filter(whole)?;
        let end = from.saturating_add_unsigned(start + bytes);
        let span = self.span(candidate, from.saturating_add_unsigned(start), end)?;
        Some(Tail { region: self.store.find(place), from, fields, start, bytes, span, first })
    }

    /// How many bytes the array has with the elements before its begin, none of which lies
    /// before the base.
    fn span(&mut self, candidate: &Candidate, begin: i64, end: i64) -> Option<u64> {
        let base = self.place(candidate.element.0, candidate.base)?;
        let fields = Fields { all: self.fields(base), step: candidate.step };
        let is_first = |&begin: &u64| {
            let bytes = end.saturating_sub_unsigned(begin);
            let ends = fields.first_other(begin).unwrap_or(ENDLESS);
            !fields.splits(begin) && ends.cast_signed() >= bytes
        };
        let Ok(begin) = u64::try_from(begin) else { return Some(0) };
        let before = (0..=begin / candidate.step).map(|n| begin - n * candidate.step);
        let first = before.take_while(is_first).last().unwrap_or(begin);
        Some(end.saturating_sub_unsigned(first).cast_unsigned())
    }

    /// How many cells are used as what they cannot be at once.
    fn contradictions(&mut self) -> usize {
        let cells = 0..u32::try_from(self.store.kinds.len()).expect("fewer than 2^32 cells");
        let contradicts = |cell: &u32| {
            let content = self.store.content(*cell).clone();
            let address = self.store.holder(*cell).pointee.is_some();
            let uses = [content.float.is_some(), content.arithmetic, address];
            content.conflict.is_some() || uses.into_iter().filter(|used| *used).count() > 1
        };
        cells.filter(contradicts).count()
    }

    /// The fields from a place on, in order.
    fn fields(&mut self, from: At) -> Vec<(u64, Field)> {
        let (root, from) = self.store.find(from);
        let region = self.store.root(root);
        let cells: Vec<_> = region.cells.iter().map(|(&at, slot)| (at, slot.width)).collect();
        let contents: Vec<_> = region.cells.values().map(|slot| slot.content).collect();
        let repeats = region.repeats.clone();
        let found = occurrences(&repeats, &cells, from, Some(FAR)).into_iter();
        let inside = found.filter(|(ahead, _)| *ahead >= 0);
        let fields = inside
            .filter_map(|(ahead, cell)| Some((ahead.unsigned_abs(), self.field(contents[cell])?)));
        fields.collect()
    }

    fn field(&mut self, content: u32) -> Option<Field> {
        let kind = self.store.content(content).clone();
        let address = self.store.holder(content).pointee;
        match (kind.float, address) {
            (Some((float, _)), None) => Some(Field::Float(float)),
            (None, Some(at)) => Some(Field::Address(self.store.find(at).0)),
            (None, None) if kind.integer.is_some() => Some(Field::Integer),
            _ => None,
        }
    }
}
