//! How far an array reaches before another field contradicts its elements.
//!
//! *Computes*: the elements of one kind around one of a candidate's. *From*: the fields that are
//! known if each candidate has but one element. *Why it is sound*: it need not be; see `limit`.

use std::collections::HashMap;

use enzyme_body::FloatKind;

use super::super::generate::Generator;
use super::super::shape::occurrences;
use super::super::store::At;
use super::ENDLESS;
use super::candidates::{Candidate, Way};

/// As far as this the fields behind an array are compared with it.
const FAR: u64 = 1 << 12;

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
pub(super) struct Tail {
    /// The region, and where in it fields are counted from; how far that is behind the base.
    region: (u32, i64),
    pub from: i64,
    fields: Fields,
    /// Where the element begins, and how many bytes there are from there on.
    pub start: u64,
    pub bytes: u64,
    /// The bytes with all elements of its kind that lie before it, from the base on, of what
    /// several indices lead over.
    pub span: Option<u64>,
    /// How far behind the least element's address that of this one is.
    pub first: i64,
}

/// The bytes of a region that a tail has.
pub(super) struct Extent {
    region: u32,
    begin: i64,
    end: i64,
    /// Nothing but integers lies there.
    integers: bool,
}

impl Tail {
    pub fn extent(&self) -> Extent {
        let (region, at) = self.region;
        let begin = at.saturating_add_unsigned(self.start);
        let end = begin.saturating_add_unsigned(self.bytes);
        let behind = self.fields.all.iter().filter(|(at, _)| *at >= self.start);
        let mut inside = behind.take_while(|(at, _)| at - self.start < self.bytes);
        let integers = inside.all(|(_, field)| *field == Field::Integer);
        Extent { region, begin, end, integers }
    }

    /// How many elements lie before it: those that have no other fields, and where no other
    /// array ends.
    pub fn same_before(&self, others: &[Extent]) -> u64 {
        let step = self.fields.step;
        let Extent { region, begin, integers, .. } = self.extent();
        let fits = |count: &u64| {
            let back = count * step;
            let lowest = begin.saturating_sub_unsigned(back);
            // Arrays of integers that meet may be one.
            let ends = |other: &Extent| {
                other.region == region
                    && !(integers && other.integers)
                    && other.begin <= lowest
                    && lowest < other.end
                    && other.end <= begin
            };
            let from = self.start.checked_sub(back);
            let same = |from| self.fields.first_other(from).is_none_or(|n| n >= back + self.bytes);
            from.is_some_and(same) && !others.iter().any(ends)
        };
        (1..=self.first.unsigned_abs() / step).take_while(fits).last().unwrap_or(0)
    }
}

impl Generator<'_> {
    /// Everything from the element with this index on that one candidate leads to.
    ///
    /// An element begins at a field, at or before what is accessed of it. If that may be one
    /// of several, it is the one by which the array reaches furthest.
    pub(super) fn tail(&mut self, candidate: &Candidate, index: i64) -> Option<Tail> {
        let &Candidate { base, step, most, .. } = candidate;
        let ahead = candidate.ahead();
        let earliest = candidate.end().map_or(ahead, |end| ahead.min(end - step.cast_signed()));
        let first = candidate.behind(index);
        let from = candidate.begin + earliest;
        let base = self.place(candidate.element.0, base)?;
        let place = base.plus(from);
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
        let span = (candidate.way == Way::Indices).then(|| {
            let ends = [start, start + bytes].map(|at| from.saturating_add_unsigned(at));
            self.span(base, step, ends)
        });
        Some(Tail { region: self.store.find(place), from, fields, start, bytes, span, first })
    }

    /// How many bytes the array has with the elements before its begin, none of which lies
    /// before the base.
    fn span(&mut self, base: At, step: u64, [begin, end]: [i64; 2]) -> u64 {
        let Ok(begin) = u64::try_from(begin) else { return 0 };
        let fields = Fields { all: self.fields(base), step };
        let is_first = |&begin: &u64| {
            let bytes = end.saturating_sub_unsigned(begin);
            let ends = fields.first_other(begin).unwrap_or(ENDLESS);
            !fields.splits(begin) && ends.cast_signed() >= bytes
        };
        let before = (0..=begin / step).map(|n| begin - n * step);
        let first = before.take_while(is_first).last().unwrap_or(begin);
        end.saturating_sub_unsigned(first).cast_unsigned()
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
