//! The minimum s-t cut with the smallest sink side.
//!
//! **Computes** from a directed network with capacities: the set of vertices that
//! can still reach the sink when the flow is maximal. By max-flow/min-cut the arcs
//! into that set are a minimum cut; among all minimum cuts its sink side is the
//! smallest, a subset of every other. It is therefore unique, whatever order
//! the search takes.
//!
//! **Algorithm.** Push-relabel, highest label first (Goldberg, Tarjan; Cherkassky,
//! Goldberg for the two heuristics), and only its first half:
//!
//! 1. *Saturate* all arcs out of the source; the amount is excess at their heads.
//! 2. *Discharge* the excess vertex of highest label: push along arcs that lead
//!    exactly one label down; if none is left, relabel.
//! 3. *Gap*: if no vertex has label k, nothing above k reaches the sink: drop it.
//! 4. *Global relabel* now and then: exact distances by a search from the sink.
//!
//! It stops when step 4 finds that no excess can reach the sink, so the answer rests
//! on this last search, and only the speed rests on the labels before. The result is
//! a maximum preflow, not a flow, and that is enough: turning it into a flow returns
//! each excess along paths of vertices that cannot reach the sink, which changes no
//! arc at the cut.
//!
//! **Why not augmenting paths.** Our networks are long and thin (a chain of
//! instructions is a path). Dinic needs a phase for each path length, which is
//! quadratic there; push-relabel gathers all the excess on one way down.
//!
//! **Costs** O(V²√E) at worst, near-linear on the networks of `solve.rs`
//! (`tests/speed.rs`). **Assumes** that the finite capacities out of the source
//! sum up to less than [`UNBOUNDED`].

/// A capacity that no cut ever includes.
pub(crate) const UNBOUNDED: u128 = 1 << 127;

/// A point of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vertex(u32);

impl Vertex {
    /// Where flow comes from; never on the sink side.
    pub(crate) const SOURCE: Vertex = Vertex(0);
    /// Where flow goes; always on the sink side.
    pub(crate) const SINK: Vertex = Vertex(1);
}

/// Vertices and arcs under construction.
pub(crate) struct Network {
    vertices: u32,
    arcs: Vec<(u32, u32, u128)>,
}

/// The vertices that can reach the sink in the residual network.
pub(crate) struct SinkSide(Vec<bool>);

impl SinkSide {
    /// Whether `vertex` is on the sink side.
    pub(crate) fn contains(&self, vertex: Vertex) -> bool {
        self.0[vertex.0 as usize]
    }
}

impl Network {
    /// Source and sink, unconnected.
    pub(crate) fn new() -> Network {
        Network { vertices: 2, arcs: Vec::new() }
    }

    /// One vertex more.
    pub(crate) fn add_vertex(&mut self) -> Vertex {
        self.vertices += 1;
        Vertex(self.vertices - 1)
    }

    /// One arc more. Arcs that no cut can avoid or include are dropped.
    pub(crate) fn add_arc(&mut self, from: Vertex, to: Vertex, capacity: u128) {
        let always_cut = from == Vertex::SOURCE && to == Vertex::SINK;
        let never_cut = from == to || from == Vertex::SINK || to == Vertex::SOURCE;
        if !always_cut && !never_cut && capacity > 0 {
            self.arcs.push((from.0, to.0, capacity));
        }
    }

    /// The smallest sink side of a minimum cut.
    pub(crate) fn min_cut(&self) -> SinkSide {
        let mut search = Search::new(self);
        search.saturate_source();
        while search.global_relabel() {
            search.discharge_for_a_while();
        }
        let reaches_sink = |&label: &u32| label < search.unreached;
        SinkSide(search.label.iter().map(reaches_sink).collect())
    }
}

/// Push-relabel state. Arcs are stored with their reverses, grouped by tail:
/// `first[v]..first[v + 1]` are the arcs out of `v`.
struct Search {
    first: Vec<u32>,
    head: Vec<u32>,
    twin: Vec<u32>,
    room: Vec<u128>,
    /// The next arc to try, for each vertex; earlier ones cannot be pushed along.
    current: Vec<u32>,
    excess: Vec<u128>,
    /// A lower bound of the distance to the sink, or `unreached`.
    label: Vec<u32>,
    unreached: u32,
    /// Vertices by label. Entries of vertices that have moved on are stale.
    layers: Vec<Vec<u32>>,
    layer_size: Vec<u32>,
    /// Vertices with excess by label, perhaps stale, and the highest used label.
    active: Vec<Vec<u32>>,
    highest: usize,
    work: usize,
    work_limit: usize,
}

