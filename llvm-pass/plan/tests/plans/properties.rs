//! What holds for every graph: optimality, legality, determinism, tight records.

use crate::common::graphs;
use enzyme_plan::oracle::brute_force;
use enzyme_plan::{
    Decision, DomainId, Footprint, Graph, Node, NodeId, Plan, Source, chaos, chaos_with_fuel,
    check, cost, layout, solve,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn solve_finds_exactly_the_plan_that_trying_all_plans_finds(graph in graphs(7)) {
        let best = brute_force(&graph);
        prop_assert_eq!(solve(&graph).ok(), best);
    }

    #[test]
    fn solve_is_legal_and_no_legal_plan_is_cheaper(graph in graphs(40), seed: u64) {
        let Ok(plan) = solve(&graph) else { return Ok(()) };
        prop_assert_eq!(check(&graph, &plan), []);
        let other = chaos(&graph, seed).unwrap();
        prop_assert!(cost(&graph, &plan) <= cost(&graph, &other));
    }

    #[test]
    fn the_cost_is_the_maximum_flow_of_the_textbook_network(graph in graphs(80)) {
        let Ok(plan) = solve(&graph) else { return Ok(()) };
        prop_assert_eq!(cost(&graph, &plan), textbook_flow(&graph));
    }

    #[test]
    fn chaos_is_legal_with_any_fuel(graph in graphs(40), seed: u64, fuel in 0..41_usize) {
        let Ok(calm) = solve(&graph) else { return Ok(()) };
        prop_assert_eq!(check(&graph, &chaos(&graph, seed).unwrap()), []);
        prop_assert_eq!(check(&graph, &chaos_with_fuel(&graph, seed, fuel).unwrap()), []);
        prop_assert_eq!(chaos_with_fuel(&graph, seed, 0).unwrap(), calm);
    }

    #[test]
    fn solve_and_chaos_fail_on_the_same_graphs_with_the_same_message(graph in graphs(12), seed: u64) {
        prop_assert_eq!(solve(&graph).err(), chaos(&graph, seed).err());
    }

    #[test]
    fn the_same_question_gets_the_same_answer(graph in graphs(40), seed: u64) {
        prop_assert_eq!(solve(&graph), solve(&graph.clone()));
        prop_assert_eq!(chaos(&graph, seed), chaos(&graph.clone(), seed));
    }

    #[test]
    fn the_plan_does_not_depend_on_the_order_of_the_nodes(graph in graphs(40)) {
        let Ok(plan) = solve(&graph) else { return Ok(()) };
        let mut mirrored = solve(&in_reverse_order(&graph)).unwrap().decisions().to_vec();
        mirrored.reverse();
        prop_assert_eq!(plan.decisions(), mirrored);
    }

    #[test]
    fn taking_one_value_away_from_a_solution_is_noticed(graph in graphs(20)) {
        let Ok(plan) = solve(&graph) else { return Ok(()) };
        for (id, _) in graph.nodes().filter(|(id, _)| plan.decision(*id).is_available()) {
            let mut decisions = plan.decisions().to_vec();
            decisions[id.index()] = Decision::Unneeded;
            prop_assert_ne!(check(&graph, &Plan::from_decisions(decisions)), []);
        }
    }

    #[test]
    fn slots_are_aligned_and_apart_and_each_stored_value_has_one(graph in graphs(40), seed: u64) {
        let Ok(plan) = chaos(&graph, seed) else { return Ok(()) };
        let tape = layout(&graph, &plan);
        for (_, record) in tape.records() {
            let mut end = 0;
            for slot in record.slots() {
                prop_assert!(slot.offset >= end && slot.offset % slot.align == 0);
                prop_assert_eq!(record.align() % slot.align, 0);
                end = slot.offset + slot.size;
            }
            prop_assert!(end <= record.size() && record.size() % record.align() == 0);
        }
        for (id, node) in graph.nodes() {
            let stored = plan.decision(id) == Decision::Store;
            let found = tape.of_node(id).map(|(domain, slot)| (domain, Footprint::new(slot.size, slot.align)));
            prop_assert_eq!(found, node.footprint().filter(|_| stored).map(|footprint| (node.domain, footprint)));
        }
    }

    #[test]
    fn a_record_of_rust_types_has_no_padding_but_at_the_end(
        shapes in prop::collection::vec((1..4_u64, 0..5_u32), 1..20),
    ) {
        let shapes: Vec<_> = shapes.iter().map(|&(count, log)| Footprint::new(count << log, 1 << log)).collect();
        let bytes: u64 = shapes.iter().map(|shape| shape.size()).sum();
        let align = shapes.iter().map(|shape| shape.align()).max().unwrap();
        prop_assert_eq!(record_size(&shapes), bytes.next_multiple_of(align));
    }

    #[test]
    fn a_record_of_odd_sizes_wastes_at_most_what_rounding_each_size_up_does(
        shapes in prop::collection::vec((1..24_u64, 0..5_u32), 1..20),
    ) {
        let shapes: Vec<_> = shapes.iter().map(|&(size, log)| Footprint::new(size, 1 << log)).collect();
        let align = shapes.iter().map(|shape| shape.align()).max().unwrap();
        let rounded: u64 = shapes.iter().map(|shape| shape.size().next_multiple_of(shape.align())).sum();
        prop_assert!(record_size(&shapes) <= rounded.next_multiple_of(align));
    }
}

