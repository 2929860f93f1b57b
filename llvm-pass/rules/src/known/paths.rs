//! Rust functions, by demangled path.
//!
//! A path names a function directly (`std::io::stdio::_print`), through its type
//! (`<core::fmt::Formatter>::pad`), through a trait and a type
//! (`<f64 as core::fmt::Display>::fmt`), or, in the older mangling, through an
//! anonymous block (`core::fmt::num::<impl core::fmt::Display for i32>::fmt`).
//!
//! A function that hands out a pointer to the user's data is never listed, even if
//! it does nothing else (locking a mutex, downcasting): the pointer's shadow is
//! needed. Nor is a function that calls what the user passed.

use super::Known;

pub(super) fn lookup(path: &str) -> Option<Known> {
    let owners = owners(path);
    let among = |list: &[&str]| owners.iter().any(|p| list.iter().any(|prefix| inside(p, prefix)));
    if among(RUN_CLOSURES)
        || reads_other_type(&owners)
        || among(&["core::str"]) && LOOKED_INTO.contains(&last_segment(path))
    {
        return None;
    }
    let inactive = among(INACTIVE) || PRINT_INTEGERS.contains(&last_segment(path));
    inactive.then_some(Known::Inactive { writes: true })
}

/// Whether a global variable is one that holds integers alone, whatever the program does.
pub(super) fn holds_integers(path: &str) -> bool {
    belongs_to(path, HOLD_INTEGERS)
}

/// Whether a path, or its trait's or type's, is one of these or lies within.
pub(super) fn belongs_to(path: &str, list: &[&str]) -> bool {
    owners(path).iter().any(|p| list.iter().any(|prefix| inside(p, prefix)))
}

/// The function's own name, without generic arguments.
pub(super) fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Whether the function is one of a type of the program's own that is read from text.
fn reads_other_type(owners: &[&str]) -> bool {
    let [ty, "core::str::traits::FromStr"] = owners else { return false };
    ty.contains("::") && !["core::", "alloc::", "std::"].iter().any(|krate| ty.starts_with(krate))
}

/// Whether the path is the prefix or continues it with a new segment.
fn inside(path: &str, prefix: &str) -> bool {
    let Some(rest) = path.strip_prefix(prefix) else {
        return false;
    };
    // A `*` at the end of an entry is spelled as a prefix ending in `_`.
    rest.is_empty() || prefix.ends_with('_') || rest.starts_with("::") || rest.starts_with('<')
}

/// The paths by which a function may be judged: its own, or its trait's and type's.
fn owners(path: &str) -> Vec<&str> {
    let Some(start) = path.find('<') else {
        return vec![path];
    };
    if start > 0 {
        // Generic arguments or an anonymous block: the module before it decides,
        // and a trait that the block names.
        let block = path[start..].strip_prefix("<impl ").and_then(|b| b.split_once(" for "));
        let module = path[..start].trim_end_matches("::");
        return std::iter::once(module).chain(block.map(|(name, _)| name)).collect();
    }
    let inner = &path[1..closing(path)];
    match top_level_as(inner) {
        Some(at) => vec![bare(&inner[..at]), bare(&inner[at + " as ".len()..])],
        None => vec![bare(inner)],
    }
}

