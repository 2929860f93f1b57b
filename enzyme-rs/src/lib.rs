//! Automatic differentiation of ordinary Rust, on the stable compiler.
//!
//! Functions stay as they are: no number type of their own, no graph to build.
//! Loops, branches, closures, generic code, `Vec`, `ndarray`, in-place updates and
//! functions from other crates are differentiated as compiled code, by a plugin
//! that rustc's linker loads. Build with `cargo enzyme build` (or `run`, `test`,
//! `bench`); a plain `cargo build` of a program that asks for a derivative stops
//! at the linker, with a message that says so.
//!
//! # A first program
//!
#![cfg_attr(feature = "ndarray", doc = "```")]
#![cfg_attr(not(feature = "ndarray"), doc = "```ignore")]
//! use enzyme_rs::{Const, Reverse, jacobian};
//! use ndarray::{Array2, Array3, ArrayView2, Axis};
//!
//! fn step(acc: &mut Array2<f64>, x: ArrayView2<f64>) {
//!     *acc += &(&x * &x);
//! }
//!
//! fn scan(a: &Array3<f64>, init: &Array2<f64>) -> Array2<f64> {
//!     let mut acc = init.clone();
//!     for x in a.axis_iter(Axis(0)) {
//!         step(&mut acc, x);
//!     }
//!     acc
//! }
//!
//! let a = Array3::from_shape_fn((5, 2, 3), |(t, i, j)| (t + 2 * i + j) as f64);
//! let init = Array2::zeros((2, 3));
//!
//! let (j, ()) = jacobian(Reverse, scan, (&a, Const(&init)));
//! assert_eq!(j.shape(), [2, 3, 5, 2, 3]); // (output…, input…)
//! assert_eq!(j[[1, 2, 4, 1, 2]], 2.0 * a[[4, 1, 2]]);
//! assert_eq!(j[[1, 2, 4, 1, 1]], 0.0);
//! ```
//!
//! # Two ways to ask
//!
//! | | for | returns |
//! |---|---|---|
//! | [`gradient`], [`value_and_gradient`] | a function that returns one float | one gradient per argument, of the argument's type |
//! | [`jacobian`], [`value_and_jacobian`] | a function that returns many floats | one Jacobian per argument |
//! | [`#[autodiff_reverse]`](macro@autodiff_reverse) | a function with shadows and seeds of your own | a new function beside the old one |
//!
//! The first two take any function item, instance of a generic function or closure.
//! An argument is differentiated unless it is wrapped in [`Const`]. For structs of
//! your own, `#[derive(Clone, Differentiable)]`.
//!
//! The literal arguments of an `f32` function need their suffix (`1.0_f32`), and a
//! closure's parameters need their types: `|x: f64| x * x`.
//!
//! # If you come from …
//!
//! * **`std::autodiff`**: [`macro@autodiff_reverse`] has its syntax and meaning. Only the
//!   path changes, and neither a nightly compiler nor a feature is needed.
//! * **Enzyme.jl**: `jacobian(Reverse, f, (&x, Const(&y)))` returns a tuple with one
//!   entry per argument and `()` for a constant, of shape (output…, input…).
//!   `set_runtime_activity(Reverse)` is [`set_runtime_activity`], `set_strong_zero` is
//!   [`set_strong_zero`].
//! * **JAX**: [`gradient`] is `grad`, with respect to all arguments that are not
//!   `Const`; [`jacobian`] is `jacrev`.
//!
//! # What is not there yet
//!
//! Forward mode, several seeds in one sweep (width above 1), enums in
//! `#[derive(Differentiable)]`, data behind references inside of structs.
//!
//! # Features
//!
//! * `ndarray` (on by default): arrays and views of [`ndarray`], in any layout.

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

