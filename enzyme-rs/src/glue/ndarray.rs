//! Gradients and Jacobians of `ndarray` arrays and views, in any memory layout.
//!
//! A function sees an array as a header (pointer, extents, strides) and a block of
//! memory. The shadow has the same header but for the pointer, which goes into a
//! block of its own at the same offset. For an owned array that begins where its block
//! does this is a zeroed block of the same length, for others a clone, which has
//! exactly that layout; for a view a block is made that covers its memory extent,
//! negative strides and gaps included. A view that repeats elements (stride 0, as made by
//! `broadcast`) is copied first, so that its elements count as separate inputs.

use core::mem::ManuallyDrop;

use ndarray::{
    Array, ArrayBase, ArrayD, ArrayView, Axis, Data, Dimension, IxDyn, RawData, ShapeBuilder,
};

use crate::argument::Argument;
use crate::call::Arguments;
use crate::data::{Differentiable, Float, Shadow};
use crate::marker::{Activity, hint_integers, hint_no_floats};
use crate::output::{Buffer, Output};

/// The most axes that an array returned by a differentiated function may have.
const MAX_AXES: usize = 8;

/// An array of shape (`out`…, `inner`…) from its elements in row-major order.
pub(crate) fn dense<E>(elements: Vec<E>, out: &[usize], inner: &[usize]) -> ArrayD<E> {
    // Filled in place: beyond four axes it is a block on the heap, which the result keeps.
    let mut shape = IxDyn::zeros(out.len() + inner.len());
    for (axis, &length) in shape.as_array_view_mut().iter_mut().zip(out.iter().chain(inner)) {
        *axis = length;
    }
    match Array::from_vec(elements).into_shape_with_order(shape) {
        Ok(array) => array,
        Err(_) => panic!(
            "the Jacobian is not an array of shape ({out:?}, {inner:?}): vectors inside of the argument have unequal lengths"
        ),
    }
}

// SAFETY: a clone has a block of the same length, with the same offset and strides,
// and so has what `zeroed_like` makes.
unsafe impl<T: Float, D: Dimension> Shadow for Array<T, D> {
    fn zero_shadow(&self) -> Self {
        zeroed_like(self).unwrap_or_else(|| {
            let mut shadow = self.clone();
            shadow.fill(T::ZERO);
            shadow
        })
    }
    fn set_zero(&mut self) {
        self.fill(T::ZERO);
    }
    #[inline]
    unsafe fn hint_place(this: *const Self) {
        // SAFETY: the caller's promise.
        unsafe { hint_no_floats(this) };
    }
    #[inline]
    unsafe fn hint_contents(this: *const Self) {
        // SAFETY: the caller promises that this runs in the shim, on a valid array.
        unsafe { hint_axes(this) };
    }
}

/// States that an array's header holds no float, and what its axes are.
///
/// # Safety
/// Only called inside a shim; `header` is valid for reads.
#[inline]
unsafe fn hint_header<S: RawData, D: Dimension>(header: *const ArrayBase<S, D>) {
    // SAFETY: the caller promises all of it.
    unsafe {
        hint_no_floats(header);
        hint_axes(header);
    }
}

/// States that an array's shape and strides are arrays of integers: those of dynamic
/// dimension may lie in the header or elsewhere.
///
/// # Safety
/// Only called inside a shim; `header` is valid for reads.
#[inline]
unsafe fn hint_axes<S: RawData, D: Dimension>(header: *const ArrayBase<S, D>) {
    if D::NDIM.is_none() {
        // SAFETY: the caller promises all of it.
        unsafe {
            hint_integers((*header).shape());
            hint_integers((*header).strides());
        }
    }
}

/// The shadow of an array in zeroed memory, which for a large block costs neither a
/// copy nor the writing of zeros. `None` for the layouts that cannot be rebuilt
/// around a new block: an array that does not begin where its block does (it was
/// sliced in place, or an axis is reversed), an empty one, and dynamic axes.
fn zeroed_like<T: Float, D: Dimension>(array: &Array<T, D>) -> Option<Array<T, D>> {
    let (len, offset) = block_of(array)?;
    if offset != 0 || array.strides().iter().any(|&stride| stride < 0) {
        return None;
    }
    let mut strides = D::zeros(array.ndim());
    for (axis, stride) in array.strides().iter().enumerate() {
        strides[axis] = stride.unsigned_abs();
    }
    let shape = array.raw_dim().strides(strides);
    // SAFETY: `array` itself is of this shape, with these strides, and begins at the
    // start of a block of this length; so it stays inside and repeats no element.
    Some(unsafe { Array::from_shape_vec_unchecked(shape, vec![T::ZERO; len]) })
}

