//! What is done with stored addresses where they are loaded again.
//!
//! A small array lies in a structure, a large one in memory of its own whose address the
//! structure holds: then nothing is done at the allocation but to store its address, and
//! all use is made of what is loaded where the address was stored. If all addresses that
//! are loaded there only lead to words of arrays (see `cursor`), or are passed on, the
//! allocation is a block.
//!
//! And a closure may hold the address of an array that is the one or the other. If the
//! addresses that are loaded from there only read integers, that address is a cursor.

use std::collections::{HashMap, HashSet};

use enzyme_body::{Body, Cast, Inst, Op, Ty, ValueId};
use enzyme_rules::Known;

use crate::walk::walk;

use super::Site;
use super::calls::known_call;
use super::cursor::{Group, chooses, states_words};
use super::generate::Generator;
use super::words::{live_users, reads_integer, writes_integer};

/// What is known of words.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// The groups of cursors.
    pub groups: &'a [Group],
    /// Which of them look into arrays.
    pub arrays: &'a [bool],
}

/// What is done at addresses that are loaded.
#[derive(Clone, Copy, Debug, Default)]
struct Done {
    /// Words of arrays are looked at.
    words: bool,
    /// Integers are written.
    writes: bool,
    /// Memory is freed.
    frees: bool,
}

