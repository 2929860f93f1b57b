//! Ends of indices that the program is to check while it runs.

use crate::{BodyId, ValueId};

/// The function that ends the program if an access lies beyond a limit. Arguments: the
/// address that the array is a part of, the address of an element (null where a copy
/// begins), the address of the access and its length; where the array begins, in bytes from
/// the first, its length, and how far behind the address of the least index the first element
/// lies that is in it (of which nothing is checked).
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
    /// The address of an element, an offset with an index; none where a copy of unknown
    /// length begins.
    pub indexed: Option<ValueId>,
    /// The address that the array is a part of.
    pub base: ValueId,
    /// How far behind that the array begins.
    pub begin: i64,
    /// The array's length in bytes.
    pub bytes: u64,
    /// How far behind the least address of an element the first is that lies in the array.
    pub first: i64,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { body, access, address, begin, bytes, .. } = self;
        let array = self.indexed.unwrap_or(*address);
        write!(f, "{body}: {access} at {address}: {array} within {bytes} bytes from {begin}")
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