/// The length of an array's block, gaps and sliced-off elements included, and the
/// offset of the first element. `None` for an empty array, and where the length cannot
/// be had: `ndarray` tells it only to who gives the array away.
fn block_of<T: Float, D: Dimension>(array: &Array<T, D>) -> Option<(usize, usize)> {
    // What is given away below would take a shape on the heap along, as in `IxDyn`.
    if core::mem::needs_drop::<D>() {
        return None;
    }
    // SAFETY: floats and this shape need no drop, so the block is all that an array
    // owns. The copy of the array hands the block over as it is, without a look at
    // the elements (`into_raw_vec_and_offset` is a change of type, and does not
    // panic), and what it hands over is never dropped: `array` stays the only owner.
    let (block, offset) = unsafe { core::ptr::read(array) }.into_raw_vec_and_offset();
    let block = ManuallyDrop::new(block);
    Some((block.len(), offset?))
}

impl<T: Float, D: Dimension> Differentiable for Array<T, D> {
    type Element = T;
    type Rows = Vec<T>;
    type Jacobian<O: Output> = O::Dense<T>;

    fn extents(&self) -> Vec<usize> {
        self.shape().to_vec()
    }
    fn flatten(rows: Vec<Self>) -> Vec<T> {
        let mut elements = Vec::new();
        for row in &rows {
            push_elements(row, &mut elements);
        }
        elements
    }
    fn start_rows(&self, count: usize) -> Vec<T> {
        Vec::with_capacity(count * self.len())
    }
    fn push_row(&self, rows: &mut Vec<T>) {
        push_elements(self, rows);
    }
    fn take_row(&mut self, rows: &mut Vec<T>) {
        match self.as_slice_mut() {
            Some(slice) => {
                rows.extend_from_slice(slice);
                slice.fill(T::ZERO);
            }
            None => {
                rows.extend(self.iter());
                self.set_zero();
            }
        }
    }
    fn jacobian<O: Output>(&self, rows: Vec<T>, sink: &O::Sink) -> O::Dense<T> {
        O::dense(rows, self.shape(), sink)
    }
}

/// Appends the elements in logical order.
fn push_elements<T: Float, S, D>(array: &ArrayBase<S, D>, elements: &mut Vec<T>)
where
    S: Data<Elem = T>,
    D: Dimension,
{
    match array.as_slice() {
        Some(slice) => elements.extend_from_slice(slice),
        None => elements.extend(array.iter()),
    }
}

// SAFETY: the pointers are those of the argument and of its shadow.
unsafe impl<T: Float, D: Dimension> Argument for Array<T, D> {
    crate::__by_value!();
}

impl<T: Float, D: Dimension> Arguments for Array<T, D> {
    crate::__single_argument!();
}

/// A block of floats that is reached through raw pointers only, so that headers
/// may point into it.
struct Block<T> {
    start: *mut T,
    len: usize,
}

impl<T: Float> Block<T> {
    fn zeroed(len: usize) -> Self {
        let floats = vec![T::ZERO; len].into_boxed_slice();
        Block { start: Box::into_raw(floats).cast(), len }
    }

    fn set_zero(&mut self) {
        for i in 0..self.len {
            // SAFETY: `i` is inside of the block.
            unsafe { *self.start.add(i) = T::ZERO };
        }
    }

    fn into_vec(self) -> Vec<T> {
        let block = ManuallyDrop::new(self);
        // SAFETY: the block came from a boxed slice of this length.
        unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(block.start, block.len)) }
            .into_vec()
    }
}

impl<T> Drop for Block<T> {
    fn drop(&mut self) {
        // SAFETY: the block came from a boxed slice of this length and is not used again.
        drop(unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(self.start, self.len)) });
    }
}

/// The shadow of a view: a header of the same shape and strides, and its block.
#[doc(hidden)]
pub struct ViewShadow<'a, T, D> {
    header: ArrayView<'a, T, D>,
    block: Block<T>,
}

