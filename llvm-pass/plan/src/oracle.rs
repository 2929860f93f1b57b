//! The best plan by trying all of them, for small graphs.
//!
//! Enumerates each table of decisions, keeps what `check` accepts, and takes the
//! least by cost, then by the sum of ties, then by how much the reverse pass has to
//! do. `solve.rs` claims that its plan is unique in this order; so the two must
//! agree not only in cost but in each decision. Exponential; shares with the search
//! only the prices.

use crate::check::check;
use crate::graph::{Graph, Source};
use crate::plan::{Decision, Plan};
use crate::price;

/// The most values that are not free that [`brute_force`] takes on: `3^12` plans.
pub const MOST_VALUES: usize = 12;

/// The plan that `solve` must find; `None` if no plan is legal.
///
/// # Panics
/// If the graph has more than [`MOST_VALUES`] values that are not free.
pub fn brute_force(graph: &Graph) -> Option<Plan> {
    let values: Vec<usize> = graph
        .nodes()
        .filter(|(_, node)| node.source != Source::Free)
        .map(|(id, _)| id.index())
        .collect();
    assert!(values.len() <= MOST_VALUES, "{} values are too many to try all plans", values.len());
    let plans = (0..3_usize.pow(values.len() as u32)).map(|number| {
        let mut decisions = vec![Decision::Free; graph.nodes().len()];
        let mut digits = number;
        for &value in &values {
            decisions[value] =
                [Decision::Unneeded, Decision::Store, Decision::Recompute][digits % 3];
            digits /= 3;
        }
        Plan::from_decisions(decisions)
    });
    plans.filter(|plan| check(graph, plan).is_empty()).min_by_key(|plan| rank(graph, plan))
}

fn rank(graph: &Graph, plan: &Plan) -> (u128, u64, usize) {
    let stored = plan.of(graph).filter(|row| row.2 == Decision::Store);
    let ties = stored.map(|(_, node, _)| price::tie(graph, node)).sum();
    // The size of the cut's sink side: a recomputed value has two vertices there.
    let work = plan.decisions().iter().map(|decision| match decision {
        Decision::Unneeded | Decision::Free => 0,
        Decision::Store => 1,
        Decision::Recompute => 2,
    });
    (price::cost(graph, plan), ties, work.sum())
}
