//! Arithmetic on the offsets of a region: exact ones, and repeats.
//!
//! An address with a variable index makes the bytes that it may reach *repeat*:
//! within a range, offsets that differ by a multiple of the period are one. The
//! range ends where the index does, or never (a *tail*). Within each period there may
//! be further repeats: an array in each of the structures that an array has. Two
//! repeats of which neither has room in one period of the other become one, with the
//! common divisor as its period: offsets that were one stay so.

/// Start of a tail that has none: every offset repeats.
pub(super) const FROM_ANYWHERE: i64 = i64::MIN;
/// End of a tail.
pub(super) const FOREVER: i64 = i64::MAX;

/// Bytes at offsets from `start` to before `end` repeat with this period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The first offset that repeats; `i64::MIN` if all do.
    pub start: i64,
    /// The first offset behind the last; `i64::MAX` if there is none.
    pub end: i64,
    /// The period in bytes.
    pub period: u64,
    /// Not only offsets are one: an address may be that of any of them.
    pub moving: bool,
    /// What repeats within the first period, and so in each.
    pub inner: Repeats,
}

/// Places at multiples of a period from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spread {
    /// How far before it the first is, if there is a first.
    pub back: Option<i64>,
    /// How far behind it the last is.
    pub ahead: Option<i64>,
    /// The distance of two.
    pub period: u64,
    /// An address that is kept or chosen may be any of them.
    pub moving: bool,
}

/// What repeats if `len` bytes (or all) from an offset on are used, and from all places
/// that are any sum of spreads away.
pub(super) fn used(at: i64, len: Option<u64>, spreads: &[Spread]) -> Repeat {
    let end = len.map_or(FOREVER, |n| at.saturating_add_unsigned(n));
    let mut spreads = spreads.to_vec();
    // Small steps are made within large ones.
    spreads.sort_by_key(|spread| spread.period);
    spreads.into_iter().fold(Repeat::range(at, end, 0), |bytes, spread| {
        let moving = spread.moving;
        let start = spread.back.map_or(FROM_ANYWHERE, |back| bytes.start.saturating_sub(back));
        let end = spread.ahead.map_or(FOREVER, |ahead| bytes.end.saturating_add(ahead));
        Repeat { moving, ..Repeat::range(start, end, spread.period) }.with(bytes)
    })
}

impl Repeat {
    /// A range without repeats in its periods.
    pub(super) fn range(start: i64, end: i64, period: u64) -> Self {
        Self { start, end, period, moving: false, inner: Repeats::default() }
    }

    /// From an offset on, without end.
    pub(super) fn tail(start: i64, period: u64) -> Self {
        Self::range(start, FOREVER, period)
    }

    /// Whether it has no end.
    pub fn is_tail(&self) -> bool {
        self.end == FOREVER
    }

    /// How many bytes repeat; none if no end is known.
    pub(super) fn width(&self) -> Option<u64> {
        (self.start != FROM_ANYWHERE && !self.is_tail())
            .then(|| self.end.saturating_sub(self.start).max(0).unsigned_abs())
    }

    /// Whether there is but one period, or none.
    fn is_vain(&self) -> bool {
        self.period == 0 || self.width().is_some_and(|width| width <= self.period)
    }

    /// Where the first period begins.
    fn anchor(&self) -> i64 {
        if self.start == FROM_ANYWHERE { 0 } else { self.start }
    }

    /// The repeat that two overlapping ones imply.
    fn join(self, other: Self) -> Self {
        other.nest(&self).unwrap_or_else(|| {
            let (start, end) = (self.start.min(other.start), self.end.max(other.end));
            Self { start, end, ..self }.with(other)
        })
    }

    /// This repeat, and one that lies in its range.
    pub(super) fn with(self, other: Self) -> Self {
        if other.is_vain() {
            return other.inner.0.into_iter().fold(self, Self::with);
        }
        self.nest(&other).unwrap_or_else(|| {
            let coarser = self.coarser(&other);
            // What lay in one period may have no room now. Residues modulo the common
            // divisor do not depend on where the ranges start.
            self.inner.0.into_iter().chain(other.inner.0).fold(coarser, Self::with)
        })
    }

