//! What the optimum looks like on graphs small enough to see it.

use Decision::{Recompute, Store, Unneeded};
use enzyme_plan::{
    Decision, DomainId, Extra, Footprint, Graph, Infeasible, MAX_COST, Node, NodeId, cost, layout,
    layout_with, solve,
};

const FUNCTION: DomainId = DomainId::FUNCTION;

fn bytes(size: u64) -> Option<Footprint> {
    Some(Footprint::new(size, 1))
}

fn assert_plan(graph: &Graph, expected: &[Decision]) {
    assert_eq!(solve(graph).unwrap().decisions(), expected);
}

#[test]
fn one_small_value_is_stored_instead_of_the_many_that_follow_from_it() {
    let mut graph = Graph::new();
    let root = graph.add_node(Node::value("root", FUNCTION, bytes(8), None));
    for _ in 0..3 {
        graph.add_node(Node::value("leaf", FUNCTION, bytes(8), Some(1)).reads(&[root]).needed());
    }
    assert_plan(&graph, &[Store, Recompute, Recompute, Recompute]);
}

#[test]
fn one_small_result_is_stored_instead_of_its_many_inputs() {
    let mut graph = Graph::new();
    let inputs = [(); 3].map(|()| graph.add_node(Node::value("input", FUNCTION, bytes(8), None)));
    graph.add_node(Node::value("sum", FUNCTION, bytes(8), Some(1)).reads(&inputs).needed());
    assert_plan(&graph, &[Unneeded, Unneeded, Unneeded, Store]);
}

#[test]
fn the_cut_moves_out_of_a_loop_by_itself() {
    let mut graph = Graph::new();
    let body = graph.add_domain(FUNCTION, 100);
    let outer = graph.add_node(Node::value("outer", FUNCTION, bytes(8), None));
    graph.add_node(Node::value("inner", body, bytes(1), Some(0)).reads(&[outer]).needed());
    assert_plan(&graph, &[Store, Recompute]);
}

#[test]
fn a_value_used_at_many_places_is_stored_rather_than_recomputed_at_each() {
    let plan_with = |uses| {
        let mut graph = Graph::new();
        graph.add_node(Node::value("v", FUNCTION, bytes(8), Some(3)).needed().used_at(uses));
        solve(&graph).unwrap().decision(NodeId::from_index(0))
    };
    assert_eq!((plan_with(2), plan_with(3)), (Recompute, Store));
}

#[test]
fn a_higher_price_of_bytes_gives_a_smaller_tape() {
    let mut graph = Graph::new();
    graph.add_node(Node::value("v", FUNCTION, bytes(8), Some(10)).needed());
    assert_plan(&graph, &[Store]);
    assert_plan(&graph.with_byte_weight(2), &[Recompute]);
}

#[test]
fn at_equal_cost_recomputing_wins_over_storing() {
    let mut graph = Graph::new();
    graph.add_node(Node::value("v", FUNCTION, bytes(8), Some(8)).needed());
    assert_plan(&graph, &[Recompute]);
}

#[test]
fn at_equal_cost_the_outer_value_is_stored() {
    let mut graph = Graph::new();
    let once = graph.add_domain(FUNCTION, 1);
    let outer = graph.add_node(Node::value("outer", FUNCTION, bytes(8), None));
    graph.add_node(Node::value("inner", once, bytes(8), Some(0)).reads(&[outer]).needed());
    assert_plan(&graph, &[Store, Recompute]);
}

#[test]
fn at_equal_cost_the_smaller_value_is_stored() {
    let mut graph = Graph::new().with_byte_weight(0);
    let small = graph.add_node(Node::value("small", FUNCTION, bytes(4), None));
    graph.add_node(Node::value("large", FUNCTION, bytes(8), Some(0)).reads(&[small]).needed());
    assert_plan(&graph, &[Store, Recompute]);
}

#[test]
fn at_equal_cost_and_size_the_value_next_to_its_use_is_stored() {
    let mut graph = Graph::new();
    let first = graph.add_node(Node::value("first", FUNCTION, bytes(8), None));
    graph.add_node(Node::value("second", FUNCTION, bytes(8), Some(0)).reads(&[first]).needed());
    assert_plan(&graph, &[Unneeded, Store]);
}

