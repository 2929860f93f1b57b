//! What a function may be differentiated with respect to, and how an argument
//! travels through the shim.
//!
//! Every parameter of the shim is a pointer. An argument by reference is that
//! pointer; an argument by value is read (cloned) from the caller's value inside
//! of the differentiated function, so that the caller keeps it.

use crate::data::{Differentiable, Shadow};
use crate::marker::{Activity, hint_no_floats};
use crate::output::Output;

/// An argument that is held constant.
///
/// `Const(x)` passes `x` to the function; in the result `()` stands in its place.
/// A reference is passed as such: `Const(&table)` for a parameter `&Table`. A
/// value is cloned.
///
/// ```
/// use enzyme_rs::{Const, Reverse, gradient};
///
/// fn power(x: f64, n: i32) -> f64 { x.powi(n) }
///
/// let (slope, ()) = gradient(Reverse, power, (2.0, Const(3)));
/// assert_eq!(slope, 12.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Const<X>(pub X);

/// One argument of a differentiated function: data by value, by reference, as a
/// slice or as an `ndarray` view, or anything inside of [`Const`].
///
/// # Safety
/// For the crate and its derive only: the pointers must stay valid as long as
/// argument and shadow stay in place, and the shadow must have the layout of the
/// primal, see [`Shadow`].
#[diagnostic::on_unimplemented(
    message = "functions cannot be differentiated with respect to `{Self}`",
    label = "not differentiable",
    note = "an argument is a float, `[_; N]`, `Vec<_>`, a slice, an `ndarray` array or view, or a struct with `#[derive(Clone, Differentiable)]`, by value or by shared reference",
    note = "to hold an argument constant wrap it: `Const(..)`"
)]
pub unsafe trait Argument {
    /// What the function takes.
    type Parameter;
    /// What the shim's parameter points to.
    #[doc(hidden)]
    type Primal;
    /// Owner of the shadow.
    #[doc(hidden)]
    type Shadow;
    /// The gradient with respect to this argument.
    type Gradient;
    /// Rows of a Jacobian while they are collected.
    #[doc(hidden)]
    type Rows;
    /// The Jacobian of a function with output `O` with respect to this argument.
    type Jacobian<O: Output>;
    #[doc(hidden)]
    const ACTIVITY: Activity;

    /// A zeroed shadow.
    #[doc(hidden)]
    fn shadow(&self) -> Self::Shadow;
    /// Primal and shadow for the marker.
    ///
    /// # Safety
    /// `shadow` points to what [`shadow`](Argument::shadow) returned.
    #[doc(hidden)]
    unsafe fn pointers(
        &self,
        shadow: *mut Self::Shadow,
    ) -> (*const Self::Primal, *mut Self::Primal);
    /// Reads the parameter; runs inside of the differentiated function.
    ///
    /// # Safety
    /// `primal` is a pointer from [`pointers`](Argument::pointers), still valid.
    #[doc(hidden)]
    unsafe fn load(primal: *const Self::Primal) -> Self::Parameter;
    /// What one sweep left in the shadow.
    #[doc(hidden)]
    fn gradient(shadow: Self::Shadow) -> Self::Gradient;
    /// Space for `count` rows.
    #[doc(hidden)]
    fn start_rows(shadow: &Self::Shadow, count: usize) -> Self::Rows;
    /// Appends a row and zeroes the shadow.
    #[doc(hidden)]
    fn take_row(shadow: &mut Self::Shadow, rows: &mut Self::Rows);
    /// Puts the rows together.
    #[doc(hidden)]
    fn jacobian<O: Output>(
        shadow: &Self::Shadow,
        rows: Self::Rows,
        sink: &O::Sink,
    ) -> Self::Jacobian<O>;
}

/// How a [`Differentiable`] gradient `G` is collected from a shadow that is a `G`.
#[doc(hidden)]
#[macro_export]
macro_rules! __collect_from {
    ($G:ty) => {
        type Shadow = $G;
        type Gradient = $G;
        type Rows = <$G as $crate::Differentiable>::Rows;
        type Jacobian<__O: $crate::Output> = <$G as $crate::Differentiable>::Jacobian<__O>;
        const ACTIVITY: $crate::__private::Activity = $crate::__private::Activity::Duplicated;

        fn gradient(shadow: $G) -> $G {
            shadow
        }
        fn start_rows(shadow: &$G, count: usize) -> Self::Rows {
            $crate::Differentiable::start_rows(shadow, count)
        }
        fn take_row(shadow: &mut $G, rows: &mut Self::Rows) {
            $crate::Differentiable::take_row(shadow, rows);
        }
        fn jacobian<__O: $crate::Output>(
            shadow: &$G,
            rows: Self::Rows,
            sink: &__O::Sink,
        ) -> Self::Jacobian<__O> {
            $crate::Differentiable::jacobian::<__O>(shadow, rows, sink)
        }
    };
}

/// [`Argument`] by value, for a type that is [`Differentiable`].
#[doc(hidden)]
#[macro_export]
macro_rules! __by_value {
    () => {
        type Parameter = Self;
        type Primal = Self;
        $crate::__collect_from!(Self);

        fn shadow(&self) -> Self {
            $crate::Shadow::zero_shadow(self)
        }
        unsafe fn pointers(&self, shadow: *mut Self) -> (*const Self, *mut Self) {
            (self, shadow)
        }
        #[inline]
        unsafe fn load(primal: *const Self) -> Self {
            // SAFETY: this runs in the shim, and the caller promises a valid pointer.
            unsafe {
                $crate::Shadow::hint_object(primal);
                ::core::clone::Clone::clone(&*primal)
            }
        }
    };
}