    /// This repeat with the period that another implies, and nothing in it.
    fn coarser(&self, other: &Self) -> Self {
        let period = gcd(self.period, other.period);
        let moving = self.moving || other.moving;
        Self { moving, ..Self::range(self.start, self.end, period) }
    }

    /// This repeat with an overlapping one in each period, if it has room in one. That
    /// the first period begins earlier than needed makes more bytes repeat, no fewer.
    /// Where nothing begins there are no borders between periods.
    fn nest(&self, other: &Self) -> Option<Self> {
        if self.start == FROM_ANYWHERE || other.width()? > self.period {
            return None;
        }
        let (start, end) = (self.start.min(other.start), self.end.max(other.end));
        let period = self.period.cast_signed();
        let earlier = other.start - (other.start - start + period - 1) / period * period;
        [start, earlier].into_iter().find_map(|start| {
            let outer = Self { moving: self.moving, ..Self::range(start, end, self.period) };
            outer.holding(self.inner.iter().chain([other]))
        })
    }

    /// This repeat with others in its first period, if they have room there.
    fn holding<'a>(mut self, all: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let (start, end) = (self.anchor(), self.anchor() + self.period.cast_signed());
        for inner in all {
            let moved = inner.shifted(self.within(inner.start) - inner.start);
            self.inner = self.inner.with(moved);
            let has_room = |r: &Self| start <= r.start && r.end <= end;
            if !self.inner.iter().all(has_room) {
                return None;
            }
        }
        if let [whole] = &self.inner.0[..]
            && (whole.start, whole.end) == (start, end)
            && self.period.is_multiple_of(whole.period)
        {
            let moving = self.moving || whole.moving;
            return Some(Self { start: self.start, end: self.end, moving, ..whole.clone() });
        }
        Some(self)
    }

    /// The same repeat in coordinates that are larger by `by`.
    pub(super) fn shifted(&self, by: i64) -> Self {
        let moved = |at: i64| if matches!(at, FROM_ANYWHERE | FOREVER) { at } else { at + by };
        let (start, end) = (moved(self.start), moved(self.end));
        Self { start, end, inner: self.inner.shifted(by), ..*self }
    }

    /// The part that begins at an offset or later, and what comes with the structures that
    /// begin before it.
    pub(super) fn from(&self, offset: i64) -> Self {
        self.starting(self.start.max(offset))
    }

    /// The same bytes one, with another start.
    pub(super) fn starting(&self, start: i64) -> Self {
        let bare = Self { moving: self.moving, ..Self::range(start, self.end, self.period) };
        self.inner.iter().fold(bare, |repeat, inner| {
            let first = inner.shifted(repeat.within(inner.start) - inner.start);
            repeat.with(first)
        })
    }

    /// How many bytes after an offset it begins.
    pub(super) fn ahead(&self, offset: i64) -> u64 {
        self.start.saturating_sub(offset).max(0).unsigned_abs()
    }

    /// Whether an offset repeats.
    pub(super) fn covers(&self, offset: i64) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Where an offset lies in the first period.
    pub(super) fn within(&self, offset: i64) -> i64 {
        let anchor = self.anchor();
        anchor + (offset - anchor).rem_euclid(self.period.cast_signed())
    }

    /// The offset that stands for all that repeat with this one.
    fn canonical(&self, offset: i64) -> i64 {
        self.inner.canonical(self.within(offset))
    }

    /// The last offset that repeats with this one, if there is a last.
    fn last(&self, offset: i64) -> Option<i64> {
        let first = self.within(offset);
        let period = self.period.cast_signed();
        (!self.is_tail()).then(|| first + (self.end - 1 - first).div_euclid(period) * period)
    }

    fn spread(&self, offset: i64) -> Spread {
        let back = offset - self.within(offset);
        Spread {
            back: (self.start != FROM_ANYWHERE).then_some(back),
            ahead: self.last(offset).map(|last| last - offset),
            period: self.period,
            moving: self.moving,
        }
    }

    /// All offsets in the first period that repeat with a canonical one.
    fn all_within(&self, canonical: i64) -> Vec<i64> {
        let Some(inner) = self.inner.at(canonical) else { return vec![canonical] };
        let period = inner.period.cast_signed();
        let all = inner.all_within(canonical).into_iter();
        let repeated = all.flat_map(|at| {
            std::iter::successors(Some(at), move |at| Some(at + period))
                .take_while(|at| *at < inner.end)
        });
        repeated.collect()
    }
}

