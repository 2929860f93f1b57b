//! Functions that are not mathematics and whose bodies differentiation must not
//! enter: allocators, and everything that deals in text, time, locks and errors.
//!
//! *Computes*: from a linker symbol, what the function means for shadows and
//! adjoints ([`Known`]). *From*: three tables below and in `known/`: exact C names,
//! LLVM intrinsics without type suffix, prefixes of demangled Rust paths.
//!
//! *Why it is sound*: [`Known::Inactive`] is claimed only for functions that
//! neither read nor write a byte that carries a derivative and that call no
//! closure of the user's. Path prefixes are whole segments; a method of a trait
//! is judged by the trait's path and by the implementing type's path, never by
//! paths inside generic arguments.
//!
//! *Does not*: know mathematics (`for_function`); copies, fills and masked memory
//! operations, which are structural; functions that take comparators (`qsort`);
//! thread creation. Integer intrinsics are listed under the assumption that the
//! integers hold no bits of floats; who tracks such integers must ask first.

mod c;
mod intrinsics;
mod paths;

use crate::{stand_in, symbol};

/// What a function means for differentiation. Arguments are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Makes memory that nothing else points to.
    Allocate {
        /// How many bytes.
        size: Size,
        /// Whether the bytes are zero.
        zeroed: bool,
        /// The argument with the alignment.
        align: Option<u8>,
    },
    /// Makes memory that nothing else points to, stores its address where an argument
    /// points, and returns 0 or an error number.
    AllocateAt {
        /// How many bytes.
        size: Size,
        /// The argument with the alignment.
        align: u8,
        /// The argument that says where the address goes.
        slot: u8,
    },
    /// Ends the life of memory.
    Free {
        /// The argument with the pointer.
        pointer: u8,
    },
    /// Moves memory to a place of another size and returns the new pointer.
    Reallocate {
        /// The argument with the old pointer.
        pointer: u8,
        /// The argument with the new size in bytes.
        new_size: u8,
        /// The argument with the old size in bytes, if there is one.
        old_size: Option<u8>,
        /// The argument with the alignment.
        align: Option<u8>,
    },
    /// Touches no differentiable byte and returns nothing that carries a derivative.
    Inactive {
        /// Whether it may write (not differentiable) memory that the caller can reach.
        /// A shadow of that memory is not brought up to date: a string that grows
        /// while it is printed to must not have one.
        writes: bool,
    },
    /// Returns this argument, whatever its type.
    Identity {
        /// The argument.
        operand: u8,
    },
}

/// A size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The value of an argument.
    Argument(u8),
    /// The product of two arguments.
    Product(u8, u8),
}

/// What is known of the function with this symbol, mangled or plain.
pub fn known(symbol: &str) -> Option<Known> {
    if let Some(stated) = stand_in::stated(symbol) {
        return Some(stated);
    }
    let symbol = stand_in::like(symbol).unwrap_or(symbol);
    if symbol.starts_with("llvm.") {
        let base = symbol::intrinsic(symbol).map_or(symbol, |(base, _)| base);
        return intrinsics::lookup(base);
    }
    if let Some(found) = rust_runtime(symbol).or_else(|| c::lookup(symbol)) {
        return Some(found);
    }
    let path = symbol::path(symbol)?;
    if let Some(name) = symbol::libm_crate(&path) {
        return c::lookup(name);
    }
    rust_runtime(paths::last_segment(&path)).or_else(|| paths::lookup(&path))
}

/// Whether the function deals in text only: an address that it returns leads to text.
pub fn is_text(symbol: &str) -> bool {
    const TEXT: [&str; 4] = ["core::str", "alloc::str", "alloc::string", "core::fmt"];
    let path = symbol::path(symbol);
    path.is_some_and(|path| paths::belongs_to(&path, &TEXT))
}

/// Whether the function makes a `String` where its first argument points: what `format!`
/// calls.
pub fn makes_text(symbol: &str) -> bool {
    const MAKERS: [&str; 2] = ["alloc::fmt::format", "alloc::fmt::format::format_inner"];
    symbol::path(symbol).is_some_and(|path| MAKERS.contains(&&path[..]))
}

/// Whether a function hands out memory that another one was given before.
pub fn hands_out(symbol: &str) -> bool {
    c::hands_out(symbol)
        || symbol::path(symbol).is_some_and(|path| c::hands_out(paths::last_segment(&path)))
}

/// Whether a function may return more than once for one call (`setjmp`).
pub fn returns_twice(symbol: &str) -> bool {
    c::returns_twice(symbol)
}

/// Whether a global variable of the standard library holds integers alone, and no address.
pub fn holds_integers(global: &str) -> bool {
    symbol::path(global).is_some_and(|path| paths::holds_integers(&path))
}

/// Whether the function is of a crate whose functions are known by name, which is why
/// `cargo enzyme` keeps them from being inlined (`enzyme-rs/cli/src/wrapper.rs`).
pub fn is_kept_whole(symbol: &str) -> bool {
    symbol::path(symbol).is_some_and(|path| path.starts_with("libm::"))
}

/// The functions that the compiler itself generates for the allocator and panics.
/// Their names are identifiers that Rust reserves, so the module path is ignored.
fn rust_runtime(name: &str) -> Option<Known> {
    const ALLOCATE: Known =
        Known::Allocate { size: Size::Argument(0), zeroed: false, align: Some(1) };
    const ALLOCATE_ZEROED: Known =
        Known::Allocate { size: Size::Argument(0), zeroed: true, align: Some(1) };
    const REALLOCATE: Known =
        Known::Reallocate { pointer: 0, new_size: 3, old_size: Some(1), align: Some(2) };
    // `__rust`: the symbols that libraries call; `__rdl`: std's default behind
    // them; `__rg`: the program's `#[global_allocator]` behind them.
    let action = ["__rust_", "__rdl_", "__rg_"].iter().find_map(|p| name.strip_prefix(p));
    Some(match action? {
        "alloc" => ALLOCATE,
        "alloc_zeroed" => ALLOCATE_ZEROED,
        "dealloc" => Known::Free { pointer: 0 },
        "realloc" => REALLOCATE,
        "alloc_error_handler"
        | "oom"
        | "start_panic"
        | "panic_cleanup"
        | "drop_panic"
        | "foreign_exception" => Known::Inactive { writes: true },
        other if other.starts_with("no_alloc_shim_is_unstable") => {
            Known::Inactive { writes: false }
        }
        other if other.starts_with("alloc_error_handler_should_panic") => {
            Known::Inactive { writes: false }
        }
        _ => return None,
    })
}
