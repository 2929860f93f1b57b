//! The cheapest legal plan, by one exact minimum cut.
//!
//! **The network.** Each value v has two vertices; free nodes have none, since
//! they constrain nothing.
//!
//! ```text
//!              recompute(v)            store(v)               ∞ if needed
//!    source ────────────────► in(v) ──────────────► out(v) ─────────────────► sink
//!                               ▲                     │ ∞ for each v that reads w
//!                               └──── out(w) ◄─ …     └─► in(reader of v)
//! ```
//!
//! Missing choices cost ∞. Read a finite cut (S with the source, T with the sink) as
//!
//! ```text
//!    out(v) ∈ T   the reverse pass has v
//!    in(v)  ∈ T   v is evaluated again
//! ```
//!
//! **Why the cut is the optimum.** An arc is paid for if it leads from S to T.
//!
//! * `out(v) → sink`: a needed v is in T, so the reverse pass has it.
//! * `out(w) → in(v)`: if v is evaluated again, the reverse pass has its operands.
//! * `source → in(v)`: exactly the values evaluated again pay for that.
//! * `in(v) → out(v)`: exactly the values that the reverse pass has and does not
//!   evaluate again pay for being stored.
//!
//! So each finite cut is a legal plan of the same cost (recomputing cannot go in
//! circles: each cycle of operands has a value with `recompute = ∞`, which is never
//! in T at `in`), and each legal plan is such a cut. A minimum over all cuts is a
//! minimum over all plans.
//!
//! **Ties.** A capacity is a cost and, in the bits below it, a tie: pairs compared
//! lexicographically (`price.rs`). Among the minimum cuts that are left we take
//! the one whose T is smallest, which is unique. It has nothing superfluous:
//! leaving out a decision that nobody reads would make T smaller and no dearer.
//!
//! **Phases.**
//!
//! 1. *Feasibility* (`feasible.rs`): the contract holds, each needed value is possible.
//! 2. *Demand*: only what is reachable from needed values through recomputation
//!    enters the network. A value whose storing is no dearer than its own evaluation
//!    is never evaluated again (storing needs no operands), so demand ends there.
//! 3. *Cut* (`mincut.rs`). A vertex tied to source or sink by ∞ is that vertex;
//!    then no ∞ leaves the source and the arithmetic stays within 128 bits.
//! 4. *Reading off* the decisions.
//!
//! **Cost.** Linear apart from the cut; see `mincut.rs` for that one.

use crate::feasible::{Infeasible, Repeatable, repeatable};
use crate::graph::{Graph, NodeId, Source};
use crate::mincut::{Network, SinkSide, UNBOUNDED, Vertex};
use crate::plan::{Decision, Plan};
use crate::price;

/// The legal plan of least `cost`, or why no plan is legal.
///
/// The result is a function of the graph alone and does not depend on the order
/// in which its nodes were added.
pub fn solve(graph: &Graph) -> Result<Plan, Infeasible> {
    let repeatable = repeatable(graph)?;
    let demand = demand(graph, &repeatable);
    let (network, gates) = build_network(graph, &demand);
    let sink_side = network.min_cut();
    let decide = |(source, gate): (Source, &Option<Gate>)| match (source, gate) {
        (Source::Free, _) => Decision::Free,
        (Source::Value { .. }, Some(gate)) => gate.decision(&sink_side),
        (Source::Value { .. }, None) => Decision::Unneeded,
    };
    Ok(Plan::from_decisions(
        graph.nodes().map(|(_, node)| node.source).zip(&gates).map(decide).collect(),
    ))
}

/// What the search may choose for a value that some plan needs.
#[derive(Clone, Copy)]
struct Choice {
    node: NodeId,
    store: Option<u128>,
    recompute: Option<u128>,
}

/// The two vertices of a value.
#[derive(Clone, Copy)]
struct Gate {
    enter: Vertex,
    leave: Vertex,
}

