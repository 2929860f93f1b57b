//! Moves of bytes as directed flows between cells.
//!
//! | | kind | address |
//! |---|---|---|
//! | read, write, copy | one class on both sides | forward surely, backward as a guess |
//! | merge (phi, select) | floats forward, backward as a guess | the same |
//!
//! A guess gives way to evidence at the cell: see `guess`.

use super::Site;
use super::shape::{FOREVER, Repeat, occurrences};
use super::store::{At, Store, Task};

/// How bytes come from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// The target is these bytes, unchanged: loads, extracts, truncations.
    Read,
    /// The target has these bytes among others: stores, inserts.
    Write,
    /// From memory to memory, or from a call to its body.
    Copy,
    /// The target is these or other bytes.
    Merge,
}

/// Bytes that are moved from one place to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copy {
    from: At,
    to: At,
    len: Option<u64>,
    way: Way,
    queued: bool,
    growth: u32,
}

/// After so many runs that made new cells, an open-ended copy merges its sides.
const MOST_GROWTH: u32 = 256;
/// A copy of more cells than this is treated as open-ended.
const MOST_CELLS: u64 = 4096;

impl Store {
    /// The bytes of one range move to another; `len` is none if it is not constant.
    pub fn copy(&mut self, from: At, to: At, len: Option<u64>, way: Way) {
        if len == Some(0) {
            return;
        }
        let id = u32::try_from(self.copies.len()).expect("fewer than 2^32 copies");
        self.copies.push(Copy { from, to, len, way, queued: true, growth: 0 });
        for at in [from, to] {
            self.region(at).copies.push(id);
        }
        self.tasks.push_back(Task::Copy(id));
    }

    /// The copies of a class look again.
    pub(super) fn wake(&mut self, root: u32) {
        for &id in &self.regions[root as usize].copies {
            let copy = &mut self.copies[id as usize];
            if !copy.queued {
                copy.queued = true;
                self.tasks.push_back(Task::Copy(id));
            }
        }
    }

    pub(super) fn run_copy(&mut self, id: u32) {
        self.copies[id as usize].queued = false;
        let Copy { from: a, to: b, mut len, way, growth, .. } = self.copies[id as usize];
        let (ra, oa) = self.find(a);
        let (rb, ob) = self.find(b);
        if ra == rb && oa != ob {
            // Bytes that are moved within themselves, wherever the two ranges overlap.
            let (first, last, apart) = (oa.min(ob), oa.max(ob), oa.abs_diff(ob));
            let end = len.map_or(FOREVER, |n| last.saturating_add_unsigned(n));
            if len.is_none_or(|n| apart < n) {
                self.fold(ra, Repeat::range(first, end, apart));
            }
        }
        for root in [ra, rb] {
            let region = &self.regions[root as usize];
            let dense = region.repeats.tail().is_some_and(|t| {
                len.is_some_and(|n| n / t.period * region.cells.len() as u64 > MOST_CELLS)
            });
            if dense {
                len = None;
            }
        }
        let [a_mixed, b_mixed] = [ra, rb].map(|root| self.regions[root as usize].mixed);
        let apart = a_mixed || b_mixed;
        if len.is_none() {
            if growth > MOST_GROWTH && !apart {
                return self.merge(a, b, None);
            }
            self.share_tail((ra, oa), (rb, ob));
            self.share_tail((rb, ob), (ra, oa));
        }
        let cells = self.kinds.len();
        if a_mixed && b_mixed {
            let (from, to) = (self.cell(a, 1), self.cell(b, 1));
            return self.flow(from, to, way, apart);
        }
        // Of mixed bytes all are one cell: the other side tells which there are.
        if !a_mixed {
            for (from, to) in self.pairs((ra, oa), (rb, ob), len) {
                self.flow(from, to, way, apart);
            }
        }
        if !b_mixed {
            for (to, from) in self.pairs((rb, ob), (ra, oa), len) {
                self.flow(from, to, way, apart);
            }
        }
        let grown = self.kinds.len() > cells && len.is_none();
        self.copies[id as usize].growth += u32::from(grown);
    }

    /// Where one side of an open-ended copy repeats, the other does.
    fn share_tail(&mut self, (from, from_at): (u32, i64), (to, to_at): (u32, i64)) {
        let region = &self.regions[from as usize];
        if let Some(tail) = region.repeats.tail().filter(|_| !region.mixed) {
            let tail = tail.from(from_at).shifted(to_at.wrapping_sub(from_at));
            self.fold(to, tail);
        }
    }

