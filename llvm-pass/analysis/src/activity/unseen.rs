//! Calls of code that is not there, with addresses of memory that is differentiated.
//!
//! What such code reads and writes shows in no instruction, so that the memory may have
//! bytes that nothing is known of: no cell carries a derivative into or out of the call.
//! It is refused all the same, unless its effects exclude that it matters: it neither
//! writes, nor reads and returns something that may hold bits of a float.

use enzyme_body::{Call, ValueId};

use super::check::Input;
use super::graph::{holds_bits, led_to};
use crate::types::Site;

/// Whether a call of unknown code may carry a derivative where nothing shows it.
pub(super) fn may_carry(
    input: &Input<'_>,
    (body, result): Site,
    (call, arguments): (&Call, &[ValueId]),
) -> bool {
    let returns = holds_bits(&input.program.bodies[body].values[result].ty);
    let matters = call.effects.writes || call.effects.reads && returns;
    matters && !led_to(input.types, body, arguments).and(input.inputs).is_empty()
}
