//! The solver under `types`: regions, cells and the work list that merges them.
//!
//! *Nodes* are abstract objects in a union-find; a node carries a byte shift to
//! its parent, so that a class is one address space. Merging two nodes merges
//! the cells that meet; what cells hold (`content`) moves along flows (`flow`).
//! All of it only adds tasks, so nothing recurses.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::content::{Classes, Content, Evidence, Holder};
use super::flow::{Copy, Way};
use super::shape::{FOREVER, FROM_ANYWHERE, Repeat, Repeats, Spread, used};
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
    pub repeats: Repeats,
    /// How often repeats became longer by what is derived from repeating addresses.
    grown: u32,
    pub origins: BTreeSet<Origin>,
    pub escapes: bool,
    /// A value in a register, not memory.
    pub register: bool,
    /// One cell for all bytes: what they hold is told apart while the program runs.
    pub mixed: bool,
    /// An instruction that merged two objects into this.
    pub merged_at: BTreeSet<Site>,
    /// The first object of the class and where it starts: offsets are shown from there.
    pub anchor: (u32, i64),
    pub copies: Vec<u32>,
    /// The uses of bytes in this class.
    uses: Vec<u32>,
}

/// Pending work.
pub(super) enum Task {
    /// Two places are one.
    Unify(At, At, Option<Site>),
    /// Two places are in one region.
    Join(At, At, Site),
    /// Two cells are one.
    Cells(u32, u32),
    /// Two cells have the same kind.
    Kinds(u32, u32),
    /// Two cells of bytes that are told apart elsewhere are one.
    Mixed(u32, u32),
    /// A copy may have new cells.
    Copy(u32),
    /// A cell holds a new address.
    Flow(u32),
}

/// Bytes that are used at some distance from an address: where that may be any of several
/// places, they are used at that distance from all. None: it is but one.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub from: Option<At>,
    pub to: At,
    /// The bytes from `to` on; none if there is no end.
    pub len: Option<u64>,
    /// The distances to other places than `to`.
    pub own: Vec<Spread>,
    /// The address of the bytes is kept in memory, or one that is chosen from.
    pub kept: bool,
}

/// After so many growths a repeat has no end.
const MOST_GROWTH: u32 = 64;

