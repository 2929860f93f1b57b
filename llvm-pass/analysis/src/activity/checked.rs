//! Where the program must be able to tell what an integer is.
//!
//! What is computed of the bits of a float ends the program where it would be a float again
//! (`types::dynamic`), so no derivative goes that way, and the graph has it not. But the end
//! needs the shadows of all memory on that way, also where nothing else has a derivative.
//!
//! *Computes*: what lies on the ways from what is differentiated to an output that the graph
//! lacks for that. *From*: the graph of all ways, and what is computed of bits. *Why it is
//! sound*: the ways are followed without order, as in the graph. *Does not*: make anything
//! active.

use enzyme_body::Program;

use super::graph::{Graph, Ways};
use crate::bits::Bits;
use crate::types::Types;

/// The nodes on those ways, of values and cells as in the graph that lacks them; the nodes of
/// `sources` and `ends` are such, too.
pub(super) fn on_the_way(
    program: &Program,
    types: &Types,
    lacking: &Graph<'_>,
    (sources, ends): (&[usize], &[usize]),
) -> Bits {
    if lacking.cut.is_empty() {
        return Bits::new(lacking.len());
    }
    let graph = Graph::new(program, types, Ways::All);
    let (varied, useful) = (graph.reach(sources, false), graph.reach(ends, true));
    let through = lacking.cut.iter().copied();
    let through: Vec<_> = through.filter(|&node| varied.has(node) && useful.has(node)).collect();
    let before = graph.reach(&through, true).and(&varied);
    let behind = graph.reach(&through, false).and(&useful);
    graph.with_values_of_pieces(behind.or(&before))
}
