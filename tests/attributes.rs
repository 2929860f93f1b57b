//! The numbers of functions that `#[autodiff_reverse]` and `#[autodiff]` generate:
//! values, gradients, seeds, and what happens to shadows.
//!
//! Signatures and refusals are tested in `enzyme-rs/tests`. Run in `dev` and in
//! `--release`: the engine sees quite different code.

#[path = "attributes/exchanged.rs"]
mod exchanged;
#[path = "attributes/growth.rs"]
mod growth;
#[path = "attributes/places.rs"]
mod places;
#[path = "attributes/shadows.rs"]
mod shadows;
#[path = "attributes/values.rs"]
mod values;
