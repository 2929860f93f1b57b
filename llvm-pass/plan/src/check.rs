//! Is a plan legal? An independent proof, for answers that were searched for.
//!
//! **Rule.** `available` is the least set closed under
//!
//! ```text
//!   ─────────────── (free)              source(v) = Free, decision(v) = Free
//!    available(v)
//!
//!   ─────────────── (store)             v storable, decision(v) = Store
//!    available(v)
//!
//!    available(w) for each operand w, each visible from v
//!   ───────────────────────────────────────────────────── (recompute)
//!    available(v)                       v recomputable, decision(v) = Recompute
//! ```
//!
//! A plan is legal if each decision is one that its node offers, each needed node
//! is available, and each stored or recomputed node has a *reader*: the reverse pass,
//! or a recomputed node that has one itself. *Least* is what excludes values that
//! are recomputed from each other: availability must be derived from free and
//! stored values in finitely many steps. *Visible* means that the operand's loop
//! is the node's or one around it; elsewhere an operand has no one value.
//!
//! **Independence.** This file knows graphs and plans and nothing of the search:
//! no prices, no network, its own traversals. It neither assumes nor checks that a
//! plan is the cheapest.
//!
//! **Cost.** Linear in nodes and operands, plus the loop depth for each operand.

use crate::graph::{Graph, Node, NodeId, Source};
use crate::plan::{Decision, Plan};
use std::fmt;

/// One way in which a plan is not legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Violation {
    /// The plan is for another graph; nothing else was checked.
    WrongLength {
        /// Nodes of the graph.
        nodes: usize,
        /// Decisions of the plan.
        decisions: usize,
    },
    /// A value is called free although it is not.
    NotFree(NodeId),
    /// A free node is stored, recomputed or left out.
    IsFree(NodeId),
    /// A value is stored that cannot be.
    NotStorable(NodeId),
    /// A value is recomputed that cannot be.
    NotRecomputable(NodeId),
    /// The reverse pass reads a value that the plan leaves out.
    NeededMissing(NodeId),
    /// A recomputed value reads one that the plan leaves out.
    OperandMissing {
        /// The recomputed value.
        node: NodeId,
        /// What it reads.
        operand: NodeId,
    },
    /// A recomputed value reads one of a loop that it is not in.
    OperandHidden {
        /// The recomputed value.
        node: NodeId,
        /// What it reads.
        operand: NodeId,
    },
    /// Recomputing a value needs, in the end, itself.
    RecomputeCycle(NodeId),
    /// A value is stored or recomputed for nobody.
    Idle(NodeId),
}

/// All violations of a plan in the order of the nodes; none means legal.
pub fn check(graph: &Graph, plan: &Plan) -> Vec<Violation> {
    let (nodes, decisions) = (graph.nodes().len(), plan.decisions().len());
    if nodes != decisions {
        return vec![Violation::WrongLength { nodes, decisions }];
    }
    let read = readers_of(graph, plan);
    let stuck = stuck_in_cycles(graph, plan);
    let mut violations = Vec::new();
    for (id, node) in graph.nodes() {
        let decision = plan.decision(id);
        violations.extend(unoffered(id, node, decision));
        if node.needed && decision == Decision::Unneeded && node.source != Source::Free {
            violations.push(Violation::NeededMissing(id));
        }
        if decision == Decision::Recompute {
            check_operands(graph, plan, id, &mut violations);
        }
        if stuck[id.index()] {
            violations.push(Violation::RecomputeCycle(id));
        }
        if matches!(decision, Decision::Store | Decision::Recompute) && !read[id.index()] {
            violations.push(Violation::Idle(id));
        }
    }
    violations
}

/// The violation of choosing what the node does not offer.
fn unoffered(id: NodeId, node: &Node, decision: Decision) -> Option<Violation> {
    match (node.source, decision) {
        (Source::Free, Decision::Free) => None,
        (Source::Free, _) => Some(Violation::IsFree(id)),
        (Source::Value { .. }, Decision::Free) => Some(Violation::NotFree(id)),
        (Source::Value { store: None, .. }, Decision::Store) => Some(Violation::NotStorable(id)),
        (Source::Value { recompute: None, .. }, Decision::Recompute) => {
            Some(Violation::NotRecomputable(id))
        }
        (Source::Value { .. }, _) => None,
    }
}

