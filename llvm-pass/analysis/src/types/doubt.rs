//! Which groups of cursors the solved types show to be none; see `cursor`.

use std::collections::{HashMap, HashSet};

use enzyme_body::{Cast, Inst, Op, ValueId};

use crate::walk::walk;

use super::cursor::{Group, chooses, states_words};
use super::generate::Generator;
use super::limit::Limits;
use super::store::At;
use super::stored::Words;
use super::{Origin, Site};

/// Pieces of memory are looked at up to here: structures are no longer.
const LONGEST_PIECE: i64 = 4096;

/// What a solution was computed from and must bear out.
#[derive(Clone, Debug, Default)]
pub(super) struct Assumed {
    /// Addresses that are no cursors.
    pub wrong: HashSet<Site>,
    /// Copies of unknown length that move words of arrays.
    pub of_words: HashSet<Site>,
    /// Copies that seemed to, and do not.
    not_of_words: HashSet<Site>,
    /// The ends of indices that the program checks; given, not assumed.
    pub limits: Limits,
    /// Addresses of bytes that are told apart while the program runs; given.
    pub mixed: HashSet<Site>,
}

impl Assumed {
    /// Nothing, but what the program checks.
    pub fn new(limits: Limits, mixed: HashSet<Site>) -> Self {
        Self { limits, mixed, ..Self::default() }
    }

    /// What to assume instead, if the solution does not bear this out.
    pub fn revised(&self, generator: &mut Generator<'_>) -> Option<Self> {
        let Shown { doubtful, of_words } = generator.shown();
        let mut next = self.clone();
        next.wrong.extend(doubtful);
        next.not_of_words.extend(self.of_words.difference(&of_words));
        next.of_words = of_words.difference(&next.not_of_words).copied().collect();
        let worse = next.wrong.len() + next.not_of_words.len();
        if worse > self.wrong.len() + self.not_of_words.len() {
            // What was seen in a wrong light shows nothing.
            next.of_words.clear();
            return Some(next);
        }
        (next.of_words != self.of_words).then_some(next)
    }
}

/// What a solution shows.
struct Shown {
    /// The members of groups that look at more than integers, and stored addresses with
    /// which more is done.
    doubtful: Vec<Site>,
    /// The copies of unknown length that begin at the first word of an array.
    of_words: HashSet<Site>,
}

/// Which cells hold addresses, by holder.
struct Held {
    /// Of blocks, and of arrays that the program states.
    blocks: HashMap<usize, Site>,
    /// Of anything else.
    addresses: HashSet<usize>,
}

/// Where an address comes from.
enum From {
    /// What a cell holds, and whether the cell is in the function's own memory.
    Cell {
        holder: usize,
        own: bool,
    },
    /// A new block.
    Block,
    Elsewhere,
}

/// Where words of arrays lie.
#[derive(Default)]
struct Arrays {
    /// Region and offset of the first word.
    places: HashSet<(u32, i64)>,
    /// Its class of kinds: the words that are moved from it or to it.
    kinds: HashSet<usize>,
}