#[test]
fn a_loop_phi_breaks_the_cycle_that_it_is_part_of() {
    let mut graph = Graph::new();
    let body = graph.add_domain(FUNCTION, 10);
    let phi = graph.add_node(Node::value("phi", body, bytes(8), None));
    let next = graph.add_node(Node::value("next", body, bytes(8), Some(1)).reads(&[phi]).needed());
    graph.add_operand(phi, next);
    graph.mark_needed(phi);
    assert_plan(&graph, &[Store, Recompute]);
}

#[test]
fn prices_saturate_instead_of_overflowing() {
    let mut graph = Graph::new().with_byte_weight(u64::MAX);
    let mut domain = FUNCTION;
    for _ in 0..5 {
        domain = graph.add_domain(domain, u64::MAX);
    }
    let huge = Some(Footprint::new(u64::MAX, 1));
    let root = graph.add_node(Node::value("root", domain, huge, None));
    graph.add_node(Node::value("leaf", domain, None, Some(u64::MAX)).reads(&[root]).needed());
    let plan = solve(&graph).unwrap();
    assert_eq!(plan.decisions(), [Store, Recompute]);
    assert_eq!(cost(&graph, &plan), 2 * u128::from(MAX_COST));
    assert!(!plan.display(&graph).to_string().is_empty());
}

#[test]
fn a_small_value_fills_the_gap_that_an_odd_size_leaves() {
    let mut graph = Graph::new();
    let slots = [(10, 8), (8, 8), (2, 2)].map(|(size, align)| {
        let footprint = Some(Footprint::new(size, align));
        graph.add_node(Node::value("v", FUNCTION, footprint, None).needed())
    });
    let tape = layout(&graph, &solve(&graph).unwrap());
    let offsets = slots.map(|node| tape.of_node(node).unwrap().1.offset);
    assert_eq!((offsets, tape.record(FUNCTION).size()), ([0, 16, 10], 24));
}

#[test]
fn an_extra_slot_is_packed_with_the_values_and_found_by_its_number() {
    let mut graph = Graph::new();
    let body = graph.add_domain(FUNCTION, 10);
    graph.add_node(Node::value("flag", FUNCTION, bytes(1), None).needed());
    let extra = |label: &str, domain| Extra {
        label: label.into(),
        domain,
        footprint: Footprint::new(8, 8),
    };
    let extras = [extra("frame", body), extra("records", FUNCTION)];
    let tape = layout_with(&graph, &solve(&graph).unwrap(), &extras);
    let found = [0, 1].map(|index| (tape.of_extra(index).0, tape.of_extra(index).1.offset));
    assert_eq!(found, [(body, 0), (FUNCTION, 0)]);
    assert_eq!((tape.record(FUNCTION).size(), tape.record(body).size()), (16, 8));
}

#[test]
fn a_refusal_names_the_value_by_id_and_label() {
    let mut graph = Graph::new();
    let node = graph.add_node(Node::value("token", FUNCTION, None, None).needed());
    let Err(Infeasible::Unavailable { chain }) = solve(&graph) else {
        panic!("nothing can be done for a token")
    };
    assert_eq!((chain[0].node, chain[0].label.as_str()), (node, "token"));
}

#[test]
fn a_domain_encloses_itself_and_what_is_inside_and_nothing_else() {
    let mut graph = Graph::new();
    let a = graph.add_domain(FUNCTION, 2);
    let b = graph.add_domain(a, 3);
    let c = graph.add_domain(FUNCTION, 5);
    let enclosed = |outer| [FUNCTION, a, b, c].map(|inner| graph.encloses(outer, inner));
    assert_eq!(enclosed(FUNCTION), [true; 4]);
    assert_eq!(enclosed(a), [false, true, true, false]);
    assert_eq!(enclosed(b), [false, false, true, false]);
    assert_eq!(enclosed(c), [false, false, false, true]);
    assert_eq!((graph.domain(b).executions(), graph.domain(b).depth()), (6, 2));
}
