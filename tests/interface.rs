//! `gradient` and `jacobian` over every kind of argument and result, each compared
//! with closed forms.
//!
//! Run in `dev` and in `--release`: the engine sees quite different code.

#[path = "interface/arrays.rs"]
mod arrays;
#[path = "interface/dynamic.rs"]
mod dynamic;
#[path = "interface/functions.rs"]
mod functions;
#[path = "interface/plain.rs"]
mod plain;
#[path = "interface/results.rs"]
mod results;
#[path = "interface/scans.rs"]
mod scans;
