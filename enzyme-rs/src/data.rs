//! What can be differentiated: data of which a shadow can be made.
//!
//! The shadow of a value has the value's own type and layout. Its floats hold
//! derivatives, its pointers point to shadows, everything else is equal. Reverse
//! mode adds into it; afterwards it *is* the gradient. That is why the gradient
//! of owned data has the data's type.
//!
//! [`Shadow`] is that ability; [`Differentiable`] adds how the rows of a Jacobian
//! are put together. Integers, for instance, have the first (a struct may contain
//! them) and not the second (nothing can be differentiated with respect to them).

use std::alloc::{Layout, alloc_zeroed, handle_alloc_error};

use enzyme_protocol::{BEYOND_LARGE, BEYOND_SMALL};

use crate::marker::{hint_float, hint_floats, hint_no_floats, hint_plain};
use crate::output::Output;

/// `f32` or `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `f32` or `f64`",
    note = "a gradient needs a function that returns one float; for other outputs use `jacobian`"
)]
pub trait Float: Copy + 'static + Differentiable + Output<Sink = Self, Value = Self> {
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
}

impl Float for f32 {
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;
}

impl Float for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
}

/// Owned data of which a zeroed shadow can be made.
///
/// Implemented for floats, integers, `bool`, `char`, `()`, `String`, `Box<str>`,
/// `&'static str`, `PhantomData`, arrays, `Vec`, `Box`, boxed slices, `Option`, tuples up to
/// eight and `ndarray::Array`; for your own structs write `#[derive(Differentiable)]`.
///
/// # Safety
/// The result of [`zero_shadow`](Shadow::zero_shadow) must have the same layout
/// as `self` all the way down: every heap block of `self` has one of at least the
/// same size in the shadow, owned by the shadow alone; floats are zero, all other
/// data is equal.
#[diagnostic::on_unimplemented(
    message = "no shadow can be made of `{Self}`",
    note = "for a struct write `#[derive(Clone, Differentiable)]`",
    note = "data behind shared pointers or references inside of a struct is not supported"
)]
pub unsafe trait Shadow: Clone {
    /// A value of the same layout in which every float is zero.
    fn zero_shadow(&self) -> Self;

    /// Sets every float to zero.
    fn set_zero(&mut self);

    /// Where the fields of a struct or tuple begin.
    #[doc(hidden)]
    const OFFSETS: &'static [usize] = &[];

    /// Tells the plugin what the bytes of a value are, as no use of them may show it: which
    /// are floats, and which are not.
    ///
    /// # Safety
    /// Only called inside a shim. Nothing need be at the address.
    #[doc(hidden)]
    #[inline]
    unsafe fn hint_place(_: *const Self) {}

    /// The same of what a value leads to.
    ///
    /// # Safety
    /// Only called inside a shim, with a valid pointer.
    #[doc(hidden)]
    #[inline]
    unsafe fn hint_contents(_: *const Self) {}

    /// The same of a value with nothing behind it, and of what it leads to.
    ///
    /// # Safety
    /// Only called inside a shim, with a valid pointer.
    #[doc(hidden)]
    #[inline]
    unsafe fn hint_object(this: *const Self) {
        // SAFETY: the caller's promise.
        unsafe {
            Self::hint_place(this);
            Self::hint_contents(this);
        }
    }

    /// Tells the plugin what the bytes of many values are.
    ///
    /// # Safety
    /// Only called inside a shim.
    #[doc(hidden)]
    #[inline]
    unsafe fn hint_all(values: &[Self]) {
        // A place whose index is not known stands for each.
        // SAFETY: the caller's promise.
        unsafe { Self::hint_place(values.as_ptr().wrapping_add(values.len())) }
    }

    /// Gives every `Vec` in a shadow as much room as that of the primal has, and zeros where
    /// nothing lies yet: what a function pushes there has no adjoint but what it is given inside.
    #[doc(hidden)]
    fn make_room(&mut self, _primal: &Self) {}