impl Gate {
    fn decision(self, sink_side: &SinkSide) -> Decision {
        match (sink_side.contains(self.leave), sink_side.contains(self.enter)) {
            (false, _) => Decision::Unneeded,
            (true, true) => Decision::Recompute,
            (true, false) => Decision::Store,
        }
    }
}

/// Phase 2: the values that the reverse pass reads, and all that recomputing them
/// could read.
fn demand(graph: &Graph, repeatable: &Repeatable) -> Vec<Choice> {
    let mut seen = vec![false; graph.nodes().len()];
    let mut queue: Vec<NodeId> =
        graph.nodes().filter(|(_, node)| node.needed).map(|(id, _)| id).collect();
    queue.iter().for_each(|id| seen[id.index()] = true);
    let mut choices = Vec::new();
    while let Some(id) = queue.pop() {
        if graph.node(id).source == Source::Free {
            continue;
        }
        let choice = choice(graph, repeatable, id);
        choices.push(choice);
        if choice.recompute.is_some() {
            for &operand in &graph.node(id).operands {
                if !std::mem::replace(&mut seen[operand.index()], true) {
                    queue.push(operand);
                }
            }
        }
    }
    choices
}

fn choice(graph: &Graph, repeatable: &Repeatable, id: NodeId) -> Choice {
    let node = graph.node(id);
    let scaled = |cost: u64| u128::from(cost) << SCALE_BITS;
    let store =
        price::store(graph, node).map(|cost| scaled(cost) | u128::from(price::tie(graph, node)));
    let recompute = price::recompute(graph, node)
        .filter(|_| repeatable.contains(id))
        .map(scaled)
        .filter(|&recompute| store.is_none_or(|store| recompute < store));
    Choice { node: id, store, recompute }
}

/// Room for the sum of all ties below one unit of cost. A graph has at most one
/// arc out of the source for each node, so with prices up to `MAX_COST` these sum
/// up to less than `2^(61 + 38 + 26)`.
const SCALE_BITS: u32 = price::TIE_BITS + Graph::MAX_NODES.trailing_zeros();

const _: () = assert!(
    price::MAX_COST.ilog2() + SCALE_BITS + Graph::MAX_NODES.ilog2() + 1 < UNBOUNDED.ilog2(),
    "finite capacities out of the source must sum up to less than an unbounded one",
);

/// Phase 3: the network, and the two vertices of each demanded value.
fn build_network(graph: &Graph, demand: &[Choice]) -> (Network, Vec<Option<Gate>>) {
    let mut network = Network::new();
    let mut gates = vec![None; graph.nodes().len()];
    for choice in demand {
        let needed = graph.node(choice.node).needed;
        gates[choice.node.index()] = Some(gate(&mut network, choice, needed));
    }
    for choice in demand {
        let Gate { enter, leave } = gates[choice.node.index()].expect("demanded values have gates");
        if let Some(store) = choice.store {
            network.add_arc(enter, leave, store);
        }
        let Some(recompute) = choice.recompute else {
            continue;
        };
        network.add_arc(Vertex::SOURCE, enter, recompute);
        // Free operands are in no demand and have no gate.
        for operand in graph.node(choice.node).operands.iter().filter_map(|w| gates[w.index()]) {
            network.add_arc(operand.leave, enter, UNBOUNDED);
        }
    }
    (network, gates)
}

/// Vertices joined by an unbounded arc that a cut must respect are one vertex.
fn gate(network: &mut Network, choice: &Choice, needed: bool) -> Gate {
    let leave = |network: &mut Network| {
        if needed { Vertex::SINK } else { network.add_vertex() }
    };
    match (choice.store, choice.recompute) {
        (_, None) => Gate { enter: Vertex::SOURCE, leave: leave(network) },
        (None, Some(_)) => {
            let both = leave(network);
            Gate { enter: both, leave: both }
        }
        (Some(_), Some(_)) => Gate { enter: network.add_vertex(), leave: leave(network) },
    }
}
