//! Ends of indices that the program is to check while it runs.

use crate::{BodyId, ValueId};

/// The function that ends the program if an access lies beyond a limit. Arguments: the
/// address that the array is a part of, the address of an element, the address of the
/// access and its length; where the array begins, in bytes from the first, and its length.
pub const WITHIN: &str = "enzyme.within";

/// An access that must lie within an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The function.
    pub body: BodyId,
    /// The load, store, copy or fill.
    pub access: ValueId,
    /// The address that it accesses.
    pub address: ValueId,
    /// How many bytes.
    pub len: Len,
    /// The address of an element: an offset with an index of which no end is known, or
    /// where a copy of unknown length begins.
    pub indexed: ValueId,
    /// The address that the array is a part of.
    pub base: ValueId,
    /// How far behind that the array begins.
    pub begin: i64,
    /// The array's length in bytes.
    pub bytes: u64,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { body, access, address, indexed, begin, bytes, .. } = self;
        write!(f, "{body}: {access} at {address}: {indexed} within {bytes} bytes from {begin}")
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Len {
    /// A constant.
    Bytes(u64),
    /// What this value says.
    Value(ValueId),
}
