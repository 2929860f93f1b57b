//! `gradient` and `jacobian`: the calls that users make.

use core::ffi::c_void;

use crate::call::{ArgumentTuple, Arguments, Function, ParametersOf, Sinks, Sweeps};
use crate::data::Float;
use crate::mode::Mode;
use crate::output::Output;

/// The gradient of a function that returns one float.
///
/// `function` is a function item, an instance of a generic function, or a closure
/// (with the types of its parameters written). `arguments` is a tuple of one to
/// eight, or a single argument without a tuple; the result has the same form.
/// Each argument gives
///
/// | argument | gradient |
/// |---|---|
/// | `f64`, `[f64; N]`, `Vec<f64>`, by value or by reference | the same type |
/// | `&[f64]` | `Vec<f64>` |
/// | `ndarray::Array`, `&Array`, `ArrayView`, of any layout | `Array` of the same shape |
/// | a struct with `#[derive(Differentiable)]`, by value or by reference | the struct |
/// | [`Const(_)`](crate::Const) | `()` |
///
/// and likewise for `f32`. Arguments are left as they are.
///
/// # Panics
/// If the function panics.
///
/// ```
/// use enzyme_rs::{Const, Reverse, gradient};
///
/// fn energy(q: &[f64], k: f64) -> f64 {
///     q.iter().map(|v| 0.5 * k * v * v).sum()
/// }
///
/// let q = vec![1.0, 2.0];
/// let (dq, dk) = gradient(Reverse, energy, (&q[..], 3.0));
/// assert_eq!((dq, dk), (vec![3.0, 6.0], 2.5));
///
/// let (dq, ()) = gradient(Reverse, energy, (&q[..], Const(3.0)));
/// assert_eq!(dq, [3.0, 6.0]);
///
/// let slope = gradient(Reverse, |x: f64| x.powi(3), 2.0);
/// assert_eq!(slope, 12.0);
/// ```
pub fn gradient<M, F, A>(mode: M, function: F, arguments: A) -> A::Gradients
where
    M: Mode,
    A: Arguments,
    F: Function<ParametersOf<A>>,
    F::Output: Float,
{
    value_and_gradient(mode, function, arguments).1
}

/// The value of a function that returns one float, and its [`gradient`].
///
/// # Panics
/// If the function panics.
///
/// ```
/// use enzyme_rs::{Reverse, value_and_gradient};
///
/// let (y, (dw, dh)) = value_and_gradient(Reverse, |w: f64, h: f64| w * h + w, (2.0, 5.0));
/// assert_eq!((y, dw, dh), (12.0, 6.0, 2.0));
/// ```
pub fn value_and_gradient<M, F, A>(_mode: M, function: F, arguments: A) -> (F::Output, A::Gradients)
where
    M: Mode,
    A: Arguments,
    F: Function<ParametersOf<A>>,
    F::Output: Float,
{
    extern "C" fn step<T: Float>(context: *mut c_void, sweep: usize) -> bool {
        if sweep > 0 {
            return false;
        }
        // SAFETY: the context is the shadow of the output.
        unsafe { *context.cast::<T>() = T::ONE };
        true
    }

    let arguments = arguments.into_tuple();
    let mut shadows = arguments.shadows();
    let mut value = F::Output::ZERO;
    let mut seed = F::Output::ZERO;
    let out = Sinks { primal: &raw mut value, shadow: &raw mut seed };
    let sweeps = Sweeps { context: (&raw mut seed).cast(), step: step::<F::Output> };
    // SAFETY: everything lives until the call is over; the sink of a float is a
    // float, and its shadow is the context.
    unsafe { arguments.call_marker::<M, F, F::Output>(&function, &raw mut shadows, out, sweeps) };
    (value, A::gradients(A::Tuple::gradients(shadows)))
}

/// The Jacobian of a function with any number of outputs.
///
/// Function and arguments are as for [`gradient`]. For each argument with
/// gradient `G` the Jacobian is
///
/// | output | argument without `ndarray` | argument is an `ndarray` array or view |
/// |---|---|---|
/// | `f64` | `G` | `ArrayD` of shape (in…) |
/// | `[f64; M]` | `[G; M]` | `ArrayD` of shape (M, in…) |
/// | `Vec<f64>` of length m | `Vec<G>` of length m | `ArrayD` of shape (m, in…) |
/// | `ndarray` array or view | `ArrayD` of shape (out…, in…) | `ArrayD` of shape (out…, in…) |
/// | tuple of these | tuple of the above | tuple of the above |
///
/// so that `j[out…][in…]`, or `j[[out…, in…]]`, is the derivative of one output
/// with respect to one input. In the last row but one (in…) is () for a float, (n)
/// for `[f64; n]` and `Vec<f64>`; for a struct the array's elements are structs.
///
/// The function runs once; each output costs one reverse sweep.
///
/// # Panics
/// If the function panics; if it returns an `ndarray` array of more than eight
/// axes; if vectors inside of an argument have unequal lengths where an `ArrayD`
/// is asked for.
///
/// ```
/// use enzyme_rs::{Const, Reverse, jacobian};
///
/// fn polar(r: f64, angle: f64) -> [f64; 2] {
///     [r * angle.cos(), r * angle.sin()]
/// }
/// let (dr, dangle) = jacobian(Reverse, polar, (2.0, 0.0));
/// assert_eq!((dr, dangle), ([1.0, 0.0], [0.0, 2.0]));
///
/// fn squares(x: &[f64], times: f64) -> Vec<f64> {
///     x.iter().map(|v| times * v * v).collect()
/// }
/// let (rows, ()) = jacobian(Reverse, squares, (&[1.0, 2.0][..], Const(10.0)));
/// assert_eq!(rows, [[20.0, 0.0], [0.0, 40.0]]);
/// ```
///
#[cfg_attr(feature = "ndarray", doc = "```")]
#[cfg_attr(not(feature = "ndarray"), doc = "```ignore")]
/// use enzyme_rs::{Reverse, jacobian};
/// use ndarray::{Array1, Array2, array};
///
/// fn product(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> { a.dot(x) }
///
/// let (a, x) = (array![[1.0, 2.0], [3.0, 4.0]], array![5.0, 6.0]);
/// let (da, dx) = jacobian(Reverse, product, (&a, &x));
/// assert_eq!(da.shape(), [2, 2, 2]);
/// assert_eq!(da[[1, 1, 0]], 5.0);
/// assert_eq!(dx, a.into_dyn());
/// ```
pub fn jacobian<M, F, A>(mode: M, function: F, arguments: A) -> A::Jacobians<F::Output>
where
    M: Mode,
    A: Arguments,
    F: Function<ParametersOf<A>>,
    F::Output: Output,
{
    sweep_all::<M, F, A, _>(mode, &function, arguments, |_| ()).1
}

