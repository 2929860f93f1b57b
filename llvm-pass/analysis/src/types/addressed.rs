//! Floats that move as addresses.
//!
//! In an enum with a float in one variant and an address in another the optimiser may load the
//! word as an address and store it as one, in both variants.
//!
//! *Computes*: from where addresses are loaded, or taken out of other values, to where they are
//! stored, or put into others, the way that floats may go. *Why it is sound*: all ways of an
//! address are followed: choices, calls and what they return. Only floats go along, and only
//! forward, as through a phi: where no float is, nothing is shown of what the address was.
//! What moves then is for `moved` to say.

use enzyme_body::{Body, Callee, Cast, Def, Op, Ty, ValueId};

use crate::walk::walk;

use super::Site;
use super::calls::{CallsOfBodies, calls_of_bodies};
use super::cursor::chooses;
use super::flow::Way;
use super::generate::Generator;
use super::store::At;

/// The bytes of an address.
const WORD: u64 = 8;

impl Generator<'_> {
    /// Lets floats go where addresses do.
    pub fn floats_among_addresses(&mut self) {
        let calls = calls_of_bodies(self.program);
        for (id, body) in self.program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let (moved, to) = match inst.op {
                    Op::Store(_) => (inst.operands[0], self.place(id, inst.operands[1])),
                    Op::Cast(Cast::AddressToInt) => (inst.operands[0], self.register(id, value)),
                    Op::Insert { offset } => {
                        let whole = self.register(id, value);
                        (inst.operands[1], whole.map(|at| at.plus(offset.cast_signed())))
                    }
                    _ => continue,
                };
                let Some(to) = to.filter(|_| body.values[moved].ty == Ty::Ptr) else { continue };
                let sources = walk((id, moved), |site| self.address_from(site, &calls));
                for source in sources.collect::<Vec<_>>() {
                    if let Some(from) = self.taken_from(source) {
                        self.store.copy(from, to, Some(WORD), Way::Merge);
                    }
                }
            }
        }
    }

    /// The addresses that an address is, unchanged.
    fn address_from(&self, (id, address): Site, calls: &CallsOfBodies) -> Vec<Site> {
        let body = &self.program.bodies[id];
        let here = |values: &[ValueId]| values.iter().map(|&value| (id, value)).collect();
        let Some(inst) = body.inst(address) else {
            return self.given_as((id, body), address, calls);
        };
        match &inst.op {
            Op::Select => here(&inst.operands[1..]),
            _ if chooses(inst) => here(&inst.operands),
            Op::Call(call) | Op::Invoke(call) => match call.callee {
                Callee::Body(callee) => {
                    let returned = self.program.bodies[callee].returned();
                    returned.map(|value| (callee, value)).into_iter().collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What calls give for a parameter.
    fn given_as(
        &self,
        (id, body): (enzyme_body::BodyId, &Body),
        value: ValueId,
        calls: &CallsOfBodies,
    ) -> Vec<Site> {
        let Def::Param(_) = body.values[value].def else { return Vec::new() };
        let Some(at) = body.params.iter().position(|&param| param == value) else {
            return Vec::new();
        };
        let calls = calls.get(&id).into_iter().flatten();
        let given = calls.filter_map(|&(caller, call)| {
            let inst = self.program.bodies[caller].inst(call)?;
            Some((caller, *inst.operands.get(at)?))
        });
        given.collect()
    }

    /// Where the bytes of an address come from.
    fn taken_from(&mut self, (id, address): Site) -> Option<At> {
        let body = &self.program.bodies[id];
        let inst = body.inst(address).filter(|_| body.values[address].ty == Ty::Ptr)?;
        match inst.op {
            Op::Load(_) => self.place(id, inst.operands[0]),
            Op::Cast(Cast::IntToAddress) => self.register(id, inst.operands[0]),
            Op::Extract { offset } => {
                let whole = self.register(id, inst.operands[0]);
                whole.map(|at| at.plus(offset.cast_signed()))
            }
            _ => None,
        }
    }
}
