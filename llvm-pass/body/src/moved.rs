//! Words that are moved as addresses and may be floats.

use crate::{BodyId, ValueId};

/// Where words that are loaded as addresses go that may be the bits of floats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The function.
    pub body: BodyId,
    /// The stores of such addresses, and the casts of them to integers.
    pub users: Vec<ValueId>,
    /// Loads and choices of addresses from which the users get theirs.
    pub addresses: Vec<ValueId>,
}
