//! What a function may return, and how its floats reach the derivative.
//!
//! The number of outputs is known only after the function ran, so the shim
//! around it stores them itself: in place for floats and `[T; N]`, otherwise in
//! a buffer that lives as long as the sweeps, with its length in a *sink*. The
//! sink has a shadow, which then points to the adjoints of that buffer; seeding
//! output `k` is one store there. Elements lie in logical (row-major) order.

use crate::data::{Differentiable, Float};
use crate::marker::{arena_alloc, hint_no_floats};

/// The result of a differentiated function.
///
/// Implemented for `f32`, `f64`, `[T; N]`, `Vec<T>`, arrays and views of
/// `ndarray`, and tuples of up to four of these.
///
/// # Safety
/// For the crate only: `store` must fill the sink such that the other functions
/// can read it, and every one of `count` outputs must be a separate float.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of a differentiated function",
    note = "return `f32`, `f64`, `[_; N]`, `Vec<_>`, an `ndarray` array, or a tuple of these"
)]
pub unsafe trait Output {
    /// Where the shim leaves the outputs.
    #[doc(hidden)]
    type Sink;
    /// An owned copy of the result.
    type Value;
    /// The Jacobian with respect to data whose gradient is `G`.
    type Stack<G: Differentiable>;
    /// The Jacobian with respect to an `ndarray` array of `T`.
    #[cfg(feature = "ndarray")]
    type Dense<T: Float>;

    /// An empty sink.
    #[doc(hidden)]
    fn sink() -> Self::Sink;
    /// Stores the result; runs inside of the differentiated function.
    ///
    /// # Safety
    /// `sink` is valid for writes.
    #[doc(hidden)]
    unsafe fn store(self, sink: *mut Self::Sink);
    /// Number of outputs.
    #[doc(hidden)]
    fn count(sink: &Self::Sink) -> usize;
    /// Sets the adjoint of output `index` to one.
    ///
    /// # Safety
    /// `shadow` is the shadow of a filled sink, the sweeps have not ended, and
    /// `index` is less than the count.
    #[doc(hidden)]
    unsafe fn seed(shadow: &mut Self::Sink, index: usize);
    /// Copies the result.
    ///
    /// # Safety
    /// `sink` is filled and the sweeps have not ended.
    #[doc(hidden)]
    unsafe fn value(sink: &Self::Sink) -> Self::Value;
    /// Puts one gradient per output together; `like` has the extents of a gradient.
    #[doc(hidden)]
    fn stack<G: Differentiable>(rows: Vec<G>, like: &G, sink: &Self::Sink) -> Self::Stack<G>;
    /// Puts the rows of an `ndarray` argument of shape `extents` together.
    #[cfg(feature = "ndarray")]
    #[doc(hidden)]
    fn dense<T: Float>(rows: Vec<T>, extents: &[usize], sink: &Self::Sink) -> Self::Dense<T>;
}

macro_rules! scalars {
    ($($t:ty),*) => {$(
        // SAFETY: one float, stored in place.
        unsafe impl Output for $t {
            type Sink = $t;
            type Value = $t;
            type Stack<G: Differentiable> = G;
            #[cfg(feature = "ndarray")]
            type Dense<T: Float> = ndarray::ArrayD<T>;

            fn sink() -> $t {
                0.0
            }
            #[inline]
            unsafe fn store(self, sink: *mut $t) {
                // SAFETY: the caller's promise.
                unsafe { *sink = self };
            }
            fn count(_: &$t) -> usize {
                1
            }
            unsafe fn seed(shadow: &mut $t, _: usize) {
                *shadow = 1.0;
            }
            unsafe fn value(sink: &$t) -> $t {
                *sink
            }
            fn stack<G: Differentiable>(mut rows: Vec<G>, _: &G, _: &$t) -> G {
                rows.pop().expect("one output has one row")
            }
            #[cfg(feature = "ndarray")]
            fn dense<T: Float>(rows: Vec<T>, extents: &[usize], _: &$t) -> ndarray::ArrayD<T> {
                crate::glue::ndarray::dense(rows, &[], extents)
            }
        }
    )*};
}
scalars!(f32, f64);

// SAFETY: `N` floats, stored in place.
unsafe impl<E: Float, const N: usize> Output for [E; N] {
    type Sink = [E; N];
    type Value = [E; N];
    type Stack<G: Differentiable> = [G; N];
    #[cfg(feature = "ndarray")]
    type Dense<T: Float> = ndarray::ArrayD<T>;

    fn sink() -> [E; N] {
        [E::ZERO; N]
    }
    #[inline]
    unsafe fn store(self, sink: *mut [E; N]) {
        let data = sink.cast::<E>();
        for (i, element) in self.into_iter().enumerate() {
            // SAFETY: `i` is less than `N`, the length of the sink.
            unsafe { *data.add(i) = element };
        }
    }
    fn count(_: &[E; N]) -> usize {
        N
    }
    unsafe fn seed(shadow: &mut [E; N], index: usize) {
        shadow[index] = E::ONE;
    }
    unsafe fn value(sink: &[E; N]) -> [E; N] {
        *sink
    }
    fn stack<G: Differentiable>(rows: Vec<G>, _: &G, _: &[E; N]) -> [G; N] {
        let Ok(rows) = rows.try_into() else { unreachable!("one row per output") };
        rows
    }
    #[cfg(feature = "ndarray")]
    fn dense<T: Float>(rows: Vec<T>, extents: &[usize], _: &[E; N]) -> ndarray::ArrayD<T> {
        crate::glue::ndarray::dense(rows, &[N], extents)
    }
}

