//! From a function and its arguments to the marker call.
//!
//! Each instantiation gets a shim whose parameters are all pointers: to the
//! function itself (constant; a closure may hold data), to each argument, and to
//! the sink that receives the outputs. The marker call stands in the same generic
//! function as the shim and the request, so that both are constants of the call
//! whatever the optimisation level.

use core::ffi::c_void;
use core::ptr;

use crate::argument::{Argument, Const};
use crate::data::{Differentiable, Shadow};
use crate::marker::{Activity, Encoded, Step, marker, reverse_request};
use crate::mode::Mode;
use crate::output::Output;

/// A function item or closure that takes the parameters `P`, a tuple.
///
/// Implemented for everything that is `Fn`. A closure's parameters need their
/// types written: `|x: &[f64]| ...`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take parameters of the types `{P}`",
    note = "the arguments must have the function's parameter types, without `Const(..)`",
    note = "write the types of a closure's parameters: `|x: f64| ..`"
)]
pub trait Function<P> {
    /// What the function returns.
    type Output;
    /// Calls the function.
    #[doc(hidden)]
    fn call(&self, parameters: P) -> Self::Output;
}

/// Primal and shadow of the sink.
#[doc(hidden)]
pub struct Sinks<S> {
    pub(crate) primal: *mut S,
    pub(crate) shadow: *mut S,
}

/// The context and the callback of the sweeps.
#[doc(hidden)]
pub struct Sweeps {
    pub(crate) context: *mut c_void,
    pub(crate) step: Step,
}

/// A tuple of one to eight arguments.
///
/// # Safety
/// For the crate only: `call_marker` must pass the arguments in order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of arguments of a differentiated function",
    note = "the arguments are a tuple of one to eight; wrap constant ones: `Const(..)`"
)]
pub unsafe trait ArgumentTuple {
    /// What the function takes.
    type Parameters;
    /// Owners of the shadows.
    #[doc(hidden)]
    type Shadows;
    /// One gradient per argument, `()` for a constant.
    type Gradients;
    /// Rows of Jacobians while they are collected.
    #[doc(hidden)]
    type Rows;
    /// One Jacobian per argument, `()` for a constant.
    type Jacobians<O: Output>;

    /// Zeroed shadows.
    #[doc(hidden)]
    fn shadows(&self) -> Self::Shadows;
    /// The marker call.
    ///
    /// # Safety
    /// `shadows` comes from [`shadows`](ArgumentTuple::shadows), `out` points to
    /// empty sinks, and the callback may be called with the context.
    #[doc(hidden)]
    unsafe fn call_marker<M, F, R>(
        &self,
        function: &F,
        shadows: *mut Self::Shadows,
        out: Sinks<R::Sink>,
        sweeps: Sweeps,
    ) where
        M: Mode,
        F: Function<Self::Parameters, Output = R>,
        R: Output;
    /// What one sweep left in the shadows.
    #[doc(hidden)]
    fn gradients(shadows: Self::Shadows) -> Self::Gradients;
    /// Space for `count` rows.
    #[doc(hidden)]
    fn start_rows(shadows: &Self::Shadows, count: usize) -> Self::Rows;
    /// Appends a row to each and zeroes the shadows.
    #[doc(hidden)]
    fn take_row(shadows: &mut Self::Shadows, rows: &mut Self::Rows);
    /// Puts the rows together.
    #[doc(hidden)]
    fn jacobians<O: Output>(
        shadows: &Self::Shadows,
        rows: Self::Rows,
        sink: &O::Sink,
    ) -> Self::Jacobians<O>;
}

/// The arguments of a differentiated function: a tuple of one to eight, or a
/// single one without a tuple. The results come in the same form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the arguments of a differentiated function",
    note = "pass a tuple of one to eight arguments, or a single argument",
    note = "an argument is a float, `[_; N]`, `Vec<_>`, a slice, an `ndarray` array or view, or a struct with `#[derive(Clone, Differentiable)]`, by value or by shared reference",
    note = "to hold an argument constant wrap it: `Const(..)`"
)]
pub trait Arguments {
    /// The same arguments as a tuple.
    #[doc(hidden)]
    type Tuple: ArgumentTuple;
    /// What [`gradient`](crate::gradient) returns.
    type Gradients;
    /// What [`jacobian`](crate::jacobian) returns for a function with output `O`.
    type Jacobians<O: Output>;

    #[doc(hidden)]
    fn into_tuple(self) -> Self::Tuple;
    #[doc(hidden)]
    fn gradients(results: <Self::Tuple as ArgumentTuple>::Gradients) -> Self::Gradients;
    #[doc(hidden)]
    fn jacobians<O: Output>(
        results: <Self::Tuple as ArgumentTuple>::Jacobians<O>,
    ) -> Self::Jacobians<O>;
}

/// The parameter types of a function that takes the arguments `A`.
pub type ParametersOf<A> = <<A as Arguments>::Tuple as ArgumentTuple>::Parameters;