/// The value of a function, and its [`jacobian`].
///
/// A value that borrows (a view) comes as an owned copy.
///
/// # Panics
/// As [`jacobian`].
///
/// ```
/// use enzyme_rs::{Reverse, value_and_jacobian};
///
/// let (y, j) = value_and_jacobian(Reverse, |x: f64| vec![x, x * x], 3.0);
/// assert_eq!((y, j), (vec![3.0, 9.0], vec![1.0, 6.0]));
/// ```
pub fn value_and_jacobian<M, F, A>(
    mode: M,
    function: F,
    arguments: A,
) -> (<F::Output as Output>::Value, A::Jacobians<F::Output>)
where
    M: Mode,
    A: Arguments,
    F: Function<ParametersOf<A>>,
    F::Output: Output,
{
    sweep_all::<M, F, A, _>(mode, &function, arguments, |sink| {
        // SAFETY: called before the first sweep, with the sink that the shim filled.
        unsafe { F::Output::value(sink) }
    })
}

/// What the callback of a Jacobian works on.
struct Collector<T: ArgumentTuple, O: Output, V> {
    shadows: *mut T::Shadows,
    out: Sinks<O::Sink>,
    rows: Option<T::Rows>,
    look: fn(&O::Sink) -> V,
    seen: Option<V>,
}

impl<T: ArgumentTuple, O: Output, V> Collector<T, O, V> {
    /// Collects the row of the last sweep, if any, and seeds the next.
    ///
    /// # Safety
    /// The pointers are valid, and the shim has filled the sinks.
    unsafe fn next(&mut self, sweep: usize) -> bool {
        // SAFETY: the caller's promise; nothing else refers to them between sweeps.
        let (shadows, sink, adjoint) =
            unsafe { (&mut *self.shadows, &*self.out.primal, &mut *self.out.shadow) };
        let count = O::count(sink);
        match &mut self.rows {
            None => {
                self.rows = Some(T::start_rows(shadows, count));
                self.seen = Some((self.look)(sink));
            }
            Some(rows) => T::take_row(shadows, rows),
        }
        if sweep == count {
            return false;
        }
        // SAFETY: the sweeps have not ended and `sweep` is less than the count.
        unsafe { O::seed(adjoint, sweep) };
        true
    }
}

/// Runs the function and one sweep per output; `look` sees the filled sink.
fn sweep_all<M, F, A, V>(
    _mode: M,
    function: &F,
    arguments: A,
    look: fn(&<F::Output as Output>::Sink) -> V,
) -> (V, A::Jacobians<F::Output>)
where
    M: Mode,
    A: Arguments,
    F: Function<ParametersOf<A>>,
    F::Output: Output,
{
    extern "C" fn step<T: ArgumentTuple, O: Output, V>(context: *mut c_void, sweep: usize) -> bool {
        // SAFETY: the context is the collector, whose pointers are valid.
        unsafe { (*context.cast::<Collector<T, O, V>>()).next(sweep) }
    }

    let arguments = arguments.into_tuple();
    let mut shadows = arguments.shadows();
    let (mut sink, mut adjoint) = (F::Output::sink(), F::Output::sink());
    let (primal, shadow) = (&raw mut sink, &raw mut adjoint);
    let mut collector = Collector::<A::Tuple, F::Output, V> {
        shadows: &raw mut shadows,
        out: Sinks { primal, shadow },
        rows: None,
        look,
        seen: None,
    };
    let sweeps =
        Sweeps { context: (&raw mut collector).cast(), step: step::<A::Tuple, F::Output, V> };
    // SAFETY: everything lives until the call is over, and the callback's context
    // is what it expects.
    unsafe {
        let out = Sinks { primal, shadow };
        arguments.call_marker::<M, F, F::Output>(function, &raw mut shadows, out, sweeps);
    }
    let (Some(rows), Some(seen)) = (collector.rows, collector.seen) else {
        unreachable!("the callback is called before the first sweep")
    };
    let jacobians = A::Tuple::jacobians::<F::Output>(&shadows, rows, &sink);
    (seen, A::jacobians::<F::Output>(jacobians))
}