/// Position of the bracket that closes the one at 0.
fn closing(path: &str) -> usize {
    let mut depth = 0usize;
    let bytes = path.as_bytes();
    for (i, &byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => depth += 1,
            // The arrow of a function type is not a bracket.
            b'>' if i > 0 && bytes[i - 1] != b'-' => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    path.len()
}

/// Position of ` as ` outside all brackets.
fn top_level_as(inner: &str) -> Option<usize> {
    let candidates = inner.match_indices(" as ").map(|(i, _)| i);
    let depth = |i: usize| {
        let front = inner[..i].replace("->", "");
        front.matches('<').count() - front.matches('>').count()
    };
    candidates.into_iter().find(|&i| depth(i) == 0)
}

/// A type without references.
fn bare(mut name: &str) -> &str {
    for prefix in ["&", "mut ", "&", "mut "] {
        name = name.strip_prefix(prefix).unwrap_or(name);
    }
    name
}

/// Owners whose functions run what the user passed, whatever else they belong to.
const RUN_CLOSURES: &[&str] = &[
    "std::panicking::try",
    "std::panicking::catch_unwind",
    "core::fmt::from_fn",
    "core::fmt::builders::FromFn",
    "core::fmt::builders::from_fn",
    "std::sys::backtrace::__rust_begin_short_backtrace",
    // Iterators over text fold the user's numbers.
    "core::iter",
    "core::ops::function",
    "std::sys::pal::unix::thread",
];

/// Methods of texts that are followed: what reads where the parts of a text lie follows the
/// addresses, and a type of the program's own may be parsed.
const LOOKED_INTO: &[&str] =
    &["split_at", "split_at_checked", "split_at_mut", "split_once", "rsplit_once", "parse"];

/// Methods of the primitive integers that `core::fmt` calls.
const PRINT_INTEGERS: &[&str] = &["_fmt", "_fmt_inner", "format_into"];

/// Prefixes of the paths of global variables without addresses: the keys of hash tables.
const HOLD_INTEGERS: &[&str] = &["std::hash::random::RandomState"];

/// Prefixes of paths; one that ends in `_` continues within the segment.
const INACTIVE: &[&str] = &[
    // Text.
    "core::fmt",
    "alloc::fmt",
    "core::str",
    "core::char",
    "core::ascii",
    "core::unicode",
    "core::bstr",
    "core::num::flt2dec",
    "core::num::dec2flt",
    "core::num::imp::flt2dec",
    "core::num::imp::dec2flt",
    "core::num::bignum",
    "core::num::diy_float",
    "core::num::fmt",
    "core::num::from_ascii_radix_panic",
    "core::num::overflow_panic",
    "core::slice::memchr",
    "core::slice::ascii",
    "core::wtf8",
    "alloc::wtf8",
    "core::ffi::c_str",
    "alloc::ffi::c_str",
    // Panics and what leads to them.
    "core::panicking",
    "core::panic::panic_info",
    "core::panic::location",
    "std::panicking",
    "std::panic::resume_unwind",
    "std::rt::begin_panic",
    "std::rt::panic_",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::cell::panic_",
    "core::slice::index::slice_",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::sort::shared::smallsort::panic_",
    "alloc::raw_vec::handle_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::alloc::handle_alloc_error",
    "std::alloc::rust_oom",
    "std::alloc::default_alloc_error_hook",
    "std::process",
    "std::backtrace",
    "std::backtrace_rs",
    "std::sys::backtrace",
    // Input and output, the environment. The traits of `std::io` copy bytes, which may be those
    // of floats if the other side is memory: only files, streams and errors are known.
    "std::io::stdio",
    "std::io::error",
    "std::env",
    "std::fs",
    "std::path",
    "std::ffi::os_str",
    "std::sys::stdio",
    "std::sys::pal",
    "std::sys::os",
    "std::sys::env",
    "std::sys::fs",
    "std::sys::io",
    "std::sys::args",
    "std::sys::random",
    "std::sys::exit",
    "std::sys::process",
    // Time, identity, hashing.
    "std::time",
    "core::time",
    "std::sys::time",
    "std::thread::current",
    "std::thread::sleep",
    "std::thread::yield_now",
    "std::thread::park",
    "std::thread::panicking",
    "std::thread::available_parallelism",
    "std::thread::functions::sleep",
    "std::thread::functions::yield_now",
    "std::thread::functions::park",
    "std::thread::functions::panicking",
    "std::thread::functions::available_parallelism",
    "std::thread::id",
    "std::thread::thread",
    "std::thread::local::panic_access_error",
    "std::random",
    "std::net",
    "std::sys::net",
    "core::hash",
    "std::hash",
    "core::any::type_name",
    // Locks: waiting and waking only.
    "std::sys::sync::mutex",
    "std::sys::sync::rwlock",
    "std::sys::sync::condvar",
    "std::sys::sync::thread_parking",
    "std::sys::thread_local::destructors",
    "std::sys::thread_local::guard",
];