    /// The shadows of many values; floats do it in one allocation of zeroed memory.
    #[doc(hidden)]
    fn zero_shadows(values: &[Self]) -> Vec<Self> {
        values.iter().map(Self::zero_shadow).collect()
    }
}

/// The most elements of an array inside of a value that are told one by one.
const MOST_PLACES: usize = 16;

/// Data with respect to which functions can be differentiated.
///
/// The gradient has the data's own type. The Jacobian of a function whose output
/// is `f32`/`f64`, `[_; M]`, `Vec<_>` or an `ndarray` array is the gradient `G`,
/// `[G; M]`, `Vec<G>` or an `ArrayD` of shape (output…, input…). If the data is
/// an `ndarray` array, the Jacobian is always an `ArrayD` of that shape.
///
/// Derive it for structs whose fields have shadows:
///
/// ```
/// use enzyme_rs::{Differentiable, Reverse, gradient};
///
/// #[derive(Clone, Differentiable)]
/// struct Spring { stiffness: f64, rest: f64, turns: usize }
///
/// fn energy(s: &Spring) -> f64 {
///     0.5 * s.stiffness * (2.0 - s.rest) * (2.0 - s.rest) * s.turns as f64
/// }
///
/// let spring = Spring { stiffness: 3.0, rest: 1.0, turns: 2 };
/// let d = gradient(Reverse, energy, &spring);
/// assert_eq!((d.stiffness, d.rest, d.turns), (1.0, -6.0, 2));
/// ```
#[diagnostic::on_unimplemented(
    message = "functions cannot be differentiated with respect to `{Self}`",
    label = "not made of floats",
    note = "for a struct write `#[derive(Clone, Differentiable)]`",
    note = "to hold an argument constant wrap it: `Const(..)`"
)]
pub trait Differentiable: Shadow {
    /// What a dense Jacobian is an array of.
    type Element;
    /// Rows of a Jacobian while they are collected.
    #[doc(hidden)]
    type Rows;
    /// The Jacobian of a function with output `O` with respect to this data.
    type Jacobian<O: Output>;

    /// The extents of the data in a dense Jacobian.
    #[doc(hidden)]
    fn extents(&self) -> Vec<usize>;
    /// The elements of some rows, one after the other.
    #[doc(hidden)]
    fn flatten(rows: Vec<Self>) -> Vec<Self::Element>;
    /// Space for `count` rows.
    #[doc(hidden)]
    fn start_rows(&self, count: usize) -> Self::Rows;
    /// Appends what a sweep left in this shadow.
    #[doc(hidden)]
    fn push_row(&self, rows: &mut Self::Rows);
    /// The same, and zeroes the shadow.
    #[doc(hidden)]
    fn take_row(&mut self, rows: &mut Self::Rows) {
        self.push_row(rows);
        self.set_zero();
    }
    /// Puts the rows of the finished Jacobian together.
    #[doc(hidden)]
    fn jacobian<O: Output>(&self, rows: Self::Rows, sink: &O::Sink) -> Self::Jacobian<O>;
}

/// The rows of data that is not an `ndarray` array: gradients, stacked in the
/// container that the function returns. Used by this crate and by the derive.
#[doc(hidden)]
#[macro_export]
macro_rules! __stacked_rows {
    () => {
        type Rows = ::std::vec::Vec<Self>;
        type Jacobian<__O: $crate::Output> = __O::Stack<Self>;
        fn start_rows(&self, count: usize) -> Self::Rows {
            ::std::vec::Vec::with_capacity(count)
        }
        fn push_row(&self, rows: &mut Self::Rows) {
            rows.push(::core::clone::Clone::clone(self));
        }
        fn jacobian<__O: $crate::Output>(
            &self,
            rows: Self::Rows,
            sink: &__O::Sink,
        ) -> Self::Jacobian<__O> {
            __O::stack(rows, self, sink)
        }
    };
}

/// [`Differentiable`] for data that is one element of a dense Jacobian.
#[doc(hidden)]
#[macro_export]
macro_rules! __one_element {
    () => {
        type Element = Self;
        fn extents(&self) -> ::std::vec::Vec<usize> {
            ::std::vec::Vec::new()
        }
        fn flatten(rows: ::std::vec::Vec<Self>) -> ::std::vec::Vec<Self> {
            rows
        }
        $crate::__stacked_rows!();
    };
}

