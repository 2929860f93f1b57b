//! Blocks that may be meant where something else than an array of integers is accessed.
//!
//! *Computes*: of the blocks those whose address may be the one at which integers are read,
//! written or copied where floats lie. *From*: the solved types; addresses are followed from
//! where the block is allocated through choices, aggregates, memory and calls.
//! *Why*: a block is in no region and has no shadow (`cursor`). Where a field holds the address
//! of a block or that of floats, a float that is read there is none of the block's. But bits
//! that may be a float's are read from the shadow, too, or copied there, and the block has
//! none. *What it does not do*: cursors are asked of elsewhere (`doubt`).

use std::collections::{HashMap, HashSet};

use enzyme_body::{Body, Callee, Cast, Inst, Op, Ty, ValueId};
use enzyme_rules::Known;

use crate::walk::walk;

use super::Site;
use super::calls::{CallsOfBodies, calls_of_bodies, known_call};
use super::cursor::chooses;
use super::generate::Generator;
use super::words::live_users;

/// Where an address is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    /// A value, or a part of it.
    Value(Site),
    /// Cells, by holder.
    Cells(usize),
}

/// What carries addresses on, beside instructions.
struct Ways {
    /// The addresses that are taken from cells, by holder.
    loaded: HashMap<usize, Vec<Site>>,
    /// The calls of each body.
    calls: CallsOfBodies,
}

impl Generator<'_> {
    /// The blocks that may be meant where integers are accessed among floats.
    pub fn blocks_among_floats(&mut self) -> Vec<Site> {
        let blocks: HashSet<Site> = self.store.blocks.iter().map(|&(_, block)| block).collect();
        if blocks.is_empty() {
            return vec![];
        }
        let suspicious = self.bits_among_floats();
        if suspicious.is_empty() {
            return vec![];
        }
        let ways = Ways { loaded: self.loaded_addresses(), calls: calls_of_bodies(self.program) };
        let meant = |of: &mut Self, block: Site| {
            let mut reached = walk(Node::Value(block), |node| of.next(node, &ways));
            reached.any(|node| matches!(node, Node::Value(site) if suspicious.contains(&site)))
        };
        let mut found: Vec<_> = blocks.into_iter().filter(|&block| meant(self, block)).collect();
        found.sort_unstable();
        found
    }

    /// Addresses, no cursors, at which integers are accessed where floats lie.
    fn bits_among_floats(&mut self) -> HashSet<Site> {
        let mut found = HashSet::new();
        for (id, body) in self.program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let moved = match inst.op {
                    Op::Load(_) => Some((value, inst.operands[0])),
                    Op::Store(_) => Some((inst.operands[0], inst.operands[1])),
                    _ => None,
                };
                if let Some((moved, address)) = moved {
                    let site = (id, address);
                    let bits = is_bits(&body.values[moved].ty) && !self.is_cursor(site);
                    if bits && !found.contains(&site) && self.points_to_float(site) {
                        found.insert(site);
                    }
                } else if matches!(inst.op, Op::Copy(_)) && !self.moves_words((id, value), inst) {
                    let ends = inst.operands[..2].iter().map(|&end| (id, end));
                    let ends: Vec<_> = ends.filter(|&end| self.leads_to_floats(end)).collect();
                    found.extend(ends);
                }
            }
        }
        found
    }

    /// Where an address goes from a value or from memory in one step.
    fn next(&mut self, node: Node, ways: &Ways) -> Vec<Node> {
        match node {
            Node::Cells(holder) => {
                let out = self.store.held[holder].out.clone().into_iter();
                let cells = out.map(|cell| Node::Cells(self.store.holders.root(cell)));
                let loaded = ways.loaded.get(&holder).into_iter().flatten();
                cells.chain(loaded.map(|&site| Node::Value(site))).collect()
            }
            Node::Value((id, value)) => {
                let body = &self.program.bodies[id];
                let users = live_users(body, value);
                users.flat_map(|user| self.given_to((id, body), value, user, ways)).collect()
            }
        }
    }

    /// Where an instruction puts an address.
    fn given_to(
        &mut self,
        (id, body): (enzyme_body::BodyId, &Body),
        value: ValueId,
        (user, inst): (ValueId, &Inst),
        ways: &Ways,
    ) -> Vec<Node> {
        let ops = &inst.operands;
        let at = match inst.op {
            Op::Store(_) if ops[0] == value => self.place(id, ops[1]),
            Op::Insert { offset } if ops[1] == value => {
                self.register(id, user).map(|at| at.plus(offset.cast_signed()))
            }
            Op::Cast(Cast::AddressToInt) => self.register(id, user),
            Op::Call(ref call) | Op::Invoke(ref call) if let Callee::Body(callee) = call.callee => {
                let params = std::iter::zip(&self.program.bodies[callee].params, ops);
                let given = params.filter(|(_, argument)| **argument == value);
                return given.map(|(&param, _)| Node::Value((callee, param))).collect();
            }
            Op::Return => {
                let calls = ways.calls.get(&id).into_iter().flatten();
                return calls.map(|&call| Node::Value(call)).collect();
            }
            _ => {
                let address = body.values[user].ty == Ty::Ptr;
                let same = address && (chooses(inst) || matches!(inst.op, Op::Offset { .. }));
                let grown = matches!(known_call(inst), Some(Known::Reallocate { .. }));
                return if same || grown { vec![Node::Value((id, user))] } else { vec![] };
            }
        };
        let cell = at.and_then(|at| self.store.peek(at));
        cell.map(|cell| Node::Cells(self.store.holders.root(cell))).into_iter().collect()
    }
}

/// Whether a value may be the bits of something else.
fn is_bits(ty: &Ty) -> bool {
    match ty {
        Ty::Int(bits) => *bits >= 8,
        Ty::Vector(item, _) => is_bits(item),
        Ty::Aggregate(_, fields) => fields.iter().any(|(_, ty)| is_bits(ty)),
        _ => false,
    }
}
