//! Arithmetic on the offsets of a region: exact ones, and repeats.
//!
//! An address with a variable index makes the bytes that it may reach *repeat*:
//! within a range, offsets that differ by a multiple of the period are one. The
//! range ends where the index does, or never (a *tail*).

/// Start of a tail that has none: every offset repeats.
pub(super) const FROM_ANYWHERE: i64 = i64::MIN;
/// End of a tail.
pub(super) const FOREVER: i64 = i64::MAX;

/// Bytes at offsets from `start` to before `end` repeat with this period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The first offset that repeats; `i64::MIN` if all do.
    pub start: i64,
    /// The first offset behind the last; `i64::MAX` if there is none.
    pub end: i64,
    /// The period in bytes.
    pub period: u64,
}

impl Repeat {
    /// From an offset on, without end.
    pub(super) fn tail(start: i64, period: u64) -> Self {
        Self { start, end: FOREVER, period }
    }

    /// Whether it has no end.
    pub fn is_tail(self) -> bool {
        self.end == FOREVER
    }

    /// The repeat that two overlapping ones imply.
    ///
    /// Residues modulo the common divisor do not depend on where the ranges start.
    fn join(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
            period: gcd(self.period, other.period),
        }
    }

    /// The same repeat in coordinates that are larger by `by`.
    pub(super) fn shifted(self, by: i64) -> Self {
        let moved = |at: i64| if matches!(at, FROM_ANYWHERE | FOREVER) { at } else { at + by };
        Self { start: moved(self.start), end: moved(self.end), ..self }
    }

    /// How many bytes after an offset it begins.
    pub(super) fn ahead(self, offset: i64) -> u64 {
        self.start.saturating_sub(offset).max(0).unsigned_abs()
    }

    /// Whether an offset repeats.
    pub(super) fn covers(self, offset: i64) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The offset that stands for all that repeat with this one.
    pub(super) fn canonical(self, offset: i64) -> i64 {
        let anchor = if self.start == FROM_ANYWHERE { 0 } else { self.start };
        anchor + (offset - anchor).rem_euclid(self.period.cast_signed())
    }

    /// The last offset that repeats with this one, if there is a last.
    pub(super) fn last(self, offset: i64) -> Option<i64> {
        let first = self.canonical(offset);
        let period = self.period.cast_signed();
        (!self.is_tail()).then(|| first + (self.end - 1 - first).div_euclid(period) * period)
    }
}

/// All repeats of a region, in order; no two overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeats(Vec<Repeat>);

impl Repeats {
    /// These repeats and one more.
    pub(super) fn with(&self, mut new: Repeat) -> Self {
        let mut kept = self.0.clone();
        // One period that ends is no repetition.
        let once = new.start != FROM_ANYWHERE
            && new.end.saturating_sub(new.start).unsigned_abs() <= new.period;
        if new.period == 0 || once {
            return Self(kept);
        }
        while let Some(i) = kept.iter().position(|r| r.start < new.end && new.start < r.end) {
            new = new.join(kept.remove(i));
        }
        kept.push(new);
        kept.sort_by_key(|r| r.start);
        Self(kept)
    }

    /// In coordinates that are larger by `by`.
    pub(super) fn shifted(&self, by: i64) -> Self {
        Self(self.0.iter().map(|r| r.shifted(by)).collect())
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = Repeat> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing repeats.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one that an offset lies in.
    pub(super) fn at(&self, offset: i64) -> Option<Repeat> {
        self.iter().find(|r| r.covers(offset))
    }

    /// The one without end.
    pub fn tail(&self) -> Option<Repeat> {
        self.0.last().copied().filter(|r| r.is_tail())
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
/// negative distance. In a range without end, a cell of the tail is listed once.
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
        let width = width.min(period);
        // The first occurrence that ends after `from`.
        let mut at = key + (from - key - width + 1).div_euclid(period) * period;
        while at.saturating_add(width) <= from || at < repeat.start {
            at += period;
        }
        while before_end(at) && at < repeat.end {
            found.push((at - from, index));
            if end.is_none() && at >= from && repeat.is_tail() {
                break;
            }
            at += period;
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
        all.iter().fold(Repeats::default(), |repeats, &r| repeats.with(r))
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
        let two = repeats(&[
            Repeat { start: 40, end: 64, period: 8 },
            Repeat { start: 8, end: 24, period: 8 },
        ]);
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
        let apart = [
            Repeat { start: 0, end: 16, period: 8 },
            Repeat { start: 16, end: 32, period: 8 },
            Repeat { start: 40, end: 48, period: 8 },
        ];
        assert_eq!(repeats(&apart).iter().collect::<Vec<_>>(), apart[..2]);
    }
}