impl Search {
    fn new(network: &Network) -> Search {
        let vertices = network.vertices as usize;
        let mut first = vec![0_u32; vertices + 1];
        for &(from, to, _) in &network.arcs {
            first[from as usize + 1] += 1;
            first[to as usize + 1] += 1;
        }
        for vertex in 0..vertices {
            first[vertex + 1] += first[vertex];
        }
        let ends = 2 * network.arcs.len();
        let (mut head, mut twin, mut room) = (vec![0; ends], vec![0; ends], vec![0; ends]);
        let mut free = first.clone();
        for &(from, to, capacity) in &network.arcs {
            let [forward, backward] = [from, to].map(|tail| {
                free[tail as usize] += 1;
                free[tail as usize] - 1
            });
            (head[forward as usize], twin[forward as usize], room[forward as usize]) =
                (to, backward, capacity);
            (head[backward as usize], twin[backward as usize]) = (from, forward);
        }
        Search {
            current: first.clone(),
            first,
            head,
            twin,
            room,
            excess: vec![0; vertices],
            label: vec![0; vertices],
            unreached: network.vertices,
            layers: vec![Vec::new(); vertices],
            layer_size: vec![0; vertices],
            active: vec![Vec::new(); vertices],
            highest: 0,
            work: 0,
            work_limit: 6 * vertices + ends,
        }
    }

    fn saturate_source(&mut self) {
        for arc in self.first[0]..self.first[1] {
            self.push(arc, self.room[arc as usize]);
        }
    }

    /// Moves `amount` along `arc`; the excess of its tail is the caller's matter.
    fn push(&mut self, arc: u32, amount: u128) {
        let (arc, twin) = (arc as usize, self.twin[arc as usize] as usize);
        self.room[arc] -= amount;
        self.room[twin] += amount;
        self.excess[self.head[arc] as usize] += amount;
    }

    /// Sets all labels to exact distances, breadth first from the sink. Whether
    /// there is excess that can still reach the sink.
    fn global_relabel(&mut self) -> bool {
        let Search { label, layers, layer_size, active, .. } = self;
        label.fill(self.unreached);
        layers.iter_mut().chain(active.iter_mut()).for_each(Vec::clear);
        layer_size.fill(0);
        self.current.copy_from_slice(&self.first);
        (self.highest, self.work) = (0, 0);

        self.enter(Vertex::SINK.0, 0);
        let mut queue = vec![Vertex::SINK.0];
        let mut next = 0;
        while let Some(&vertex) = queue.get(next) {
            next += 1;
            for arc in self.first[vertex as usize]..self.first[vertex as usize + 1] {
                let before = self.head[arc as usize];
                let open = self.room[self.twin[arc as usize] as usize] > 0;
                // The source has given all it has; no way leads through it.
                if open
                    && before != Vertex::SOURCE.0
                    && self.label[before as usize] == self.unreached
                {
                    self.enter(before, self.label[vertex as usize] + 1);
                    queue.push(before);
                }
            }
        }
        self.active.iter().any(|vertices| !vertices.is_empty())
    }

    /// Discharges until nothing is active or the labels may be far from exact.
    fn discharge_for_a_while(&mut self) {
        while self.work <= self.work_limit {
            let Some(vertex) = self.highest_active() else {
                return;
            };
            self.discharge(vertex);
        }
    }

    /// Gives `vertex` a label below `unreached`.
    fn enter(&mut self, vertex: u32, label: u32) {
        self.label[vertex as usize] = label;
        self.layers[label as usize].push(vertex);
        self.layer_size[label as usize] += 1;
        self.activate(vertex);
    }

    fn activate(&mut self, vertex: u32) {
        let label = self.label[vertex as usize];
        if vertex != Vertex::SINK.0 && self.excess[vertex as usize] > 0 && label < self.unreached {
            self.active[label as usize].push(vertex);
            self.highest = self.highest.max(label as usize);
        }
    }

    fn highest_active(&mut self) -> Option<u32> {
        loop {
            match self.active[self.highest].pop() {
                Some(vertex) => {
                    let fresh = self.label[vertex as usize] as usize == self.highest;
                    if fresh && self.excess[vertex as usize] > 0 {
                        return Some(vertex);
                    }
                }
                None if self.highest == 0 => return None,
                None => self.highest -= 1,
            }
        }
    }