impl<'a, T: Float, D: Dimension> ViewShadow<'a, T, D> {
    fn of(view: &ArrayView<'_, T, D>) -> Self {
        let mut strides = D::zeros(view.ndim());
        let (mut extent, mut reversed) = (usize::from(!view.is_empty()), Vec::new());
        for (axis, (&len, &stride)) in view.shape().iter().zip(view.strides()).enumerate() {
            assert!(
                stride != 0 || len < 2 || view.is_empty(),
                "the view repeats its elements along axis {axis} and has no gradient of its own: pass the array that it repeats, or a copy (`to_owned`)"
            );
            if stride < 0 {
                reversed.push(axis);
            }
            strides[axis] = if view.is_empty() { 0 } else { stride.unsigned_abs() };
            extent += len.saturating_sub(1) * strides[axis];
        }
        let block = Block::zeroed(if view.is_empty() { 0 } else { extent });
        let shape = view.raw_dim().strides(strides);
        // SAFETY: `extent` elements from `start` are all that the non-negative
        // strides reach; reversing an axis reaches the same elements. The block
        // lives as long as this shadow, which alone hands out the header.
        let mut header = unsafe { ArrayView::from_shape_ptr(shape, block.start) };
        for axis in reversed {
            header.invert_axis(Axis(axis));
        }
        ViewShadow { header, block }
    }

    fn into_array(self) -> Array<T, D> {
        let ViewShadow { header, block } = self;
        if !header.is_standard_layout() {
            return header.to_owned();
        }
        let shape = header.raw_dim();
        Array::from_shape_vec(shape, block.into_vec()).expect("the block has the view's elements")
    }
}

macro_rules! views {
    ([$($lifetime:lifetime),*] $Self:ty, $view:ident => $pointer:expr, $primal:ident => $load:expr) => {
        // SAFETY: the primal is the view's header; its shadow has the same type,
        // shape and strides, and points to a block that covers the same extent.
        unsafe impl<$($lifetime,)* T: Float, D: Dimension> Argument for $Self {
            type Parameter = Self;
            type Primal = ArrayView<'a, T, D>;
            type Shadow = ViewShadow<'a, T, D>;
            type Gradient = Array<T, D>;
            type Rows = Vec<T>;
            type Jacobian<O: Output> = O::Dense<T>;
            const ACTIVITY: Activity = Activity::Duplicated;

            fn shadow(&self) -> Self::Shadow {
                ViewShadow::of(self)
            }
            unsafe fn pointers(
                &self,
                shadow: *mut Self::Shadow,
            ) -> (*const Self::Primal, *mut Self::Primal) {
                let $view = self;
                // SAFETY: the caller promises a valid shadow.
                ($pointer, unsafe { &raw mut (*shadow).header })
            }
            #[inline]
            unsafe fn load($primal: *const Self::Primal) -> Self {
                // SAFETY: this runs in the shim, and the caller promises a valid pointer.
                unsafe {
                    hint_header($primal);
                    $load
                }
            }
            fn gradient(shadow: Self::Shadow) -> Array<T, D> {
                shadow.into_array()
            }
            fn start_rows(shadow: &Self::Shadow, count: usize) -> Vec<T> {
                Vec::with_capacity(count * shadow.header.len())
            }
            fn take_row(shadow: &mut Self::Shadow, rows: &mut Vec<T>) {
                push_elements(&shadow.header, rows);
                shadow.block.set_zero();
            }
            fn jacobian<O: Output>(
                shadow: &Self::Shadow,
                rows: Vec<T>,
                sink: &O::Sink,
            ) -> O::Dense<T> {
                O::dense(rows, shadow.header.shape(), sink)
            }
        }

        impl<$($lifetime,)* T: Float, D: Dimension> Arguments for $Self {
            crate::__single_argument!();
        }
    };
}
views!(['a] ArrayView<'a, T, D>, view => view, primal => (*primal).clone());
views!(['a, 'b] &'b ArrayView<'a, T, D>, view => *view, primal => &*primal);

/// The outputs of a function that returns an array, and the array's shape.
///
/// The shape comes last: it is indexed by axis, and the engine tells fields apart
/// best that do not lie behind an array.
#[doc(hidden)]
#[repr(C)]
pub struct ArraySink<E> {
    elements: Buffer<E>,
    axes: usize,
    shape: [usize; MAX_AXES],
}

impl<E: Float> ArraySink<E> {
    fn shape(&self) -> &[usize] {
        &self.shape[..self.axes]
    }
}

/// Copies the elements of an array in logical order. Runs inside of the
/// differentiated function; hence the plain loops instead of an iterator.
///
/// # Safety
/// There is room for `len` elements; `source` is the first of an array of this
/// shape, with these strides and `len` elements, of at most `MAX_AXES` axes.
#[inline]
unsafe fn copy_in_order<E: Float>(
    data: *mut E,
    source: *const E,
    len: usize,
    (shape, strides): (&[usize], &[isize]),
) {
    let mut index = [0; MAX_AXES];
    let mut offset = 0;
    for i in 0..len {
        // SAFETY: `offset` is that of the element with the multi-index `index`.
        unsafe { *data.add(i) = *source.offset(offset) };
        // The next multi-index: the last axis first, with carries.
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            offset += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            offset -= strides[axis] * shape[axis] as isize;
            index[axis] = 0;
        }
    }
}