/// Generates the reverse-mode derivative of a function, with the calling
/// convention of `std::autodiff`.
///
/// ```text
/// #[autodiff_reverse(NAME, ACTIVITY of each parameter, [ACTIVITY of the return value])]
/// ```
///
/// `NAME` is the function to be generated beside the marked one, with the same
/// visibility and generics. A receiver counts as a parameter; a function that
/// returns nothing has no activity for it. Several attributes may stand on one
/// function. An integer after the name is the width; only 1 is available yet.
///
/// | activity | of | in the generated function |
/// |---|---|---|
/// | `Const` | anything | as it is |
/// | `Active` | a float by value | its gradient is returned, after the value, in order |
/// | `Active` | the return value | the seed is a last parameter |
/// | `ActiveOnly` | the return value | so too, and the value is not returned |
/// | `Duplicated` | `&T`, `&mut T`, `*const T`, `*mut T` | followed by a mutable shadow |
/// | `DuplicatedOnly` | the same | so too; the value may be lost, so the function is `unsafe` |
///
/// Gradients are *added* into shadows; clear them first. The shadow of a parameter
/// that the function overwrites holds the seed before, and zero after. A shadow of
/// a slice, a `Vec` or an `ndarray` array must have the extents (and strides) of
/// its primal; other types are not compared, and inner lengths neither.
///
/// An associated function that has no receiver and nowhere mentions `Self` looks
/// like a free one: write `Self::NAME` for the name there.
///
/// # Panics
/// The generated function panics if the function does, or if a shadow's extents
/// are not its primal's.
///
/// # Examples
///
/// ```
/// use enzyme_rs::autodiff_reverse;
///
/// #[autodiff_reverse(d_area, Active, Active, Active)]
/// fn area(w: f64, h: f64) -> f64 { w * h + w }
/// assert_eq!(d_area(2.0, 5.0, 1.0), (12.0, 6.0, 2.0));
///
/// #[autodiff_reverse(d_energy, Duplicated, Const, Active)]
/// fn energy(q: &[f64], k: f64) -> f64 { q.iter().map(|v| 0.5 * k * v * v).sum() }
/// let mut dq = [10.0, 0.0];
/// assert_eq!(d_energy(&[1.0, 2.0], &mut dq, 3.0, 1.0), 7.5);
/// assert_eq!(dq, [13.0, 6.0]);
///
/// #[autodiff_reverse(d_put, Active, Duplicated)]
/// fn put(x: f64, out: &mut f64) { *out = x.sin(); }
/// let (mut out, mut seed) = (7.0, 1.0);
/// assert_eq!(d_put(0.0, &mut out, &mut seed), 1.0);
/// assert_eq!((out, seed), (0.0, 0.0));
/// ```
///
/// Methods and trait implementations:
///
/// ```
/// use enzyme_rs::autodiff_reverse;
///
/// struct Quad { c: f64 }
///
/// impl Quad {
///     #[autodiff_reverse(d_w, Duplicated, Active, Active)]
///     fn w(&self, s: f64) -> f64 { self.c * s * s }
/// }
///
/// let (quad, mut shadow) = (Quad { c: 2.0 }, Quad { c: 0.0 });
/// assert_eq!(quad.d_w(&mut shadow, 3.0, 1.0), (18.0, 12.0));
/// assert_eq!(shadow.c, 9.0);
/// ```
pub use enzyme_rs_macros::autodiff_reverse;

/// Not available yet: refused with a message. Reserved for the forward-mode
/// attribute of `std::autodiff`.
pub use enzyme_rs_macros::autodiff_forward;

/// Marks a function for differentiation, or generates its derivative in the older
/// form.
///
/// Without arguments it says that a function is meant to be given to [`gradient`]
/// or [`jacobian`], and refuses functions that cannot be (`async`, without a body);
/// the function is left as it is.
///
/// With arguments it is the form that `std::autodiff` had before
/// [`macro@autodiff_reverse`]: the mode follows the name.
///
/// ```
/// use enzyme_rs::{Reverse, autodiff, gradient};
///
/// #[autodiff]
/// fn area(w: f64, h: f64) -> f64 { w * h }
/// assert_eq!(gradient(Reverse, area, (2.0, 5.0)), (5.0, 2.0));
///
/// #[autodiff(d_scaled, Reverse, Duplicated, Const, Active)]
/// fn scaled(x: &f64, k: f64) -> f64 { x * k }
/// let mut dx = 0.0;
/// assert_eq!(d_scaled(&2.0, &mut dx, 3.0, 1.0), 6.0);
/// assert_eq!(dx, 3.0);
/// ```
pub use enzyme_rs_macros::autodiff;

/// Derives [`trait@Differentiable`] for a struct: its gradient is a struct of the
/// same type, which holds the gradients of the fields. Fields without floats keep
/// their values.
///
/// Every field's type, and every generic parameter, must have a [`Shadow`]; the
/// struct must be `Clone`.
///
/// ```
/// use enzyme_rs::{Differentiable, Reverse, value_and_gradient};
///
/// #[derive(Clone, Debug, PartialEq, Differentiable)]
/// struct Layer { weights: Vec<f64>, bias: f64, name: String }
///
/// fn apply(layer: &Layer, x: &[f64]) -> f64 {
///     layer.weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + layer.bias
/// }
///
/// let layer = Layer { weights: vec![1.0, 2.0], bias: 3.0, name: "first".into() };
/// let (y, (d, dx)) = value_and_gradient(Reverse, apply, (&layer, &[4.0, 5.0][..]));
/// assert_eq!(y, 17.0);
/// assert_eq!(d, Layer { weights: vec![4.0, 5.0], bias: 1.0, name: "first".into() });
/// assert_eq!(dx, [1.0, 2.0]);
/// ```
pub use enzyme_rs_macros::Differentiable;

pub use argument::{Argument, Const};
pub use call::{ArgumentTuple, Arguments, Function, ParametersOf};
pub use data::{Differentiable, Float, Shadow};
pub use derivative::{gradient, jacobian, value_and_gradient, value_and_jacobian};
pub use mode::{Mode, Reverse, RuntimeActivity, StrongZero, set_runtime_activity, set_strong_zero};
pub use output::Output;

/// For the macros of this crate only; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::attribute::{
        CompareExtents, Extents, Held, HeldAt, IgnoreExtents, IgnoreHeld, IgnoreRoom, MakeRoom,
        Room, Slot, StateHeld, reverse,
    };
    pub use crate::data::{gap, hint_gap};
    pub use enzyme_protocol::Activity;
}