    /// Pushes all excess of `vertex` down, relabelling it as often as that takes,
    /// or finds that it cannot reach the sink.
    fn discharge(&mut self, vertex: u32) {
        let v = vertex as usize;
        while self.label[v] < self.unreached {
            while self.current[v] < self.first[v + 1] {
                let arc = self.current[v];
                let head = self.head[arc as usize] as usize;
                if self.room[arc as usize] > 0 && self.label[v] == self.label[head] + 1 {
                    let amount = self.room[arc as usize].min(self.excess[v]);
                    let was_idle = self.excess[head] == 0;
                    self.push(arc, amount);
                    self.excess[v] -= amount;
                    if was_idle {
                        self.activate(head as u32);
                    }
                    if self.excess[v] == 0 {
                        return;
                    }
                }
                self.current[v] += 1;
            }
            self.relabel(vertex);
        }
    }

    fn relabel(&mut self, vertex: u32) {
        let v = vertex as usize;
        let arcs = self.first[v] as usize..self.first[v + 1] as usize;
        self.work += arcs.len() + 12;
        let open = arcs.filter(|&arc| self.room[arc] > 0);
        let lowest =
            open.map(|arc| self.label[self.head[arc] as usize]).min().unwrap_or(self.unreached);
        let old = self.label[v] as usize;
        let new = (lowest + 1).min(self.unreached);

        self.label[v] = new;
        self.current[v] = self.first[v];
        self.layer_size[old] -= 1;
        if new < self.unreached {
            self.layers[new as usize].push(vertex);
            self.layer_size[new as usize] += 1;
        }
        if self.layer_size[old] == 0 {
            self.drop_above(old);
        }
    }

    /// No vertex has label `gap`: those above cannot reach the sink any more.
    /// Their labels are contiguous: a relabelled vertex is one above another one.
    fn drop_above(&mut self, gap: usize) {
        for layer in gap + 1..self.layers.len() {
            if self.layer_size[layer] == 0 {
                break;
            }
            self.layer_size[layer] = 0;
            for vertex in std::mem::take(&mut self.layers[layer]) {
                if self.label[vertex as usize] as usize == layer {
                    self.label[vertex as usize] = self.unreached;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, UNBOUNDED, Vertex};
    use proptest::prelude::*;

    const INNER: usize = 6;

    fn network(arcs: &[(usize, usize, u128)]) -> (Network, Vec<Vertex>) {
        let mut network = Network::new();
        let mut vertices = vec![Vertex::SOURCE, Vertex::SINK];
        vertices.extend((0..INNER).map(|_| network.add_vertex()));
        arcs.iter().for_each(|&(from, to, capacity)| {
            network.add_arc(vertices[from], vertices[to], capacity)
        });
        (network, vertices)
    }

    /// Sink side as a bit for each inner vertex, and what the cut costs.
    fn smallest_of_all_cuts(arcs: &[(usize, usize, u128)]) -> (u128, u32, u32) {
        let in_sink = |side: u32, vertex: usize| match vertex {
            0 => false,
            1 => true,
            inner => side >> (inner - 2) & 1 == 1,
        };
        let price = |side| {
            let cut = arcs.iter().filter(|arc| !in_sink(side, arc.0) && in_sink(side, arc.1));
            cut.fold(0_u128, |sum, arc| sum.saturating_add(arc.2))
        };
        (0..1_u32 << INNER).map(|side| (price(side), side.count_ones(), side)).min().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_sink_side_is_the_smallest_of_all_minimum_cuts(
            arcs in prop::collection::vec((0..INNER + 2, 0..INNER + 2, 0..6_u128, prop::bool::weighted(0.2)), 0..24),
        ) {
            let arcs: Vec<_> = arcs
                .into_iter()
                // The search's premise: nothing unbounded leaves the source.
                .map(|(from, to, few, unbounded)| (from, to, if unbounded && from != 0 { UNBOUNDED } else { few }))
                .collect();
            let (network, vertices) = network(&arcs);
            let sink_side = network.min_cut();
            let (_, _, expected) = smallest_of_all_cuts(&arcs);
            let found: u32 = (0..INNER).map(|inner| u32::from(sink_side.contains(vertices[inner + 2])) << inner).sum();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn source_and_sink_are_on_their_own_sides() {
        let (network, _) = network(&[(0, 1, 5), (0, 2, 1), (2, 1, UNBOUNDED)]);
        let sink_side = network.min_cut();
        assert!(!sink_side.contains(Vertex::SOURCE) && sink_side.contains(Vertex::SINK));
    }
}
