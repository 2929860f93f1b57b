//! What the expansion of `#[autodiff_reverse]` calls.
//!
//! Each parameter of the primal function, and its result, has a [`Slot`]: a place
//! in the generated function's frame for the value and for its shadow. The shim
//! gets the places' addresses, moves the parameters out, calls the primal and
//! moves the result in. The primal itself is a function item: it has no size, so
//! its type alone tells the shim what to call.

use core::any::type_name;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::{NonNull, null_mut};

use crate::data::Shadow;
use crate::marker::{Encoded, MaskRequest, marker};

/// Places for a parameter or result and for its shadow.
pub struct Slot<X> {
    primal: MaybeUninit<X>,
    shadow: MaybeUninit<X>,
}

impl<X> Slot<X> {
    /// A parameter that is held constant.
    pub fn constant(value: X) -> Self {
        Slot { primal: MaybeUninit::new(value), shadow: MaybeUninit::uninit() }
    }

    /// A result that is not differentiated.
    pub fn result() -> Self {
        Slot { primal: MaybeUninit::uninit(), shadow: MaybeUninit::uninit() }
    }

    /// A reference or raw pointer and its shadow.
    ///
    /// # Safety
    /// `X` and `S` must be pointers to the same type.
    pub unsafe fn duplicated<S>(primal: X, shadow: S) -> Self {
        const { assert!(size_of::<X>() == size_of::<S>()) };
        let mut slot = Self::constant(primal);
        // SAFETY: pointers to one type have one size and alignment; the shadow is
        // never read as an `X`.
        unsafe { slot.shadow.as_mut_ptr().cast::<S>().write(shadow) };
        slot
    }

    /// The result, once it is there.
    ///
    /// # Safety
    /// The derivative has been computed, and the result not taken yet.
    pub unsafe fn value(&self) -> X {
        // SAFETY: the caller's promise.
        unsafe { self.primal.assume_init_read() }
    }
}

/// What `Active` may stand for.
#[diagnostic::on_unimplemented(
    message = "`Active` is for floats, not for `{Self}`",
    note = "`f32`, `f64` and arrays of these can be `Active`",
    note = "for other data pass a reference and write `Duplicated`, or write `Const`"
)]
pub trait ActiveValue: Copy {}
impl ActiveValue for f32 {}
impl ActiveValue for f64 {}
impl<X: ActiveValue, const N: usize> ActiveValue for [X; N] {}

impl<X: ActiveValue> Slot<X> {
    /// A float by value; its gradient starts at zero.
    pub fn active(value: X) -> Self {
        Slot { primal: MaybeUninit::new(value), shadow: MaybeUninit::zeroed() }
    }

    /// A float result and its adjoint.
    pub fn seeded(adjoint: X) -> Self {
        Slot { primal: MaybeUninit::uninit(), shadow: MaybeUninit::new(adjoint) }
    }
}

impl<X> Slot<X> {
    /// As [`active`](Slot::active), for a type that is generic where it is written.
    ///
    /// # Panics
    /// If the type is no float.
    pub fn generic_active(value: X) -> Self {
        assert_float::<X>();
        Slot { primal: MaybeUninit::new(value), shadow: MaybeUninit::zeroed() }
    }

    /// As [`seeded`](Slot::seeded), for a type that is generic where it is written.
    ///
    /// # Panics
    /// If the type is no float.
    pub fn generic_seeded(adjoint: X) -> Self {
        assert_float::<X>();
        Slot { primal: MaybeUninit::uninit(), shadow: MaybeUninit::new(adjoint) }
    }

    /// The gradient of an active parameter.
    ///
    /// # Safety
    /// The slot was made by `active` or `generic_active`.
    pub unsafe fn gradient(&self) -> X {
        // SAFETY: a float that started at zero.
        unsafe { self.shadow.assume_init_read() }
    }
}

/// A generic parameter's type is known only here, and no bound says that it is a
/// float; its name does, for no other type is called `f32`, `f64` or `[f64; N]`.
fn assert_float<X>() {
    let name = type_name::<X>();
    let element = name.trim_start_matches('[').split(';').next();
    assert!(
        matches!(element, Some("f32" | "f64")),
        "`Active` is for floats, not for `{name}`: pass a reference and write `Duplicated`, or write `Const`"
    );
}

