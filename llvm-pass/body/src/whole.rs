//! Distances of addresses that the program is to check while it runs.

use crate::{BodyId, ValueId};

/// The function that ends the program if a distance is no whole number of elements.
/// Arguments: the distance in bytes, and the size of an element, a power of two.
pub const WHOLE: &str = "enzyme.whole";

/// A distance that must be a whole number of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The function.
    pub body: BodyId,
    /// The difference of two addresses.
    pub distance: ValueId,
    /// The size of an element, a power of two.
    pub size: u64,
}