/// All repeats of a region, in order; no two overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeats(Vec<Repeat>);

impl Repeats {
    /// These repeats and one more.
    pub(super) fn with(&self, mut new: Repeat) -> Self {
        if new.is_vain() {
            let inner = new.inner.0.into_iter();
            return inner.fold(self.clone(), |all, inner| all.with(inner));
        }
        let mut kept = self.0.clone();
        while let Some(i) = kept.iter().position(|r| r.start < new.end && new.start < r.end) {
            new = new.join(kept.remove(i));
        }
        kept.push(new);
        kept.sort_by_key(|r| r.start);
        Self(kept)
    }

    /// Whether all that a repeat makes one is one already.
    pub(super) fn imply(&self, needed: &Repeat) -> bool {
        if needed.is_vain() {
            return needed.inner.iter().all(|inner| self.imply(inner));
        }
        let Some(known) = self.at(needed.start).filter(|known| needed.end <= known.end) else {
            return false;
        };
        let room = needed.width().is_some_and(|width| width <= known.period);
        let first = || needed.shifted(known.within(needed.start) - needed.start);
        room && known.inner.imply(&first())
            || needed.period.is_multiple_of(known.period)
                && (known.moving || !needed.moving)
                && needed.inner.iter().all(|inner| self.imply(inner))
    }

    /// In coordinates that are larger by `by`.
    pub(super) fn shifted(&self, by: i64) -> Self {
        Self(self.0.iter().map(|r| r.shifted(by)).collect())
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Repeat> + '_ {
        self.0.iter()
    }

    /// Whether nothing repeats.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one that an offset lies in.
    pub(super) fn at(&self, offset: i64) -> Option<&Repeat> {
        self.iter().find(|r| r.covers(offset))
    }

    /// Those that an offset lies in, each within the one before, and where it lies in
    /// their coordinates.
    pub(super) fn around(&self, mut offset: i64) -> Vec<(&Repeat, i64)> {
        let (mut repeats, mut found) = (self, Vec::new());
        while let Some(repeat) = repeats.at(offset) {
            found.push((repeat, offset));
            offset = repeat.within(offset);
            repeats = &repeat.inner;
        }
        found
    }

    /// Where an address may lead that was last seen at an offset.
    pub(super) fn spreads(&self, offset: i64) -> Vec<Spread> {
        let around = self.around(offset).into_iter().map(|(repeat, at)| repeat.spread(at));
        around.filter(|spread| spread.moving).collect()
    }

    /// The one without end.
    pub fn tail(&self) -> Option<&Repeat> {
        self.0.last().filter(|r| r.is_tail())
    }

    /// The offset that stands for all that repeat with this one.
    pub(super) fn canonical(&self, offset: i64) -> i64 {
        self.at(offset).map_or(offset, |r| r.canonical(offset))
    }
}

