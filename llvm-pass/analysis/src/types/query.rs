//! Questions to finished types.

use std::ops::Range;

use enzyme_body::{Body, BodyId, FloatKind, Global, IdVec, ValueId};

use crate::bits::Bits;

use super::shape::{gaps, occurrences};
use super::{Cell, CellId, Kind, Loc, Offset, Origin, PieceKind, Region, RegionId, Types};

/// The kinds of a range of bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// The floats, with their distances from the start of the range.
    pub pieces: Vec<(i64, FloatKind)>,
    /// Those of them that are addresses by turns.
    pub by_turns: Vec<i64>,
    /// The pieces behind the head repeat with this period: the range reaches a periodic
    /// tail and has no constant length, or it begins there and has more than two periods.
    pub period: Option<u64>,
    /// The bytes before those that repeat, of a range without constant length.
    pub head: u64,
    /// The range is nothing but floats of this kind, one behind the other.
    pub all_float: Option<FloatKind>,
    /// Some cell has contradictory evidence.
    pub mixed: bool,
    /// Some bytes are moved and never typed.
    pub unknown: bool,
    /// Some bytes are addresses or integers.
    pub other: bool,
}

impl Segments {
    /// Whether all that is known of the range is floats.
    fn is_pure(&self) -> bool {
        !self.mixed && !self.unknown && !self.other && self.by_turns.is_empty()
    }
}

impl Loc {
    /// The offset, or the representative of the offsets; 0 if any.
    pub fn base(self) -> i64 {
        match self.offset {
            Offset::Integers => 0,
            Offset::Exact(base) | Offset::Strided { base, .. } => base,
        }
    }
}

impl Types {
    /// Where a value points: addresses, and integers known to hold one.
    pub fn loc(&self, body: BodyId, value: ValueId) -> Option<Loc> {
        self.places[body.index()][value.index()]
    }

    /// Whether a copy moves nothing but integers, whatever lies around them.
    pub fn moves_words(&self, body: BodyId, copy: ValueId) -> bool {
        self.of_words.contains(&(body, copy))
    }

    /// The parts of a value and whether each is a float.
    pub fn register_pieces(&self, body: BodyId, value: ValueId) -> Vec<(u64, PieceKind)> {
        let pieces = &self.registers[body.index()][value.index()];
        match self.dynamic.as_ref().and_then(|dynamic| dynamic.words((body, value))) {
            Some((kind, size)) => {
                let words = (0..size / kind.size()).map(|i| i * kind.size());
                words.map(|at| (at, PieceKind::Float(kind))).collect()
            }
            None => pieces.clone(),
        }
    }

    /// Whether some bytes are told apart while the program runs.
    pub fn is_mixed(&self) -> bool {
        self.regions.iter().any(|(_, region)| region.mixed.is_some())
    }

    /// The floats among mixed bytes at an address.
    pub fn mixed_at(&self, body: BodyId, address: ValueId) -> Option<FloatKind> {
        self.regions[self.loc(body, address)?.region].mixed
    }

    /// Whether floats may be integers by turns, of which their shadows tell.
    pub fn is_dynamic(&self) -> bool {
        self.dynamic.is_some()
    }

    /// Whether a value is an integer that comes from bytes that may be a float's.
    pub fn is_moved(&self, body: BodyId, value: ValueId) -> bool {
        self.dynamic.as_ref().is_some_and(|dynamic| dynamic.is_moved((body, value)))
    }

    /// Whether a value is computed of such integers.
    pub fn is_computed(&self, body: BodyId, value: ValueId) -> bool {
        self.dynamic.as_ref().is_some_and(|dynamic| dynamic.is_computed((body, value)))
    }

    /// The bits of the operand of what is computed that must be no float's, if not all.
    pub fn bits_asked(&self, body: &Body, value: ValueId) -> Option<Range<u64>> {
        self.dynamic.as_ref()?.bits_asked(body, value)
    }

    /// Whether a value is computed of such integers, and may be an address.
    pub fn is_computed_address(&self, body: BodyId, value: ValueId) -> bool {
        self.dynamic.as_ref().is_some_and(|dynamic| dynamic.is_address((body, value)))
    }

