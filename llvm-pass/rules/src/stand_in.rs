//! Names under which a program's own function is called while it is differentiated,
//! because the program stated what it is: the name says it, so that the tables need not
//! know the program. Whoever writes such names puts the function back afterwards.

use crate::{Known, Size};

/// Before the name of a function that the program calls as one of C's, and brings itself.
pub const OWN: &str = "program.";
/// Before the name of a function whose calls carry no derivative.
pub const INACTIVE: &str = "enzyme.inactive.";
/// Before the name of a known function, a point, and the name of one with its derivative.
pub const LIKE: &str = "enzyme.like.";
/// Before the number of the argument that is a size in bytes, a point, and the name of a
/// function that makes memory as C's `malloc` does.
pub const ALLOCATES: &str = "enzyme.allocates.";
/// Before the number of the argument that is an address, a point, and the name of a function
/// that frees such memory.
pub const FREES: &str = "enzyme.frees.";
/// Before the name of a function whose derivative the program states itself.
pub const CUSTOM: &str = "enzyme.custom.";
/// The same where the forward sweep leaves something to the reverse sweep: a tape.
pub const TAPED: &str = "enzyme.taped.";
/// Before the name of such a function: what the forward sweep calls in its place. It takes
/// the function's arguments, then the shadows of those that are addresses, and returns a
/// structure of the result, if there is one, and the tape, if there is one.
pub const FORWARD: &str = "enzyme.forward.";
/// What the reverse sweep calls. It takes what the forward sweep takes, then the adjoint of
/// the result, if that is a float, and the tape, and returns a structure of the adjoints of
/// the arguments that are floats.
pub const REVERSE: &str = "enzyme.reverse.";

/// A function whose derivative the program states itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custom<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether there is a tape.
    pub taped: bool,
}

/// The function that this symbol stands for, if the program states its derivative.
pub fn custom(symbol: &str) -> Option<Custom<'_>> {
    let found = [(CUSTOM, false), (TAPED, true)].into_iter();
    let mut found = found.filter_map(|(prefix, taped)| {
        symbol.strip_prefix(prefix).map(|name| Custom { name, taped })
    });
    found.next()
}

/// The function whose derivative this one has.
pub(crate) fn like(symbol: &str) -> Option<&str> {
    let (name, _) = symbol.strip_prefix(LIKE)?.split_once('.')?;
    Some(name)
}

/// What was stated of this function.
pub(crate) fn stated(symbol: &str) -> Option<Known> {
    let argument = |prefix| {
        let (number, _) = symbol.strip_prefix(prefix)?.split_once('.')?;
        number.parse().ok()
    };
    if let Some(size) = argument(ALLOCATES) {
        // What such memory holds is not said, so it may be zeros.
        let size = Size::Argument(size);
        return Some(Known::Allocate { size, zeroed: true, align: None });
    }
    if let Some(pointer) = argument(FREES) {
        return Some(Known::Free { pointer });
    }
    symbol.starts_with(INACTIVE).then_some(Known::Inactive { writes: true })
}
