//! The question as plain data: values, their operands, the loops they live in.
//!
//! Dense tables indexed by newtypes. A domain can only name a parent that exists,
//! so domains form a tree by construction, with the function as its root; depth
//! and the number of executions are filled in once, when a domain is added.
//! Operands may be added after their node because loop phis make graphs cyclic.
//!
//! This file decides nothing and prices nothing; `price.rs` does the second.

use crate::price::DEFAULT_BYTE_WEIGHT;
use std::fmt;

/// A value, as an index into the graph that made it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// A loop, or the function, as an index into the graph that made it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainId(u32);

/// A loop: the set of executions that one value of it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    parent: Option<DomainId>,
    trips: u64,
    depth: u32,
    executions: u64,
}

/// What storing one execution of a value takes on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Footprint {
    size: u64,
    align: u64,
}

/// Ways to have a value in the reverse pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Available at no cost: arguments, constants, canonical induction variables.
    Free,
    /// Computed in the forward pass.
    Value {
        /// What storing it takes; `None` if it cannot be stored.
        store: Option<Footprint>,
        /// Cost of one evaluation; `None` if it cannot be evaluated again.
        recompute: Option<u64>,
    },
}

/// One primal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// How tables and messages call it.
    pub label: String,
    /// The innermost loop that it lives in.
    pub domain: DomainId,
    /// The values that evaluating it again reads.
    pub operands: Vec<NodeId>,
    /// How the reverse pass can have it.
    pub source: Source,
    /// Whether the reverse pass reads it directly.
    pub needed: bool,
    /// At how many places one reverse iteration would evaluate it again.
    pub uses: u32,
}

/// All values of one function.
#[derive(Clone, Debug)]
pub struct Graph {
    domains: Vec<Domain>,
    nodes: Vec<Node>,
    byte_weight: u64,
}

impl Graph {
    /// The most nodes that a graph can hold; the search's arithmetic relies on it.
    pub const MAX_NODES: usize = 1 << 26;

    /// A function without loops and values.
    pub fn new() -> Graph {
        let function = Domain { parent: None, trips: 1, depth: 0, executions: 1 };
        Graph { domains: vec![function], nodes: Vec::new(), byte_weight: DEFAULT_BYTE_WEIGHT }
    }

    /// The same graph with another price for one byte on the tape, in the units
    /// of the recompute costs. A higher price gives a smaller tape.
    #[must_use]
    pub fn with_byte_weight(mut self, weight: u64) -> Graph {
        self.byte_weight = weight;
        self
    }

    /// Adds a loop directly inside `parent`. An estimate of no trips counts as one.
    pub fn add_domain(&mut self, parent: DomainId, trips: u64) -> DomainId {
        let trips = trips.max(1);
        let outer = self.domain(parent);
        let depth = outer.depth + 1;
        let executions = outer.executions.saturating_mul(trips);
        self.domains.push(Domain { parent: Some(parent), trips, depth, executions });
        DomainId::from_index(self.domains.len() - 1)
    }

    /// Adds a value. Its operands must exist; more can be added later.
    ///
    /// # Panics
    /// If the domain or an operand is not of this graph, or the graph is full.
    pub fn add_node(&mut self, node: Node) -> NodeId {
        assert!(
            self.nodes.len() < Graph::MAX_NODES,
            "a graph holds at most {} values",
            Graph::MAX_NODES
        );
        assert!(node.domain.index() < self.domains.len(), "{} is in an unknown domain", node.label);
        for operand in &node.operands {
            assert!(
                operand.index() < self.nodes.len(),
                "{} reads the unknown {operand:?}",
                node.label
            );
        }
        self.nodes.push(node);
        NodeId::from_index(self.nodes.len() - 1)
    }

    /// Lets `node` read one value more.
    ///
    /// # Panics
    /// If one of the two is not of this graph.
    pub fn add_operand(&mut self, node: NodeId, operand: NodeId) {
        assert!(operand.index() < self.nodes.len(), "unknown operand {operand:?}");
        self.nodes[node.index()].operands.push(operand);
    }

    /// Notes that the reverse pass reads `node` directly.
    pub fn mark_needed(&mut self, node: NodeId) {
        self.nodes[node.index()].needed = true;
    }