macro_rules! by_value {
    ($([$($parameters:tt)*] $X:ty;)*) => {$(
        // SAFETY: the pointers are those of the argument and of its shadow, which
        // has the same layout because its type has `Shadow`.
        unsafe impl<$($parameters)*> Argument for $X {
            __by_value!();
        }
    )*};
}
by_value! {
    [] f32;
    [] f64;
    [X: Differentiable, const N: usize] [X; N];
    [X: Differentiable] Vec<X>;
    [X: Differentiable] Box<X>;
    [X: Differentiable] Box<[X]>;
    [X: Differentiable] Option<X>;
    [A: Shadow] (A,);
    [A: Shadow, B: Shadow] (A, B);
    [A: Shadow, B: Shadow, C: Shadow] (A, B, C);
    [A: Shadow, B: Shadow, C: Shadow, D: Shadow] (A, B, C, D);
}

// SAFETY: the argument itself is the primal; its shadow has the same layout.
unsafe impl<'a, X: Differentiable> Argument for &'a X {
    type Parameter = &'a X;
    type Primal = X;
    __collect_from!(X);

    fn shadow(&self) -> X {
        (**self).zero_shadow()
    }
    unsafe fn pointers(&self, shadow: *mut X) -> (*const X, *mut X) {
        (*self, shadow)
    }
    #[inline]
    unsafe fn load(primal: *const X) -> &'a X {
        // SAFETY: this runs in the shim; it points to the argument, which lives for `'a`.
        unsafe {
            X::hint_object(primal);
            &*primal
        }
    }
}

/// The shadow of a slice: its elements, and the slice's own pointer and length.
#[doc(hidden)]
pub struct SliceShadow<X> {
    elements: Vec<X>,
    header: *mut [X],
}

// SAFETY: the shim gets the address of the slice's pointer and length; the shadow
// of these two words is `header`, which has the same layout.
unsafe impl<'a, X: Differentiable> Argument for &'a [X] {
    type Parameter = &'a [X];
    type Primal = &'a [X];
    type Shadow = SliceShadow<X>;
    type Gradient = Vec<X>;
    type Rows = <Vec<X> as Differentiable>::Rows;
    type Jacobian<O: Output> = <Vec<X> as Differentiable>::Jacobian<O>;
    const ACTIVITY: Activity = Activity::Duplicated;

    fn shadow(&self) -> SliceShadow<X> {
        let elements = X::zero_shadows(self);
        SliceShadow {
            elements,
            header: core::ptr::slice_from_raw_parts_mut(core::ptr::null_mut(), 0),
        }
    }
    unsafe fn pointers(&self, shadow: *mut SliceShadow<X>) -> (*const &'a [X], *mut &'a [X]) {
        // SAFETY: the caller promises a valid shadow.
        let shadow = unsafe { &mut *shadow };
        shadow.header = &raw mut *shadow.elements.as_mut_slice();
        (self, (&raw mut shadow.header).cast())
    }
    #[inline]
    unsafe fn load(primal: *const &'a [X]) -> &'a [X] {
        // SAFETY: the caller promises a valid pointer, in a shim.
        unsafe {
            hint_no_floats(primal);
            X::hint_all(*primal);
            *primal
        }
    }
    fn gradient(shadow: SliceShadow<X>) -> Vec<X> {
        shadow.elements
    }
    fn start_rows(shadow: &SliceShadow<X>, count: usize) -> Self::Rows {
        shadow.elements.start_rows(count)
    }
    fn take_row(shadow: &mut SliceShadow<X>, rows: &mut Self::Rows) {
        shadow.elements.take_row(rows);
    }
    fn jacobian<O: Output>(
        shadow: &SliceShadow<X>,
        rows: Self::Rows,
        sink: &O::Sink,
    ) -> Self::Jacobian<O> {
        shadow.elements.jacobian::<O>(rows, sink)
    }
}

// SAFETY: a constant has no shadow.
unsafe impl<X: Clone> Argument for Const<X> {
    type Parameter = X;
    type Primal = X;
    type Shadow = ();
    type Gradient = ();
    type Rows = ();
    type Jacobian<O: Output> = ();
    const ACTIVITY: Activity = Activity::Const;

    fn shadow(&self) {}
    unsafe fn pointers(&self, _: *mut ()) -> (*const X, *mut X) {
        (&self.0, core::ptr::null_mut())
    }
    #[inline]
    unsafe fn load(primal: *const X) -> X {
        // SAFETY: the caller promises a valid pointer.
        unsafe { (*primal).clone() }
    }
    fn gradient((): ()) {}
    fn start_rows((): &(), _: usize) {}
    fn take_row((): &mut (), (): &mut ()) {}
    fn jacobian<O: Output>((): &(), (): (), _: &O::Sink) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_taken_and_the_shadow_stays_as_long_as_it_was() {
        let (slice, mut rows) = (&[1.0, 2.0][..], Vec::new());
        let mut shadow = slice.shadow();
        shadow.elements[1] = 5.0;
        <&[f64]>::take_row(&mut shadow, &mut rows);
        <&[f64]>::take_row(&mut shadow, &mut rows);
        assert_eq!(rows, [[0.0, 5.0], [0.0, 0.0]]);
    }
}
