//! What is concluded against the direction of flows, and across merges.
//!
//! A value that becomes an address was one before it was moved: so a cell without
//! address takes that of a cell it flows to, if that one is *demanded* (used as an
//! address, or in memory that others can see, or on the way there), unless it
//! holds a float or is a *strong* integer. Strong are integers that are
//! multiplied, index, count bytes or become floats, what differs from them by a
//! constant, and the cells that they are read from. Other integers (compared,
//! added, masked) may be addresses. A guess goes on only to what is neither, and not to global
//! variables that are known to hold integers alone.
//!
//! A merge of a float and an integer is a float that may be an integer; seen from
//! the merge its operands are floats unless arithmetic says that they are not.

use std::collections::BTreeMap;

use super::content::Evidence;
use super::store::{At, Store};
use super::{Origin, Site};

impl Store {
    fn float(&mut self, id: u32) -> Option<(enzyme_body::FloatKind, Site)> {
        self.content(id).float
    }

    fn add(&mut self, id: u32, evidence: Evidence, site: Site) {
        let root = self.kinds.root(id);
        self.contents[root].add(evidence, site);
    }

    /// Floats go through merges; whether anything changed.
    pub fn merge_floats(&mut self) -> bool {
        let merges = std::mem::take(&mut self.merges);
        let mut ever = false;
        loop {
            let mut changed = false;
            for &(from, to) in &merges {
                if let Some((kind, site)) = self.float(from) {
                    changed |= self.float(to).is_none();
                    self.add(to, Evidence::Float(kind), site);
                }
            }
            ever |= changed;
            if !changed {
                break;
            }
        }
        self.merges.extend(merges);
        ever
    }

    /// Operands of merges that are floats are floats, if nothing says otherwise.
    pub fn guess_floats(&mut self) -> bool {
        let mut changed = false;
        for index in (0..self.merges.len()).rev() {
            let (from, to) = self.merges[index];
            let Some((kind, site)) = self.float(to) else { continue };
            let source = self.content(from);
            if source.float.is_none() && !source.arithmetic && self.holder(from).is_bare() {
                self.add(from, Evidence::Float(kind), site);
                changed = true;
            }
        }
        changed
    }

    /// Integers go backward through merges, and forward where all operands are.
    pub fn merge_integers(&mut self) -> bool {
        let mut changed = false;
        let mut doubtful: BTreeMap<u32, Option<Site>> = BTreeMap::new();
        for index in (0..self.merges.len()).rev() {
            let (from, to) = self.merges[index];
            let bare = self.holder(from).is_bare() && self.holder(to).is_bare();
            let (source, target) = (self.content(from).clone(), self.content(to).clone());
            let none = source.float.is_none() && source.integer.is_none();
            if let (Some(site), None, true, true) = (target.integer, target.float, none, bare) {
                let kind = if target.arithmetic { Evidence::Integer } else { Evidence::Compared };
                self.add(from, kind, site);
                changed = true;
            }
            if target.float.is_none() && target.integer.is_none() {
                let itself = self.kinds.root(from) == self.kinds.root(to);
                let shown = if source.float.is_none() && bare { source.integer } else { None };
                let entry = doubtful.entry(to).or_insert(shown);
                if !itself {
                    *entry = entry.and(shown);
                }
            }
        }
        for (to, integer) in doubtful {
            if let Some(site) = integer {
                self.add(to, Evidence::Compared, site);
                changed = true;
            }
        }
        changed
    }

    /// The two registers differ by a constant.
    pub fn step(&mut self, from: At, to: At) {
        let pair = (self.cell(from, 8), self.cell(to, 8));
        self.steps.push(pair);
    }

    /// Whether the cell is used as no address can be.
    pub fn is_strong(&mut self, at: At) -> bool {
        self.strong_reads();
        self.peek(at).is_some_and(|id| self.holder(id).strong)
    }

    /// Cells that strong integers are read from, and all that is read from those.
    fn strong_reads(&mut self) {
        loop {
            let mut changed = false;
            for index in (0..self.reads.len() + self.steps.len()).rev() {
                let (a, b) = match self.reads.get(index) {
                    Some(&pair) => pair,
                    None => self.steps[index - self.reads.len()],
                };
                let (a, b) = (self.holders.root(a), self.holders.root(b));
                if self.held[a].strong != self.held[b].strong {
                    self.held[a].strong = true;
                    self.held[b].strong = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Global variables that hold integers alone hold no addresses.
    fn globals_of_integers(&mut self) {
        let only_integers = |origin: &Origin| match origin {
            Origin::Global(symbol, _) => enzyme_rules::holds_integers(symbol),
            _ => false,
        };
        let known = self.regions.iter().filter(|region| {
            !region.origins.is_empty() && region.origins.iter().all(only_integers)
        });
        let cells = known.flat_map(|region| region.cells.values().map(|slot| slot.content));
        for cell in cells.collect::<Vec<_>>() {
            let root = self.holders.root(cell);
            self.held[root].strong = true;
        }
    }

    /// Addresses in memory that others can see may be used.
    fn external_demand(&mut self) {
        let mut seen = vec![false; self.regions.len()];
        let mut stack: Vec<u32> = Vec::new();
        for (root, region) in (0..).zip(&self.regions) {
            let nowhere = region.origins.is_empty() && !region.register;
            if region.escapes || nowhere || region.origins.iter().any(Origin::is_strange) {
                seen[root as usize] = true;
                stack.push(root);
            }
        }
        while let Some(root) = stack.pop() {
            let cells = self.regions[root as usize].cells.values().map(|slot| slot.content);
            for id in cells.collect::<Vec<_>>() {
                let cell = self.holders.root(id);
                self.held[cell].demanded = true;
                let Some(pointee) = self.held[cell].pointee else { continue };
                let (next, _) = self.find(pointee);
                if !std::mem::replace(&mut seen[next as usize], true) {
                    stack.push(next);
                }
            }
        }
    }

    /// What moves to where an address is used may be one.
    fn spread_demand(&mut self) {
        loop {
            let mut changed = false;
            for index in (0..self.flows.len()).rev() {
                let (from, to) = self.flows[index];
                let (from, to) = (self.holders.root(from), self.holders.root(to));
                if self.held[to].demanded && !self.held[from].demanded {
                    self.held[from].demanded = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Cells that flow to addresses hold them, if nothing says otherwise.
    pub fn guess_addresses(&mut self) -> bool {
        self.globals_of_integers();
        self.strong_reads();
        self.external_demand();
        self.spread_demand();
        let mut ever = false;
        loop {
            let mut changed = false;
            for index in (0..self.flows.len()).rev() {
                let (from, to) = self.flows[index];
                let target = self.holder(to);
                let (address, mut pointee) = (target.address, target.pointee);
                if !target.demanded {
                    pointee = None;
                }
                let source = self.holder(from);
                let poorer = address.is_some() && source.address.is_none()
                    || pointee.is_some() && source.pointee.is_none();
                if !poorer || source.strong || self.float(from).is_some() {
                    continue;
                }
                self.give(from, address, pointee, false);
                changed = true;
            }
            self.run();
            ever |= changed;
            if !changed {
                return ever;
            }
        }
    }
}
