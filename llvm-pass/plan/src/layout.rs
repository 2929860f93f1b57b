//! Where on the tape the stored values lie.
//!
//! **Computes** from a legal plan: for each domain one *record*, which is what one
//! iteration remembers; the function's record is remembered once. Each value that
//! the plan stores has one *slot* in the record of its own domain. A client can ask
//! for *extra* slots (the address of a loop's records, its trip count).
//!
//! **Rule.** Slots are placed by falling alignment, then falling size, then node,
//! each at the lowest offset where it fits. If each size is a multiple of its
//! alignment, as for all Rust types, each offset is aligned by itself, so there is
//! no padding but at the end, and no order gives a smaller record. Otherwise small
//! values fill the gaps of large ones; the record is then at most as large as if
//! each size were rounded up, but perhaps not the smallest (that is bin packing).
//!
//! **Ensures** that slots are aligned and do not overlap, and that a record's size
//! is a multiple of its alignment, so that records can follow each other.
//!
//! **Does not** pack bits: a `bool` is a byte. It does not know how records are
//! found either.

use crate::graph::{DomainId, Footprint, Graph, NodeId};
use crate::plan::{Decision, Plan};
use std::cmp::Reverse;
use std::fmt;

/// A slot that is not for a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// How the table calls it.
    pub label: String,
    /// The record that it is part of.
    pub domain: DomainId,
    /// What it takes.
    pub footprint: Footprint,
}

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holds {
    /// A stored value.
    Node(NodeId),
    /// An extra, by its place in the list that the client gave.
    Extra(usize),
}

/// Some bytes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What it holds.
    pub holds: Holds,
    /// Bytes from the start of the record.
    pub offset: u64,
    /// Bytes that it takes.
    pub size: u64,
    /// The alignment of the offset.
    pub align: u64,
}

/// What one iteration of a loop, or one activation of the function, remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    slots: Vec<Slot>,
    size: u64,
    align: u64,
}

/// The records of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapeLayout {
    records: Vec<Record>,
    /// Domain and index within the record, for each node and each extra.
    of_node: Vec<Option<(DomainId, u32)>>,
    of_extra: Vec<Option<(DomainId, u32)>>,
    /// What the table calls the slots.
    labels: Vec<Vec<String>>,
}

/// The records for the values that `plan` stores.
pub fn layout(graph: &Graph, plan: &Plan) -> TapeLayout {
    layout_with(graph, plan, &[])
}

/// The records for the values that `plan` stores and for some slots more.
///
/// # Panics
/// If the plan is not legal for the graph; see `check`.
pub fn layout_with(graph: &Graph, plan: &Plan, extras: &[Extra]) -> TapeLayout {
    let mut wanted = vec![Vec::new(); graph.domains().len()];
    for (id, node, _) in plan.of(graph).filter(|row| row.2 == Decision::Store) {
        let footprint = node.footprint().expect("a legal plan stores storable values");
        wanted[node.domain.index()].push((Holds::Node(id), footprint));
    }
    for (index, extra) in extras.iter().enumerate() {
        wanted[extra.domain.index()].push((Holds::Extra(index), extra.footprint));
    }
    let records: Vec<Record> = wanted.into_iter().map(pack).collect();

    let mut of_node = vec![None; graph.nodes().len()];
    let mut of_extra = vec![None; extras.len()];
    for (domain, record) in records.iter().enumerate() {
        for (place, slot) in (0..).zip(&record.slots) {
            let found = Some((DomainId::from_index(domain), place));
            match slot.holds {
                Holds::Node(id) => of_node[id.index()] = found,
                Holds::Extra(index) => of_extra[index] = found,
            }
        }
    }
    let label = |slot: &Slot| match slot.holds {
        Holds::Node(id) => graph.node(id).label.clone(),
        Holds::Extra(index) => extras[index].label.clone(),
    };
    let labels = records.iter().map(|record| record.slots.iter().map(label).collect()).collect();
    TapeLayout { records, of_node, of_extra, labels }
}

impl TapeLayout {
    /// The record of `domain`; without slots if nothing is stored there.
    pub fn record(&self, domain: DomainId) -> &Record {
        &self.records[domain.index()]
    }

    /// All records in the order of the domains.
    pub fn records(&self) -> impl ExactSizeIterator<Item = (DomainId, &Record)> {
        self.records.iter().enumerate().map(|(index, record)| (DomainId::from_index(index), record))
    }

    /// Where `node` is stored, if the plan stores it.
    pub fn of_node(&self, node: NodeId) -> Option<(DomainId, Slot)> {
        self.of_node[node.index()].map(|found| self.slot(found))
    }

    /// Where extra slot number `index` is.
    ///
    /// # Panics
    /// If there is no such extra.
    pub fn of_extra(&self, index: usize) -> (DomainId, Slot) {
        self.slot(self.of_extra[index].expect("each extra has a slot"))
    }

    fn slot(&self, (domain, place): (DomainId, u32)) -> (DomainId, Slot) {
        (domain, self.record(domain).slots[place as usize])
    }
}

impl Record {
    /// The slots by rising offset.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Bytes from one record to the next: a multiple of the alignment.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The largest alignment of a slot; 1 if there are none.
    pub fn align(&self) -> u64 {
        self.align
    }

    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

/// First fit by falling alignment and size.
fn pack(mut wanted: Vec<(Holds, Footprint)>) -> Record {
    wanted.sort_by_key(|&(holds, footprint)| {
        (Reverse(footprint.align()), Reverse(footprint.size()), holds)
    });
    let mut slots = Vec::with_capacity(wanted.len());
    let mut gaps: Vec<(u64, u64)> = Vec::new();
    let mut end = 0_u64;
    for (holds, footprint) in wanted {
        let (size, align) = (footprint.size(), footprint.align());
        let fits = |&(from, to): &(u64, u64)| from.next_multiple_of(align) + size <= to;
        let offset = match gaps.iter().position(fits) {
            Some(index) => {
                let (from, to) = gaps.remove(index);
                let offset = from.next_multiple_of(align);
                let rest = [(from, offset), (offset + size, to)];
                gaps.splice(index..index, rest.into_iter().filter(|gap| gap.0 < gap.1));
                offset
            }
            None => {
                let offset = end.next_multiple_of(align);
                if end < offset {
                    gaps.push((end, offset));
                }
                end = offset + size;
                offset
            }
        };
        slots.push(Slot { holds, offset, size, align });
    }
    slots.sort_by_key(|slot| slot.offset);
    let align = slots.iter().map(|slot| slot.align).max().unwrap_or(1);
    Record { slots, size: end.next_multiple_of(align), align }
}

impl fmt::Display for TapeLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((domain, record), labels) in
            self.records().zip(&self.labels).filter(|row| !row.0.1.is_empty())
        {
            let name = if domain == DomainId::FUNCTION {
                "function".to_owned()
            } else {
                format!("loop {domain}")
            };
            writeln!(f, "{name}: {} bytes, aligned to {}", record.size, record.align)?;
            for (slot, label) in record.slots.iter().zip(labels) {
                writeln!(f, "  {:4}..{:<4} {label}", slot.offset, slot.offset + slot.size)?;
            }
        }
        Ok(())
    }
}
