//! Planning is near-linear: a hundred thousand values take a fraction of a second.
//!
//! Bounds are generous (a slow machine, an unoptimised build) and still far below
//! what one quadratic step would take. `--nocapture` prints the times.

use enzyme_plan::{DomainId, Footprint, Graph, Node, NodeId, check, solve};
use std::time::{Duration, Instant};

const VALUES: usize = 100_000;
const BOUND: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 3 });

fn assert_fast(name: &str, graph: &Graph) {
    let start = Instant::now();
    let plan = solve(graph).unwrap();
    let solved = start.elapsed();
    assert_eq!(check(graph, &plan), []);
    println!(
        "{name}: {} values, solve {solved:?}, check {:?}",
        graph.nodes().len(),
        start.elapsed() - solved
    );
    assert!(solved < BOUND, "{name} took {solved:?}");
}

/// Pseudo-random numbers from a linear congruence; only their variety matters.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn slot(size: u64) -> Option<Footprint> {
    Some(Footprint::new(size, 8))
}

fn value(size: u64, cost: u64) -> Node {
    Node::value("v", DomainId::FUNCTION, slot(size), Some(cost))
}

#[test]
fn a_long_chain_of_cheap_values_is_fast() {
    let mut graph = Graph::new();
    let mut last = graph.add_node(Node::value("load", DomainId::FUNCTION, slot(8), None));
    for _ in 0..VALUES {
        last = graph.add_node(value(8, 1).reads(&[last]));
    }
    graph.mark_needed(last);
    assert_fast("chain", &graph);
}

/// The flow grows by one unit for each value, over paths that are all different.
#[test]
fn a_long_chain_that_can_only_be_stored_at_great_cost_is_fast() {
    let mut graph = Graph::new();
    let mut last = graph.add_node(Node::value("load", DomainId::FUNCTION, slot(1 << 30), None));
    for _ in 0..VALUES {
        last = graph.add_node(value(1 << 30, 1).reads(&[last]));
    }
    graph.mark_needed(last);
    assert_fast("wide chain", &graph);
}

#[test]
fn a_chain_of_which_every_value_is_needed_is_fast() {
    let mut graph = Graph::new();
    let mut dice = Dice(1);
    let mut last = graph.add_node(Node::value("load", DomainId::FUNCTION, slot(8), None));
    for _ in 0..VALUES {
        last = graph.add_node(value(8, dice.roll(20)).reads(&[last]).needed());
    }
    assert_fast("needed chain", &graph);
}

#[test]
fn a_grid_is_fast() {
    let mut graph = Graph::new();
    let mut dice = Dice(2);
    let side = VALUES.isqrt();
    let mut row: Vec<NodeId> = Vec::new();
    for line in 0..side {
        let above = std::mem::take(&mut row);
        for column in 0..side {
            let node = match (above.get(column), row.last()) {
                (Some(&up), Some(&left)) => value(8, 1 + dice.roll(6)).reads(&[up, left]),
                _ => Node::value("load", DomainId::FUNCTION, slot(8), None),
            };
            row.push(graph.add_node(if line + 1 == side { node.needed() } else { node }));
        }
    }
    assert_fast("grid", &graph);
}

#[test]
fn a_random_graph_with_loops_is_fast() {
    let mut graph = Graph::new();
    let mut dice = Dice(3);
    let mut domains = vec![DomainId::FUNCTION];
    for _ in 0..50 {
        let parent = domains[dice.roll(domains.len() as u64) as usize];
        domains.push(graph.add_domain(parent, 2 + dice.roll(100)));
    }
    let mut of_domain: Vec<Vec<NodeId>> = vec![Vec::new(); domains.len()];
    for _ in 0..VALUES {
        let at = dice.roll(domains.len() as u64) as usize;
        let recompute = if dice.roll(10) == 0 { None } else { Some(dice.roll(12)) };
        let mut node = Node::value("v", domains[at], slot(8 << dice.roll(3)), recompute);
        for _ in 0..1 + dice.roll(3) {
            let mut from = domains[at];
            while dice.roll(3) == 0 {
                from = graph.domain(from).parent().unwrap_or(from);
            }
            let seen = &of_domain[from.index()];
            if !seen.is_empty() {
                // Mostly near values, as in code.
                let back = (1 + dice.roll(40) as usize).min(seen.len());
                node.operands.push(seen[seen.len() - back]);
            }
        }
        node.needed = dice.roll(4) == 0;
        of_domain[at].push(graph.add_node(node));
    }
    assert_fast("random with loops", &graph);
}

#[test]
fn a_random_graph_of_wide_values_that_few_places_need_is_fast() {
    let mut graph = Graph::new();
    let mut dice = Dice(4);
    let mut ids: Vec<NodeId> = Vec::new();
    for index in 0..VALUES {
        let mut node = value(8 + dice.roll(4000), 1 + dice.roll(10));
        for _ in 0..2_usize.min(index) {
            node.operands.push(ids[index - 1 - dice.roll(200.min(index as u64)) as usize]);
        }
        node.needed = dice.roll(1000) == 0;
        ids.push(graph.add_node(node));
    }
    assert_fast("wide random", &graph);
}