/// The slots of a primal function's parameters.
///
/// # Safety
/// For this module only.
pub unsafe trait Slots<F, R> {
    /// See [`reverse`].
    ///
    /// # Safety
    /// See [`reverse`].
    unsafe fn differentiate<const DUPLICATED: u64>(self, primal: F, result: &mut Slot<R>);
}

/// Computes `primal` and adds its derivative into the shadows.
///
/// Bit `i` of `DUPLICATED` says whether parameter `i` has a shadow; the result
/// counts as the last parameter.
///
/// # Safety
/// Each slot with a bit must have been made by `duplicated`, `active` or `seeded`,
/// the others by `constant` or `result`; all parameters are moved out.
pub unsafe fn reverse<const DUPLICATED: u64, F, S, R>(primal: F, slots: S, result: &mut Slot<R>)
where
    S: Slots<F, R>,
{
    // SAFETY: the caller's promise.
    unsafe { slots.differentiate::<DUPLICATED>(primal, result) }
}

/// One sweep with the seeds that the caller placed.
extern "C" fn once(_: *mut c_void, sweep: usize) -> bool {
    sweep == 0
}

/// The shadow of parameter `index`, null for a constant.
fn shadow_of<X, const DUPLICATED: u64>(slot: &mut Slot<X>, index: usize) -> *mut X {
    if DUPLICATED >> index & 1 == 1 { slot.shadow.as_mut_ptr() } else { null_mut() }
}

macro_rules! arities {
    ($(($count:literal $(, $A:ident $p:ident $i:literal)*))*) => {$(
        // SAFETY: shim, request and marker list parameters and result in order.
        unsafe impl<Fun, R, $($A),*> Slots<Fun, R> for ($(&mut Slot<$A>,)*)
        where
            Fun: Fn($($A),*) -> R + Copy,
        {
            #[inline]
            unsafe fn differentiate<const DUPLICATED: u64>(
                self,
                _primal: Fun,
                result: &mut Slot<R>,
            ) {
                unsafe extern "C-unwind" fn shim<Fun, R, $($A),*>($($p: *mut $A,)* result: *mut R)
                where
                    Fun: Fn($($A),*) -> R + Copy,
                {
                    const { assert!(size_of::<Fun>() == 0) };
                    // SAFETY: a value of no size may be read anywhere, and one was
                    // passed to `reverse`; the slots hold the parameters.
                    unsafe {
                        let primal = NonNull::<Fun>::dangling().as_ref();
                        *result.cast::<MaybeUninit<R>>() =
                            MaybeUninit::new(primal($($p.read()),*));
                    }
                }

                let ($($p,)*) = self;
                // SAFETY: one pair of pointers for each parameter of the shim and
                // one for the result; the caller promises that they are valid.
                unsafe {
                    marker(
                        shim::<Fun, R, $($A),*> as *const c_void,
                        const { &MaskRequest::<$count, DUPLICATED>::ENCODED } as *const Encoded
                            as *const u8,
                        null_mut(),
                        once,
                        $($p.primal.as_mut_ptr(), shadow_of::<$A, DUPLICATED>($p, $i),)*
                        result.primal.as_mut_ptr(),
                        shadow_of::<R, DUPLICATED>(result, $count - 1),
                    );
                }
            }
        }
    )*};
}
arities! {
    (1)
    (2, A a 0)
    (3, A a 0, B b 1)
    (4, A a 0, B b 1, C c 2)
    (5, A a 0, B b 1, C c 2, D d 3)
    (6, A a 0, B b 1, C c 2, D d 3, E e 4)
    (7, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5)
    (8, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6)
    (9, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7)
    (10, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8)
    (11, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9)
    (12, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10)
    (13, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11)
    (14, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11,
        M m 12)
    (15, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11,
        M m 12, N n 13)
    (16, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11,
        M m 12, N n 13, O o 14)
    (17, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11,
        M m 12, N n 13, O o 14, P p 15)
}

/// A reference and its shadow, whose extents are compared where the type has any.
pub struct Extents<'a, X: ?Sized>(pub &'a X, pub &'a X);

/// The comparison for types with extents.
pub trait CompareExtents {
    /// # Panics
    /// If the shadow of parameter `name` has other extents than the parameter.
    fn compare(&self, name: &str);
}

