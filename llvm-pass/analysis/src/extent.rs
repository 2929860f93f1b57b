//! Byte ranges of memory, cut into floats and the rest.
//!
//! From the segments that the types know of a range, and its length if constant,
//! comes a finite description that synthesis can write code from: either a fixed
//! list of pieces, or a list that repeats with a period up to the end, perhaps behind a
//! head that does not (the counts before a shared slice).

use std::fmt;

use enzyme_body::FloatKind;

use crate::types::Segments;

/// A float at a byte offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes from the start.
    pub offset: u64,
    /// Its format.
    pub kind: FloatKind,
    /// At other times the bytes are an address.
    pub by_turns: bool,
}

/// A range of bytes: where the floats are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// The floats, of the head and within one period if there is one; sorted.
    pub pieces: Vec<Piece>,
    /// The pieces behind the head repeat with this period until the range ends.
    pub period: Option<u64>,
    /// How many bytes come before the first period.
    pub head: u64,
    /// The length of the range, if constant.
    pub len: Option<u64>,
}

/// Why a range cannot be described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Some bytes are floats and something else.
    Mixed,
    /// Some bytes are floats, but the range has neither a known length nor a period.
    Shapeless,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mixed => "some of these bytes are used as floats and as something else",
            Self::Shapeless => "it is not known which bytes of this range are floats",
        })
    }
}

/// Describes a range.
pub fn bytes(segments: &Segments, len: Option<u64>) -> Result<Bytes, Problem> {
    if segments.mixed {
        return Err(Problem::Mixed);
    }
    if let Some(kind) = segments.all_float {
        return Ok(Bytes {
            pieces: vec![Piece { offset: 0, kind, by_turns: false }],
            period: Some(kind.size()),
            head: 0,
            len,
        });
    }
    let mut pieces: Vec<_> = segments
        .pieces
        .iter()
        .filter_map(|&(at, kind)| {
            let offset = u64::try_from(at).ok()?;
            Some(Piece { offset, kind, by_turns: segments.by_turns.contains(&at) })
        })
        .collect();
    pieces.sort_by_key(|p| p.offset);
    if pieces.is_empty() {
        return Ok(Bytes { pieces, period: None, head: 0, len });
    }
    match (len, segments.period) {
        (Some(len), None) => {
            pieces.retain(|p| p.offset + p.kind.size() <= len);
            Ok(Bytes { pieces, period: None, head: 0, len: Some(len) })
        }
        (_, Some(period)) => {
            let head = segments.head;
            // Where a float goes on behind the head, it is not known which repeats.
            let cut = |p: &Piece| p.offset < head && head < p.offset + p.kind.size();
            match pieces.iter().any(cut) {
                true => Err(Problem::Shapeless),
                false => Ok(Bytes { pieces, period: Some(period), head, len }),
            }
        }
        (None, None) => Err(Problem::Shapeless),
    }
}

impl Bytes {
    /// Whether there is a float.
    pub fn has_floats(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// Whether some bytes are no floats, or not at all times.
    pub fn has_rest(&self) -> bool {
        let floats = self.pieces.iter().filter(|p| !p.by_turns);
        match self.period.map(|period| self.head + period).or(self.len) {
            Some(len) => floats.map(|p| p.kind.size()).sum::<u64>() < len,
            None => true,
        }
    }

    /// Whether some floats are addresses by turns.
    pub fn by_turns(&self) -> bool {
        self.pieces.iter().any(|p| p.by_turns)
    }

    /// Only the floats that are addresses by turns.
    pub fn only_by_turns(&self) -> Self {
        let pieces = self.pieces.iter().copied().filter(|p| p.by_turns).collect();
        Self { pieces, ..*self }
    }

    /// Whether the range is one float after the other, all of one format.
    pub fn uniform(&self) -> Option<FloatKind> {
        match self.pieces[..] {
            [piece] if self.is_row_of(piece) && !piece.by_turns => Some(piece.kind),
            _ => None,
        }
    }

    /// Whether it is one word after the other that is a float or something else by turns.
    pub fn words_by_turns(&self) -> Option<FloatKind> {
        match self.pieces[..] {
            [piece] if self.is_row_of(piece) && piece.by_turns => Some(piece.kind),
            _ => None,
        }
    }

    fn is_row_of(&self, piece: Piece) -> bool {
        self.head == 0 && self.period == Some(piece.kind.size())
    }

    /// All floats of the first `len` bytes.
    pub fn pieces_within(&self, len: u64) -> Vec<Piece> {
        let fits = |p: &Piece| p.offset + p.kind.size() <= len;
        let Some(period) = self.period else {
            return self.pieces.iter().copied().filter(fits).collect();
        };
        let (before, each): (Vec<_>, Vec<_>) =
            self.pieces.iter().copied().partition(|p| p.offset < self.head);
        let mut all: Vec<_> = before.into_iter().filter(fits).collect();
        let mut base = 0;
        while self.head + base < len {
            let shifted = each.iter().map(|p| Piece { offset: base + p.offset, ..*p });
            all.extend(shifted.filter(fits));
            base += period;
        }
        all
    }

    /// The ranges (offset, length) of the first `len` bytes that are no floats, or not at
    /// all times.
    pub fn rest_within(&self, len: u64) -> Vec<(u64, u64)> {
        let mut rest = Vec::new();
        let mut at = 0;
        for piece in self.pieces_within(len).into_iter().filter(|p| !p.by_turns) {
            if piece.offset > at {
                rest.push((at, piece.offset - at));
            }
            at = at.max(piece.offset + piece.kind.size());
        }
        if at < len {
            rest.push((at, len - at));
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOUBLE: FloatKind = FloatKind::Double;

    fn piece(offset: u64) -> Piece {
        Piece { offset, kind: DOUBLE, by_turns: false }
    }

    #[test]
    fn the_rest_is_what_the_floats_leave() {
        let bytes =
            Bytes { pieces: vec![piece(8), piece(24)], period: None, head: 0, len: Some(40) };
        assert_eq!(bytes.rest_within(40), [(0, 8), (16, 8), (32, 8)]);
        assert_eq!(bytes.pieces_within(20), [piece(8)]);
        assert!(bytes.has_rest());
    }

    #[test]
    fn a_period_repeats_to_the_end() {
        let bytes = Bytes { pieces: vec![piece(0)], period: Some(16), head: 0, len: None };
        assert_eq!(bytes.pieces_within(40), [piece(0), piece(16), piece(32)]);
        assert_eq!(bytes.rest_within(32), [(8, 8), (24, 8)]);
    }

    #[test]
    fn a_head_does_not_repeat() {
        let bytes = Bytes { pieces: vec![piece(16)], period: Some(8), head: 16, len: None };
        assert_eq!(bytes.pieces_within(40), [piece(16), piece(24), piece(32)]);
        assert_eq!(bytes.rest_within(40), [(0, 16)]);
        assert!(bytes.has_rest());
        assert_eq!(bytes.uniform(), None);
    }

    #[test]
    fn floats_side_by_side_leave_nothing() {
        let bytes = Bytes { pieces: vec![piece(0)], period: Some(8), head: 0, len: None };
        assert!(!bytes.has_rest());
        assert_eq!(bytes.uniform(), Some(DOUBLE));
    }
}
