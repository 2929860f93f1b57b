//! The answer as plain data: one decision for each node, and how it is printed.
//!
//! A plan means something only together with the graph that it answers; printing
//! takes both. `{}` lists the values that the reverse pass pays for, `{:#}` all.

use crate::graph::{Graph, Node, NodeId};
use crate::price;
use std::fmt;

/// How the reverse pass gets a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Not at all; nothing reads it.
    Unneeded,
    /// At no cost. All nodes with a free source have this decision, and only they.
    Free,
    /// By evaluating it again from its operands.
    Recompute,
    /// From the tape.
    Store,
}

/// One decision for each node of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    decisions: Vec<Decision>,
}

/// A plan that is ready to be printed.
pub struct PlanDisplay<'a> {
    graph: &'a Graph,
    plan: &'a Plan,
}

impl Plan {
    /// The plan with these decisions, node by node. Any table is accepted;
    /// whether it is a legal plan is for `check` to say.
    pub fn from_decisions(decisions: Vec<Decision>) -> Plan {
        Plan { decisions }
    }

    /// How the reverse pass gets `node`.
    pub fn decision(&self, node: NodeId) -> Decision {
        self.decisions[node.index()]
    }

    /// All decisions in the order of the nodes.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The plan as a table.
    pub fn display<'a>(&'a self, graph: &'a Graph) -> PlanDisplay<'a> {
        PlanDisplay { graph, plan: self }
    }

    /// Nodes together with their decisions.
    pub(crate) fn of<'a>(
        &'a self,
        graph: &'a Graph,
    ) -> impl Iterator<Item = (NodeId, &'a Node, Decision)> {
        graph.nodes().zip(&self.decisions).map(|((id, node), &decision)| (id, node, decision))
    }
}

impl Decision {
    /// Whether the reverse pass has a value with this decision.
    pub fn is_available(self) -> bool {
        self != Decision::Unneeded
    }

    fn word(self) -> &'static str {
        match self {
            Decision::Unneeded => "unneeded",
            Decision::Free => "free",
            Decision::Recompute => "recompute",
            Decision::Store => "store",
        }
    }
}

impl fmt::Display for PlanDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paid = |decision| matches!(decision, Decision::Recompute | Decision::Store);
        let all = f.alternate();
        let rows: Vec<_> = self.plan.of(self.graph).filter(|row| all || paid(row.2)).collect();
        let width =
            rows.iter().map(|row| row.1.label.chars().count()).fold("value".len(), usize::max);

        writeln!(f, "{:width$}  depth  decision   bytes  reason", "value")?;
        let readers = self.first_readers();
        for (id, node, decision) in rows {
            let depth = self.graph.domain(node.domain).depth();
            let bytes = match (decision, node.footprint()) {
                (Decision::Store, Some(footprint)) => footprint.size().to_string(),
                _ => "-".to_owned(),
            };
            let (label, word) = (&node.label, decision.word());
            writeln!(
                f,
                "{label:width$}  {depth:5}  {word:9}  {bytes:>5}  {}",
                self.reason(node, readers[id.index()], decision)
            )?;
        }
        self.summary(f)
    }
}

impl PlanDisplay<'_> {
    fn reason(&self, node: &Node, reader: Option<&str>, decision: Decision) -> String {
        let prices = (price::store(self.graph, node), price::recompute(self.graph, node));
        let why = match (decision, prices) {
            (Decision::Unneeded, _) => return "nothing reads it".to_owned(),
            (Decision::Free, _) => return "costs nothing".to_owned(),
            (Decision::Store, (_, None)) => "cannot be recomputed".to_owned(),
            (Decision::Store, (Some(s), Some(r))) => {
                format!("costs {s}; {r} and its operands if recomputed")
            }
            (Decision::Recompute, (None, _)) => "cannot be stored".to_owned(),
            (Decision::Recompute, (Some(s), Some(r))) => format!("costs {r}; {s} if stored"),
            (Decision::Store, (None, Some(_))) | (Decision::Recompute, (Some(_), None)) => {
                "illegal".to_owned()
            }
        };
        format!("{why}; for {}", reader.unwrap_or("nobody"))
    }

    /// For each value, who makes the plan provide it: the reverse pass itself, or
    /// the first recomputed value that reads it.
    fn first_readers(&self) -> Vec<Option<&str>> {
        let needed = |(_, node): (NodeId, &Node)| node.needed.then_some("the reverse pass");
        let mut readers: Vec<Option<&str>> = self.graph.nodes().map(needed).collect();
        let again = self.plan.of(self.graph).filter(|row| row.2 == Decision::Recompute);
        for (operand, reader) in
            again.flat_map(|(_, node, _)| node.operands.iter().map(move |w| (w, node)))
        {
            readers[operand.index()].get_or_insert(&reader.label);
        }
        readers
    }

    fn summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count =
            |wanted| self.plan.decisions.iter().filter(|&&decision| decision == wanted).count();
        let stored = self.plan.of(self.graph).filter(|row| row.2 == Decision::Store);
        let bytes = stored.map(|(_, node, _)| {
            let executions = self.graph.domain(node.domain).executions();
            node.footprint()
                .map_or(0, |footprint| u128::from(footprint.size()) * u128::from(executions))
        });
        let bytes = bytes.fold(0, u128::saturating_add);
        writeln!(
            f,
            "{} stored (about {bytes} bytes in all), {} recomputed, {} free, {} unneeded; cost {}",
            count(Decision::Store),
            count(Decision::Recompute),
            count(Decision::Free),
            count(Decision::Unneeded),
            price::cost(self.graph, self.plan),
        )
    }
}
