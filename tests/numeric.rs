//! Derivatives of whole programs, against dual numbers and central differences.
//!
//! Run in `dev` and in `--release`: the engine sees quite different code.

mod support;

#[path = "numeric/calls.rs"]
mod calls;
#[path = "numeric/flow.rs"]
mod flow;
#[path = "numeric/layout.rs"]
mod layout;
#[path = "numeric/math.rs"]
mod math;
#[path = "numeric/math_c.rs"]
mod math_c;
#[cfg(debug_assertions)]
#[path = "numeric/math_crate.rs"]
mod math_crate;
#[path = "numeric/math_simd.rs"]
mod math_simd;
#[path = "numeric/math_std.rs"]
mod math_std;
#[path = "numeric/memory.rs"]
mod memory;
#[path = "numeric/speculated.rs"]
mod speculated;