fn check_operands(graph: &Graph, plan: &Plan, node: NodeId, violations: &mut Vec<Violation>) {
    for &operand in &graph.node(node).operands {
        // A free operand that the plan leaves out is `IsFree`, once.
        if !plan.decision(operand).is_available() && graph.node(operand).source != Source::Free {
            violations.push(Violation::OperandMissing { node, operand });
        }
        let mut around = Some(graph.node(node).domain);
        while around.is_some_and(|domain| domain != graph.node(operand).domain) {
            around = around.and_then(|domain| graph.domain(domain).parent());
        }
        if around.is_none() {
            violations.push(Violation::OperandHidden { node, operand });
        }
    }
}

/// The values that the reverse pass reads, directly or to recompute another one.
fn readers_of(graph: &Graph, plan: &Plan) -> Vec<bool> {
    let mut read: Vec<bool> = graph.nodes().map(|(_, node)| node.needed).collect();
    let mut pending: Vec<NodeId> =
        graph.nodes().map(|(id, _)| id).filter(|id| read[id.index()]).collect();
    while let Some(reader) = pending.pop() {
        if plan.decision(reader) != Decision::Recompute {
            continue;
        }
        for &operand in &graph.node(reader).operands {
            if !read[operand.index()] {
                read[operand.index()] = true;
                pending.push(operand);
            }
        }
    }
    read
}

/// The recomputed values that lie on a cycle of recomputed values.
///
/// Depth first over recomputed operands, by Tarjan's algorithm for strongly
/// connected components, on an explicit stack. Values that merely read from
/// a cycle are no members: the cycle is to blame, once.
fn stuck_in_cycles(graph: &Graph, plan: &Plan) -> Vec<bool> {
    const UNSEEN: usize = usize::MAX;
    let count = graph.nodes().len();
    let again = |id: NodeId| plan.decision(id) == Decision::Recompute;
    let (mut low, mut closed, mut stuck) =
        (vec![UNSEEN; count], vec![false; count], vec![false; count]);
    let mut order = vec![UNSEEN; count];
    let (mut open, mut clock) = (Vec::new(), 0);
    for (root, _) in graph.nodes().filter(|&(id, _)| again(id)) {
        if order[root.index()] != UNSEEN {
            continue;
        }
        let mut walk = vec![(root, 0)];
        while let Some((id, next)) = walk.pop() {
            if next == 0 {
                (order[id.index()], low[id.index()]) = (clock, clock);
                clock += 1;
                open.push(id);
            }
            let operands = &graph.node(id).operands;
            if next > 0 {
                let done = operands[next - 1].index();
                if again(operands[next - 1]) && !closed[done] {
                    low[id.index()] = low[id.index()].min(low[done]);
                }
            }
            let Some(&operand) = operands.get(next) else {
                close_component(graph, id, (&order, &low), &mut open, (&mut closed, &mut stuck));
                continue;
            };
            walk.push((id, next + 1));
            if again(operand) && order[operand.index()] == UNSEEN {
                walk.push((operand, 0));
            }
        }
    }
    stuck
}

/// If `id` is the first node of its component, takes the component off the stack
/// and marks it if it has a cycle.
fn close_component(
    graph: &Graph,
    id: NodeId,
    (order, low): (&[usize], &[usize]),
    open: &mut Vec<NodeId>,
    (closed, stuck): (&mut [bool], &mut [bool]),
) {
    if low[id.index()] != order[id.index()] {
        return;
    }
    let start = open
        .iter()
        .rposition(|&member| member == id)
        .expect("the first node of a component is open");
    let cyclic = open.len() - start > 1 || graph.node(id).operands.contains(&id);
    for member in open.drain(start..) {
        closed[member.index()] = true;
        stuck[member.index()] = cyclic;
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::WrongLength { nodes, decisions } => {
                write!(f, "the plan has {decisions} decisions for a graph of {nodes} nodes")
            }
            Violation::NotFree(node) => {
                write!(f, "{node} is called free but has to be stored or recomputed")
            }
            Violation::IsFree(node) => write!(f, "{node} is free but the plan decides otherwise"),
            Violation::NotStorable(node) => write!(f, "{node} is stored but cannot be"),
            Violation::NotRecomputable(node) => write!(f, "{node} is recomputed but cannot be"),
            Violation::NeededMissing(node) => {
                write!(f, "the reverse pass reads {node}, which is left out")
            }
            Violation::OperandMissing { node, operand } => {
                write!(f, "recomputing {node} reads {operand}, which is left out")
            }
            Violation::OperandHidden { node, operand } => {
                write!(f, "recomputing {node} reads {operand} of a loop that it is not in")
            }
            Violation::RecomputeCycle(node) => write!(f, "recomputing {node} needs itself"),
            Violation::Idle(node) => {
                write!(f, "{node} is stored or recomputed but nobody reads it")
            }
        }
    }
}
