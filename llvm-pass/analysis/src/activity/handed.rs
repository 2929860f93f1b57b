//! Addresses that are handed on from shadowed memory to shadowed memory.
//!
//! A structure with floats may hold the address of something without: a text, say. The shadow of
//! the structure has a text of its own, as whoever made the shadow owns it. Where two structures
//! are exchanged, the shadow's addresses are exchanged, and not overwritten by the primal's: two
//! owners would free one text.
//!
//! *Computes*: the loads of such addresses, and the choices among them. *From*: the program, and
//! which regions have shadows. *Why it is sound*: nothing is read or written behind the shadow
//! of such an address; it is stored, and that is all. Where floats take turns with addresses the
//! shadow holds adjoints, so those are left out. Addresses that calls hand on are not looked at.

use std::collections::HashSet;

use enzyme_body::{BodyId, Op, Program, ValueId};

use super::Activity;
use crate::types::{Site, Types, choices, live_users};
use crate::walk::walk;

/// The bytes of an address.
const WORD: u64 = 8;

/// The addresses that need a shadow for it.
pub(super) fn addresses(program: &Program, types: &Types, activity: &Activity) -> HashSet<Site> {
    let mut found = HashSet::new();
    for (id, body) in program.bodies.iter() {
        let shadowed = |address: ValueId| is_shadowed(types, activity, (id, address));
        for (load, inst) in body.live_insts() {
            let Op::Load(_) = inst.op else { continue };
            if types.pointees(id, load).iter().next().is_none() || !shadowed(inst.operands[0]) {
                continue;
            }
            let moved: Vec<_> = walk(load, |value| choices(body, value)).collect();
            let is_stored = |&value: &ValueId| {
                live_users(body, value).any(|(_, user)| {
                    let Op::Store(_) = user.op else { return false };
                    user.operands[0] == value && shadowed(user.operands[1])
                })
            };
            if moved.iter().any(is_stored) {
                found.extend(moved.into_iter().map(|value| (id, value)));
            }
        }
    }
    found
}

/// Whether a place has a shadow, where no float takes turns.
fn is_shadowed(types: &Types, activity: &Activity, (id, address): (BodyId, ValueId)) -> bool {
    types.loc(id, address).is_some_and(|loc| activity.needs_shadow(loc.region))
        && !types.takes_turns_at(id, address, WORD)
}