    /// Whether no derivative goes through a value, as the program ends where it would.
    pub fn is_cut(&self, body: BodyId, value: ValueId) -> bool {
        self.dynamic.as_ref().is_some_and(|dynamic| dynamic.is_cut((body, value)))
    }

    /// Whether an instruction must not get what is computed from the bits of a float.
    pub fn checks_bits(&self, body: BodyId, inst: ValueId) -> bool {
        self.dynamic.as_ref().is_some_and(|dynamic| dynamic.is_checked((body, inst)))
    }

    /// Whether a float may be an integer, as it is chosen among floats and integers.
    pub fn is_doubtful(&self, body: BodyId, value: ValueId) -> bool {
        self.dynamic.as_ref().is_some_and(|dynamic| dynamic.is_doubtful((body, value)))
    }

    /// Whether floats and something else take turns in some of these bytes.
    pub fn takes_turns_at(&self, body: BodyId, address: ValueId, len: u64) -> bool {
        let cells = self.loc(body, address).map(|loc| self.cells_at(loc, Some(len)));
        cells.into_iter().flatten().any(|cell| self.cells[cell].by_turns)
    }

    /// Whether code that is not seen may have written what lies there.
    pub(crate) fn escapes_at(&self, body: BodyId, address: ValueId) -> bool {
        self.loc(body, address).is_some_and(|loc| {
            self.regions_at(loc).into_iter().any(|region| self.regions[region].escapes)
        })
    }

    /// Whether some of these bytes may be a float's.
    pub(crate) fn may_be_float_at(&self, body: BodyId, address: ValueId, len: u64) -> bool {
        let cells = self.loc(body, address).map(|loc| self.cells_at(loc, Some(len)));
        cells.into_iter().flatten().any(|cell| self.cells[cell].kind.may_be_float())
    }

    /// Whether there are floats in these bytes and nothing takes turns with them. Their parts
    /// may be looked at as integers.
    pub(crate) fn holds_only_floats(&self, body: BodyId, address: ValueId, len: u64) -> bool {
        let Some(loc) = self.loc(body, address) else { return false };
        let cells = self.cells_at(loc, Some(len)).into_iter().map(|cell| &self.cells[cell]);
        let float = |cell: &&Cell| matches!(cell.kind, Kind::Float(_)) && !cell.by_turns;
        let (floats, others): (Vec<_>, Vec<_>) = cells.partition(float);
        let within = |part: &Cell, float: &Cell| {
            let end = |cell: &Cell| cell.offset.saturating_add_unsigned(cell.width);
            float.offset <= part.offset && end(part) <= end(float)
        };
        let is_part = |cell: &&Cell| {
            cell.kind == Kind::Integer && floats.iter().any(|float| within(cell, float))
        };
        !floats.is_empty() && others.iter().all(is_part)
    }

    /// Whether a part of a value is a float and something else by turns.
    pub fn by_turns(&self, body: BodyId, value: ValueId) -> bool {
        if self.is_moved(body, value) {
            return true;
        }
        let addresses = self.pointees(body, value);
        let float = |piece: &(u64, PieceKind)| matches!(piece.1, PieceKind::Float(_));
        !addresses.is_empty()
            && self.registers[body.index()][value.index()]
                .iter()
                .any(|piece| float(piece) && addresses.iter().any(|(at, _)| *at == piece.0))
    }

    /// Every address within a value, with its offset: itself for an address, the
    /// fields or lanes for an aggregate, vector or wide integer.
    pub fn pointees(&self, body: BodyId, value: ValueId) -> &[(u64, Loc)] {
        &self.pointees[body.index()][value.index()]
    }

    /// The regions that a place may be in: several if it is a cursor's.
    pub fn regions_at(&self, loc: Loc) -> Vec<RegionId> {
        match loc.offset {
            Offset::Integers => self.regions[loc.region].views.clone(),
            _ => vec![loc.region],
        }
    }