/// All regions, contents and pending work.
#[derive(Default)]
pub(super) struct Store {
    parent: Vec<u32>,
    shift: Vec<i64>,
    pub(super) regions: Vec<Region>,
    pub(super) kinds: Classes,
    pub(super) contents: Vec<Content>,
    pub(super) holders: Classes,
    pub(super) held: Vec<Holder>,
    pub(super) copies: Vec<Copy>,
    pub(super) known_flows: HashSet<(u32, u32, Way)>,
    /// All flows, and those that only choose or only read.
    pub(super) flows: Vec<(u32, u32)>,
    pub(super) merges: Vec<(u32, u32)>,
    pub(super) reads: Vec<(u32, u32)>,
    /// Registers that differ by a constant.
    pub(super) steps: Vec<(u32, u32)>,
    touched: Vec<(At, Option<u64>)>,
    /// Cells that hold the address of a block of integers.
    pub(super) blocks: Vec<(u32, Site)>,
    /// Cells where the address of something else is stored.
    pub(super) addresses: Vec<(u32, Site)>,
    uses: Vec<Use>,
    /// Classes whose repeats, or what lies in them, have changed since `spread` looked.
    repeats_changed: BTreeSet<u32>,
    later: VecDeque<(At, At, Site)>,
    pub(super) tasks: VecDeque<Task>,
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
        self.regions[root as usize].repeats.canonical(offset)
    }

    fn new_content(&mut self) -> u32 {
        self.contents.push(Content::default());
        self.held.push(Holder::default());
        self.holders.push();
        self.kinds.push()
    }

    /// The kind of a cell.
    pub fn content(&mut self, id: u32) -> &Content {
        let root = self.kinds.root(id);
        &self.contents[root]
    }

    /// The address in a cell.
    pub fn holder(&mut self, id: u32) -> &Holder {
        let root = self.holders.root(id);
        &self.held[root]
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
    pub fn peek(&mut self, at: At) -> Option<u32> {
        let (root, offset) = self.find(at);
        let key = self.canonical(root, offset);
        Some(self.regions[root as usize].cells.get(&key)?.content)
    }

    /// Where the address at a place points.
    pub fn pointee(&mut self, at: At) -> Option<At> {
        let id = self.peek(at)?;
        self.holder(id).pointee
    }

    /// A use of a cell shows its kind.
    pub fn evidence(&mut self, at: At, width: u64, evidence: Evidence, site: Site) {
        let cell = self.cell(at, width);
        if evidence == Evidence::Address {
            self.give(cell, Some(site), None, true);
        } else {
            let root = self.kinds.root(cell);
            self.contents[root].add(evidence, site);
        }
    }

    /// The cell is used as no address can be.
    pub fn never_address(&mut self, at: At, width: u64) {
        let cell = self.cell(at, width);
        let root = self.holders.root(cell);
        self.held[root].strong = true;
    }

    /// The cell is used as an address.
    pub fn demand(&mut self, at: At, width: u64) {
        let cell = self.cell(at, width);
        let root = self.holders.root(cell);
        self.held[root].demanded = true;
    }

    /// The cell holds the address of `target`.
    pub fn points_to(&mut self, at: At, target: At) {
        let cell = self.cell(at, 8);
        self.give(cell, None, Some(target), true);
    }

    /// The two places are one.
    pub fn unify(&mut self, a: At, b: At, site: Option<Site>) {
        self.tasks.push_back(Task::Unify(a, b, site));
    }

    /// The two places are one, but one of them stands for several: which of them the other
    /// is may show when all else is known.
    pub fn unify_later(&mut self, a: At, b: At, site: Site) {
        self.later.push_back((a, b, site));
    }

    /// Makes one pair of such places one, if there are any.
    pub fn unify_next(&mut self) -> bool {
        let next = self.later.pop_front();
        if let Some((a, b, site)) = next {
            self.unify(a, b, Some(site));
        }
        next.is_some()
    }

    /// The two places are in one region, wherever.
    pub fn join(&mut self, a: At, b: At, site: Site) {
        self.tasks.push_back(Task::Join(a, b, site));
    }

    /// From this place on bytes repeat with this period.
    pub fn repeat(&mut self, at: At, period: u64) {
        let (root, offset) = self.find(at);
        self.fold(root, Repeat::tail(offset, period));
    }

    /// From this place on (or everywhere) bytes repeat with this period, and an address
    /// may be that of any.
    pub fn walk(&mut self, at: At, everywhere: bool, period: u64) {
        let (root, offset) = self.find(at);
        let start = if everywhere { FROM_ANYWHERE } else { offset };
        self.fold(root, Repeat { moving: true, ..Repeat::tail(start, period) });
    }

    /// What the bytes of this region hold is told apart while the program runs.
    pub fn mix(&mut self, at: At) {
        let (root, _) = self.find(at);
        self.regions[root as usize].mixed = true;
        self.fold(root, Repeat { moving: true, ..Repeat::tail(FROM_ANYWHERE, 1) });
    }

    /// Every byte of this range is moved or written, typed or not.
    pub fn touch(&mut self, at: At, len: Option<u64>) {
        self.touched.push((at, len));
    }

    /// Bytes are used.
    pub fn uses(&mut self, mut new: Use) {
        new.own.iter_mut().for_each(|spread| spread.moving = new.kept);
        let (root, at) = self.find(new.to);
        self.fold(root, used(at, new.len, &new.own));
        if new.from.is_some() || new.len.is_none() {
            let index = u32::try_from(self.uses.len()).expect("fewer than 2^32 uses");
            self.uses.push(new);
            let region = &mut self.regions[root as usize];
            region.uses.push(index);
            if !region.repeats.is_empty() {
                self.repeats_changed.insert(root);
            }
        }
    }

    /// Works until nothing changes.
    pub fn run(&mut self) {
        loop {
            while let Some(task) = self.tasks.pop_front() {
                match task {
                    Task::Unify(a, b, site) => self.merge(a, b, site),
                    Task::Join(a, b, site) => {
                        if self.find(a).0 != self.find(b).0 {
                            self.merge(a, b, Some(site));
                        }
                    }
                    Task::Cells(a, b) => self.merge_cells(a, b),
                    Task::Kinds(a, b) => self.merge_kinds(a, b),
                    Task::Mixed(a, b) => self.merge_mixed(a, b),
                    Task::Flow(id) => self.run_flow(id),
                    Task::Copy(id) => self.run_copy(id),
                }
            }
            if !self.spread() {
                return;
            }
        }
    }

    /// What is used at distances from addresses that move, repeats; whether anything changed.
    fn spread(&mut self) -> bool {
        let roots = std::mem::take(&mut self.repeats_changed);
        let mut uses: Vec<_> =
            roots.iter().flat_map(|&root| &self.regions[root as usize].uses).copied().collect();
        uses.sort_unstable();
        let mut changed = false;
        for i in uses.into_iter().map(|i| i as usize) {
            let Use { from, to, len, kept, .. } = self.uses[i];
            let (root, to) = self.find(to);
            let from = from.map(|from| self.find(from).1);
            let repeats = &self.regions[root as usize].repeats;
            // What is used to an end that is not known repeats as far.
            if let (None, Some(repeat)) = (len, repeats.at(to).filter(|r| !r.is_tail())) {
                let repeat = Repeat { end: FOREVER, ..repeat.clone() };
                changed |= self.grow(root, repeat);
                continue;
            }
            let mut spreads = from.map(|from| repeats.spreads(from)).unwrap_or_default();
            if spreads.is_empty() {
                continue;
            }
            spreads.iter_mut().for_each(|spread| spread.moving = kept);
            spreads.extend(&self.uses[i].own);
            changed |= self.grow(root, used(to, len, &spreads));
        }
        changed
    }

    /// A repeat that follows from others; in the end one without end. Whether it is new.
    fn grow(&mut self, root: u32, mut repeat: Repeat) -> bool {
        let grown = self.regions[root as usize].grown;
        if grown > MOST_GROWTH {
            repeat.end = FOREVER;
        }
        if grown > 2 * MOST_GROWTH {
            repeat = repeat.starting(FROM_ANYWHERE);
        }
        let new = self.fold(root, repeat);
        self.regions[root as usize].grown += u32::from(new);
        new
    }

    /// One more repeat; whether it is new.
    pub(super) fn fold(&mut self, root: u32, repeat: Repeat) -> bool {
        let region = &mut self.regions[root as usize];
        if region.repeats.imply(&repeat) {
            return false;
        }
        let with = region.repeats.with(repeat);
        if region.repeats == with {
            return false;
        }
        region.repeats = with;
        self.repeats_changed.insert(root);
        let cells = std::mem::take(&mut region.cells);
        self.put(root, cells.into_iter());
        self.wake(root);
        true
    }

    /// Puts cells into a region; those that meet become one.
    fn put(&mut self, root: u32, cells: impl Iterator<Item = (i64, Slot)>) {
        for (offset, slot) in cells {
            let key = self.canonical(root, offset);
            match self.regions[root as usize].cells.get_mut(&key) {
                Some(old) => {
                    old.width = old.width.max(slot.width);
                    let (old, new) = (old.content, slot.content);
                    self.tasks.push_back(match self.regions[root as usize].mixed {
                        true => Task::Mixed(old, new),
                        false => Task::Cells(old, new),
                    });
                }
                None => {
                    self.regions[root as usize].cells.insert(key, slot);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, a: At, b: At, site: Option<Site>) {
        let (mut keep, mut keep_at) = self.find(a);
        let (mut drop, mut drop_at) = self.find(b);
        if keep == drop {
            let (first, last) = (keep_at.min(drop_at), keep_at.max(drop_at));
            let known = self.canonical(keep, first) == self.canonical(keep, last);
            let end = if known { last + 1 } else { FOREVER };
            let repeat = Repeat::range(first, end, first.abs_diff(last));
            self.fold(keep, Repeat { moving: true, ..repeat });
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
        kept.register |= gone.register;
        kept.mixed |= gone.mixed;
        let mixed = kept.mixed;
        kept.anchor = kept.anchor.min((gone.anchor.0, gone.anchor.1.wrapping_add(by)));
        kept.copies.extend(gone.copies);
        kept.uses.extend(gone.uses);
        kept.grown = kept.grown.max(gone.grown);
        if !kept.repeats.is_empty() || !gone.repeats.is_empty() {
            self.repeats_changed.insert(keep);
        }
        if mixed {
            self.fold(keep, Repeat { moving: true, ..Repeat::tail(FROM_ANYWHERE, 1) });
        }
        for repeat in gone.repeats.shifted(by).iter() {
            self.fold(keep, repeat.clone());
        }
        self.put(keep, gone.cells.into_iter().map(|(o, slot)| (o.wrapping_add(by), slot)));
        self.wake(keep);
    }

    /// Gives every touched byte a cell, so that moves of bytes that nobody types are seen.
    pub fn cover(&mut self) {
        for (at, len) in std::mem::take(&mut self.touched) {
            let (root, from) = self.find(at);
            let region = &self.regions[root as usize];
            // Two periods of a tail show all of it.
            let most = region.repeats.tail().map(|t| t.ahead(from) + 2 * t.period);
            let len = len.map(|n| n.min(most.unwrap_or(n)));
            for (ahead, width) in super::shape::gaps(&region.repeats, &cells_of(region), from, len)
            {
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

    /// Drops cells that nothing types within cells that something types.
    pub fn tidy(&mut self) {
        for root in 0..self.regions.len() {
            let cells: Vec<_> = self.regions[root].cells.iter().map(|(&k, &s)| (k, s)).collect();
            let mut end = i64::MIN;
            for (offset, slot) in cells {
                let own = offset.saturating_add_unsigned(slot.width);
                let bare = self.content(slot.content).is_bare();
                let bare = bare && self.holder(slot.content).is_bare();
                if !bare {
                    end = end.max(own);
                } else if own <= end {
                    self.regions[root].cells.remove(&offset);
                }
            }
        }
    }
}

fn cells_of(region: &Region) -> Vec<(i64, u64)> {
    region.cells.iter().map(|(&k, slot)| (k, slot.width)).collect()
}
