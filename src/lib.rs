//! The suite that spans the crates: its tests and examples are in `tests/` and
//! `examples/`; there is no library code.