// SAFETY: as many floats as the array has elements.
unsafe impl<E: Float, S: Data<Elem = E>, D: Dimension> Output for ArrayBase<S, D> {
    type Sink = ArraySink<E>;
    type Value = Array<E, D>;
    type Stack<G: Differentiable> = ArrayD<G::Element>;
    type Dense<T: Float> = ArrayD<T>;

    fn sink() -> ArraySink<E> {
        ArraySink { elements: Buffer::EMPTY, axes: 0, shape: [0; MAX_AXES] }
    }
    #[inline]
    unsafe fn store(self, sink: *mut ArraySink<E>) {
        let shape = self.shape();
        assert!(
            shape.len() <= MAX_AXES,
            "a differentiated function returned an array of more than {MAX_AXES} axes"
        );
        // SAFETY: the caller promises a valid sink; there is room for as many
        // lengths as were just checked, and for all elements.
        unsafe {
            (*sink).axes = shape.len();
            hint_no_floats(sink);
            let lengths = (&raw mut (*sink).shape).cast::<usize>();
            lengths.copy_from_nonoverlapping(shape.as_ptr(), shape.len());
            if D::NDIM.is_none() {
                hint_integers(shape);
            }
            let elements = &raw mut (*sink).elements;
            if let Some(values) = self.as_slice() {
                return Buffer::store(elements, values);
            }
            let data = Buffer::allocate(elements, self.len());
            copy_in_order(data, self.as_ptr(), self.len(), (shape, self.strides()));
        }
    }
    fn count(sink: &ArraySink<E>) -> usize {
        sink.elements.len
    }
    unsafe fn seed(shadow: &mut ArraySink<E>, index: usize) {
        // SAFETY: the caller's promise.
        unsafe { shadow.elements.seed(index) };
    }
    unsafe fn value(sink: &ArraySink<E>) -> Array<E, D> {
        // SAFETY: the caller's promise.
        let elements = unsafe { sink.elements.to_vec() };
        dense(elements, sink.shape(), &[])
            .into_dimensionality()
            .expect("as many axes as were stored")
    }
    fn stack<G: Differentiable>(rows: Vec<G>, like: &G, sink: &ArraySink<E>) -> ArrayD<G::Element> {
        dense(G::flatten(rows), sink.shape(), &like.extents())
    }
    fn dense<T: Float>(rows: Vec<T>, extents: &[usize], sink: &ArraySink<E>) -> ArrayD<T> {
        dense(rows, sink.shape(), extents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array, s};

    /// The header of a view's shadow has the view's strides, and reads its block.
    #[test]
    fn the_shadow_of_a_view_keeps_shape_strides_and_order() {
        let base = Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as f64);
        let mut flipped = base.view();
        flipped.invert_axis(Axis(0));
        for view in [
            base.view(),
            base.t(),
            base.slice(s![1..3, ..;2]),
            base.slice(s![..;-2, ..;-3]),
            base.slice(s![2..2, ..]),
            flipped,
        ] {
            let mut shadow = ViewShadow::of(&view);
            assert_eq!(shadow.header.shape(), view.shape());
            if !view.is_empty() {
                assert_eq!(shadow.header.strides(), view.strides());
            }
            // SAFETY: the primal's extent is the block's; copy the one to the other.
            unsafe {
                let low = view.iter().map(core::ptr::from_ref).min();
                for i in 0..shadow.block.len {
                    *shadow.block.start.add(i) = *low.unwrap().add(i);
                }
            }
            assert_eq!(shadow.header, view);
            let mut rows = Vec::new();
            <ArrayView<f64, _> as Argument>::take_row(&mut shadow, &mut rows);
            assert_eq!(rows, view.iter().copied().collect::<Vec<_>>());
            assert_eq!(shadow.into_array(), Array2::<f64>::zeros(view.raw_dim()));
        }
    }