/// The outputs of a function that returns a `Vec`.
#[doc(hidden)]
pub struct Buffer<E> {
    pub(crate) data: *mut E,
    pub(crate) len: usize,
}

impl<E: Float> Buffer<E> {
    pub(crate) const EMPTY: Buffer<E> = Buffer { data: core::ptr::null_mut(), len: 0 };

    /// Makes room for `len` outputs; runs inside of the differentiated function.
    ///
    /// # Safety
    /// `this` is valid for writes.
    #[inline]
    pub(crate) unsafe fn allocate(this: *mut Self, len: usize) -> *mut E {
        // SAFETY: the plugin replaces this by memory of the given size; `this` is
        // valid by the caller's promise.
        unsafe {
            let data = arena_alloc(len * size_of::<E>(), align_of::<E>()).cast::<E>();
            (*this).data = data;
            (*this).len = len;
            hint_no_floats(this);
            data
        }
    }

    /// Stores contiguous outputs; runs inside of the differentiated function.
    ///
    /// # Safety
    /// `this` is valid for writes.
    #[inline]
    pub(crate) unsafe fn store(this: *mut Self, values: &[E]) {
        // SAFETY: the buffer has room for as many elements as `values`.
        unsafe {
            let data = Self::allocate(this, values.len());
            for (i, element) in values.iter().enumerate() {
                *data.add(i) = *element;
            }
        }
    }

    /// # Safety
    /// See [`Output::seed`].
    pub(crate) unsafe fn seed(&mut self, index: usize) {
        // SAFETY: the caller's promise.
        unsafe { *self.data.add(index) = E::ONE };
    }

    /// # Safety
    /// See [`Output::value`].
    pub(crate) unsafe fn to_vec(&self) -> Vec<E> {
        if self.len == 0 {
            return Vec::new();
        }
        // SAFETY: a filled buffer has `len` initialised elements.
        unsafe { core::slice::from_raw_parts(self.data, self.len) }.to_vec()
    }
}

// SAFETY: as many floats as the buffer is long.
unsafe impl<E: Float> Output for Vec<E> {
    type Sink = Buffer<E>;
    type Value = Vec<E>;
    type Stack<G: Differentiable> = Vec<G>;
    #[cfg(feature = "ndarray")]
    type Dense<T: Float> = ndarray::ArrayD<T>;

    fn sink() -> Buffer<E> {
        Buffer::EMPTY
    }
    #[inline]
    unsafe fn store(self, sink: *mut Buffer<E>) {
        // SAFETY: the caller's promise.
        unsafe { Buffer::store(sink, &self) };
    }
    fn count(sink: &Buffer<E>) -> usize {
        sink.len
    }
    unsafe fn seed(shadow: &mut Buffer<E>, index: usize) {
        // SAFETY: the caller's promise.
        unsafe { shadow.seed(index) };
    }
    unsafe fn value(sink: &Buffer<E>) -> Vec<E> {
        // SAFETY: the caller's promise.
        unsafe { sink.to_vec() }
    }
    fn stack<G: Differentiable>(rows: Vec<G>, _: &G, _: &Buffer<E>) -> Vec<G> {
        rows
    }
    #[cfg(feature = "ndarray")]
    fn dense<T: Float>(rows: Vec<T>, extents: &[usize], sink: &Buffer<E>) -> ndarray::ArrayD<T> {
        crate::glue::ndarray::dense(rows, &[sink.len], extents)
    }
}

macro_rules! tuples {
    ($(($($O:ident $i:tt),+))*) => {$(
        // SAFETY: the outputs of the parts, one part after the other.
        unsafe impl<$($O: Output),+> Output for ($($O,)+) {
            type Sink = ($($O::Sink,)+);
            type Value = ($($O::Value,)+);
            type Stack<G: Differentiable> = ($($O::Stack<G>,)+);
            #[cfg(feature = "ndarray")]
            type Dense<T: Float> = ($($O::Dense<T>,)+);

            fn sink() -> Self::Sink {
                ($($O::sink(),)+)
            }
            #[inline]
            unsafe fn store(self, sink: *mut Self::Sink) {
                $(
                    // SAFETY: a part of a valid sink is valid.
                    unsafe { self.$i.store(&raw mut (*sink).$i) };
                )+
            }
            fn count(sink: &Self::Sink) -> usize {
                0 $(+ $O::count(&sink.$i))+
            }
            unsafe fn seed(shadow: &mut Self::Sink, mut index: usize) {
                $(
                    let count = $O::count(&shadow.$i);
                    if index < count {
                        // SAFETY: `index` counts from the first output of this part.
                        return unsafe { $O::seed(&mut shadow.$i, index) };
                    }
                    index -= count;
                )+
                let _ = index;
            }
            unsafe fn value(sink: &Self::Sink) -> Self::Value {
                // SAFETY: the caller's promise.
                ($(unsafe { $O::value(&sink.$i) },)+)
            }
            fn stack<G: Differentiable>(
                rows: Vec<G>,
                like: &G,
                sink: &Self::Sink,
            ) -> Self::Stack<G> {
                let mut rows = rows.into_iter();
                ($($O::stack(
                    rows.by_ref().take($O::count(&sink.$i)).collect(),
                    like,
                    &sink.$i,
                ),)+)
            }
            #[cfg(feature = "ndarray")]
            fn dense<T: Float>(
                rows: Vec<T>,
                extents: &[usize],
                sink: &Self::Sink,
            ) -> Self::Dense<T> {
                let row = extents.iter().product::<usize>();
                let mut rows = rows.into_iter();
                ($($O::dense(
                    rows.by_ref().take(row * $O::count(&sink.$i)).collect(),
                    extents,
                    &sink.$i,
                ),)+)
            }
        }
    )*};
}
tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
}
