//! C's `qsort`: which order its comparator gives decides where each element goes.
//!
//! Equal elements keep their order, as the libraries' own mostly do; the standard leaves it
//! open. The comparator is called with addresses in the array itself and, as the standard has
//! it, must not change it.

/// The name of the body.
pub const NAME: &str = "enzyme.body.qsort";

/// The text of the body, for the function of this symbol.
pub fn body(symbol: &str) -> Option<&'static str> {
    (symbol == "qsort").then_some(include_str!("sort.ll"))
}
