//! Each kind of violation is found, on a plan that has exactly this one.

use Decision::{Free, Recompute, Store, Unneeded};
use enzyme_plan::{Decision, DomainId, Footprint, Graph, Node, NodeId, Plan, Violation, check};
use proptest::prelude::*;

fn slot() -> Option<Footprint> {
    Some(Footprint::new(8, 8))
}

/// `x` is free, `a` reads `x`, the reverse pass reads `b`, which reads `a`.
fn chain() -> (Graph, [NodeId; 3]) {
    let mut graph = Graph::new();
    let x = graph.add_node(Node::free("x", DomainId::FUNCTION));
    let a = graph.add_node(Node::value("a", DomainId::FUNCTION, slot(), Some(1)).reads(&[x]));
    let b =
        graph.add_node(Node::value("b", DomainId::FUNCTION, slot(), Some(1)).reads(&[a]).needed());
    (graph, [x, a, b])
}

fn assert_violations(graph: &Graph, decisions: &[Decision], expected: &[Violation]) {
    assert_eq!(check(graph, &Plan::from_decisions(decisions.to_vec())), expected);
}

#[test]
fn legal_plans_have_no_violation() {
    let (graph, _) = chain();
    assert_violations(&graph, &[Free, Unneeded, Store], &[]);
    assert_violations(&graph, &[Free, Store, Recompute], &[]);
    assert_violations(&graph, &[Free, Recompute, Recompute], &[]);
}

#[test]
fn a_plan_of_another_length_is_rejected() {
    let (graph, _) = chain();
    assert_violations(&graph, &[Free], &[Violation::WrongLength { nodes: 3, decisions: 1 }]);
}

#[test]
fn a_value_that_is_called_free_is_rejected() {
    let (graph, [_, _, b]) = chain();
    assert_violations(&graph, &[Free, Unneeded, Free], &[Violation::NotFree(b)]);
}

#[test]
fn a_free_node_with_another_decision_is_rejected() {
    let (graph, [x, ..]) = chain();
    assert_violations(&graph, &[Unneeded, Recompute, Recompute], &[Violation::IsFree(x)]);
}

#[test]
fn storing_what_cannot_be_stored_is_rejected() {
    let mut graph = Graph::new();
    let token = graph.add_node(Node::value("token", DomainId::FUNCTION, None, Some(1)).needed());
    assert_violations(&graph, &[Store], &[Violation::NotStorable(token)]);
}

#[test]
fn recomputing_what_cannot_be_recomputed_is_rejected() {
    let mut graph = Graph::new();
    let call = graph.add_node(Node::value("call", DomainId::FUNCTION, slot(), None).needed());
    assert_violations(&graph, &[Recompute], &[Violation::NotRecomputable(call)]);
}

#[test]
fn leaving_out_a_needed_value_is_rejected() {
    let (graph, [_, _, b]) = chain();
    assert_violations(&graph, &[Free, Unneeded, Unneeded], &[Violation::NeededMissing(b)]);
}

#[test]
fn leaving_out_an_operand_of_a_recomputed_value_is_rejected() {
    let (graph, [_, a, b]) = chain();
    let missing = Violation::OperandMissing { node: b, operand: a };
    assert_violations(&graph, &[Free, Unneeded, Recompute], &[missing]);
}

#[test]
fn reading_into_another_loop_to_recompute_is_rejected() {
    let mut graph = Graph::new();
    let first = graph.add_domain(DomainId::FUNCTION, 10);
    let second = graph.add_domain(DomainId::FUNCTION, 10);
    let a = graph.add_node(Node::value("a", first, slot(), None));
    let b = graph.add_node(Node::value("b", second, slot(), Some(1)).reads(&[a]).needed());
    assert_violations(
        &graph,
        &[Store, Recompute],
        &[Violation::OperandHidden { node: b, operand: a }],
    );
}

#[test]
fn recomputing_values_from_each_other_is_rejected_at_each_of_them_and_only_there() {
    let mut graph = Graph::new();
    let a = graph.add_node(Node::value("a", DomainId::FUNCTION, slot(), Some(1)));
    let b = graph.add_node(Node::value("b", DomainId::FUNCTION, slot(), Some(1)).reads(&[a]));
    graph.add_operand(a, b);
    graph.add_node(Node::value("c", DomainId::FUNCTION, slot(), Some(1)).reads(&[b]).needed());
    let cycle = [Violation::RecomputeCycle(a), Violation::RecomputeCycle(b)];
    assert_violations(&graph, &[Recompute, Recompute, Recompute], &cycle);
    assert_violations(&graph, &[Recompute, Store, Recompute], &[Violation::Idle(a)]);
    assert_violations(&graph, &[Store, Recompute, Recompute], &[]);
}

#[test]
fn recomputing_a_value_from_itself_is_rejected() {
    let mut graph = Graph::new();
    let phi = graph.add_node(Node::value("phi", DomainId::FUNCTION, None, Some(1)).needed());
    graph.add_operand(phi, phi);
    assert_violations(&graph, &[Recompute], &[Violation::RecomputeCycle(phi)]);
}

#[test]
fn reading_one_value_on_two_ways_is_no_cycle() {
    let (mut graph, [_, a, b]) = chain();
    graph.add_node(
        Node::value("c", DomainId::FUNCTION, None, Some(1)).reads(&[b, a, b, a]).needed(),
    );
    assert_violations(&graph, &[Free, Recompute, Recompute, Recompute], &[]);
}

#[test]
fn storing_what_nobody_reads_is_rejected() {
    let (graph, [_, a, _]) = chain();
    assert_violations(&graph, &[Free, Store, Store], &[Violation::Idle(a)]);
}

#[test]
fn recomputing_what_nobody_reads_is_rejected() {
    let (graph, [_, a, _]) = chain();
    assert_violations(&graph, &[Free, Recompute, Store], &[Violation::Idle(a)]);
}

/// Which values recompute which others, directly or not, by Warshall's closure.
fn closure(edges: &[(usize, usize)], stored: &[bool]) -> [[bool; 8]; 8] {
    let mut reaches = [[false; 8]; 8];
    for &(reader, operand) in edges {
        reaches[reader][operand] = !stored[reader] && !stored[operand];
    }
    for (via, from, to) in (0..512).map(|number| (number / 64, number / 8 % 8, number % 8)) {
        reaches[from][to] |= reaches[from][via] && reaches[via][to];
    }
    reaches
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cycle_is_reported_at_exactly_the_values_that_reach_themselves(
        edges in prop::collection::vec((0..8_usize, 0..8_usize), 0..14),
        stored in prop::collection::vec(prop::bool::weighted(0.2), 8),
    ) {
        let mut graph = Graph::new();
        let value = || Node::value("v", DomainId::FUNCTION, slot(), Some(1)).needed();
        let ids = [(); 8].map(|()| graph.add_node(value()));
        edges.iter().for_each(|&(reader, operand)| graph.add_operand(ids[reader], ids[operand]));
        let decisions = stored.iter().map(|&stored| if stored { Store } else { Recompute }).collect();

        let reaches = closure(&edges, &stored);
        let cyclic = (0..8).filter(|&value| reaches[value][value]);
        let expected: Vec<_> = cyclic.map(|value| Violation::RecomputeCycle(ids[value])).collect();
        prop_assert_eq!(check(&graph, &Plan::from_decisions(decisions)), expected);
    }
}
