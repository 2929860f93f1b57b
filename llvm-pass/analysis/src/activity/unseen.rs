//! Calls of code that is not there, with addresses of memory that is differentiated.
//!
//! What such code reads and writes shows in no instruction, so that the memory may have
//! bytes that nothing is known of: no cell carries a derivative into or out of the call.
//! It is refused all the same, unless its effects exclude that it matters: it neither
//! writes, nor reads and returns something that may hold bits of a float.

use enzyme_body::{Call, Program, ValueId};
use enzyme_protocol::Activity as Provided;

use super::bits::Bits;
use super::graph::{holds_bits, reachable};
use crate::types::{Origin, RegionId, Site, Types};

/// The regions that parameters with shadows lead to.
pub(super) struct Unseen {
    differentiated: Bits,
}

impl Unseen {
    pub(super) fn new(types: &Types, provided: &[Provided]) -> Self {
        let duplicated = |origin: &Origin| match origin {
            Origin::Param(i) => provided.get(*i as usize) == Some(&Provided::Duplicated),
            _ => false,
        };
        let regions = types.regions().iter();
        let start: Vec<RegionId> = regions
            .filter(|(_, region)| region.origins.iter().any(duplicated))
            .map(|(id, _)| id)
            .collect();
        Self { differentiated: reachable(types, start) }
    }

    /// Whether a call of unknown code may carry a derivative where nothing shows it.
    pub(super) fn may_carry(
        &self,
        types: &Types,
        program: &Program,
        (body, result): Site,
        (call, arguments): (&Call, &[ValueId]),
    ) -> bool {
        let returns = holds_bits(&program.bodies[body].values[result].ty);
        let matters = call.effects.writes || call.effects.reads && returns;
        if !matters {
            return false;
        }
        let within = arguments.iter().flat_map(|&v| types.pointees(body, v)).map(|(_, loc)| *loc);
        let addresses = arguments.iter().filter_map(|&v| types.loc(body, v));
        let reached = reachable(types, addresses.chain(within).map(|loc| loc.region));
        types.regions().ids().any(|r| reached.has(r.index()) && self.differentiated.has(r.index()))
    }
}
