//! The LLVM plugin of enzyme-rs.
//!
//! Loaded by `rust-lld`, `opt` or `clang`; the pass `enzyme` replaces every
//! marker call of a module by a derivative. The stages and their order are in
//! [`pipeline`]; each stage is a crate of its own beside this one.
//!
//! `-passes=enzyme-print-<stage>` prints what a stage computed and changes
//! nothing; the file tests under `tests/ir` use it.

mod analysed;
mod entry;
mod own_names;
mod pipeline;
mod report;
mod request;
mod timing;
