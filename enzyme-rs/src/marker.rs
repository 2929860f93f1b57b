//! The symbols that the plugin replaces, and the request that travels along.
//!
//! Nothing defines these functions. A program that was linked without the
//! plugin therefore does not link, and the missing names say what to type.

use core::ffi::c_void;
use core::marker::PhantomData;

use crate::data::Float;
use enzyme_protocol::{ENCODED_SIZE, MAX_PARAMETERS, Request};

pub(crate) use enzyme_protocol::{Activity, Mode as Direction};

/// Called before each reverse sweep with the caller's context and the number of
/// the sweep; `false` ends the derivative.
pub(crate) type Step = extern "C" fn(context: *mut c_void, sweep: usize) -> bool;

unsafe extern "C-unwind" {
    /// One derivative: a shim with pointer parameters only, the encoded
    /// request, the context and callback of the sweeps, then for each parameter
    /// of the shim its primal and its shadow (null for a constant).
    ///
    /// Both `primal` and `request` must be constants of the call itself: the
    /// plugin reads them from the call's operands.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build"]
    pub(crate) fn marker(
        primal: *const c_void,
        request: *const u8,
        context: *mut c_void,
        step: Step,
        ...
    );
}

unsafe extern "C" {
    /// Memory that lives as long as the sweeps of the surrounding derivative.
    /// Only ever called inside a shim; the plugin allocates primal and shadow.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__arena"]
    pub(crate) fn arena_alloc(size: usize, align: usize) -> *mut u8;

    /// Tells the plugin that there is no float in `size` bytes. Only ever called inside
    /// a shim, where the plugin leaves it out. Lengths that are only carried along, and
    /// zeros that are stored, do not show what they are.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__plain"]
    fn plain(address: *const u8, size: usize);

    /// Tells the plugin that there is an array of integers from here on.
    #[cfg(feature = "ndarray")]
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__words"]
    fn words(address: *const u8);

    /// Tells the plugin that there are floats from here on, however they are moved.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__f64"]
    fn floats_f64(address: *const f64);
    /// The same of `f32`.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__f32"]
    fn floats_f32(address: *const f32);

    /// Tells the plugin that there is one float here, however it is moved.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__one_f64"]
    fn one_f64(address: *const f64);
    /// The same of an `f32`.
    #[link_name = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__one_f32"]
    fn one_f32(address: *const f32);
}

/// States that there is a float at an address.
///
/// # Safety
/// Only called inside a shim.
#[inline]
pub(crate) unsafe fn hint_float<T: Float>(address: *const T) {
    // SAFETY: the plugin leaves the call out.
    unsafe {
        match size_of::<T>() {
            4 => one_f32(address.cast()),
            _ => one_f64(address.cast()),
        }
    }
}

/// States that a slice holds floats, which its uses need not show: a function that
/// sorts them may only look at their bits.
///
/// # Safety
/// Only called inside a shim.
#[inline]
pub unsafe fn hint_floats<T: Float>(slice: &[T]) {
    let start = slice.as_ptr();
    // SAFETY: the plugin leaves the call out.
    unsafe {
        match size_of::<T>() {
            4 => floats_f32(start.cast()),
            _ => floats_f64(start.cast()),
        }
    }
}

/// States that a value holds no float in itself (floats that it points to aside).
///
/// # Safety
/// Only called inside a shim.
#[inline]
pub(crate) unsafe fn hint_no_floats<T>(value: *const T) {
    // SAFETY: the caller's promise.
    unsafe { hint_plain(value.cast(), size_of::<T>()) }
}

/// States that there is no float in some bytes.
///
/// # Safety
/// Only called inside a shim.
#[inline]
pub(crate) unsafe fn hint_plain(address: *const u8, size: usize) {
    // SAFETY: the plugin leaves the call out.
    unsafe { plain(address, size) }
}

/// States that a slice holds integers, wherever it lies.
///
/// # Safety
/// Only called inside a shim.
#[cfg(feature = "ndarray")]
#[inline]
pub(crate) unsafe fn hint_integers<T>(slice: &[T]) {
    // SAFETY: the plugin leaves the call out.
    unsafe { words(slice.as_ptr().cast()) }
}

/// An encoded request; marker calls carry a pointer to its first byte.
pub(crate) type Encoded = [u8; ENCODED_SIZE];

/// Encodes a reverse request for a shim whose parameters have `activities`.
pub(crate) const fn reverse_request(
    runtime_activity: bool,
    strong_zero: bool,
    activities: &[Activity],
) -> Encoded {
    let mode = Direction::Reverse;
    Request { mode, runtime_activity, overlapping: false, strong_zero, activities }.encode()
}

/// The request of an attribute's derivative function: parameter `i` of `COUNT`
/// is duplicated where bit `i` of `DUPLICATED` is set, constant elsewhere.
pub(crate) struct MaskRequest<const COUNT: usize, const DUPLICATED: u64>(PhantomData<()>);

impl<const COUNT: usize, const DUPLICATED: u64> MaskRequest<COUNT, DUPLICATED> {
    /// The encoded request.
    pub(crate) const ENCODED: Encoded = {
        let mut activities = [Activity::Const; MAX_PARAMETERS];
        let mut i = 0;
        while i < COUNT {
            if DUPLICATED >> i & 1 == 1 {
                activities[i] = Activity::Duplicated;
            }
            i += 1;
        }
        reverse_request(false, false, activities.split_at(COUNT).0)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbols_are_those_of_the_protocol() {
        let source = include_str!("marker.rs");
        for name in [
            enzyme_protocol::MARKER,
            enzyme_protocol::ARENA_ALLOC,
            enzyme_protocol::HINT_PLAIN,
            enzyme_protocol::HINT_WORDS,
            enzyme_protocol::HINT_F64,
            enzyme_protocol::HINT_F32,
            enzyme_protocol::HINT_ONE_F64,
            enzyme_protocol::HINT_ONE_F32,
        ] {
            assert!(source.contains(&format!("#[link_name = \"{name}\"]")), "{name}");
        }
    }

    #[test]
    fn a_mask_becomes_one_activity_per_parameter() {
        let mut space = [Activity::Const; MAX_PARAMETERS];
        let request =
            enzyme_protocol::decode(&MaskRequest::<3, 0b101>::ENCODED, &mut space).unwrap();
        let expected = [Activity::Duplicated, Activity::Const, Activity::Duplicated];
        assert_eq!(request.activities, expected);
        assert!(!request.runtime_activity);
    }
}
