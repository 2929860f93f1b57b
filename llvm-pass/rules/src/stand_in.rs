//! Names under which a program's own function is called while it is differentiated,
//! because the program stated what it is: the name says it, so that the tables need not
//! know the program. Whoever writes such names puts the function back afterwards.

use crate::Known;

/// Before the name of a function whose calls carry no derivative.
pub const INACTIVE: &str = "enzyme.inactive.";
/// Before the name of a known function, a point, and the name of one with its derivative.
pub const LIKE: &str = "enzyme.like.";
/// Before the name of a function whose derivative the program states itself.
pub const CUSTOM: &str = "enzyme.custom.";

/// The function whose derivative this one has.
pub(crate) fn like(symbol: &str) -> Option<&str> {
    let (name, _) = symbol.strip_prefix(LIKE)?.split_once('.')?;
    Some(name)
}

/// What was stated of this function.
pub(crate) fn stated(symbol: &str) -> Option<Known> {
    symbol.starts_with(INACTIVE).then_some(Known::Inactive { writes: true })
}
