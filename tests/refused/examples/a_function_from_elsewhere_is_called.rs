//! A call of a function whose address nothing in the program takes: a library made it.
//!
//! Ends with ENZ0011: release.

use std::ffi::{CStr, c_char, c_void};

use enzyme_rs::{Const, Reverse, gradient};

unsafe extern "C" {
    safe fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

type Law = extern "C" fn(f64) -> f64;

extern "C" fn square(x: f64) -> f64 {
    x * x
}

fn total(x: f64, law: Law) -> f64 {
    law(x) * x
}

fn main() {
    let name: &CStr = c"cosh";
    let found = dlsym(std::ptr::null_mut(), name.as_ptr());
    // SAFETY: C's library has a function of this name and type.
    let cosh: Law = unsafe { std::mem::transmute(found) };
    for law in [square, cosh] {
        println!("{:?}", gradient(Reverse, total, (0.5, Const(law))));
    }
}