/// The maximum flow from the costs as they are written down, found by another
/// implementation of another algorithm, on a network without any reduction.
fn textbook_flow(graph: &Graph) -> u128 {
    const NEVER: u128 = 1 << 100;
    let mut network = petgraph::graph::DiGraph::<(), u128>::new();
    let [source, sink] = [(), ()].map(|()| network.add_node(()));
    let gates: Vec<_> =
        graph.nodes().map(|_| (network.add_node(()), network.add_node(()))).collect();
    for (id, node) in graph.nodes() {
        let (enter, leave) = gates[id.index()];
        let executions = u128::from(graph.domain(node.domain).executions());
        let (store, recompute) = match node.source {
            Source::Free => (0, 0),
            Source::Value { store, recompute } => (
                store.map_or(NEVER, |slot| {
                    u128::from(slot.size() * graph.byte_weight()) * executions
                }),
                recompute
                    .map_or(NEVER, |once| u128::from(once * u64::from(node.uses)) * executions),
            ),
        };
        network.add_edge(source, enter, recompute);
        network.add_edge(enter, leave, store);
        if node.needed {
            network.add_edge(leave, sink, NEVER);
        }
        for operand in &node.operands {
            network.add_edge(gates[operand.index()].1, enter, NEVER);
        }
    }
    petgraph::algo::maximum_flow::ford_fulkerson(&network, source, sink).0
}

/// The same values, the last one first.
fn in_reverse_order(graph: &Graph) -> Graph {
    let mut reversed = Graph::new().with_byte_weight(graph.byte_weight());
    for (_, domain) in graph.domains().skip(1) {
        reversed.add_domain(domain.parent().unwrap(), domain.trips());
    }
    let last = graph.nodes().len() - 1;
    let mirror = |id: NodeId| NodeId::from_index(last - id.index());
    let nodes: Vec<&Node> = graph.nodes().map(|(_, node)| node).collect();
    for node in nodes.iter().rev() {
        reversed.add_node(Node { operands: Vec::new(), ..(*node).clone() });
    }
    for (id, node) in graph.nodes() {
        node.operands.iter().for_each(|&operand| reversed.add_operand(mirror(id), mirror(operand)));
    }
    reversed
}

fn record_size(shapes: &[Footprint]) -> u64 {
    let mut graph = Graph::new();
    for shape in shapes {
        graph.add_node(Node::value("v", DomainId::FUNCTION, Some(*shape), None).needed());
    }
    layout(&graph, &solve(&graph).unwrap()).record(DomainId::FUNCTION).size()
}