impl Generator<'_> {
    /// The cells to which addresses of blocks are moved, by holder.
    pub fn cells_with_blocks(&mut self) -> HashMap<usize, Site> {
        let moves = self.moves_of_addresses();
        self.cells_reached(self.store.blocks.clone(), &moves)
    }

    /// The cells to which what others hold is moved, by holder: also by loading an address
    /// and storing it.
    pub fn cells_reached(
        &mut self,
        mut stack: Vec<(u32, Site)>,
        moves: &HashMap<usize, Vec<u32>>,
    ) -> HashMap<usize, Site> {
        let mut found = HashMap::new();
        while let Some((cell, what)) = stack.pop() {
            let holder = self.store.holders.root(cell);
            if found.insert(holder, what).is_none() {
                let out = self.store.held[holder].out.iter();
                let out = out.chain(moves.get(&holder).into_iter().flatten());
                stack.extend(out.map(|&to| (to, what)));
            }
        }
        found
    }

    /// Where addresses go that are loaded as such and stored, by the cell's holder.
    pub fn moves_of_addresses(&mut self) -> HashMap<usize, Vec<u32>> {
        let mut found: HashMap<usize, Vec<u32>> = HashMap::new();
        for (id, body) in self.program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let (moved, to) = match inst.op {
                    Op::Store(_) => (inst.operands[0], self.place(id, inst.operands[1])),
                    Op::Cast(Cast::AddressToInt) => (inst.operands[0], self.register(id, value)),
                    _ => continue,
                };
                let address = body.values[moved].ty == Ty::Ptr;
                let to = to.filter(|_| address).and_then(|to| self.store.peek(to));
                let Some(to) = to else { continue };
                for from in self.chosen_from((id, moved)) {
                    if let Some(cell) = self.cell_of((id, from)) {
                        let holder = self.store.holders.root(cell);
                        found.entry(holder).or_default().push(to);
                    }
                }
            }
        }
        found
    }

    /// The cell that an address is loaded from, or the part of a register.
    pub fn cell_of(&mut self, (id, address): Site) -> Option<u32> {
        let inst = self.program.bodies[id].inst(address)?;
        let from = match inst.op {
            Op::Load(_) => self.place(id, inst.operands[0]),
            Op::Cast(Cast::IntToAddress) => self.register(id, inst.operands[0]),
            Op::Extract { offset } => {
                self.register(id, inst.operands[0]).map(|at| at.plus(offset.cast_signed()))
            }
            _ => None,
        };
        self.store.peek(from?)
    }

    /// Of the blocks and cursors that are only taken for such if the uses of their stored
    /// addresses agree, those where these do not.
    pub fn misled(&mut self, words: Words<'_>) -> Vec<Site> {
        let stored = self.cursors.stored.clone();
        if stored.is_empty() {
            return stored;
        }
        let loaded = self.loaded_addresses();
        let mut cells = self.cells_of_addresses();
        let mut agree = |of: &mut Self, site: Site| {
            let done = of.done_at(cells.remove(&site).unwrap_or_default(), &loaded, words);
            match of.cursors.is_block(site) {
                true => done.is_some_and(|done| done.words),
                false => {
                    let group = of.cursors.group(site);
                    let array = group.is_some_and(|group| words.arrays[group]);
                    done.is_some_and(|d| (array || d.words) && !d.writes && !d.frees)
                }
            }
        };
        stored.into_iter().filter(|&site| !agree(self, site)).collect()
    }

    /// The cells where addresses are stored.
    fn cells_of_addresses(&mut self) -> HashMap<Site, Vec<u32>> {
        let mut cells: HashMap<Site, Vec<u32>> = HashMap::new();
        for (id, body) in self.program.bodies.iter() {
            for (_, inst) in body.live_insts() {
                let Op::Store(_) = inst.op else { continue };
                let [stored, to] = [inst.operands[0], inst.operands[1]];
                let at = self.place(id, to).filter(|_| body.values[stored].ty == Ty::Ptr);
                let Some(cell) = at.and_then(|at| self.store.peek(at)) else { continue };
                for from in self.chosen_from((id, stored)) {
                    cells.entry((id, from)).or_default().push(cell);
                }
            }
        }
        cells
    }

    /// The addresses that are loaded from each cell, by holder.
    pub fn loaded_addresses(&mut self) -> HashMap<usize, Vec<Site>> {
        let mut found: HashMap<usize, Vec<Site>> = HashMap::new();
        for (id, body) in self.program.bodies.iter() {
            for (value, _) in body.live_insts().filter(|(v, _)| body.values[*v].ty == Ty::Ptr) {
                if let Some(cell) = self.cell_of((id, value)) {
                    let holder = self.store.holders.root(cell);
                    found.entry(holder).or_default().push((id, value));
                }
            }
        }
        found
    }

    /// What is done at the addresses that are loaded from cells, and from where these are
    /// stored; none if it may be anything.
    fn done_at(
        &mut self,
        mut cells: Vec<u32>,
        loaded: &HashMap<usize, Vec<Site>>,
        words: Words<'_>,
    ) -> Option<Done> {
        let mut done = Done::default();
        let (mut seen, mut followed) = (HashSet::new(), HashSet::new());
        while let Some(cell) = cells.pop() {
            let holder = self.store.holders.root(cell);
            if !seen.insert(holder) {
                continue;
            }
            cells.extend(&self.store.held[holder].out);
            for &load in loaded.get(&holder).into_iter().flatten() {
                if followed.insert(load) {
                    self.follow(load, words, (&mut done, &mut cells))?;
                }
            }
        }
        Some(done)
    }

    /// Notes what is done at an address and at what is made of it; the cells where they
    /// are stored are added. None if anything may be done.
    fn follow(
        &mut self,
        (id, address): Site,
        words: Words<'_>,
        (done, cells): (&mut Done, &mut Vec<u32>),
    ) -> Option<()> {
        let body = &self.program.bodies[id];
        let mut seen = vec![address];
        let mut next = 0;
        while let Some(&address) = seen.get(next) {
            next += 1;
            for (user, inst) in live_users(body, address) {
                let group = self.cursors.group((id, user)).filter(|&group| words.arrays[group]);
                match &inst.op {
                    _ if group.is_some() => {
                        done.words = true;
                        done.writes |= group.is_some_and(|group| words.groups[group].writes);
                    }
                    Op::Copy(_) if self.moves_words((id, user), inst) => {
                        done.words = true;
                        done.writes |= inst.operands[0] == address;
                    }
                    Op::Call(call) if states_words(call) => done.words = true,
                    Op::Offset { .. } | Op::Phi(_) | Op::Select | Op::Freeze => {
                        if !seen.contains(&user) {
                            seen.push(user);
                        }
                    }
                    Op::Store(_) if inst.operands[1] != address => {
                        let to = self.place(id, inst.operands[1]);
                        cells.extend(to.and_then(|to| self.store.peek(to)));
                    }
                    Op::Cast(Cast::AddressToInt) => {
                        let to = self.register(id, user);
                        cells.extend(to.and_then(|to| self.store.peek(to)));
                    }
                    Op::Load(_) if reads_integer(body, user) => {}
                    Op::Store(_) if writes_integer(body, inst) => done.writes = true,
                    Op::IntCompare => {}
                    _ if frees(inst) => done.frees = true,
                    _ => return None,
                }
            }
        }
        Some(())
    }
}

/// Whether nothing is done at an address but to fill it, or with it but to pass it on.
pub(super) fn only_passed(body: &Body, address: ValueId) -> bool {
    let choices =
        |address| live_users(body, address).filter(|(_, inst)| chooses(inst)).map(|(user, _)| user);
    walk(address, choices).all(|address| {
        live_users(body, address).all(|(_, inst)| match &inst.op {
            Op::Store(_) => inst.operands[1] != address,
            Op::Fill => inst.operands[0] == address,
            Op::IntCompare => true,
            _ => frees(inst) || chooses(inst),
        })
    })
}

fn frees(inst: &Inst) -> bool {
    matches!(known_call(inst), Some(Known::Free { .. }))
}
