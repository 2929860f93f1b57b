//! How to differentiate: the first argument of every derivative.

mod sealed {
    pub trait Sealed {}
}

/// A way of differentiating: [`Reverse`], perhaps with options added to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a mode of differentiation",
    note = "write `Reverse` or `set_runtime_activity(Reverse)`"
)]
pub trait Mode: sealed::Sealed + Copy {
    /// Whether constants are also recognised while the program runs.
    const RUNTIME_ACTIVITY: bool;
    /// Whether an adjoint of zero contributes zero, whatever the partial derivative is.
    const STRONG_ZERO: bool;
}

/// Reverse mode: adjoints travel from the outputs to the inputs.
///
/// One reverse sweep gives one row of the Jacobian, the gradient of one output
/// with respect to all inputs. The cost of a gradient is a small multiple of the
/// function's own cost, however many inputs there are (Griewank and Walther,
/// *Evaluating Derivatives*, 2nd edition, section 4.4, the "cheap gradient").
///
/// ```
/// use enzyme_rs::{Reverse, gradient};
/// let (slope,) = gradient(Reverse, |x: f64| x * x, (3.0,));
/// assert_eq!(slope, 6.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reverse;

impl sealed::Sealed for Reverse {}
impl Mode for Reverse {
    const RUNTIME_ACTIVITY: bool = false;
    const STRONG_ZERO: bool = false;
}

/// A mode with run-time activity; made by [`set_runtime_activity`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuntimeActivity<M>(M);

impl<M: Mode> sealed::Sealed for RuntimeActivity<M> {}
impl<M: Mode> Mode for RuntimeActivity<M> {
    const RUNTIME_ACTIVITY: bool = true;
    const STRONG_ZERO: bool = M::STRONG_ZERO;
}

/// A mode with strong zeros; made by [`set_strong_zero`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StrongZero<M>(M);

impl<M: Mode> sealed::Sealed for StrongZero<M> {}
impl<M: Mode> Mode for StrongZero<M> {
    const RUNTIME_ACTIVITY: bool = M::RUNTIME_ACTIVITY;
    const STRONG_ZERO: bool = true;
}

/// Makes zeros strong for one derivative: where an adjoint is exactly 0, what it
/// contributes is 0, even if the partial derivative is infinite or NaN.
///
/// By default products follow IEEE arithmetic, and 0·∞ is NaN: a value that the result
/// does not depend on, computed at a pole, makes the gradient NaN, which says where to
/// look. With strong zeros such values drop out. That costs a comparison for each
/// contribution. Adjoints other than 0 are not touched: a true pole stays infinite.
///
/// ```
/// use enzyme_rs::{Reverse, gradient, set_strong_zero};
///
/// let weighted = |x: f64, weight: f64| weight * x.sqrt();
/// let (slope, _): (f64, f64) = gradient(Reverse, weighted, (0.0, 0.0));
/// assert!(slope.is_nan());
/// let (slope, _): (f64, f64) = gradient(set_strong_zero(Reverse), weighted, (0.0, 0.0));
/// assert_eq!(slope, 0.0);
/// ```
pub fn set_strong_zero<M: Mode>(mode: M) -> StrongZero<M> {
    StrongZero(mode)
}

/// Switches run-time activity on for one derivative.
///
/// Whether a piece of memory takes part in the derivative is normally decided
/// when the program is built. Code that puts constant and differentiated memory
/// behind the same pointer, depending on data, cannot be decided then and is
/// refused with a message that names this function. With run-time activity such
/// a pointer is tested where it is used: memory whose shadow is the memory
/// itself is constant. The test costs a comparison per use.
///
/// ```
/// use enzyme_rs::{Const, Reverse, gradient, set_runtime_activity};
///
/// fn pick(x: &[f64], table: &[f64], from_table: bool) -> f64 {
///     let chosen = if from_table { table } else { x };
///     chosen.iter().map(|v| v * v).sum()
/// }
///
/// let mode = set_runtime_activity(Reverse);
/// let (dx, ..) = gradient(mode, pick, (&[1.0, 2.0][..], Const(&[5.0, 5.0][..]), Const(false)));
/// assert_eq!(dx, [2.0, 4.0]);
/// let (dx, ..) = gradient(mode, pick, (&[1.0, 2.0][..], Const(&[5.0, 5.0][..]), Const(true)));
/// assert_eq!(dx, [0.0, 0.0]);
/// ```
pub fn set_runtime_activity<M: Mode>(mode: M) -> RuntimeActivity<M> {
    RuntimeActivity(mode)
}
