//! Arrays of other crates, one feature each.

#[cfg(feature = "ndarray")]
pub(crate) mod ndarray;
