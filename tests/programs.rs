//! Everyday Rust, unmodified: containers, data of all kinds, calls, control flow, and what
//! is there but is not differentiated.
//!
//! Run in `dev` and in `--release`: the engine sees quite different code.

#![allow(clippy::all, reason = "programs as people write them")]

#[allow(unused, reason = "other tests use the rest of it")]
mod support;

#[path = "programs/calls.rs"]
mod calls;
#[path = "programs/containers.rs"]
mod containers;
#[path = "programs/expressions.rs"]
mod expressions;
#[path = "programs/flow.rs"]
mod flow;
#[path = "programs/globals.rs"]
mod globals;
#[path = "programs/kinds.rs"]
mod kinds;
#[path = "programs/maps.rs"]
mod maps;
#[path = "programs/nested.rs"]
mod nested;
#[path = "programs/observers.rs"]
mod observers;
#[path = "programs/panics.rs"]
mod panics;
#[path = "programs/plans.rs"]
mod plans;
#[path = "programs/present.rs"]
mod present;
#[path = "programs/science.rs"]
mod science;
#[path = "programs/states.rs"]
mod states;
#[path = "programs/turns.rs"]
mod turns;
#[path = "programs/variants.rs"]
mod variants;