/// Greatest common divisor; 0 is neutral.
pub(super) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Where cells lie in a range: (bytes from its start, index of the cell), in order.
///
/// `cells` are (offset, width). A cell that only overlaps the range's start has a
/// negative distance. In a range without end, a cell of the tail is listed once, or once
/// for each place that it has in a period.
pub(super) fn occurrences(
    repeats: &Repeats,
    cells: &[(i64, u64)],
    from: i64,
    len: Option<u64>,
) -> Vec<(i64, usize)> {
    let end = len.map(|n| from.saturating_add_unsigned(n));
    let before_end = |at: i64| end.is_none_or(|e| at < e);
    let mut found = Vec::new();
    for (index, &(key, width)) in cells.iter().enumerate() {
        let width = i64::try_from(width).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4);
        let Some(repeat) = repeats.at(key) else {
            if key.saturating_add(width) > from && before_end(key) {
                found.push((key - from, index));
            }
            continue;
        };
        let period = repeat.period.cast_signed();
        let least = repeats.around(key).last().map_or(period, |(r, _)| r.period.cast_signed());
        let width = width.min(least);
        for first in repeat.all_within(key) {
            // The first occurrence that ends after `from`.
            let mut at = first + (from - first - width + 1).div_euclid(period) * period;
            while at.saturating_add(width) <= from || at < repeat.start {
                at += period;
            }
            // There may be no number for the next.
            let next = |&at: &i64| {
                let stands_for_all = end.is_none() && at >= from && repeat.is_tail();
                at.checked_add(period).filter(|_| !stands_for_all)
            };
            let all = std::iter::successors(Some(at), next);
            let inside = all.take_while(|&at| before_end(at) && at < repeat.end);
            found.extend(inside.map(|at| (at.saturating_sub(from), index)));
        }
    }
    found.sort_unstable();
    found
}