    #[test]
    #[should_panic(expected = "repeats its elements along axis 0")]
    fn a_broadcast_view_is_refused() {
        let row = array![1.0, 2.0];
        let _ = ViewShadow::of(&row.broadcast((3, 2)).unwrap());
    }

    fn assert_shadow_of<D: Dimension>(array: Array<f64, D>) {
        let mut shadow = array.zero_shadow();
        assert_eq!(shadow, Array::<f64, D>::zeros(array.raw_dim()));
        assert_eq!(shadow.strides(), array.strides());
        let mut rows = vec![7.0];
        shadow.assign(&array);
        shadow.take_row(&mut rows);
        assert_eq!(rows[1..], array.iter().copied().collect::<Vec<_>>());
        assert_eq!(shadow, Array::<f64, D>::zeros(array.raw_dim()));
        let (block, offset) = array.into_raw_vec_and_offset();
        let (shadow_block, shadow_offset) = shadow.into_raw_vec_and_offset();
        assert_eq!((block.len(), offset), (shadow_block.len(), shadow_offset));
    }

    #[test]
    fn the_shadow_of_an_array_keeps_its_layout() {
        let base = || Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as f64);
        let mut sliced = base();
        sliced.slice_collapse(s![1..3, 1..5;-2]);
        let mut begun = base();
        begun.slice_collapse(s![..2, ..;3]);
        let mut flipped = base();
        flipped.invert_axis(Axis(1));
        let mut empty = base();
        empty.slice_collapse(s![2..2, ..]);
        let mut single = base();
        single.slice_collapse(s![..1, ..1]);
        let fortran = Array2::from_shape_fn((2, 3).f(), |(i, j)| (10 * i + j) as f64);
        for array in
            [base(), sliced, begun, flipped, empty, single, base().reversed_axes(), fortran]
        {
            assert_shadow_of(array.clone().into_dyn());
            assert_shadow_of(array);
        }
        assert_shadow_of(ndarray::arr0(3.0));
    }

    /// Where the block's length is told, it is told without touching the array.
    #[test]
    fn an_array_is_left_alone_when_its_block_is_measured() {
        let mut array = Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as f64);
        let original = array.clone();
        assert_eq!(block_of(&array), Some((24, 0)));
        array.slice_collapse(s![1.., 2..]);
        assert_eq!(block_of(&array), Some((24, 8)));
        assert_eq!(array, original.slice(s![1.., 2..]));
        assert_eq!(block_of(&array.into_dyn()), None);
    }

    #[test]
    fn elements_are_copied_in_logical_order() {
        let base =
            ndarray::Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i * 100 + j * 10 + k) as f64);
        for view in [base.view(), base.t(), base.slice(s![.., ..;-2, 1..;-1])] {
            let mut copied = vec![-1.0; view.len()];
            let layout = (view.shape(), view.strides());
            // SAFETY: as many elements as the view has.
            unsafe { copy_in_order(copied.as_mut_ptr(), view.as_ptr(), view.len(), layout) };
            assert_eq!(copied, view.iter().copied().collect::<Vec<_>>());
        }
    }

    #[test]
    fn rows_are_put_together_with_outputs_first() {
        let mut sink = <Array2<f32> as Output>::sink();
        (sink.axes, sink.shape, sink.elements.len) = (2, [2, 1, 0, 0, 0, 0, 0, 0], 2);
        let rows = vec![vec![[1.0, 2.0]], vec![[3.0, 4.0]]];
        let stacked = Array2::<f32>::stack(rows, &vec![[0.0, 0.0]], &sink);
        assert_eq!(stacked, array![[[[1.0, 2.0]]], [[[3.0, 4.0]]]].into_dyn());
        let dense = Array2::<f32>::dense(vec![1.0, 2.0, 3.0, 4.0], &[2], &sink);
        assert_eq!(dense, array![[[1.0, 2.0]], [[3.0, 4.0]]].into_dyn());
        assert_eq!(Vec::<f64>::dense::<f64>(vec![], &[3], &Buffer::EMPTY).shape(), [0, 3]);
        let many = super::dense((0..12).collect(), &[2, 1, 3], &[1, 2]);
        assert_eq!(many.shape(), [2, 1, 3, 1, 2]);
        assert_eq!(many[[1, 0, 2, 0, 1]], 11);
    }

    #[test]
    #[should_panic(expected = "unequal lengths")]
    fn rows_that_do_not_fill_the_shape_are_refused() {
        let _ = super::dense(vec![1.0; 5], &[2], &[3]);
    }
}