    /// The regions of global variables that may change.
    pub(crate) fn mutable_globals(&self) -> impl Iterator<Item = RegionId> + '_ {
        let mutable = |origin: &Origin| matches!(origin, Origin::Global(_, true));
        self.regions.ids().filter(move |&id| self.regions[id].origins.iter().any(mutable))
    }

    /// These regions and all that addresses in their memory lead to.
    pub(crate) fn reachable(&self, start: impl IntoIterator<Item = RegionId>) -> Bits {
        let mut reached = Bits::new(self.regions.len());
        let mut stack: Vec<_> = start.into_iter().filter(|r| reached.add(r.index())).collect();
        while let Some(region) = stack.pop() {
            for &cell in &self.regions[region].cells {
                if let Some(loc) = self.cells[cell].pointee
                    && reached.add(loc.region.index())
                {
                    stack.push(loc.region);
                }
            }
            let views = self.regions[region].views.iter();
            stack.extend(views.filter(|viewed| reached.add(viewed.index())));
        }
        reached
    }

    /// The same as a list.
    pub(crate) fn reached(&self, start: impl IntoIterator<Item = RegionId>) -> Vec<RegionId> {
        let reached = self.reachable(start);
        self.regions.ids().filter(|region| reached.has(region.index())).collect()
    }

    /// Whether some objects are blocks of integers, which are in no region.
    pub fn has_blocks(&self) -> bool {
        self.regions.iter().any(|(_, region)| region.blocks)
    }

    /// The global variables that the program mentions, and where they lie.
    pub fn globals(&self) -> &[(Global, Loc)] {
        &self.globals
    }

    /// All regions.
    pub fn regions(&self) -> &IdVec<RegionId, Region> {
        &self.regions
    }

    /// All cells.
    pub fn cells(&self) -> &IdVec<CellId, Cell> {
        &self.cells
    }

    /// A region.
    pub fn region(&self, id: RegionId) -> &Region {
        &self.regions[id]
    }

    /// A cell.
    pub fn cell(&self, id: CellId) -> &Cell {
        &self.cells[id]
    }

    /// The region that a cell belongs to.
    pub fn region_of(&self, cell: CellId) -> RegionId {
        self.cells[cell].region
    }

    /// Where the address at a place points.
    pub fn pointee(&self, loc: Loc) -> Option<Loc> {
        if loc.offset == Offset::Integers {
            return None;
        }
        let (_, cell) = self.placed_cells(loc, Some(1)).into_iter().find(|c| c.0 == 0)?;
        self.cells[cell].pointee
    }

    /// The cells that a range touches, each once; without length, all from there on.
    pub fn cells_at(&self, loc: Loc, len: Option<u64>) -> Vec<CellId> {
        if loc.offset == Offset::Integers {
            let regions = self.regions_at(loc).into_iter();
            return regions.flat_map(|r| self.regions[r].cells.clone()).collect();
        }
        let most =
            self.regions[loc.region].repeats.tail().map(|t| t.ahead(loc.base()) + 2 * t.period);
        let len = len.map(|n| n.min(most.unwrap_or(n)));
        let mut cells: Vec<_> = self.placed_cells(loc, len).into_iter().map(|c| c.1).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    /// The cells that a range touches with their distances from its start, in order.
    ///
    /// Of some integers none is placed. A cell that begins before the range has a negative distance. In a range
    /// without length each repeating cell is listed once.
    pub fn placed_cells(&self, loc: Loc, len: Option<u64>) -> Vec<(i64, CellId)> {
        if loc.offset == Offset::Integers {
            return Vec::new();
        }
        let region = &self.regions[loc.region];
        let shape = self.shape(region);
        occurrences(&region.repeats, &shape, loc.base(), len)
            .into_iter()
            .map(|(ahead, index)| (ahead, region.cells[index]))
            .collect()
    }

    fn shape(&self, region: &Region) -> Vec<(i64, u64)> {
        region.cells.iter().map(|&c| (self.cells[c].offset, self.cells[c].width)).collect()
    }

    /// The most bytes that a copy or fill without constant length may write and read.
    pub fn room(&self, body: BodyId, inst: ValueId) -> Option<u64> {
        self.rooms.get(&(body, inst)).copied()
    }

    /// The kinds of a range of bytes without known length of which the program checks that
    /// it is no longer than this: if it lies where bytes repeat, those of one period.
    pub fn segments_within(&self, loc: Loc, room: u64) -> Segments {
        let region = &self.regions[loc.region];
        let around = region.repeats.around(loc.base());
        let last = loc.base().saturating_add_unsigned(room.saturating_sub(1));
        let Some((repeat, _)) = around.last().filter(|(repeat, at)| {
            repeat.covers(*at) && repeat.covers(at + last.saturating_sub(loc.base()))
        }) else {
            return self.segments(loc, None);
        };
        let period = repeat.period;
        let mut found = self.segments(loc, Some(period));
        found.period = Some(period);
        found
    }

    /// The kinds of a range of bytes; without length, from there to the object's end.
    pub fn segments(&self, loc: Loc, len: Option<u64>) -> Segments {
        let region = &self.regions[loc.region];
        let mut found = Segments::default();
        if loc.offset == Offset::Integers {
            return Segments { other: true, ..found };
        }
        if let Some(kind) = region.mixed {
            found.mixed = region.cells.iter().any(|&cell| self.cells[cell].conflict.is_some());
            (found.pieces, found.by_turns) = (vec![(0, kind)], vec![0]);
            found.period = Some(kind.size());
            return found;
        }
        let mut look = len;
        if let Some(tail) = region.repeats.tail() {
            let ahead = tail.ahead(loc.base());
            if len.is_none() || ahead == 0 && len > Some(2 * tail.period) {
                (found.period, found.head) = (Some(tail.period), ahead);
                look = Some(ahead + tail.period);
            }
        }
        for (ahead, id) in self.placed_cells(loc, look) {
            let cell = &self.cells[id];
            found.mixed |= cell.conflict.is_some();
            if cell.by_turns {
                found.by_turns.push(ahead);
            }
            match cell.kind {
                Kind::Float(kind) => found.pieces.push((ahead, kind)),
                Kind::Unknown => found.unknown = true,
                Kind::Address | Kind::Integer => found.other = true,
            }
        }
        let bare = gaps(&region.repeats, &self.shape(region), loc.base(), look);
        let whole = |kind: &FloatKind| len.is_none_or(|n| n.is_multiple_of(kind.size()));
        found.all_float = all_float(&found, look).filter(whole).filter(|_| bare.is_empty());
        if len.is_none() && region.repeats.tail().is_none() {
            found.all_float = self.floats_or_nothing(loc, &found);
        }
        found
    }

    /// The one format of floats that are all that the program touches from a place on to
    /// the object's end, each at a multiple of its size.
    ///
    /// An object whose end is not known then counts as a row of such floats: bytes between
    /// and behind them that nothing touches hold nothing, and their adjoints are zero. Not
    /// so of memory that others see, and where integers are looked at through a view.
    fn floats_or_nothing(&self, loc: Loc, found: &Segments) -> Option<FloatKind> {
        let region = &self.regions[loc.region];
        let viewed = self.regions.iter().any(|(_, view)| view.views.contains(&loc.region));
        if region.external || region.escapes || viewed {
            return None;
        }
        let kind = found.pieces.first()?.1;
        let size = kind.size();
        let whole = |&(at, k): &(i64, FloatKind)| k == kind && at % size.cast_signed() == 0;
        let even = region.repeats.iter().all(|r| r.period.is_multiple_of(size));
        (found.is_pure() && even && found.pieces.iter().all(whole)).then_some(kind)
    }
}

/// The one format of a finite range that is nothing but floats of it.
fn all_float(found: &Segments, len: Option<u64>) -> Option<FloatKind> {
    let kind = found.pieces.first()?.1;
    let size = kind.size().cast_signed();
    let row = |(i, &(at, k)): (usize, &(i64, FloatKind))| k == kind && at == i as i64 * size;
    let whole = len?.is_multiple_of(kind.size());
    (found.is_pure() && whole && found.pieces.iter().enumerate().all(row)).then_some(kind)
}
