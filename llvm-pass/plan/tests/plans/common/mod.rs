//! Random graphs that keep the client's contract by construction.
//!
//! Nodes refer to earlier ones that they can see, which gives no cycles; nodes that
//! are not recomputable also read later ones, as loop phis do. Some needed values
//! are impossible on purpose: graphs without a plan are inputs too.

use enzyme_plan::{DomainId, Footprint, Graph, Node, NodeId};
use proptest::prelude::*;

/// The choices behind one node; indices are taken modulo what is there.
#[derive(Clone, Debug)]
struct Seedling {
    domain: usize,
    free: bool,
    footprint: Option<(u64, u32)>,
    recompute: Option<u64>,
    operands: Vec<usize>,
    needed: bool,
    uses: u32,
}

/// Graphs with up to `most` nodes in up to four loops.
pub fn graphs(most: usize) -> impl Strategy<Value = Graph> {
    let loops = prop::collection::vec((0..4_usize, 1..6_u64), 0..4);
    let nodes = prop::collection::vec(seedling(), 1..=most);
    (loops, nodes, 0..3_u64).prop_map(|(loops, nodes, weight)| grow(&loops, &nodes, weight))
}

fn seedling() -> impl Strategy<Value = Seedling> {
    let footprint = prop::option::weighted(0.8, (1..17_u64, 0..4_u32));
    let recompute = prop::option::weighted(0.7, 0..40_u64);
    let operands = prop::collection::vec(0..64_usize, 0..4);
    (
        0..4_usize,
        prop::bool::weighted(0.15),
        footprint,
        recompute,
        operands,
        prop::bool::weighted(0.3),
        1..3_u32,
    )
        .prop_map(|(domain, free, footprint, recompute, operands, needed, uses)| Seedling {
            domain,
            free,
            footprint,
            recompute,
            operands,
            needed,
            uses,
        })
}

fn grow(loops: &[(usize, u64)], seedlings: &[Seedling], weight: u64) -> Graph {
    let mut graph = Graph::new().with_byte_weight(weight);
    let mut domains = vec![DomainId::FUNCTION];
    for &(parent, trips) in loops {
        domains.push(graph.add_domain(domains[parent % domains.len()], trips));
    }
    let mut ids: Vec<NodeId> = Vec::new();
    for seedling in seedlings {
        let domain = domains[seedling.domain % domains.len()];
        let label = format!("v{}", ids.len());
        let node = if seedling.free {
            Node::free(label, domain)
        } else {
            let footprint = seedling.footprint.map(|(size, log)| Footprint::new(size, 1 << log));
            Node::value(label, domain, footprint, seedling.recompute).used_at(seedling.uses)
        };
        let mut node = if seedling.needed { node.needed() } else { node };
        let visible: Vec<NodeId> = ids
            .iter()
            .copied()
            .filter(|&id| graph.encloses(graph.node(id).domain, domain))
            .collect();
        if !visible.is_empty() {
            node.operands =
                seedling.operands.iter().map(|index| visible[index % visible.len()]).collect();
        }
        ids.push(graph.add_node(node));
    }
    for (&id, seedling) in ids.iter().zip(seedlings) {
        if graph.node(id).evaluation().is_none() {
            seedling
                .operands
                .iter()
                .for_each(|index| graph.add_operand(id, ids[index % ids.len()]));
        }
    }
    graph
}