impl Generator<'_> {
    fn shown(&mut self) -> Shown {
        let groups = std::mem::take(&mut self.cursors.groups);
        let (arrays, of_words) = self.arrays(&groups);
        let mut doubtful = Vec::new();
        if groups.is_empty() {
            return Shown { doubtful, of_words };
        }
        let cells = self.held_addresses();
        for (group, &array) in std::iter::zip(&groups, &arrays) {
            if (group.moves || group.blocks) && !array || self.is_among_floats(group, &cells) {
                doubtful.extend(&group.members);
            }
        }
        doubtful.extend(self.misled(Words { groups: &groups, arrays: &arrays }));
        self.cursors.groups = groups;
        doubtful.extend(self.blocks_among_floats());
        Shown { doubtful, of_words }
    }

    /// Which groups look into arrays of words that are counted with, and which copies
    /// move such words.
    fn arrays(&mut self, groups: &[Group]) -> (Vec<bool>, HashSet<Site>) {
        let mut known = self.stated();
        let mut is = vec![false; groups.len()];
        let mut of_words = HashSet::new();
        let copies = self.open_copies();
        loop {
            let mut changed = false;
            for (group, is) in std::iter::zip(groups, &mut is) {
                if *is || !(group.is_array() || self.is_known(group, &known)) {
                    continue;
                }
                (*is, changed) = (true, true);
                for at in self.starts(group) {
                    known.places.insert(self.canonical(at));
                    known.kinds.extend(self.kind_at(at));
                }
            }
            for &(copy, ends) in &copies {
                let places = ends.map(|at| self.canonical(at));
                if places.iter().any(|place| known.places.contains(place)) && of_words.insert(copy)
                {
                    known.places.extend(places);
                    changed = true;
                }
            }
            if !changed {
                return (is, of_words);
            }
        }
    }

    /// The addresses of which the program states that there are arrays.
    fn stated_addresses(&self) -> Vec<Site> {
        let bodies = self.program.bodies.iter();
        let stated = bodies.flat_map(|(id, body)| {
            let calls = body.live_insts().map(|(_, inst)| inst);
            let calls = calls.filter(|i| matches!(&i.op, Op::Call(call) if states_words(call)));
            calls.map(move |inst| (id, inst.operands[0]))
        });
        stated.collect()
    }

    /// The arrays that the program states.
    fn stated(&mut self) -> Arrays {
        let mut known = Arrays::default();
        for (id, address) in self.stated_addresses() {
            if let Some(at) = self.place(id, address) {
                known.places.insert(self.canonical(at));
                known.kinds.extend(self.kind_at(at));
            }
        }
        known
    }

    /// The cells from which such addresses are loaded.
    fn stated_cells(&mut self) -> Vec<(u32, Site)> {
        let mut found = Vec::new();
        for (id, address) in self.stated_addresses() {
            for from in self.chosen_from((id, address)) {
                found.extend(self.cell_of((id, from)).map(|cell| (cell, (id, address))));
            }
        }
        found
    }

    /// The copies of unknown length between regions without floats.
    fn open_copies(&mut self) -> Vec<(Site, [At; 2])> {
        let mut found = Vec::new();
        for (id, body) in self.program.bodies.iter() {
            let copies = body.live_insts().filter(|(_, inst)| matches!(inst.op, Op::Copy(_)));
            for (value, inst) in copies.filter(|(_, inst)| body.int(inst.operands[2]).is_none()) {
                let ends = [0, 1].map(|i| (id, inst.operands[i]));
                if ends.iter().any(|&end| self.leads_to_floats(end)) {
                    continue;
                }
                if let [Some(to), Some(from)] = ends.map(|(id, end)| self.place(id, end)) {
                    found.push(((id, value), [to, from]));
                }
            }
        }
        found
    }

    fn is_known(&mut self, group: &Group, known: &Arrays) -> bool {
        self.starts(group).into_iter().any(|at| {
            known.places.contains(&self.canonical(at))
                || self.kind_at(at).is_some_and(|kind| known.kinds.contains(&kind))
        })
    }

    /// Where the words of a group begin.
    fn starts(&mut self, group: &Group) -> Vec<At> {
        let starts = group.starts();
        starts.filter_map(|((id, base), ahead)| Some(self.place(id, base)?.plus(ahead))).collect()
    }

    fn canonical(&mut self, at: At) -> (u32, i64) {
        let (root, offset) = self.store.find(at);
        (root, self.store.canonical(root, offset))
    }

    fn kind_at(&mut self, at: At) -> Option<usize> {
        let cell = self.store.peek(at)?;
        Some(self.store.kinds.root(cell))
    }

    /// Where an address may be that of a block, the block is meant: what lies in the
    /// regions that it else may lead to is another variant of an enum. The same if it
    /// is loaded from where no address is ever stored.
    fn is_among_floats(&mut self, group: &Group, held: &Held) -> bool {
        let bases = group.bases.iter().map(|&(site, _)| site);
        let ends: Vec<_> = bases.chain(group.copied_from.iter().copied()).collect();
        let (apart, ends): (Vec<_>, Vec<_>) =
            ends.into_iter().partition(|&end| self.is_apart(end, held));
        let (among, others): (Vec<_>, Vec<_>) =
            ends.into_iter().partition(|&end| self.leads_to_floats(end));
        // Of several addresses that are chosen from, that of the integers is meant.
        let counted = group.results.iter().any(|&result| self.is_cursor(result))
            && apart.is_empty()
            && others.is_empty();
        (group.writes || group.moves || counted) && !among.is_empty()
            || group.copied_to.iter().any(|&site| self.leads_to_floats(site))
            || group.pieces.iter().any(|&piece| self.holds_address_of_floats(piece))
            || group.results.iter().any(|&site| self.points_to_float(site))
            || group.values.iter().any(|&site| self.is_made_of_float(site))
    }

    /// Whether an address lies in a piece of memory, and leads to floats.
    fn holds_address_of_floats(&mut self, ((id, base), ahead, len): (Site, i64, i64)) -> bool {
        let Some(at) = self.place(id, base) else { return false };
        (ahead..ahead + len.min(LONGEST_PIECE)).any(|offset| {
            let pointee = self.store.pointee(at.plus(offset));
            pointee.is_some_and(|pointee| self.has_floats(pointee))
        })
    }

    /// Whether an integer is calculated from the bits of floats, in registers.
    fn is_made_of_float(&mut self, (id, value): Site) -> bool {
        let body = &self.program.bodies[id];
        let computes = |op: &Op| match op {
            Op::Cast(cast) => matches!(cast, Cast::IntToInt | Cast::SignExtend | Cast::Bits),
            Op::Int(_) | Op::Phi(_) | Op::Freeze | Op::Select => true,
            _ => matches!(op, Op::Extract { .. } | Op::Insert { .. } | Op::Call(_)),
        };
        let from = |value: ValueId| {
            let inst = body.inst(value).filter(|inst| computes(&inst.op));
            inst.into_iter().flat_map(|inst| inst.operands.iter().copied())
        };
        walk(value, from)
            .any(|value| self.register(id, value).is_some_and(|register| self.is_float(register)))
    }

    /// Whether the first word at a place is a float.
    fn is_float(&mut self, at: At) -> bool {
        let cell = self.store.peek(at);
        cell.is_some_and(|cell| self.store.content(cell).float.is_some())
    }

    /// Whether what an address leads to is not the memory of its place: see above.
    fn is_apart(&mut self, base: Site, held: &Held) -> bool {
        let from = self.loaded_from(base);
        let empty = |from: &From| match from {
            From::Cell { holder, own } => *own && !held.addresses.contains(holder),
            From::Block | From::Elsewhere => false,
        };
        from.iter().all(empty) || self.may_be_block(base, &held.blocks)
    }

    /// Which cells hold addresses, as far as the program stores them there.
    fn held_addresses(&mut self) -> Held {
        let stated = self.stated_cells();
        let moves = self.moves_of_addresses();
        let blocks = [&self.store.blocks[..], &stated].concat();
        let addresses = self.cells_reached(self.store.addresses.clone(), &moves);
        Held {
            blocks: self.cells_reached(blocks, &moves),
            addresses: addresses.into_keys().collect(),
        }
    }

    /// Whether an address is chosen from others of which one is a block's, or is loaded
    /// from where one is stored.
    pub fn may_be_block(&mut self, base: Site, blocks: &HashMap<usize, Site>) -> bool {
        self.loaded_from(base).into_iter().any(|from| match from {
            From::Cell { holder, .. } => blocks.contains_key(&holder),
            From::Block => true,
            From::Elsewhere => false,
        })
    }

    /// Where those addresses come from that an address is chosen from.
    fn loaded_from(&mut self, (id, mut address): Site) -> Vec<From> {
        let body = &self.program.bodies[id];
        // Words may begin at a distance.
        while let Some(Inst { op: Op::Offset { .. }, operands, .. }) = body.inst(address) {
            address = operands[0];
        }
        let chosen = self.chosen_from((id, address)).into_iter();
        let chosen = chosen.filter(|&value| !body.inst(value).is_some_and(chooses));
        let from = chosen.map(|value| {
            if self.cursors.is_block((id, value)) {
                return From::Block;
            }
            match self.cell_of((id, value)) {
                Some(cell) => From::Cell {
                    holder: self.store.holders.root(cell),
                    own: self.is_own((id, value)),
                },
                None => From::Elsewhere,
            }
        });
        from.collect()
    }

    /// Whether an address is loaded from memory of the function's own, or from a register.
    fn is_own(&mut self, (id, address): Site) -> bool {
        let inst = self.program.bodies[id].inst(address).expect("an address that is loaded");
        let Some(at) = self.place(id, inst.operands[0]) else { return true };
        let region = self.store.region(at);
        let own = |origin: &Origin| matches!(origin, Origin::Alloca(_) | Origin::Allocation(_));
        !region.origins.is_empty() && region.origins.iter().all(own)
    }

    /// Whether there are floats in the region that an address leads to.
    pub fn leads_to_floats(&mut self, (id, address): Site) -> bool {
        let Some(at) = self.place(id, address) else { return false };
        self.has_floats(at)
    }

    /// Whether there are floats in the region of a place.
    fn has_floats(&mut self, at: At) -> bool {
        let (root, _) = self.store.find(at);
        let cells: Vec<_> = self.store.root(root).cells.values().map(|s| s.content).collect();
        cells.into_iter().any(|cell| self.store.content(cell).float.is_some())
    }

    /// Whether a word at an address is or touches a float.
    pub fn points_to_float(&mut self, (id, address): Site) -> bool {
        let Some(at) = self.place(id, address) else { return false };
        (-7..8).any(|by| self.is_float(at.plus(by)))
    }
}
