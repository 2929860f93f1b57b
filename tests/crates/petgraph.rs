//! petgraph: graphs with weights that are differentiated.

use petgraph::algo::{bellman_ford, dijkstra, toposort};
use petgraph::graph::{DiGraph, NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;

use crate::differences;

const POINT: [f64; 6] = [0.9, 1.2, 0.4, 2.1, 0.3, 1.6];

const EDGES: [(u32, u32); 6] = [(0, 1), (0, 2), (1, 3), (2, 3), (2, 1), (3, 4)];

#[test]
fn a_network_in_topological_order() {
    differences(
        |x| {
            let graph = DiGraph::<(), f64>::from_edges(
                EDGES.iter().zip(x).map(|(&(a, b), w)| (a, b, w.sin())),
            );
            let mut value = vec![0.0; graph.node_count()];
            value[0] = 1.0;
            for node in toposort(&graph, None).unwrap() {
                for edge in graph.edges(node) {
                    value[edge.target().index()] += value[node.index()] * edge.weight();
                }
            }
            value[4]
        },
        &POINT,
    );
}

#[test]
fn a_walk_over_edges() {
    differences(
        |x| {
            let mut graph = UnGraph::<f64, f64>::default();
            let nodes: Vec<NodeIndex> = x[..4].iter().map(|v| graph.add_node(v * v)).collect();
            for i in 0..4 {
                graph.add_edge(nodes[i], nodes[(i + 1) % 4], x[i] * x[(i + 2) % 6]);
            }
            graph
                .edge_references()
                .map(|e| e.weight() * (graph[e.source()] - graph[e.target()]).powi(2))
                .sum()
        },
        &POINT,
    );
}

#[test]
fn a_shortest_path() {
    differences(
        |x| {
            let graph =
                DiGraph::<(), f64>::from_edges(EDGES.iter().zip(x).map(|(&(a, b), w)| (a, b, *w)));
            let paths = bellman_ford(&graph, NodeIndex::new(0)).unwrap();
            paths.distances[4] * paths.distances[3]
        },
        &POINT,
    );
}

#[test]
fn shortest_paths_by_a_hash_map() {
    differences(
        |x| {
            let mut graph = UnGraph::<(), f64>::new_undirected();
            let nodes: Vec<_> = (0..5).map(|_| graph.add_node(())).collect();
            for i in 0..4 {
                graph.add_edge(nodes[i], nodes[i + 1], x[i] * x[i] + 0.5);
            }
            graph.add_edge(nodes[0], nodes[4], x[4] * x[4] + 20.0);
            graph.add_edge(nodes[1], nodes[3], x[5] * x[5] * 0.1);
            let lengths = dijkstra(&graph, nodes[0], None, |edge| *edge.weight());
            lengths[&nodes[4]] + lengths[&nodes[2]] * 2.0
        },
        &POINT,
    );
}