macro_rules! arities {
    ($(($($A:ident $p:ident $i:tt),+))*) => {$(
        impl<Fun, Out, $($A),+> Function<($($A,)+)> for Fun
        where
            Fun: Fn($($A),+) -> Out,
        {
            type Output = Out;
            #[inline]
            fn call(&self, parameters: ($($A,)+)) -> Out {
                self($(parameters.$i),+)
            }
        }

        // SAFETY: shim, activities and marker list function, arguments and sink in
        // the same order.
        unsafe impl<$($A: Argument),+> ArgumentTuple for ($($A,)+) {
            type Parameters = ($($A::Parameter,)+);
            type Shadows = ($($A::Shadow,)+);
            type Gradients = ($($A::Gradient,)+);
            type Rows = ($($A::Rows,)+);
            type Jacobians<O: Output> = ($($A::Jacobian<O>,)+);

            fn shadows(&self) -> Self::Shadows {
                ($(self.$i.shadow(),)+)
            }

            unsafe fn call_marker<M, Fun, R>(
                &self,
                function: &Fun,
                shadows: *mut Self::Shadows,
                out: Sinks<R::Sink>,
                sweeps: Sweeps,
            ) where
                M: Mode,
                Fun: Function<Self::Parameters, Output = R>,
                R: Output,
            {
                unsafe extern "C-unwind" fn shim<Fun, R: Output, $($A: Argument),+>(
                    function: *const Fun,
                    $($p: *const $A::Primal,)+
                    out: *mut R::Sink,
                ) where
                    Fun: Function<($($A::Parameter,)+), Output = R>,
                {
                    // SAFETY: `call_marker` passes valid pointers.
                    unsafe { (*function).call(($($A::load($p),)+)).store(out) }
                }

                $(
                    // SAFETY: a part of valid shadows is valid.
                    let $p = unsafe { self.$i.pointers(&raw mut (*shadows).$i) };
                )+
                // SAFETY: the shim has one parameter for each pair of pointers, and
                // the activities say which pairs have a shadow. The caller
                // promises that all of them are valid.
                unsafe {
                    marker(
                        shim::<Fun, R, $($A),+> as *const c_void,
                        const {
                            const fn encoded<M: Mode, $($A: Argument),+>() -> Encoded {
                                let activities =
                                    [Activity::Const, $($A::ACTIVITY,)+ Activity::Duplicated];
                                reverse_request(M::RUNTIME_ACTIVITY, M::STRONG_ZERO, &activities)
                            }
                            &encoded::<M, $($A),+>()
                        } as *const Encoded as *const u8,
                        sweeps.context,
                        sweeps.step,
                        function as *const Fun,
                        ptr::null::<Fun>(),
                        $($p.0, $p.1,)+
                        out.primal,
                        out.shadow,
                    );
                }
            }

            fn gradients(shadows: Self::Shadows) -> Self::Gradients {
                ($($A::gradient(shadows.$i),)+)
            }
            fn start_rows(shadows: &Self::Shadows, count: usize) -> Self::Rows {
                ($($A::start_rows(&shadows.$i, count),)+)
            }
            fn take_row(shadows: &mut Self::Shadows, rows: &mut Self::Rows) {
                $($A::take_row(&mut shadows.$i, &mut rows.$i);)+
            }
            fn jacobians<O: Output>(
                shadows: &Self::Shadows,
                rows: Self::Rows,
                sink: &O::Sink,
            ) -> Self::Jacobians<O> {
                ($($A::jacobian::<O>(&shadows.$i, rows.$i, sink),)+)
            }
        }

        impl<$($A: Argument),+> Arguments for ($($A,)+) {
            type Tuple = Self;
            type Gradients = <Self as ArgumentTuple>::Gradients;
            type Jacobians<O: Output> = <Self as ArgumentTuple>::Jacobians<O>;

            fn into_tuple(self) -> Self {
                self
            }
            fn gradients(results: Self::Gradients) -> Self::Gradients {
                results
            }
            fn jacobians<O: Output>(results: Self::Jacobians<O>) -> Self::Jacobians<O> {
                results
            }
        }
    )*};
}
arities! {
    (A a 0)
    (A a 0, B b 1)
    (A a 0, B b 1, C c 2)
    (A a 0, B b 1, C c 2, D d 3)
    (A a 0, B b 1, C c 2, D d 3, E e 4)
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5)
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6)
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7)
}

/// [`Arguments`] of a single argument without a tuple.
#[doc(hidden)]
#[macro_export]
macro_rules! __single_argument {
    () => {
        type Tuple = (Self,);
        type Gradients = <Self as $crate::Argument>::Gradient;
        type Jacobians<__O: $crate::Output> = <Self as $crate::Argument>::Jacobian<__O>;

        fn into_tuple(self) -> (Self,) {
            (self,)
        }
        fn gradients(results: (Self::Gradients,)) -> Self::Gradients {
            results.0
        }
        fn jacobians<__O: $crate::Output>(
            results: (Self::Jacobians<__O>,),
        ) -> Self::Jacobians<__O> {
            results.0
        }
    };
}

macro_rules! single {
    ($([$($parameters:tt)*] $X:ty;)*) => {$(
        impl<$($parameters)*> Arguments for $X {
            __single_argument!();
        }
    )*};
}
single! {
    [] f32;
    [] f64;
    [X: Differentiable, const N: usize] [X; N];
    [X: Differentiable] Vec<X>;
    [X: Differentiable] Box<X>;
    [X: Shadow + Differentiable] Option<X>;
    ['a, X: Differentiable] &'a X;
    ['a, X: Differentiable] &'a [X];
    [X: Clone] Const<X>;
}
