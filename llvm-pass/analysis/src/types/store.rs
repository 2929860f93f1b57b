//! The solver under `types`: regions, cells and the work list that merges them.
//!
//! Two union-finds. *Nodes* are abstract objects; a node carries a byte shift to
//! its parent, so that a class is one address space. *Contents* are what cells
//! hold; cells of different regions share a content where bytes are moved
//! between them. Merging two nodes merges their cells; merging two contents
//! merges what they point to; both only add tasks, so nothing recurses.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use enzyme_body::FloatKind;

use super::shape::{FROM_ANYWHERE, Tail, canonical, occurrences};
use super::{Origin, Site};

/// A place: bytes `offset` into the object `node`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub node: u32,
    pub offset: i64,
}

impl At {
    /// The start of an object.
    pub fn start(node: u32) -> Self {
        Self { node, offset: 0 }
    }
    /// Some bytes further.
    pub fn plus(self, bytes: i64) -> Self {
        Self { offset: self.offset.wrapping_add(bytes), ..self }
    }
}

/// What a use of a cell shows about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    Float(FloatKind),
    Address,
    /// Weak: gives way to the other two.
    Integer,
    /// A stored zero of float type: counts if nothing else is known.
    GuessFloat(FloatKind),
    /// A stored small integer: counts if nothing else is known.
    GuessInteger,
}

/// What one or more cells hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub float: Option<(FloatKind, Site)>,
    pub address: Option<Site>,
    pub integer: Option<Site>,
    pub guess_float: Option<FloatKind>,
    pub guess_integer: bool,
    pub conflict: Option<(Site, Site)>,
    pub pointee: Option<At>,
}

impl Content {
    fn add(&mut self, evidence: Evidence, site: Site) {
        match evidence {
            Evidence::Float(kind) => match self.float {
                Some((old, first)) if old != kind => {
                    self.conflict.get_or_insert((first, site));
                }
                Some(_) => {}
                None => self.float = Some((kind, site)),
            },
            Evidence::Address => {
                self.address.get_or_insert(site);
            }
            Evidence::Integer => {
                self.integer.get_or_insert(site);
            }
            Evidence::GuessFloat(kind) => {
                self.guess_float.get_or_insert(kind);
            }
            Evidence::GuessInteger => self.guess_integer = true,
        }
        if let (Some((_, a)), Some(b)) = (self.float, self.address) {
            self.conflict.get_or_insert((a, b));
        }
    }

    /// Takes over what another content shows; pointees are the caller's business.
    fn absorb(&mut self, other: &Content) {
        if let Some((kind, site)) = other.float {
            self.add(Evidence::Float(kind), site);
        }
        if let Some(site) = other.address {
            self.add(Evidence::Address, site);
        }
        if let Some(site) = other.integer {
            self.add(Evidence::Integer, site);
        }
        self.guess_float = self.guess_float.or(other.guess_float);
        self.guess_integer |= other.guess_integer;
        self.conflict = self.conflict.or(other.conflict);
    }
}

/// A cell of a region.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub content: u32,
    pub width: u64,
}

/// What a class of objects has.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    pub cells: BTreeMap<i64, Slot>,
    pub tail: Option<Tail>,
    pub origins: BTreeSet<Origin>,
    pub escapes: bool,
    /// An instruction that merged two objects into this.
    pub merged_at: BTreeSet<Site>,
    /// The first object of the class and where it starts: offsets are shown from there.
    pub anchor: (u32, i64),
    copies: Vec<u32>,
}

/// Bytes that are moved from one place to another, in either direction.
#[derive(Clone, Copy, Debug)]
struct Copy {
    a: At,
    b: At,
    len: Option<u64>,
    queued: bool,
    growth: u32,
}

enum Task {
    Unify(At, At, Option<Site>),
    Contents(u32, u32),
    Copy(u32),
}

/// After so many runs that made new cells, an open-ended copy merges its sides.
const MOST_GROWTH: u32 = 256;
/// A copy of more cells than this is treated as open-ended.
const MOST_CELLS: u64 = 4096;

/// All regions, contents and pending work.
#[derive(Default)]
pub(super) struct Store {
    parent: Vec<u32>,
    shift: Vec<i64>,
    regions: Vec<Region>,
    content_parent: Vec<u32>,
    contents: Vec<Content>,
    copies: Vec<Copy>,
    touched: Vec<(At, Option<u64>)>,
    lowered: Vec<(At, At)>,
    tasks: VecDeque<Task>,
}

