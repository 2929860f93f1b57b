//! Products of matrices by the kernels of the `gemm` crates.
//!
//! A kernel is chosen for the processor once and called by its address from then on; each is a
//! table of functions for blocks of all sizes. As one operation a product is two loop nests
//! and its derivative three, whichever kernel it is. The derivative's product adds in another
//! order than the kernel.

use rustc_demangle::try_demangle;

/// The name of one of the bodies.
pub const ANY: &str = "enzyme.body.product.f64";

/// Their text.
pub const TEXT: &str = include_str!("products.ll");

/// What the paths of kernels begin with, what the last part of them is, and their bodies
/// without what all names begin with.
const BODIES: &[(&str, &str, [&str; 2])] = &[
    ("gemm_f64::gemm::f64::", "gemm_basic", ["f64", "f64_on_threads"]),
    ("gemm_f32::gemm::f32::", "gemm_basic", ["f32", "f32_on_threads"]),
    ("gemm_c64::gemm::f64::", "gemm_basic_cplx", ["c64", "c64_on_threads"]),
    ("gemm_c32::gemm::f32::", "gemm_basic_cplx", ["c32", "c32_on_threads"]),
];

/// The bodies, without and with threads, of the function of this symbol.
pub fn bodies(symbol: &str) -> Option<[&'static str; 2]> {
    // Nearly all names fall here.
    if !symbol.contains("gemm_basic") {
        return None;
    }
    let path = format!("{:#}", try_demangle(symbol).ok()?);
    let of = |(start, end, _): &&(&str, &str, _)| {
        path.starts_with(start) && path.rsplit("::").next() == Some(end)
    };
    BODIES.iter().find(of).map(|(_, _, names)| *names)
}
