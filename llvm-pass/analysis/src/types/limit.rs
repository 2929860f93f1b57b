//! Ends of indices that nothing shows, as the program is to check them.
//!
//! An array inside of a structure that is indexed by a variable without known end takes
//! all fields behind it along. The program knows better: a search tree's nodes hold keys,
//! then values, then lengths, and no key's index reaches a value.
//!
//! *Computes*: for each such index how far it may reach if all that it reaches is to be of
//! one kind. *From*: the types that the program has if each of these indices is 0: what is
//! accessed there, and in all other ways, shows what lies where. The array is taken to end
//! at the first field, counted in steps of the index, that contradicts its first element.
//!
//! *Why it is sound*: it is a guess, and stated as one. `enzyme_prepare::limits` puts a
//! check before each access, which ends the program with a message if the guess is wrong;
//! behind the check what was guessed is known. Addresses that are kept in memory, chosen or
//! passed on are not checked, so indices in these have no limit.

use std::collections::{HashMap, HashSet};

use enzyme_body::{
    Body, Call, Callee, Cast, FloatKind, Inst, Len, Limit, Op, Program, ValueId, WITHIN,
};

use enzyme_rules::Known;

use super::Site;
use super::calls::{Meaning, meaning};
use super::generate::{Generator, size};
use super::offset::{Indices, is_only_measured, is_open_copy};
use super::shape::occurrences;
use super::store::At;

/// As far as this the fields behind an array are compared with it.
const FAR: u64 = 1 << 12;
/// The size of elements that nothing shows.
const WORD: u64 = 8;

/// Where an array lies in bytes behind the address that it is a part of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Array {
    pub base: ValueId,
    pub begin: i64,
    pub bytes: u64,
}

/// The limits that the program checks.
pub(super) fn checked(program: &Program) -> HashMap<Site, Array> {
    let mut found = HashMap::new();
    for (id, body) in program.bodies.iter() {
        for (_, inst) in body.live_insts() {
            let (Op::Call(call), Some(&[base, indexed, _, _, begin, bytes])) =
                (&inst.op, inst.operands.first_chunk())
            else {
                continue;
            };
            if matches!(&call.callee, Callee::Symbol(symbol) if symbol == WITHIN) {
                let (begin, bytes) = (body.int(begin), body.int(bytes));
                let array = begin.zip(bytes);
                found.extend(array.map(|(begin, bytes)| {
                    ((id, indexed), Array { base, begin, bytes: bytes.cast_unsigned() })
                }));
            }
        }
    }
    found
}

/// An offset with one index of which no end is known, or where a copy of unknown length
/// begins.
struct Candidate {
    indexed: Site,
    /// The address that the array is a part of, and how far behind it the array begins.
    base: ValueId,
    begin: i64,
    /// The size of an element.
    step: u64,
    accesses: Vec<Access>,
}

/// An access, its address and how many bytes it touches.
type Access = (ValueId, ValueId, Len);

/// Which accesses are to be checked so that arrays end where other fields begin.
pub(super) fn limits(program: &Program) -> Vec<Limit> {
    let (indices, copies) = (open_indices(program), open_copies(program));
    let first = |c: &Candidate| (c.indexed, Array { base: c.base, begin: c.begin, bytes: c.step });
    let first_only = indices.iter().chain(&copies).map(first).collect();
    super::solved(program, first_only, |mut generator| {
        let mut found: Vec<_> = indices.iter().flat_map(|c| generator.limits_of(c)).collect();
        // A copy to which an index leads is checked with the index.
        let place = |limit: &Limit| (limit.body, limit.access, limit.address);
        let checked: HashSet<_> = found.iter().map(place).collect();
        let copies = copies.iter().flat_map(|c| generator.limits_of(c));
        found.extend(copies.filter(|limit| !checked.contains(&place(limit))));
        found
    })
}

/// All offsets whose accesses can be checked.
fn open_indices(program: &Program) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts() {
            if matches!(inst.op, Op::Offset { .. }) {
                found.extend(open_index((id, value), body, inst));
            }
        }
    }
    found
}

/// All ends of copies of unknown length that can be checked.
fn open_copies(program: &Program) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts().filter(|(_, inst)| is_open_copy(body, inst)) {
            let ends = inst.operands[..2].iter();
            found.extend(ends.filter_map(|&end| copied((id, end), body, value)));
        }
    }
    found
}

fn open_index(indexed: Site, body: &Body, inst: &Inst) -> Option<Candidate> {
    let indices = Indices::of(body, inst);
    let [index] = &indices.open[..] else { return None };
    let mut accesses = Vec::new();
    let fits = index.stride > 0 && index.step > 0;
    let checked = fits && only_accessed(body, indexed.1, &mut accesses) && !accesses.is_empty();
    let (base, begin) = base(body, indexed.1);
    let begin = begin + indices.least;
    checked.then_some(Candidate { indexed, base, begin, step: index.step, accesses })
}

/// One end of a copy, if it is no element at an index without known end.
fn copied(end: Site, body: &Body, copy: ValueId) -> Option<Candidate> {
    let mut step = WORD;
    if let Some(inst) = body.inst(end.1) {
        let indices = Indices::of(body, inst);
        if !indices.open.is_empty() {
            return None;
        }
        step = indices.bounded.first().map_or(WORD, |spread| spread.period);
    }
    let len = Len::Value(body.inst(copy)?.operands[2]);
    let (base, begin) = base(body, end.1);
    Some(Candidate { indexed: end, base, begin, step, accesses: vec![(copy, end.1, len)] })
}

/// The address that an array is a part of which begins where an address of an element does
/// if all indices are as small as they may be but the last: what the first index without
/// known end is added to; and how far behind it the array begins.
fn base(body: &Body, element: ValueId) -> (ValueId, i64) {
    let (mut found, mut begin, mut value) = (None, 0, element);
    while let Some(inst) = body.inst(value)
        && let Op::Offset { constant, .. } = &inst.op
    {
        let indices = Indices::of(body, inst);
        begin += constant + if value == element { 0 } else { indices.least };
        value = inst.operands[0];
        if found.is_none() || !indices.open.is_empty() {
            found = Some((value, begin));
        }
    }
    found.unwrap_or((element, 0))
}

/// Whether an address is used for nothing but accesses, which are gathered.
fn only_accessed(body: &Body, address: ValueId, found: &mut Vec<Access>) -> bool {
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
            Op::Offset { .. } | Op::Freeze => return only_accessed(body, user, found),
            Op::Call(call) => return states_or_reads(call),
            _ => return false,
        };
        found.push((user, address, len));
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

impl Generator<'_> {
    /// What is to be checked of a candidate.
    fn limits_of(&mut self, candidate: &Candidate) -> Vec<Limit> {
        let Some(bytes) = self.array(candidate) else { return vec![] };
        let &Candidate { base, begin, indexed: (body, indexed), .. } = candidate;
        let limit = |&(access, address, len): &Access| Limit {
            body,
            access,
            address,
            len,
            indexed,
            base,
            begin,
            bytes,
        };
        candidate.accesses.iter().map(limit).collect()
    }

    /// How many bytes the array has in which an index begins, if something else follows.
    fn array(&mut self, candidate: &Candidate) -> Option<u64> {
        let begin = self.place(candidate.indexed.0, candidate.base)?.plus(candidate.begin);
        let mut element: HashMap<u64, Field> = HashMap::new();
        for (ahead, field) in self.fields(begin) {
            let place = ahead % candidate.step;
            if *element.entry(place).or_insert(field) != field {
                let whole = ahead - place;
                return (whole > 0).then_some(whole);
            }
        }
        None
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