impl Store {
    /// A new object.
    pub fn object(&mut self) -> u32 {
        let node = u32::try_from(self.parent.len()).expect("fewer than 2^32 objects");
        self.parent.push(node);
        self.shift.push(0);
        self.regions.push(Region { anchor: (node, 0), ..Region::default() });
        node
    }

    /// The class of a place and the offset in it.
    pub fn find(&mut self, at: At) -> (u32, i64) {
        let mut path = Vec::new();
        let mut node = at.node;
        while self.parent[node as usize] != node {
            path.push(node);
            node = self.parent[node as usize];
        }
        let mut total = 0i64;
        for &step in path.iter().rev() {
            total = total.wrapping_add(self.shift[step as usize]);
            self.parent[step as usize] = node;
            self.shift[step as usize] = total;
        }
        (node, at.offset.wrapping_add(total))
    }

    /// The data of the class that a place is in.
    pub fn region(&mut self, at: At) -> &mut Region {
        let (root, _) = self.find(at);
        &mut self.regions[root as usize]
    }

    /// The data of a class.
    pub fn root(&self, root: u32) -> &Region {
        &self.regions[root as usize]
    }

    /// Where offsets of this class repeat, the offset that stands for all.
    pub fn canonical(&self, root: u32, offset: i64) -> i64 {
        canonical(self.regions[root as usize].tail, offset)
    }

    fn new_content(&mut self) -> u32 {
        let id = u32::try_from(self.contents.len()).expect("fewer than 2^32 cells");
        self.contents.push(Content::default());
        self.content_parent.push(id);
        id
    }

    fn content_root(&mut self, mut id: u32) -> u32 {
        while self.content_parent[id as usize] != id {
            let up = self.content_parent[self.content_parent[id as usize] as usize];
            self.content_parent[id as usize] = up;
            id = up;
        }
        id
    }

    /// What a cell holds.
    pub fn content(&mut self, id: u32) -> &Content {
        let root = self.content_root(id);
        &self.contents[root as usize]
    }

    /// The cell at a place, made if there is none.
    pub fn cell(&mut self, at: At, width: u64) -> u32 {
        let (root, offset) = self.find(at);
        let key = self.canonical(root, offset);
        if let Some(slot) = self.regions[root as usize].cells.get_mut(&key) {
            slot.width = slot.width.max(width);
            return slot.content;
        }
        let content = self.new_content();
        self.regions[root as usize].cells.insert(key, Slot { content, width });
        self.wake(root);
        content
    }

    /// The cell at a place, if there is one.
    pub fn peek(&mut self, at: At) -> Option<&Content> {
        let (root, offset) = self.find(at);
        let key = self.canonical(root, offset);
        let id = self.regions[root as usize].cells.get(&key)?.content;
        Some(self.content(id))
    }

    /// A use of a cell shows its kind.
    pub fn evidence(&mut self, at: At, width: u64, evidence: Evidence, site: Site) {
        let cell = self.cell(at, width);
        let root = self.content_root(cell);
        self.contents[root as usize].add(evidence, site);
    }

    /// The cell holds the address of `target`.
    pub fn points_to(&mut self, at: At, target: At) {
        let cell = self.cell(at, 8);
        let root = self.content_root(cell);
        match self.contents[root as usize].pointee {
            Some(old) => self.tasks.push_back(Task::Unify(old, target, None)),
            None => self.contents[root as usize].pointee = Some(target),
        }
    }

    /// The two places are one.
    pub fn unify(&mut self, a: At, b: At, site: Option<Site>) {
        self.tasks.push_back(Task::Unify(a, b, site));
    }

    /// From this place on (or everywhere) bytes repeat with this period.
    pub fn repeat(&mut self, at: At, everywhere: bool, period: u64) {
        let (root, offset) = self.find(at);
        let start = if everywhere { FROM_ANYWHERE } else { offset };
        self.fold(root, Tail { start, period });
    }

    /// Every byte of this range is moved or written, typed or not.
    pub fn touch(&mut self, at: At, len: Option<u64>) {
        self.touched.push((at, len));
    }

