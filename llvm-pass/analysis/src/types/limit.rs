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
//! another kind or another array. Where several indices lead to an element (rows and columns),
//! the array is all that they lead over together, if no row has another field; else the one of
//! the last index. None is narrower than what is accessed.
//!
//! *Why it is sound*: it is a guess, and stated as one. `enzyme_prepare::limits` puts a
//! check before each access, which ends the program with a message if the guess is wrong;
//! behind the check what was guessed is known. Addresses that are kept in memory, chosen or
//! passed on are not checked, so indices in these have no limit.

mod candidates;
mod tail;

use std::collections::{HashMap, HashSet};

use enzyme_body::{Callee, Constant, Len, Limit, Op, Program, ValueId, WITHIN};

use super::Site;
use super::doubt::Assumed;
use super::generate::Generator;
use candidates::{Access, Candidate, Way, candidates};
use tail::{Extent, Tail};

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

/// Which accesses are to be checked so that arrays end where other fields begin.
pub(super) fn limits(program: &Program) -> Vec<Limit> {
    let candidates = candidates(program);
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

impl Candidate {
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
        let far = tail.span.unwrap_or(bytes).saturating_add_signed(first) >= self.least;
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
}
