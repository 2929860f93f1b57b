//! Addresses and integers that are handed on from shadowed memory to shadowed memory.
//!
//! A structure with floats may hold the address of something without: a text, say. The shadow of
//! the structure has a text of its own, as whoever made the shadow owns it, and its length beside
//! it. Where two structures are exchanged, the shadow's addresses and lengths are exchanged, and
//! not overwritten by the primal's: two owners would free one text, and a `Vec` would take its
//! block for a longer one.
//!
//! *Computes*: the values that are read from there and stored there again as they are, and the
//! objects of the program that hold some on the way. *From*: the program, and
//! which regions have shadows. *Why it is sound*: nothing is read or written behind the shadow
//! of such an address, and nothing is computed with that of such an integer; it is stored, and
//! that is all. Where floats take turns with them the shadow holds adjoints, so those are left
//! out. What is put into structures in registers is not looked at.

use std::collections::{HashMap, HashSet};

use enzyme_body::{Body, BodyId, Callee, Inst, Op, Program, ValueId};

use super::Activity;
use crate::types::{Origin, RegionId, Site, Types, is_integer, size};
use crate::walk::walk_all;

/// What is handed on.
pub(super) struct Handed {
    /// Values that lead somewhere.
    pub addresses: Vec<Site>,
    /// Integers.
    pub integers: Vec<Site>,
    /// Regions without a shadow that hold some in between.
    pub regions: Vec<RegionId>,
}

/// What needs a shadow for it.
pub(super) fn handed(program: &Program, types: &Types, activity: &Activity) -> Handed {
    let mut ways = Ways { program, types, activity, edges: vec![], begins: vec![], ends: vec![] };
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts() {
            if !body.blocks[inst.block].no_reverse {
                ways.instruction((id, value), body, inst);
            }
        }
    }
    let forward = reached(ways.begins, ways.edges.iter().copied());
    let backward = reached(ways.ends, ways.edges.iter().map(|&(from, to)| (to, from)));
    let mut found = Handed { addresses: vec![], integers: vec![], regions: vec![] };
    for node in forward.intersection(&backward) {
        match *node {
            Node::Memory(region) => found.regions.push(region),
            Node::Value((id, value)) if types.pointees(id, value).is_empty() => {
                found.integers.push((id, value));
            }
            Node::Value(site) => found.addresses.push(site),
        }
    }
    found
}

/// Where something is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Value(Site),
    Memory(RegionId),
}

struct Ways<'a> {
    program: &'a Program,
    types: &'a Types,
    activity: &'a Activity,
    edges: Vec<(Node, Node)>,
    /// What comes from shadowed memory, and what goes there.
    begins: Vec<Node>,
    ends: Vec<Node>,
}

impl Ways<'_> {
    fn instruction(&mut self, (id, value): Site, body: &Body, inst: &Inst) {
        let ops = &inst.operands[..];
        match (&inst.op, ops) {
            (Op::Phi(_) | Op::Freeze, from) => self.goes(id, from, (id, value)),
            (Op::Select, [_, from @ ..]) => self.goes(id, from, (id, value)),
            (Op::Load(_), &[from]) if self.is_word((id, value)) => {
                let size = size(&body.values[value].ty);
                let value = Some(Node::Value((id, value)));
                self.moves(self.place(id, from, size), Place::Between(value));
            }
            (Op::Store(_), &[stored, to]) if self.is_word((id, stored)) => {
                let size = size(&body.values[stored].ty);
                let stored = Some(Node::Value((id, stored)));
                self.moves(Place::Between(stored), self.place(id, to, size));
            }
            (Op::Copy(_), &[to, from, len]) => {
                let size = body.int(len).map_or(1, i64::cast_unsigned);
                self.moves(self.place(id, from, size), self.place(id, to, size));
            }
            (Op::Call(call) | Op::Invoke(call), arguments) => {
                let Callee::Body(callee) = call.callee else { return };
                let target = &self.program.bodies[callee];
                for (&argument, &param) in std::iter::zip(arguments, &target.params) {
                    self.goes(id, &[argument], (callee, param));
                }
                if let Some(result) = target.returned() {
                    self.goes(callee, &[result], (id, value));
                }
            }
            _ => {}
        }
    }

    fn goes(&mut self, id: BodyId, from: &[ValueId], to: Site) {
        let from = from.iter().map(|&value| (id, value)).filter(|&site| self.is_word(site));
        let edges: Vec<_> = from.map(|site| (Node::Value(site), Node::Value(to))).collect();
        self.edges.extend(edges);
    }

    fn moves(&mut self, from: Place, to: Place) {
        match (from, to) {
            (Place::Shadowed, Place::Between(Some(to))) => self.begins.push(to),
            (Place::Between(Some(from)), Place::Shadowed) => self.ends.push(from),
            (Place::Between(Some(from)), Place::Between(Some(to))) => self.edges.push((from, to)),
            _ => {}
        }
    }

    fn place(&self, id: BodyId, address: ValueId, size: u64) -> Place {
        let Some(loc) = self.types.loc(id, address) else { return Place::Between(None) };
        if self.types.takes_turns_at(id, address, size) {
            return Place::Between(None);
        }
        if self.activity.needs_shadow(loc.region) {
            return Place::Shadowed;
        }
        let region = self.types.region(loc.region);
        let made_here = |origin| matches!(origin, &Origin::Alloca(_) | Origin::Allocation(_));
        let own = !region.external && !region.escapes && region.origins.iter().all(made_here);
        let between = own && region.mixed.is_none() && region.views.is_empty();
        Place::Between(between.then_some(Node::Memory(loc.region)))
    }

    /// Whether a value is an address, or an integer that is no float's bits.
    fn is_word(&self, (id, value): Site) -> bool {
        let Self { types, .. } = *self;
        let float = || types.register_pieces(id, value).iter().any(|piece| piece.1.is_float());
        let integer = is_integer(&self.program.bodies[id].values[value].ty);
        !types.pointees(id, value).is_empty() || integer && !types.is_dynamic() && !float()
    }
}

/// Where something is read or written.
#[derive(Clone, Copy)]
enum Place {
    /// In memory with a shadow.
    Shadowed,
    /// In a value, or in memory without that may hold it in between; none if not followed.
    Between(Option<Node>),
}

/// All that is reached from some nodes.
fn reached(starts: Vec<Node>, edges: impl Iterator<Item = (Node, Node)>) -> HashSet<Node> {
    let mut next: HashMap<Node, Vec<Node>> = HashMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    walk_all(starts, |node| next.get(&node).into_iter().flatten().copied()).collect()
}
