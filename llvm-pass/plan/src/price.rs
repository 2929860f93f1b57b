//! What a decision costs.
//!
//! ```text
//! store(v)     = bytes(v) × byte weight × executions(domain of v)
//! recompute(v) = one evaluation × uses(v) × executions(domain of v)
//! cost(plan)   = sum over all stored and recomputed values
//! ```
//!
//! The unit is that of the client's recompute costs; one unit is meant to be a
//! cheap instruction. A recomputed value is priced once for each iteration of
//! its *own* loop, because synthesis places it there, even if a loop inside reads it.
//!
//! Each price saturates at [`MAX_COST`], so that sums over a whole graph cannot
//! overflow: `2^61 · 2^26 nodes = 2^87`. Beyond that an estimate means nothing.
//!
//! **Ties.** Between plans of equal cost the search minimises the sum of [`tie`]
//! over the stored values: recomputing beats storing, an outer loop beats an inner
//! one, and few bytes beat many. If a tie is left, it takes the plan with the
//! fewest available values, which is unique (see `solve.rs`). Hence the plan does
//! not depend on the order in which nodes were added.

use crate::graph::{Graph, Node};
use crate::plan::{Decision, Plan};

/// The price of one byte on the tape: about what writing it once, streaming it
/// through the caches and reading it once takes, in cheap instructions.
pub const DEFAULT_BYTE_WEIGHT: u64 = 1;

/// The highest price of one decision; larger ones count as this.
pub const MAX_COST: u64 = 1 << 61;

/// What the reverse pass pays for a plan's tape and recomputations.
///
/// Decisions that a node does not offer count as nothing; `check` rejects them.
pub fn cost(graph: &Graph, plan: &Plan) -> u128 {
    let price = |node: &Node, decision| match decision {
        Decision::Store => store(graph, node),
        Decision::Recompute => recompute(graph, node),
        Decision::Unneeded | Decision::Free => None,
    };
    plan.of(graph).filter_map(|(_, node, decision)| price(node, decision)).map(u128::from).sum()
}

/// What storing a value costs; `None` if it cannot be stored.
pub(crate) fn store(graph: &Graph, node: &Node) -> Option<u64> {
    let footprint = node.footprint()?;
    Some(product([footprint.size(), graph.byte_weight(), graph.domain(node.domain).executions()]))
}

/// What recomputing a value costs, its operands apart; `None` if it cannot be.
pub(crate) fn recompute(graph: &Graph, node: &Node) -> Option<u64> {
    let evaluation = node.evaluation()?;
    Some(product([evaluation, u64::from(node.uses), graph.domain(node.domain).executions()]))
}

/// The bits that [`tie`] fills.
pub(crate) const TIE_BITS: u32 = 12;

/// How unwelcome a stored value is among plans of equal cost. Never zero, so
/// that recomputing wins, and below `2^TIE_BITS`.
pub(crate) fn tie(graph: &Graph, node: &Node) -> u64 {
    let depth = u64::from(graph.domain(node.domain).depth()).min(15);
    let bytes = node.footprint().map_or(1, |footprint| footprint.size().min(255));
    depth << 8 | bytes
}

fn product(factors: [u64; 3]) -> u64 {
    factors.into_iter().fold(1, u64::saturating_mul).min(MAX_COST)
}
