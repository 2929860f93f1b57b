//! The calling convention by which C and C++ programs ask for derivatives.
//!
//! *Computes*: from the symbol of a called function whether the call is a request
//! ([`hook`]), and from its arguments what is asked for ([`Description`]): for each
//! parameter of the function to differentiate whether it is differentiated, which
//! argument is its value and which its shadow, and what comes back. *From*: the
//! published convention, symbols and types as plain data.
//!
//! ```text
//! __enzyme_autodiff(f, enzyme_dup, x, dx, enzyme_const, n, y) -> derivative by y
//!                   │  └───word──┘  └ value and shadow   └ no word: by its type
//!                   └ the function
//! ```
//!
//! *Why it is sound*: nothing is guessed. Each argument is used once, its type is that
//! of the parameter (or what C's promotions of variadic arguments make of it), and what
//! comes back has the size and the floats of what the call expects; all else is
//! refused with a code. Words that change what is computed are known or refused, never
//! skipped.
//!
//! *Does not*: know LLVM, look at values, or write code.
#![forbid(unsafe_code)]

mod layout;
mod parse;
mod words;

pub use layout::fits;
pub use parse::{Description, Given, Param, Passing, Role, Seed, Signature, is_floats, parse};
pub use words::{Hook, Word, hook, word};

/// What the name of a function begins with that stands for a function of the program: it
/// has addresses as its only parameters, and calls that function.
pub const SHIM: &str = "enzyme.call.";