impl<X> CompareExtents for Extents<'_, [X]> {
    fn compare(&self, name: &str) {
        let (primal, shadow) = (self.0.len(), self.1.len());
        assert!(primal == shadow, "`{name}` has {primal} elements, its shadow has {shadow}");
    }
}

impl<X> CompareExtents for Extents<'_, Vec<X>> {
    fn compare(&self, name: &str) {
        Extents(&self.0[..], &self.1[..]).compare(name);
    }
}

#[cfg(feature = "ndarray")]
impl<S: ndarray::RawData, D: ndarray::Dimension> CompareExtents
    for Extents<'_, ndarray::ArrayBase<S, D>>
{
    fn compare(&self, name: &str) {
        let layout = |a: &ndarray::ArrayBase<S, D>| format!("{:?}, {:?}", a.shape(), a.strides());
        assert!(
            self.0.shape() == self.1.shape() && self.0.strides() == self.1.strides(),
            "`{name}` has shape and strides {}, its shadow has {}",
            layout(self.0),
            layout(self.1)
        );
    }
}

/// Every other type: found only where [`CompareExtents`] is not implemented.
pub trait IgnoreExtents {
    /// Does nothing.
    fn compare(&self, _name: &str) {}
}

impl<X: ?Sized> IgnoreExtents for &Extents<'_, X> {}

/// What a function may let grow, and its shadow.
pub struct Room<'a, X: ?Sized>(pub &'a X, pub &'a mut X);

/// The room in shadows of types whose vectors are known.
pub trait MakeRoom {
    /// Gives the shadow as much room as the primal has, with zeros in it.
    fn make(&mut self);
}

impl<X: Shadow> MakeRoom for Room<'_, X> {
    fn make(&mut self) {
        self.1.make_room(self.0);
    }
}

/// Every other type: found only where [`MakeRoom`] is not implemented.
pub trait IgnoreRoom {
    /// Does nothing.
    fn make(&mut self) {}
}

impl<X: ?Sized> IgnoreRoom for &mut Room<'_, X> {}

/// A parameter of which the plugin is told what it holds, if its type tells.
pub struct Held<'a, X: ?Sized>(pub &'a X);

/// The statement for types that have shadows.
pub trait StateHeld {
    /// # Safety
    /// Only called inside a shim.
    unsafe fn state(&self);
}

impl<X: Shadow> StateHeld for Held<'_, X> {
    #[inline]
    unsafe fn state(&self) {
        // SAFETY: the caller's promise; a reference is valid.
        unsafe { X::hint_object(self.0) }
    }
}

impl<X: Shadow> StateHeld for Held<'_, [X]> {
    #[inline]
    unsafe fn state(&self) {
        // SAFETY: the caller's promise.
        unsafe { X::hint_all(self.0) }
    }
}

/// A raw pointer, of which the plugin is told the same: there need be nothing behind it.
pub struct HeldAt<X: ?Sized>(pub *const X);

impl<X: Shadow> StateHeld for HeldAt<X> {
    #[inline]
    unsafe fn state(&self) {
        // SAFETY: the caller's promise.
        unsafe { X::hint_place(self.0) }
    }
}

/// Every other type: found only where [`StateHeld`] is not implemented.
pub trait IgnoreHeld {
    /// Does nothing.
    ///
    /// # Safety
    /// None is needed.
    #[inline]
    unsafe fn state(&self) {}
}

impl<X: ?Sized> IgnoreHeld for &Held<'_, X> {}
impl<X: ?Sized> IgnoreHeld for &HeldAt<X> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_are_compared_where_there_are_any() {
        let (short, long) = (vec![1.0], vec![1.0, 2.0]);
        Extents(&short[..], &short[..]).compare("x");
        (&Extents(&1.0, &2.0)).compare("x");
        let wrong = std::panic::catch_unwind(|| Extents(&short, &long).compare("x"));
        assert_eq!(
            *wrong.unwrap_err().downcast::<String>().unwrap(),
            "`x` has 1 elements, its shadow has 2"
        );
    }

    #[test]
    fn only_floats_are_active_in_generic_code() {
        assert_float::<f32>();
        assert_float::<[[f64; 2]; 3]>();
        assert!(std::panic::catch_unwind(assert_float::<&f64>).is_err());
        assert!(std::panic::catch_unwind(assert_float::<[u8; 3]>).is_err());
    }
}
