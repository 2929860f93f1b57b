//! How plans, layouts and refusals are printed.

use enzyme_plan::{
    DomainId, Extra, Footprint, Graph, Infeasible, Node, Violation, layout_with, solve,
};
use expect_test::{Expect, expect};

const FUNCTION: DomainId = DomainId::FUNCTION;

fn slot(size: u64) -> Option<Footprint> {
    Some(Footprint::new(size, size))
}

/// `for i in 0..n { let t = a[i] * scale; acc = sin(t) * acc; if t > 0 {..} }`, where
/// `scale = exp(s)` is outside and `a` is overwritten later.
fn damped_product() -> Graph {
    let mut graph = Graph::new();
    let body = graph.add_domain(FUNCTION, 1000);
    let s = graph.add_node(Node::free("s", FUNCTION));
    let n = graph.add_node(Node::value("n", FUNCTION, slot(8), None).needed());
    let i = graph.add_node(Node::free("i", body));
    let scale = graph
        .add_node(Node::value("scale = exp s", FUNCTION, slot(8), Some(40)).reads(&[s]).needed());
    let load = graph.add_node(Node::value("a[i]", body, slot(8), None).reads(&[i]).needed());
    let t = graph.add_node(Node::value("t", body, slot(8), Some(4)).reads(&[load, scale]).needed());
    let sin = graph.add_node(Node::value("sin t", body, slot(8), Some(40)).reads(&[t]).needed());
    let acc = graph.add_node(Node::value("acc", body, slot(8), None).needed());
    graph.add_node(Node::value("next acc", body, slot(8), Some(4)).reads(&[sin, acc]));
    graph.add_node(Node::value("sign", body, slot(1), Some(3)).reads(&[t]).needed());
    graph.add_operand(acc, n);
    graph
}