/// The parts of a range that no cell covers, as (bytes from its start, width).
pub(super) fn gaps(
    repeats: &Repeats,
    cells: &[(i64, u64)],
    from: i64,
    len: Option<u64>,
) -> Vec<(i64, u64)> {
    // Without end, look as far as the first whole period of the tail.
    let open = len.is_none();
    let len = len.or_else(|| {
        let tail = repeats.tail()?;
        Some(tail.ahead(from) + tail.period)
    });
    let reach = len.map_or(i64::MAX / 4, |n| i64::try_from(n).unwrap_or(i64::MAX / 4));
    let mut gaps = Vec::new();
    let mut covered = 0i64;
    for (ahead, index) in occurrences(repeats, cells, from, len) {
        if ahead > covered {
            gaps.push((covered, (ahead - covered).unsigned_abs()));
        }
        let width = i64::try_from(cells[index].1).unwrap_or(i64::MAX / 4);
        covered = covered.max(ahead.saturating_add(width));
    }
    if covered < reach {
        gaps.push((covered, (reach - covered).unsigned_abs()));
    }
    debug_assert!(open || gaps.iter().all(|g| g.0 < reach));
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(all: &[Repeat]) -> Repeats {
        all.iter().cloned().fold(Repeats::default(), |repeats, r| repeats.with(r))
    }

    #[test]
    fn offsets_before_the_tail_stay_and_later_ones_repeat() {
        let tail = repeats(&[Repeat::tail(8, 16)]);
        assert_eq!([0, 8, 20, 24, 40].map(|o| tail.canonical(o)), [0, 8, 20, 8, 8]);
        let all = repeats(&[Repeat::tail(FROM_ANYWHERE, 8)]);
        assert_eq!([-8, -3, 12].map(|o| all.canonical(o)), [0, 5, 4]);
    }

    #[test]
    fn offsets_behind_a_range_that_ends_stay() {
        let two = repeats(&[Repeat::range(40, 64, 8), Repeat::range(8, 24, 8)]);
        let found = [0, 8, 16, 24, 40, 56, 64].map(|o| two.canonical(o));
        assert_eq!(found, [0, 8, 8, 24, 40, 40, 64]);
        let cells = [(0, 8), (8, 8), (24, 8), (40, 8)];
        let found = occurrences(&two, &cells, 0, Some(48));
        assert_eq!(found, [(0, 0), (8, 1), (16, 1), (24, 2), (40, 3)]);
        assert_eq!(two.at(48).unwrap().last(48), Some(56));
    }

    #[test]
    fn a_range_lists_every_occurrence_in_it() {
        let tail = repeats(&[Repeat::tail(0, 16)]);
        let cells = [(0, 8), (8, 4)];
        assert_eq!(occurrences(&tail, &cells, 16, Some(32)), [(0, 0), (8, 1), (16, 0), (24, 1)]);
        assert_eq!(occurrences(&tail, &cells, 4, None), [(-4, 0), (4, 1), (12, 0)]);
        assert_eq!(gaps(&tail, &cells, 0, Some(16)), [(12, 4)]);
        assert_eq!(gaps(&Repeats::default(), &[(8, 8)], 0, Some(24)), [(0, 8), (16, 8)]);
    }

    #[test]
    fn overlapping_repeats_have_the_common_divisor_and_the_earlier_start() {
        let both = repeats(&[Repeat::tail(0, 24), Repeat::tail(8, 16)]);
        assert_eq!(both, repeats(&[Repeat::tail(0, 8)]));
        let apart = [Repeat::range(0, 16, 8), Repeat::range(16, 32, 8), Repeat::range(40, 48, 8)];
        assert_eq!(repeats(&apart).0, apart[..2]);
    }

    #[test]
    fn an_array_in_each_structure_of_an_array_repeats_within_one_period() {
        let structures = Repeat::tail(0, 40);
        let array = Repeat::range(8, 32, 8);
        for order in [[&structures, &array], [&array, &structures]] {
            let both = repeats(&order.map(Repeat::clone));
            let found = [0, 8, 24, 32, 40, 56, 64, 72].map(|o| both.canonical(o));
            assert_eq!(found, [0, 8, 8, 32, 0, 8, 8, 32]);
            let cells = [(0, 8), (8, 8), (32, 8)];
            let found = occurrences(&both, &cells, 48, Some(40));
            assert_eq!(found, [(0, 1), (8, 1), (16, 1), (24, 2), (32, 0)]);
            assert!(both.imply(&Repeat::range(48, 72, 8)));
            assert!(!both.imply(&Repeat::range(48, 80, 8)));
        }
    }

    #[test]
    fn an_array_that_crosses_a_border_of_periods_moves_the_border() {
        let both = repeats(&[Repeat::tail(16, 40), Repeat::range(8, 32, 8)]);
        assert_eq!([8, 24, 32, 56].map(|o| both.canonical(o)), [8, 8, 32, 8]);
        let later = repeats(&[Repeat::tail(16, 40), Repeat::range(48, 72, 8)]);
        assert_eq!([24, 48, 64, 72].map(|o| later.canonical(o)), [8, 8, 8, 32]);
        let full = repeats(&[Repeat::tail(0, 24), Repeat::range(0, 24, 8)]);
        assert_eq!(full, repeats(&[Repeat::tail(0, 8)]));
    }

    #[test]
    fn small_steps_are_made_within_large_ones() {
        let large = Spread { back: Some(0), ahead: None, period: 40, moving: false };
        let small = Spread { back: Some(8), ahead: Some(8), period: 8, moving: false };
        let found = used(16, Some(8), &[large, small]);
        let expected = Repeat { inner: repeats(&[Repeat::range(8, 32, 8)]), ..Repeat::tail(8, 40) };
        assert_eq!(found, expected);
    }

    /// Whether two offsets are one never changes from yes to no, whatever comes later.
    #[test]
    fn what_was_one_stays_one() {
        let all = [
            Repeat::range(8, 32, 8),
            Repeat::tail(4, 40),
            Repeat::range(36, 52, 4),
            Repeat::range(40, 160, 24),
            Repeat::tail(0, 80),
            Repeat::range(16, 40, 12),
        ];
        for start in 0..all.len() {
            let mut now = Repeats::default();
            let mut one: Vec<(i64, i64)> = vec![];
            for i in 0..all.len() {
                now = now.with(all[(start + 5 * i) % all.len()].clone());
                let same = |now: &Repeats, a, b| now.canonical(a) == now.canonical(b);
                assert!(one.iter().all(|&(a, b)| same(&now, a, b)), "{now:?}");
                let pairs = (0..200).flat_map(|a| (0..a).map(move |b| (b, a)));
                one = pairs.filter(|&(a, b)| same(&now, a, b)).collect();
                let new = &all[(start + 5 * i) % all.len()];
                let period = new.period as i64;
                let end = new.end.min(200);
                let steps = new.start..(end - period).max(new.start);
                assert!(steps.into_iter().all(|a| same(&now, a, a + period)), "{now:?} {new:?}");
            }
        }
    }
}