/// How many bytes of a struct or tuple lie between an offset and the next field.
pub const fn gap<X: Shadow>(from: usize) -> usize {
    let mut next = size_of::<X>();
    let mut i = 0;
    while i < X::OFFSETS.len() {
        if X::OFFSETS[i] >= from && X::OFFSETS[i] < next {
            next = X::OFFSETS[i];
        }
        i += 1;
    }
    next - from
}

/// States that there is no float between the fields of a struct or tuple: what is moved as a
/// whole takes these bytes along.
///
/// # Safety
/// Only called inside a shim.
#[inline]
pub unsafe fn hint_gap<X>(this: *const X, from: usize, size: usize) {
    if size > 0 {
        // SAFETY: the caller's promise.
        unsafe { hint_plain(this.cast::<u8>().wrapping_add(from), size) }
    }
}

/// What [`Shadow`] tells of a value: that of its fields. Used by this crate and by the derive.
#[doc(hidden)]
#[macro_export]
macro_rules! __hint_fields {
    ($($field:tt: $type:ty,)*) => {
        const OFFSETS: &'static [usize] = &[$(::core::mem::offset_of!(Self, $field)),*];
        #[inline]
        unsafe fn hint_place(this: *const Self) {
            // SAFETY: the caller's promise.
            unsafe {
                let gap = const { $crate::__private::gap::<Self>(0) };
                $crate::__private::hint_gap(this, 0, gap);
                $(
                    let (at, end, gap) = const {
                        let at = ::core::mem::offset_of!(Self, $field);
                        let end = at + ::core::mem::size_of::<$type>();
                        (at, end, $crate::__private::gap::<Self>(end))
                    };
                    <$type as $crate::Shadow>::hint_place(this.wrapping_byte_add(at).cast());
                    $crate::__private::hint_gap(this, end, gap);
                )*
            }
        }
        #[inline]
        unsafe fn hint_contents(this: *const Self) {
            let _ = this;
            // SAFETY: the caller promises a valid pointer, in a shim.
            $(unsafe { <$type as $crate::Shadow>::hint_contents(&raw const (*this).$field) };)*
        }
    };
}

macro_rules! floats {
    ($($t:ty),*) => {$(
        // SAFETY: a float has no indirection.
        unsafe impl Shadow for $t {
            fn zero_shadow(&self) -> $t {
                0.0
            }
            fn set_zero(&mut self) {
                *self = 0.0;
            }
            fn zero_shadows(values: &[$t]) -> Vec<$t> {
                vec![0.0; values.len()]
            }
            #[inline]
            unsafe fn hint_place(this: *const $t) {
                // SAFETY: the caller's promise.
                unsafe { hint_float(this) }
            }
            #[inline]
            unsafe fn hint_all(values: &[$t]) {
                // SAFETY: the caller's promise.
                unsafe { hint_floats(values) }
            }
        }
        impl Differentiable for $t {
            __one_element!();
        }
    )*};
}
floats!(f32, f64);

