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
//! A variable that an argument leads to, too, is two things to the caller, each with a shadow
//! of its own: what the function writes to the one and reads from the other, or reads from
//! both, would be lost. The program checks that no address from outside leads to floats of a
//! variable that the function uses by name, unless its shadow is the variable's ([`Apart`]).
//! Not checked are variables that may not be written, and what lies behind the first element
//! of a variable whose size is not known.
//!
//! Sound if the function and what it calls are all that writes the variable meanwhile, in
//! this thread: code that is not there counts as reading and writing every variable, and
//! reading a variable that other threads may write is not repeated (`effects`).

use enzyme_body::{Body, BodyId, Op, Ty, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};

use crate::activity::Activity;
use crate::extent::{Bytes, bytes};
use crate::types::{Loc, Types};

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

/// What the program checks of an address that comes from outside: that it does not lead to
/// the floats of a global variable, if its shadow is not there as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart {
    /// The address.
    pub address: ValueId,
    /// Whether it has a shadow.
    pub differentiated: bool,
    /// The variable.
    pub symbol: String,
    /// Whether the variable has a shadow.
    pub shadowed: bool,
    /// Where its floats begin and end, in bytes.
    pub floats: (u64, u64),
    /// How many bytes are used from the address on; none if that is not known.
    pub reach: Option<u64>,
}

/// The checks of one body: of parameters of the request's own, and of addresses that are
/// loaded from memory of the caller or of global variables.
pub(super) fn apart(id: BodyId, body: &Body, types: &Types, activity: &Activity) -> Vec<Apart> {
    let globals: Vec<_> = types.globals().iter().filter(|(global, _)| global.mutable).collect();
    if globals.is_empty() {
        return Vec::new();
    }
    let loaded = body.live_insts().filter_map(|(value, inst)| match inst.op {
        Op::Load(_) => types.loc(id, inst.operands[0]).map(|from| (value, from)),
        _ => None,
    });
    let outside = |from: &Loc| types.regions_at(*from).iter().any(|&r| types.region(r).external);
    let loaded = loaded.filter(|(_, from)| outside(from)).map(|(value, _)| value);
    let params = body.params.iter().copied();
    let params = params.filter(|param| id == BodyId::FIRST && !body.alone.contains(param));
    let mut found = Vec::new();
    for address in params.chain(loaded) {
        let Some(to) = types.loc(id, address) else { continue };
        let plain = !types.segments(to, None).pieces.is_empty();
        if body.values[address].ty != Ty::Ptr || !plain {
            continue;
        }
        // What the caller marks as constant is constant, wherever it lies; what memory from
        // outside leads to is not so marked.
        let differentiated = activity.has_shadow(id, address);
        let marked = !differentiated && body.inst(address).is_none();
        for (global, at) in &globals {
            let shadowed = global.size.is_some() && activity.needs_shadow(at.region);
            let varies = [to, *at].iter().any(|loc| activity.varied_at(types, *loc));
            if marked || !differentiated && !shadowed && !varies {
                continue;
            }
            let Some(floats) = floats(types, *at, global.size) else { continue };
            found.push(Apart {
                address,
                differentiated,
                symbol: global.symbol.clone(),
                shadowed,
                floats,
                reach: reach(types, to),
            });
        }
    }
    found
}

/// From where to where a variable holds floats that the function uses.
fn floats(types: &Types, at: Loc, size: Option<u64>) -> Option<(u64, u64)> {
    let segments = types.segments(at, size);
    let ends = segments.pieces.iter().map(|(at, kind)| at.saturating_add_unsigned(kind.size()));
    let start = segments.pieces.iter().map(|piece| piece.0).min()?.max(0);
    let end = ends.max()?.max(0);
    let repeats = types.region(at.region).repeats.tail().is_some();
    let end = size.filter(|_| repeats).unwrap_or(end.cast_unsigned());
    Some((start.cast_unsigned(), end.min(size.unwrap_or(end))))
}

/// How many bytes are used from a place on.
fn reach(types: &Types, at: Loc) -> Option<u64> {
    let region = types.region(at.region);
    let base = region.repeats.tail().is_none().then(|| at.base())?;
    let cells = region.cells.iter().map(|&cell| types.cell(cell));
    let ends = cells.map(|cell| cell.offset.saturating_add_unsigned(cell.width));
    u64::try_from(ends.max()? - base).ok()
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
