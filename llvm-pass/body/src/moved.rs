//! Words that are moved as addresses or doubles, and may be the other.

use crate::{BodyId, ValueId};

/// Where words go that are loaded as addresses or doubles, and may be the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The function.
    pub body: BodyId,
    /// The stores of such words, and their casts to integers.
    pub users: Vec<ValueId>,
    /// Loads, casts and choices of such words, from which the users get theirs.
    pub words: Vec<ValueId>,
}
