//! Shadows of global variables.
//!
//! A global variable that carries a derivative has a shadow, one per thread, of the same
//! layout. What the variable holds when the function is called is a constant: nothing has
//! a derivative by it. So
//!
//! * before the forward sweep the bytes of the shadow that are no floats become those of
//!   the variable. An address there is then its own shadow, which marks the memory behind
//!   it as a constant;
//! * at the end of each reverse sweep the floats of the shadow become zero: what has come
//!   to be there belongs to the values from before. The next sweep, and the next call, find
//!   zeros.
//!
//! Sound if the function and what it calls are all that writes the variable meanwhile, in
//! this thread: code that is not there counts as reading and writing every variable, and
//! reading a variable that other threads may write is not repeated (`effects`).

use enzyme_diag::{Code, Diagnostic, Result};

use crate::activity::Activity;
use crate::extent::{Bytes, bytes};
use crate::types::Types;

/// A global variable with a shadow.
#[derive(Clone, Debug, PartialEq)]
pub struct GlobalShadow {
    /// The variable's symbol.
    pub symbol: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its bytes.
    pub bytes: Bytes,
    /// Whether the program may write it, and so use its adjoints.
    pub mutable: bool,
}

/// The global variables that need a shadow.
///
/// # Errors
/// If it is not known which of their bytes are floats.
pub(super) fn globals(types: &Types, activity: &Activity) -> Result<Vec<GlobalShadow>> {
    let mut found = Vec::new();
    for (global, loc) in types.globals() {
        let Some(size) = global.size.filter(|_| activity.needs_shadow(loc.region)) else {
            continue;
        };
        let symbol = global.symbol.clone();
        let bytes = bytes(&types.segments(*loc, Some(size)), Some(size)).map_err(|problem| {
            let message = format!("of the global variable `{symbol}`, {problem}");
            Box::new(Diagnostic::new(Code::MixedType, message))
        })?;
        found.push(GlobalShadow { symbol, size, bytes, mutable: global.mutable });
    }
    Ok(found)
}
