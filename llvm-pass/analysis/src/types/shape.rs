//! Arithmetic on the offsets of a region: an exact prefix, then a periodic tail.

/// Start of a tail that has none: every offset repeats.
pub(super) const FROM_ANYWHERE: i64 = i64::MIN;

/// Bytes at offsets ≥ `start` repeat with this period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The first offset that repeats; `i64::MIN` if all do.
    pub start: i64,
    /// The period in bytes.
    pub period: u64,
}

impl Tail {
    /// The tail that both facts together imply.
    ///
    /// Residues modulo the common divisor do not depend on where the tails start.
    pub(super) fn join(a: Option<Tail>, b: Option<Tail>) -> Option<Tail> {
        match (a, b) {
            (Some(a), Some(b)) => {
                Some(Tail { start: a.start.min(b.start), period: gcd(a.period, b.period) })
            }
            (one, other) => one.or(other).filter(|t| t.period > 0),
        }
    }

    /// The same tail in coordinates that are larger by `by`.
    pub(super) fn shifted(self, by: i64) -> Tail {
        let start = if self.start == FROM_ANYWHERE { self.start } else { self.start + by };
        Tail { start, ..self }
    }

    /// How many bytes after an offset the tail begins.
    pub(super) fn ahead(self, offset: i64) -> u64 {
        self.start.saturating_sub(offset).max(0).unsigned_abs()
    }

    /// Whether an offset repeats.
    pub(super) fn covers(self, offset: i64) -> bool {
        self.start == FROM_ANYWHERE || offset >= self.start
    }
}

/// Greatest common divisor; 0 is neutral.
pub(super) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The offset that stands for all that repeat with this one.
pub(super) fn canonical(tail: Option<Tail>, offset: i64) -> i64 {
    match tail {
        Some(t) if t.covers(offset) => {
            let anchor = if t.start == FROM_ANYWHERE { 0 } else { t.start };
            anchor + (offset - anchor).rem_euclid(t.period.cast_signed())
        }
        _ => offset,
    }
}

/// Where cells lie in a range: (bytes from its start, index of the cell), in order.
///
/// `cells` are (offset, width). A cell that only overlaps the range's start has a
/// negative distance. In a range without end, a repeating cell is listed once.
pub(super) fn occurrences(
    tail: Option<Tail>,
    cells: &[(i64, u64)],
    from: i64,
    len: Option<u64>,
) -> Vec<(i64, usize)> {
    let end = len.map(|n| from.saturating_add_unsigned(n));
    let before_end = |at: i64| end.is_none_or(|e| at < e);
    let mut found = Vec::new();
    for (index, &(key, width)) in cells.iter().enumerate() {
        let width = i64::try_from(width).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4);
        let Some(tail) = tail.filter(|t| t.covers(key)) else {
            if key.saturating_add(width) > from && before_end(key) {
                found.push((key - from, index));
            }
            continue;
        };
        let period = tail.period.cast_signed();
        let width = width.min(period);
        // The first occurrence that ends after `from`.
        let mut at = key + (from - key - width + 1).div_euclid(period) * period;
        while at.saturating_add(width) <= from || !tail.covers(at) {
            at += period;
        }
        while before_end(at) {
            found.push((at - from, index));
            if end.is_none() && at >= from {
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
    tail: Option<Tail>,
    cells: &[(i64, u64)],
    from: i64,
    len: Option<u64>,
) -> Vec<(i64, u64)> {
    // Without end, look as far as the first whole period of the tail.
    let open = len.is_none();
    let len = len.or_else(|| {
        let tail = tail?;
        Some(tail.ahead(from) + tail.period)
    });
    let reach = len.map_or(i64::MAX / 4, |n| i64::try_from(n).unwrap_or(i64::MAX / 4));
    let mut gaps = Vec::new();
    let mut covered = 0i64;
    for (ahead, index) in occurrences(tail, cells, from, len) {
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

    #[test]
    fn offsets_before_the_tail_stay_and_later_ones_repeat() {
        let tail = Some(Tail { start: 8, period: 16 });
        assert_eq!([0, 8, 20, 24, 40].map(|o| canonical(tail, o)), [0, 8, 20, 8, 8]);
        let all = Some(Tail { start: FROM_ANYWHERE, period: 8 });
        assert_eq!([-8, -3, 12].map(|o| canonical(all, o)), [0, 5, 4]);
    }

    #[test]
    fn a_range_lists_every_occurrence_in_it() {
        let tail = Some(Tail { start: 0, period: 16 });
        let cells = [(0, 8), (8, 4)];
        assert_eq!(occurrences(tail, &cells, 16, Some(32)), [(0, 0), (8, 1), (16, 0), (24, 1)]);
        assert_eq!(occurrences(tail, &cells, 4, None), [(-4, 0), (4, 1), (12, 0)]);
        assert_eq!(gaps(tail, &cells, 0, Some(16)), [(12, 4)]);
        assert_eq!(gaps(None, &[(8, 8)], 0, Some(24)), [(0, 8), (16, 8)]);
    }

    #[test]
    fn joining_tails_takes_the_common_divisor_and_the_earlier_start() {
        let a = Some(Tail { start: 0, period: 24 });
        let b = Some(Tail { start: 8, period: 16 });
        assert_eq!(Tail::join(a, b), Some(Tail { start: 0, period: 8 }));
    }
}
