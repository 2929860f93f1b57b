//! Can a legal plan exist? Validates the client's contract and finds the values
//! that the reverse pass can have at all.
//!
//! ```text
//! possible(v)  ⇔  free(v)  ∨  storable(v)  ∨  repeatable(v)
//! repeatable(v) ⇔  recomputable(v)  ∧  ∀ operand w: possible(w)
//! ```
//!
//! This is a least fixpoint. The operand edges of recomputable nodes form no cycle
//! (contract, checked first), so one pass in topological order computes it. The
//! topological order is Kahn's; nodes that it never releases lie on or behind a
//! cycle, and following unreleased operands from any of them finds one.
//!
//! Linear in nodes and operands. It chooses nothing.

use crate::graph::{Graph, NodeId, Source};
use std::error::Error;
use std::fmt;

/// Why a graph has no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Infeasible {
    /// The reverse pass reads a value that can be neither stored nor recomputed.
    Unavailable {
        /// The value, then an operand that it would need and that is unavailable
        /// as well, and so on. None of them can be stored; all but the last could
        /// be recomputed if the next one were available.
        chain: Vec<Named>,
    },
    /// The client's contract is broken: recomputing a value would need itself.
    RecomputeCycle {
        /// Each value reads the next, and the last one reads the first.
        cycle: Vec<Named>,
    },
    /// The client's contract is broken: a recomputable value reads a value of a
    /// loop that it is not in.
    HiddenOperand {
        /// The recomputable value.
        node: Named,
        /// The value that it cannot see.
        operand: Named,
    },
}

/// A node as messages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its index.
    pub node: NodeId,
    /// Its label.
    pub label: String,
}

/// Nodes whose recomputation can be completed, by node index.
pub(crate) struct Repeatable(Vec<bool>);

impl Repeatable {
    /// Whether `node` can be recomputed from operands that are all possible.
    pub(crate) fn contains(&self, node: NodeId) -> bool {
        self.0[node.index()]
    }
}

/// Which nodes can be recomputed, or why no plan exists.
pub(crate) fn repeatable(graph: &Graph) -> Result<Repeatable, Infeasible> {
    check_visibility(graph)?;
    let mut repeatable = vec![false; graph.nodes().len()];
    let mut possible = vec![false; graph.nodes().len()];
    for id in operands_first(graph)? {
        let node = graph.node(id);
        repeatable[id.index()] = node.evaluation().is_some()
            && node.operands.iter().all(|operand| possible[operand.index()]);
        possible[id.index()] =
            node.source == Source::Free || node.footprint().is_some() || repeatable[id.index()];
    }
    match graph.nodes().find(|(id, node)| node.needed && !possible[id.index()]) {
        Some((id, _)) => Err(Infeasible::Unavailable { chain: why(graph, &possible, id) }),
        None => Ok(Repeatable(repeatable)),
    }
}

fn check_visibility(graph: &Graph) -> Result<(), Infeasible> {
    for (id, node) in graph.nodes().filter(|(_, node)| node.evaluation().is_some()) {
        for &operand in &node.operands {
            if !graph.encloses(graph.node(operand).domain, node.domain) {
                let (node, operand) = (named(graph, id), named(graph, operand));
                return Err(Infeasible::HiddenOperand { node, operand });
            }
        }
    }
    Ok(())
}

/// All nodes, each recomputable one after all its operands.
fn operands_first(graph: &Graph) -> Result<Vec<NodeId>, Infeasible> {
    let mut waits_for = vec![0_u32; graph.nodes().len()];
    let mut readers = vec![Vec::new(); graph.nodes().len()];
    for (id, node) in graph.nodes().filter(|(_, node)| node.evaluation().is_some()) {
        for operand in &node.operands {
            waits_for[id.index()] += 1;
            readers[operand.index()].push(id);
        }
    }
    let mut order: Vec<NodeId> =
        graph.nodes().map(|(id, _)| id).filter(|id| waits_for[id.index()] == 0).collect();
    let mut next = 0;
    while let Some(&released) = order.get(next) {
        next += 1;
        for &reader in &readers[released.index()] {
            waits_for[reader.index()] -= 1;
            if waits_for[reader.index()] == 0 {
                order.push(reader);
            }
        }
    }
    match graph.nodes().find(|(id, _)| waits_for[id.index()] > 0) {
        Some((blocked, _)) => {
            Err(Infeasible::RecomputeCycle { cycle: find_cycle(graph, &waits_for, blocked) })
        }
        None => Ok(order),
    }
}

/// A cycle of unreleased nodes. Each of them has an unreleased operand, so the
/// walk from `start` must come back to a node that it has been at.
fn find_cycle(graph: &Graph, waits_for: &[u32], start: NodeId) -> Vec<Named> {
    let mut step_of = vec![None; waits_for.len()];
    let mut walk = Vec::new();
    let mut at = start;
    loop {
        if let Some(first) = step_of[at.index()] {
            return walk.drain(first..).map(|id| named(graph, id)).collect();
        }
        step_of[at.index()] = Some(walk.len());
        walk.push(at);
        let operands = &graph.node(at).operands;
        at = *operands
            .iter()
            .find(|w| waits_for[w.index()] > 0)
            .expect("an unreleased node waits for another");
    }
}

/// The chain from an impossible node down to one that is not even recomputable.
fn why(graph: &Graph, possible: &[bool], needed: NodeId) -> Vec<Named> {
    let mut chain = vec![named(graph, needed)];
    let mut at = graph.node(needed);
    while at.evaluation().is_some() {
        let blocker = at.operands.iter().find(|operand| !possible[operand.index()]);
        let blocker = *blocker.expect("a recomputable node is impossible because of an operand");
        chain.push(named(graph, blocker));
        at = graph.node(blocker);
    }
    chain
}

fn named(graph: &Graph, node: NodeId) -> Named {
    Named { node, label: graph.node(node).label.clone() }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.label, self.node)
    }
}

impl fmt::Display for Infeasible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Infeasible::Unavailable { chain } => {
                let (needed, rest) =
                    chain.split_first().expect("a chain starts with the needed value");
                write!(f, "the reverse pass reads {needed}, which cannot be stored")?;
                for link in rest {
                    write!(f, "; recomputing it needs {link}, which cannot be stored")?;
                }
                write!(f, " or recomputed")
            }
            Infeasible::RecomputeCycle { cycle } => {
                let (first, rest) = cycle.split_first().expect("a cycle has a node");
                write!(f, "recomputing {first} needs ")?;
                rest.iter().try_for_each(|link| write!(f, "{link}, which needs "))?;
                write!(f, "{first} again; one of them must not be recomputable")
            }
            Infeasible::HiddenOperand { node, operand } => {
                write!(f, "{node} is recomputable but reads {operand} of a loop that it is not in")
            }
        }
    }
}

impl Error for Infeasible {}
