//! Automatic differentiation of ordinary Rust, on the stable compiler.

extern crate self as enzyme_rs;

mod argument;
mod attribute;
mod call;
mod data;
mod derivative;
mod glue;
mod marker;
mod mode;
mod output;

pub use enzyme_rs_macros::{Differentiable, autodiff, autodiff_forward, autodiff_reverse};

pub use argument::{Argument, Const};
pub use call::{ArgumentTuple, Arguments, Function, ParametersOf};
pub use data::{Differentiable, Float, Shadow};
pub use derivative::{gradient, jacobian, value_and_gradient, value_and_jacobian};
pub use mode::{Mode, Reverse, RuntimeActivity, set_runtime_activity};
pub use output::Output;

/// For the macros of this crate only; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::attribute::{CompareExtents, Extents, IgnoreExtents, Slot, reverse};
    pub use enzyme_protocol::Activity;
}