    /// The value `id`.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The loop `id`.
    pub fn domain(&self, id: DomainId) -> &Domain {
        &self.domains[id.index()]
    }

    /// All values in the order in which they were added.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId::from_index(index), node))
    }

    /// All loops, each after the one around it; the function first.
    pub fn domains(&self) -> impl ExactSizeIterator<Item = (DomainId, &Domain)> {
        self.domains.iter().enumerate().map(|(index, domain)| (DomainId::from_index(index), domain))
    }

    /// The price of one byte on the tape.
    pub fn byte_weight(&self) -> u64 {
        self.byte_weight
    }

    /// Whether `inner` is `outer` or a loop inside it.
    pub fn encloses(&self, outer: DomainId, inner: DomainId) -> bool {
        let mut at = inner;
        // A parent's index is smaller than its child's, so the walk can stop early.
        while at > outer {
            match self.domain(at).parent {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        at == outer
    }
}

impl Default for Graph {
    fn default() -> Graph {
        Graph::new()
    }
}

impl Node {
    /// A value that is available at no cost.
    pub fn free(label: impl Into<String>, domain: DomainId) -> Node {
        Node {
            label: label.into(),
            domain,
            operands: Vec::new(),
            source: Source::Free,
            needed: false,
            uses: 1,
        }
    }

    /// A value that must be stored or recomputed.
    pub fn value(
        label: impl Into<String>,
        domain: DomainId,
        store: Option<Footprint>,
        recompute: Option<u64>,
    ) -> Node {
        Node { source: Source::Value { store, recompute }, ..Node::free(label, domain) }
    }

    /// The same value with these operands.
    #[must_use]
    pub fn reads(mut self, operands: &[NodeId]) -> Node {
        self.operands = operands.to_vec();
        self
    }

    /// The same value, read by the reverse pass.
    #[must_use]
    pub fn needed(mut self) -> Node {
        self.needed = true;
        self
    }

    /// The same value, evaluated at `uses` places of a reverse iteration.
    #[must_use]
    pub fn used_at(mut self, uses: u32) -> Node {
        self.uses = uses;
        self
    }

    /// What storing it takes, if it is a value that can be stored.
    pub fn footprint(&self) -> Option<Footprint> {
        match self.source {
            Source::Free => None,
            Source::Value { store, .. } => store,
        }
    }

    /// What one evaluation costs, if it is a value that can be evaluated again.
    pub fn evaluation(&self) -> Option<u64> {
        match self.source {
            Source::Free => None,
            Source::Value { recompute, .. } => recompute,
        }
    }
}

impl Domain {
    /// The loop around this one; the function has none.
    pub fn parent(&self) -> Option<DomainId> {
        self.parent
    }

    /// The estimated number of iterations for each entry into the loop.
    pub fn trips(&self) -> u64 {
        self.trips
    }

    /// How many loops a value of this domain is in.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// The estimated number of iterations for each call of the function: the
    /// product of the trips up to the root, or `u64::MAX` if it is larger.
    pub fn executions(&self) -> u64 {
        self.executions
    }
}

impl Footprint {
    /// `size` bytes at a multiple of `align`.
    ///
    /// # Panics
    /// If `size` is zero (there is nothing to store) or `align` is not a power of two.
    pub fn new(size: u64, align: u64) -> Footprint {
        assert!(size > 0, "a value of no bytes needs no slot");
        assert!(align.is_power_of_two(), "an alignment of {align} is not a power of two");
        Footprint { size, align }
    }

    /// Bytes.
    pub fn size(self) -> u64 {
        self.size
    }

    /// The power of two that the address is a multiple of.
    pub fn align(self) -> u64 {
        self.align
    }
}

impl DomainId {
    /// The function itself.
    pub const FUNCTION: DomainId = DomainId(0);
}

macro_rules! dense_index {
    ($name:ident, $letter:literal) => {
        impl $name {
            /// The entry number `index` of a dense table.
            ///
            /// # Panics
            /// If the index does not fit into 32 bits.
            pub fn from_index(index: usize) -> $name {
                $name(u32::try_from(index).expect("a dense table has fewer than 2^32 entries"))
            }

            /// The place in a dense table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self, f)
            }
        }
    };
}

dense_index!(NodeId, "n");
dense_index!(DomainId, "d");
