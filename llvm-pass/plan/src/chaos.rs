//! Arbitrary legal plans: whatever the plan, the derivative must be the same.
//!
//! Starting from the needed values, each value that must be available gets one of
//! the decisions that it offers, and if it is recomputed its operands must be
//! available too. The choice is a hash of seed and node, so it does not depend on
//! the order of the search. The seed also sets how often storing wins, from never
//! to always, so that a few seeds give very different plans.
//!
//! Fuel is for finding the guilty decision: with fuel k only the first k nodes are
//! chosen by chaos and the rest as `solve` does, where its choice is known. Bisect k.
//!
//! The plans are legal but not minimal in any sense, and not uniformly distributed.

use crate::feasible::{Infeasible, repeatable};
use crate::graph::{Graph, Node, NodeId, Source};
use crate::plan::{Decision, Plan};
use crate::solve::solve;

/// An arbitrary legal plan, the same for the same graph and seed.
pub fn chaos(graph: &Graph, seed: u64) -> Result<Plan, Infeasible> {
    chaos_with_fuel(graph, seed, graph.nodes().len())
}

/// Like [`chaos`], but nodes from number `fuel` on follow `solve`.
pub fn chaos_with_fuel(graph: &Graph, seed: u64, fuel: usize) -> Result<Plan, Infeasible> {
    let repeatable = repeatable(graph)?;
    let calm = solve(graph)?;
    let either = |id: NodeId| match calm.decision(id) {
        _ if id.index() < fuel => stores_by_hash(seed, id),
        Decision::Recompute => Decision::Recompute,
        // What `solve` leaves out, and chaos has come to need, is stored.
        Decision::Store | Decision::Unneeded | Decision::Free => Decision::Store,
    };
    let choose = |id: NodeId| match (graph.node(id).footprint(), repeatable.contains(id)) {
        (Some(_), true) => either(id),
        (Some(_), false) => Decision::Store,
        (None, true) => Decision::Recompute,
        (None, false) => unreachable!("operands of repeatable nodes are possible"),
    };

    let initially = |node: &Node| match node.source {
        Source::Free => Decision::Free,
        Source::Value { .. } => Decision::Unneeded,
    };
    let mut decisions: Vec<Decision> = graph.nodes().map(|(_, node)| initially(node)).collect();
    let mut pending: Vec<NodeId> =
        graph.nodes().filter(|(_, node)| node.needed).map(|(id, _)| id).collect();
    while let Some(id) = pending.pop() {
        if decisions[id.index()] != Decision::Unneeded {
            continue;
        }
        decisions[id.index()] = choose(id);
        if decisions[id.index()] == Decision::Recompute {
            pending.extend(&graph.node(id).operands);
        }
    }
    Ok(Plan::from_decisions(decisions))
}

/// Store for a share of the nodes that depends on the seed: 0, 1/4, 1/2, 3/4 or 1.
fn stores_by_hash(seed: u64, id: NodeId) -> Decision {
    let share = mix(seed) % 5;
    if mix(seed ^ mix(id.index() as u64)) % 4 < share {
        Decision::Store
    } else {
        Decision::Recompute
    }
}

/// SplitMix64's finaliser: neighbouring inputs give unrelated outputs.
fn mix(input: u64) -> u64 {
    let mut bits = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