macro_rules! without_floats {
    ($($t:ty),*) => {$(
        // SAFETY: it holds no float and a clone owns all of its memory.
        unsafe impl Shadow for $t {
            fn zero_shadow(&self) -> $t {
                self.clone()
            }
            fn set_zero(&mut self) {}
            #[inline]
            unsafe fn hint_place(this: *const Self) {
                // SAFETY: the caller's promise.
                unsafe { hint_no_floats(this) }
            }
        }
    )*};
}
without_floats!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, char, ());
without_floats!(String, Box<str>, &'static str);

// SAFETY: it holds nothing.
unsafe impl<X: ?Sized> Shadow for core::marker::PhantomData<X> {
    fn zero_shadow(&self) -> Self {
        *self
    }
    fn set_zero(&mut self) {}
}

// SAFETY: the elements lie inside of the array.
unsafe impl<X: Shadow, const N: usize> Shadow for [X; N] {
    fn zero_shadow(&self) -> Self {
        self.each_ref().map(X::zero_shadow)
    }
    fn set_zero(&mut self) {
        self.iter_mut().for_each(X::set_zero);
    }
    fn make_room(&mut self, primal: &Self) {
        make_room_of_each(self, primal);
    }
    #[inline]
    unsafe fn hint_place(this: *const Self) {
        if N <= MOST_PLACES {
            // SAFETY: the caller's promise.
            (0..N).for_each(|i| unsafe { X::hint_place(this.cast::<X>().wrapping_add(i)) });
        }
    }
    #[inline]
    unsafe fn hint_contents(this: *const Self) {
        if N <= MOST_PLACES {
            // SAFETY: the caller promises a valid pointer, in a shim.
            (0..N).for_each(|i| unsafe { X::hint_contents(this.cast::<X>().wrapping_add(i)) });
        }
    }
    #[inline]
    unsafe fn hint_object(this: *const Self) {
        // SAFETY: the caller promises a valid pointer, in a shim.
        unsafe {
            X::hint_all(&*this);
            Self::hint_contents(this);
        }
    }
    #[inline]
    unsafe fn hint_all(values: &[Self]) {
        // SAFETY: the caller's promise.
        unsafe { X::hint_all(values.as_flattened()) }
    }
}

impl<X: Differentiable, const N: usize> Differentiable for [X; N] {
    type Element = X::Element;
    fn extents(&self) -> Vec<usize> {
        extents_of(self)
    }
    fn flatten(rows: Vec<Self>) -> Vec<X::Element> {
        X::flatten(rows.into_flattened())
    }
    __stacked_rows!();
}

macro_rules! lists {
    ($($t:ty: $room:ident),*) => {$(
        // SAFETY: the shadow's block has room for as many elements, each with its shadow.
        unsafe impl<X: Shadow> Shadow for $t {
            fn zero_shadow(&self) -> Self {
                X::zero_shadows(self).into()
            }
            fn set_zero(&mut self) {
                self.iter_mut().for_each(X::set_zero);
            }
            fn make_room(&mut self, primal: &Self) {
                $room(self, primal);
                make_room_of_each(self, primal);
            }
            #[inline]
            unsafe fn hint_place(this: *const Self) {
                // SAFETY: the caller's promise.
                unsafe { hint_no_floats(this) }
            }
            #[inline]
            unsafe fn hint_contents(this: *const Self) {
                // SAFETY: the caller promises a valid pointer, in a shim.
                unsafe { X::hint_all(&*this) }
            }
        }

        impl<X: Differentiable> Differentiable for $t {
            type Element = X::Element;
            fn extents(&self) -> Vec<usize> {
                extents_of(self)
            }
            fn flatten(rows: Vec<Self>) -> Vec<X::Element> {
                X::flatten(rows.into_iter().flatten().collect())
            }
            __stacked_rows!();
        }
    )*};
}
lists!(Vec<X>: room_of_vec, Box<[X]>: room_of_slice);

pub(crate) fn extents_of<X: Differentiable>(values: &[X]) -> Vec<usize> {
    let mut extents = vec![values.len()];
    if let Some(first) = values.first() {
        extents.extend(first.extents());
    }
    extents
}

/// The same of the elements.
fn make_room_of_each<X: Shadow>(shadows: &mut [X], primals: &[X]) {
    shadows.iter_mut().zip(primals).for_each(|(shadow, primal)| shadow.make_room(primal));
}

/// The room of the vector itself. What an allocator hands out beyond what it was asked for counts
/// as room of the primal, too, so the elements move to zeroed memory that is larger than that.
fn room_of_vec<X>(shadow: &mut Vec<X>, primal: &Vec<X>) {
    if primal.capacity() == 0 || size_of::<X>() == 0 {
        return;
    }
    let [small, large] = [BEYOND_SMALL, BEYOND_LARGE].map(usize::from);
    let beyond = if primal.capacity() * size_of::<X>() < large { small } else { large };
    let room = primal.capacity() + beyond.div_ceil(size_of::<X>());
    let capacity = room.max(shadow.len());
    let layout = Layout::array::<X>(capacity).expect("a vector has this layout");
    // SAFETY: the layout has a size.
    let block = unsafe { alloc_zeroed(layout) };
    if block.is_null() {
        handle_alloc_error(layout);
    }
    // SAFETY: the block is of the global allocator, has this capacity and belongs to nobody else.
    let mut moved = unsafe { Vec::from_raw_parts(block.cast::<X>(), 0, capacity) };
    moved.append(shadow);
    *shadow = moved;
}

/// A boxed slice has no more room than elements.
fn room_of_slice<X>(_: &mut [X], _: &[X]) {}

// SAFETY: the shadow owns a block of its own.
unsafe impl<X: Shadow> Shadow for Box<X> {
    fn zero_shadow(&self) -> Self {
        Box::new((**self).zero_shadow())
    }
    fn set_zero(&mut self) {
        (**self).set_zero();
    }
    fn make_room(&mut self, primal: &Self) {
        (**self).make_room(primal);
    }
    #[inline]
    unsafe fn hint_place(this: *const Self) {
        // SAFETY: the caller's promise.
        unsafe { hint_no_floats(this) }
    }
    #[inline]
    unsafe fn hint_contents(this: *const Self) {
        // SAFETY: the caller promises a valid pointer, in a shim.
        unsafe { X::hint_object(&raw const **this) }
    }
}

impl<X: Differentiable> Differentiable for Box<X> {
    __one_element!();
}

// SAFETY: the shadow has the same variant.
unsafe impl<X: Shadow> Shadow for Option<X> {
    fn zero_shadow(&self) -> Self {
        self.as_ref().map(X::zero_shadow)
    }
    fn set_zero(&mut self) {
        self.iter_mut().for_each(X::set_zero);
    }
    fn make_room(&mut self, primal: &Self) {
        make_room_of_each(self.as_mut_slice(), primal.as_slice());
    }
    #[inline]
    unsafe fn hint_place(this: *const Self) {
        // Without a byte of its own it lies where its value does.
        if size_of::<Self>() == size_of::<X>() {
            // SAFETY: the caller's promise.
            unsafe { X::hint_place(this.cast()) }
        }
    }
}

impl<X: Differentiable> Differentiable for Option<X> {
    __one_element!();
}

macro_rules! tuples {
    ($(($($X:ident $i:tt),+))*) => {$(
        // SAFETY: the elements lie inside of the tuple.
        unsafe impl<$($X: Shadow),+> Shadow for ($($X,)+) {
            fn zero_shadow(&self) -> Self {
                ($(self.$i.zero_shadow(),)+)
            }
            fn set_zero(&mut self) {
                $(self.$i.set_zero();)+
            }
            fn make_room(&mut self, primal: &Self) {
                $(self.$i.make_room(&primal.$i);)+
            }
            $crate::__hint_fields!($($i: $X,)+);
        }
        impl<$($X: Shadow),+> Differentiable for ($($X,)+) {
            __one_element!();
        }
    )*};
}
tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shadow_is_zero_where_floats_are_and_equal_elsewhere() {
        let value = (vec![[1.0_f64, 2.0], [3.0, 4.0]], 7_usize, Some(Box::new(5.0_f32)));
        let mut shadow = value.zero_shadow();
        assert_eq!(shadow, (vec![[0.0, 0.0], [0.0, 0.0]], 7, Some(Box::new(0.0))));
        shadow.0[1][0] = 9.0;
        shadow.set_zero();
        assert_eq!(shadow, value.zero_shadow());
    }

    #[test]
    fn rows_flatten_in_order_and_extents_nest() {
        let value = vec![[1.0_f64, 2.0], [3.0, 4.0], [5.0, 6.0]];
        assert_eq!(value.extents(), [3, 2]);
        assert_eq!(Vec::flatten(vec![value.clone(), value])[4..8], [5.0, 6.0, 1.0, 2.0]);
    }
}