    /// The cells of two ranges hold the same; `len` is none if it is not constant.
    pub fn copy(&mut self, a: At, b: At, len: Option<u64>) {
        if len == Some(0) {
            return;
        }
        let id = u32::try_from(self.copies.len()).expect("fewer than 2^32 copies");
        self.copies.push(Copy { a, b, len, queued: true, growth: 0 });
        for at in [a, b] {
            self.region(at).copies.push(id);
        }
        self.tasks.push_back(Task::Copy(id));
    }

    /// `to` is a constant number of bytes below `from`. Where `from` stands for
    /// every period of a tail, so does `to`: the tail must reach down to it.
    pub fn lower(&mut self, from: At, to: At) {
        self.lowered.push((from, to));
    }

    /// Works until nothing changes.
    pub fn run(&mut self) {
        loop {
            while let Some(task) = self.tasks.pop_front() {
                match task {
                    Task::Unify(a, b, site) => self.merge(a, b, site),
                    Task::Contents(a, b) => self.merge_contents(a, b),
                    Task::Copy(id) => self.run_copy(id),
                }
            }
            if !self.lower_tails() {
                return;
            }
        }
    }

    fn lower_tails(&mut self) -> bool {
        let mut changed = false;
        for i in 0..self.lowered.len() {
            let (from, to) = self.lowered[i];
            let ((root, from), (_, to)) = (self.find(from), self.find(to));
            let tail = self.regions[root as usize].tail;
            if let Some(tail) = tail.filter(|t| t.start <= from && to < t.start) {
                self.fold(root, Tail { start: to, ..tail });
                changed = true;
            }
        }
        changed
    }

    fn wake(&mut self, root: u32) {
        for &id in &self.regions[root as usize].copies {
            let copy = &mut self.copies[id as usize];
            if !copy.queued {
                copy.queued = true;
                self.tasks.push_back(Task::Copy(id));
            }
        }
    }

    fn fold(&mut self, root: u32, tail: Tail) {
        let region = &mut self.regions[root as usize];
        let tail = Tail::join(region.tail, Some(tail));
        if tail == region.tail {
            return;
        }
        region.tail = tail;
        let cells = std::mem::take(&mut region.cells);
        self.put(root, cells.into_iter());
        self.wake(root);
    }

    /// Puts cells into a region; those that meet become one.
    fn put(&mut self, root: u32, cells: impl Iterator<Item = (i64, Slot)>) {
        for (offset, slot) in cells {
            let key = self.canonical(root, offset);
            match self.regions[root as usize].cells.get_mut(&key) {
                Some(old) => {
                    old.width = old.width.max(slot.width);
                    self.tasks.push_back(Task::Contents(old.content, slot.content));
                }
                None => {
                    self.regions[root as usize].cells.insert(key, slot);
                }
            }
        }
    }

    fn merge(&mut self, a: At, b: At, site: Option<Site>) {
        let (mut keep, mut keep_at) = self.find(a);
        let (mut drop, mut drop_at) = self.find(b);
        if keep == drop {
            if self.canonical(keep, keep_at) != self.canonical(keep, drop_at) {
                let period = keep_at.abs_diff(drop_at);
                self.fold(keep, Tail { start: keep_at.min(drop_at), period });
            }
            return;
        }
        let size = |store: &Self, root: u32| store.regions[root as usize].cells.len();
        if (size(self, keep), drop) < (size(self, drop), keep) {
            std::mem::swap(&mut keep, &mut drop);
            std::mem::swap(&mut keep_at, &mut drop_at);
        }
        let by = keep_at.wrapping_sub(drop_at);
        self.parent[drop as usize] = keep;
        self.shift[drop as usize] = by;
        let gone = std::mem::take(&mut self.regions[drop as usize]);
        let kept = &mut self.regions[keep as usize];
        kept.origins.extend(gone.origins);
        kept.merged_at.extend(gone.merged_at);
        kept.merged_at.extend(site);
        kept.escapes |= gone.escapes;
        kept.anchor = kept.anchor.min((gone.anchor.0, gone.anchor.1.wrapping_add(by)));
        kept.copies.extend(gone.copies);
        if let Some(tail) = gone.tail {
            self.fold(keep, tail.shifted(by));
        }
        self.put(keep, gone.cells.into_iter().map(|(o, slot)| (o.wrapping_add(by), slot)));
        self.wake(keep);
    }