#[test]
fn a_plan_prints_what_the_reverse_pass_pays_for_and_why() {
    let graph = damped_product();
    let plan = solve(&graph).unwrap();
    expect![[r#"
        value          depth  decision   bytes  reason
        n                  0  store          8  cannot be recomputed; for the reverse pass
        scale = exp s      0  store          8  costs 8; 40 and its operands if recomputed; for the reverse pass
        a[i]               1  store          8  cannot be recomputed; for the reverse pass
        t                  1  recompute      -  costs 4000; 8000 if stored; for the reverse pass
        sin t              1  store          8  costs 8000; 40000 and its operands if recomputed; for the reverse pass
        acc                1  store          8  cannot be recomputed; for the reverse pass
        sign               1  store          1  costs 1000; 3000 and its operands if recomputed; for the reverse pass
        6 stored (about 25016 bytes in all), 1 recomputed, 2 free, 1 unneeded; cost 29016
    "#]].assert_eq(&plan.display(&graph).to_string());
}

#[test]
fn a_plan_prints_every_value_on_request() {
    let graph = damped_product();
    let plan = solve(&graph).unwrap();
    expect![[r#"
        value          depth  decision   bytes  reason
        s                  0  free           -  costs nothing
        n                  0  store          8  cannot be recomputed; for the reverse pass
        i                  1  free           -  costs nothing
        scale = exp s      0  store          8  costs 8; 40 and its operands if recomputed; for the reverse pass
        a[i]               1  store          8  cannot be recomputed; for the reverse pass
        t                  1  recompute      -  costs 4000; 8000 if stored; for the reverse pass
        sin t              1  store          8  costs 8000; 40000 and its operands if recomputed; for the reverse pass
        acc                1  store          8  cannot be recomputed; for the reverse pass
        next acc           1  unneeded       -  nothing reads it
        sign               1  store          1  costs 1000; 3000 and its operands if recomputed; for the reverse pass
        6 stored (about 25016 bytes in all), 1 recomputed, 2 free, 1 unneeded; cost 29016
    "#]].assert_eq(&format!("{:#}", plan.display(&graph)));
}

#[test]
fn a_layout_prints_one_table_for_each_record_that_is_not_empty() {
    let graph = damped_product();
    let plan = solve(&graph).unwrap();
    let records = Extra {
        label: "records of d1".to_owned(),
        domain: FUNCTION,
        footprint: Footprint::new(8, 8),
    };
    expect![[r#"
        function: 24 bytes, aligned to 8
             0..8    n
             8..16   scale = exp s
            16..24   records of d1
        loop d1: 32 bytes, aligned to 8
             0..8    a[i]
             8..16   sin t
            16..24   acc
            24..25   sign
    "#]]
    .assert_eq(&layout_with(&graph, &plan, &[records]).to_string());
}

fn check_refusal(graph: &Graph, expected: Expect) {
    let refusal: Infeasible = solve(graph).unwrap_err();
    expected.assert_eq(&refusal.to_string());
}

#[test]
fn a_needed_value_that_is_impossible_is_refused_with_the_operand_that_is_to_blame() {
    let mut graph = Graph::new();
    let token = graph.add_node(Node::value("token", FUNCTION, None, None));
    let fine = graph.add_node(Node::value("fine", FUNCTION, slot(8), None));
    let middle =
        graph.add_node(Node::value("middle", FUNCTION, None, Some(1)).reads(&[fine, token]));
    graph.add_node(Node::value("result", FUNCTION, None, Some(1)).reads(&[fine, middle]).needed());
    check_refusal(
        &graph,
        expect![
            "the reverse pass reads `result` (n3), which cannot be stored; recomputing it needs `middle` (n2), which cannot be stored; recomputing it needs `token` (n0), which cannot be stored or recomputed"
        ],
    );
}

#[test]
fn a_needed_value_without_any_way_is_refused_by_itself() {
    let mut graph = Graph::new();
    graph.add_node(Node::value("token", FUNCTION, None, None).needed());
    check_refusal(
        &graph,
        expect!["the reverse pass reads `token` (n0), which cannot be stored or recomputed"],
    );
}

#[test]
fn a_cycle_of_recomputable_values_is_refused_even_if_nothing_needs_it() {
    let mut graph = Graph::new();
    let phi = graph.add_node(Node::value("phi", FUNCTION, slot(8), Some(1)));
    let next = graph.add_node(Node::value("next", FUNCTION, slot(8), Some(1)).reads(&[phi]));
    graph.add_node(Node::value("after", FUNCTION, slot(8), Some(1)).reads(&[next]));
    graph.add_operand(phi, next);
    check_refusal(
        &graph,
        expect![
            "recomputing `phi` (n0) needs `next` (n1), which needs `phi` (n0) again; one of them must not be recomputable"
        ],
    );
}

#[test]
fn a_recomputable_value_that_reads_into_a_loop_is_refused() {
    let mut graph = Graph::new();
    let body = graph.add_domain(FUNCTION, 10);
    let inner = graph.add_node(Node::value("inner", body, slot(8), None));
    graph.add_node(Node::value("last", FUNCTION, slot(8), Some(1)).reads(&[inner]));
    check_refusal(
        &graph,
        expect!["`last` (n1) is recomputable but reads `inner` (n0) of a loop that it is not in"],
    );
}

#[test]
fn violations_print_as_sentences() {
    let graph = damped_product();
    let ids: Vec<_> = graph.nodes().map(|(id, _)| id).collect();
    let (node, operand) = (ids[5], ids[3]);
    let all = [
        Violation::WrongLength { nodes: 10, decisions: 1 },
        Violation::NotFree(node),
        Violation::IsFree(node),
        Violation::NotStorable(node),
        Violation::NotRecomputable(node),
        Violation::NeededMissing(node),
        Violation::OperandMissing { node, operand },
        Violation::OperandHidden { node, operand },
        Violation::RecomputeCycle(node),
        Violation::Idle(node),
    ];
    let text: String = all.iter().map(|violation| format!("{violation}\n")).collect();
    expect![[r#"
        the plan has 1 decisions for a graph of 10 nodes
        n5 is called free but has to be stored or recomputed
        n5 is free but the plan decides otherwise
        n5 is stored but cannot be
        n5 is recomputed but cannot be
        the reverse pass reads n5, which is left out
        recomputing n5 reads n3, which is left out
        recomputing n5 reads n3 of a loop that it is not in
        recomputing n5 needs itself
        n5 is stored or recomputed but nobody reads it
    "#]]
    .assert_eq(&text);
}