    /// Each cell of one side with its counterpart on the other, made if there is none.
    fn pairs(&mut self, here: (u32, i64), there: (u32, i64), len: Option<u64>) -> Vec<(u32, u32)> {
        let region = &self.regions[here.0 as usize];
        let keys: Vec<_> = region.cells.iter().map(|(&k, slot)| (k, slot.width)).collect();
        let mut found = Vec::new();
        for (ahead, index) in occurrences(&region.repeats, &keys, here.1, len) {
            if ahead < 0 {
                continue;
            }
            let slot = self.regions[here.0 as usize].cells[&keys[index].0];
            let width = match len {
                Some(n) => slot.width.min(n - ahead.unsigned_abs()),
                None => slot.width,
            };
            let at = At { node: there.0, offset: there.1.wrapping_add(ahead) };
            found.push((slot.content, self.cell(at, width)));
        }
        found
    }

    /// What one cell holds moves to another; if they are apart, nothing is known of its kind.
    fn flow(&mut self, from: u32, to: u32, way: Way, apart: bool) {
        if !self.known_flows.insert((from, to, way)) {
            return;
        }
        match way {
            _ if apart => {}
            Way::Merge => self.merges.push((from, to)),
            _ if self.kinds.root(from) != self.kinds.root(to) => {
                self.tasks.push_back(Task::Kinds(from, to));
            }
            _ => {}
        }
        if way == Way::Read && !apart {
            self.reads.push((from, to));
        }
        self.flows.push((from, to));
        let root = self.holders.root(from);
        self.held[root].out.push(to);
        let holder = &self.held[root];
        let (address, pointee, sure) = (holder.address, holder.pointee, holder.sure);
        self.give(to, address, pointee, sure);
    }

    /// A cell gets an address; a guess not against evidence.
    pub(super) fn give(&mut self, to: u32, address: Option<Site>, pointee: Option<At>, sure: bool) {
        if address.is_none() && pointee.is_none() {
            return;
        }
        let root = self.holders.root(to);
        if !sure && (self.held[root].strong || self.content(to).float.is_some()) {
            return;
        }
        let holder = &mut self.held[root];
        let mut changed = sure && !holder.sure;
        holder.sure |= sure;
        if holder.address.is_none() && address.is_some() {
            holder.address = address;
            changed = true;
        }
        match (holder.pointee, pointee) {
            (Some(old), Some(new)) if old != new => {
                self.tasks.push_back(Task::Unify(old, new, None));
            }
            (None, Some(_)) => {
                holder.pointee = pointee;
                changed = true;
            }
            _ => {}
        }
        if changed {
            self.tasks.push_back(Task::Flow(to));
        }
    }

    /// What a cell holds goes on.
    pub(super) fn run_flow(&mut self, from: u32) {
        let root = self.holders.root(from);
        let (address, pointee, sure) = {
            let holder = &self.held[root];
            (holder.address, holder.pointee, holder.sure)
        };
        let out = std::mem::take(&mut self.held[root].out);
        for &to in &out {
            self.give(to, address, pointee, sure);
        }
        self.held[root].out = out;
    }

    pub(super) fn merge_kinds(&mut self, a: u32, b: u32) {
        let (a, b) = (self.kinds.root(a), self.kinds.root(b));
        if a != b {
            let (keep, drop) = (a.min(b), a.max(b));
            self.kinds.join(keep, drop);
            let gone = std::mem::take(&mut self.contents[drop]);
            self.contents[keep].absorb(&gone);
        }
    }

    /// Two cells are one.
    pub(super) fn merge_cells(&mut self, a: u32, b: u32) {
        self.merge_kinds(a, b);
        self.merge_holders(a, b);
    }

    /// Two cells are one where what they hold is told apart while the program runs: what is
    /// moved between one of them and others shows nothing of the other.
    pub(super) fn merge_mixed(&mut self, a: u32, b: u32) {
        let (kept, gone) = (self.kinds.root(a), self.kinds.root(b));
        if kept != gone {
            let shown = self.contents[gone].clone();
            self.contents[kept].absorb(&shown);
        }
        self.merge_holders(a, b);
    }

    fn merge_holders(&mut self, a: u32, b: u32) {
        let (a, b) = (self.holders.root(a), self.holders.root(b));
        if a == b {
            return;
        }
        let order = |x: usize| (std::cmp::Reverse(self.held[x].out.len()), x);
        let (keep, drop) = if order(a) < order(b) { (a, b) } else { (b, a) };
        self.holders.join(keep, drop);
        let gone = std::mem::take(&mut self.held[drop]);
        let kept = &mut self.held[keep];
        let unlike = (kept.address.is_some(), kept.pointee.is_some(), kept.sure)
            != (gone.address.is_some(), gone.pointee.is_some(), gone.sure);
        kept.out.extend(gone.out);
        kept.strong |= gone.strong;
        kept.sure |= gone.sure;
        kept.demanded |= gone.demanded;
        kept.address = kept.address.or(gone.address);
        if let (Some(x), Some(y)) = (kept.pointee, gone.pointee) {
            self.tasks.push_back(Task::Unify(x, y, None));
        }
        kept.pointee = kept.pointee.or(gone.pointee);
        if unlike {
            self.tasks.push_back(Task::Flow(u32::try_from(keep).expect("a root")));
        }
    }
}
