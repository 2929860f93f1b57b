//! Words that are moved as addresses or doubles, and may be the other.

use crate::{BodyId, ValueId};

/// Where words go that are loaded as addresses or doubles, and may be the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The function.
    pub body: BodyId,
    /// The stores of such words, and the casts of such addresses to integers.
    pub users: Vec<ValueId>,
    /// Loads of such words and choices of addresses, from which the users get theirs.
    pub addresses: Vec<ValueId>,
}