    fn merge_contents(&mut self, a: u32, b: u32) {
        let (a, b) = (self.content_root(a), self.content_root(b));
        if a == b {
            return;
        }
        let (keep, drop) = (a.min(b), a.max(b));
        self.content_parent[drop as usize] = keep;
        let gone = std::mem::take(&mut self.contents[drop as usize]);
        let kept = &mut self.contents[keep as usize];
        kept.absorb(&gone);
        match (kept.pointee, gone.pointee) {
            (Some(x), Some(y)) => self.tasks.push_back(Task::Unify(x, y, None)),
            (None, other) => kept.pointee = other,
            _ => {}
        }
    }

    fn run_copy(&mut self, id: u32) {
        self.copies[id as usize].queued = false;
        let Copy { a, b, mut len, growth, .. } = self.copies[id as usize];
        let (ra, oa) = self.find(a);
        let (rb, ob) = self.find(b);
        if ra == rb {
            let same = self.canonical(ra, oa) == self.canonical(ra, ob);
            let apart = oa.abs_diff(ob);
            if !same && len.is_none_or(|n| apart < n) {
                return self.merge(a, b, None);
            }
        }
        for root in [ra, rb] {
            let region = &self.regions[root as usize];
            let dense = region.tail.is_some_and(|t| {
                len.is_some_and(|n| n / t.period * region.cells.len() as u64 > MOST_CELLS)
            });
            if dense {
                len = None;
            }
        }
        if len.is_none() {
            if growth > MOST_GROWTH {
                return self.merge(a, b, None);
            }
            self.share_tail((ra, oa), (rb, ob));
            self.share_tail((rb, ob), (ra, oa));
        }
        let grown = self.share_cells((ra, oa), (rb, ob), len);
        let grown = self.share_cells((rb, ob), (ra, oa), len) || grown;
        self.copies[id as usize].growth += u32::from(grown && len.is_none());
    }

    /// Where one side of an open-ended copy repeats, the other does.
    fn share_tail(&mut self, (from, from_at): (u32, i64), (to, to_at): (u32, i64)) {
        if let Some(tail) = self.regions[from as usize].tail {
            let start = to_at.saturating_add_unsigned(tail.ahead(from_at));
            self.fold(to, Tail { start, period: tail.period });
        }
    }

    /// Each cell that is copied has the same content on the other side.
    fn share_cells(&mut self, from: (u32, i64), to: (u32, i64), len: Option<u64>) -> bool {
        let region = &self.regions[from.0 as usize];
        let keys: Vec<_> = region.cells.iter().map(|(&k, slot)| (k, slot.width)).collect();
        let mut grown = false;
        for (ahead, index) in occurrences(region.tail, &keys, from.1, len) {
            if ahead < 0 {
                continue;
            }
            let slot = self.regions[from.0 as usize].cells[&keys[index].0];
            let to = At { node: to.0, offset: to.1.wrapping_add(ahead) };
            let cells = self.contents.len();
            let width = match len {
                Some(n) => slot.width.min(n - ahead.unsigned_abs()),
                None => slot.width,
            };
            let other = self.cell(to, width);
            grown |= self.contents.len() > cells;
            if self.content_root(other) != self.content_root(slot.content) {
                self.tasks.push_back(Task::Contents(slot.content, other));
            }
        }
        grown
    }

    /// Gives every touched byte a cell, so that moves of bytes that nobody types are seen.
    pub fn cover(&mut self) {
        for (at, len) in std::mem::take(&mut self.touched) {
            let (root, from) = self.find(at);
            let region = &self.regions[root as usize];
            // Two periods of a tail show all of it.
            let most = region.tail.map(|t| t.ahead(from) + 2 * t.period);
            let len = len.map(|n| n.min(most.unwrap_or(n)));
            for (ahead, width) in super::shape::gaps(region.tail, &cells_of(region), from, len) {
                // Floats are aligned; fewer than four bytes are padding.
                let offset = from.wrapping_add(ahead);
                let skip = offset.wrapping_neg().rem_euclid(4).unsigned_abs();
                if width >= skip + 4 {
                    let at = At { node: root, offset: offset.wrapping_add_unsigned(skip) };
                    self.cell(at, width - skip);
                }
            }
        }
        self.run();
    }
}

fn cells_of(region: &Region) -> Vec<(i64, u64)> {
    region.cells.iter().map(|(&k, slot)| (k, slot.width)).collect()
}
