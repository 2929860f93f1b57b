//! The canonical private clone.
//!
//! Differentiation never touches the user's functions. This stage copies the
//! function of a request, inlines whatever it calls (into copies, bottom-up),
//! lets LLVM simplify the result, and brings it into the form that all later
//! stages rely on:
//!
//! 1. one return; no `switch`; a CFG edge is determined by its two ends;
//! 2. no irreducible loops; every loop has a preheader, one latch, an exit block
//!    of its own for each exit edge, and values leave it through phis (LCSSA);
//! 3. every loop has a *counter*, an `i64` header phi 0, 1, 2, …; integer and
//!    address phis that are affine in it are written as functions of it, so that
//!    they never need storing;
//! 4. where scalar evolution knows how often the loop runs, the count stands in
//!    its preheader;
//! 5. every join of paths has a *path phi* that tells which edge was taken.
//!
//! Simplification may do nothing that hides differentiation: no vectorising, no
//! unrolling, no loop idioms. Blocks from which no return can be reached (panics,
//! unwinding) are kept but marked: they have no reverse.
//!
//! Not done here: anything that depends on activity.
#![forbid(unsafe_code)]

mod canonical;
mod flow;
mod inline;

use std::collections::HashMap;

use enzyme_body::BodyId;
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Mirrored, mirror};

pub use flow::blocks_without_reverse;

/// A prepared function and its mirror.
pub struct Prepared {
    /// The clone; LLVM objects behind the mirror's ids are its.
    pub function: Function,
    /// The mirror, with loops and path phis.
    pub mirrored: Mirrored,
}

/// LLVM passes before inlining and after.
const SIMPLIFY: &str = "sroa<modify-cfg>,early-cse<memssa>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>,instcombine<no-verify-fixpoint>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>";
const OPTIMIZE: &str = "sroa<modify-cfg>,early-cse<memssa>,\
     instcombine<no-verify-fixpoint>,simplifycfg<no-switch-to-lookup;no-sink-common-insts>,\
     memcpyopt,sroa<modify-cfg>,early-cse<memssa>,correlated-propagation,\
     instcombine<no-verify-fixpoint>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>,gvn,dse,adce,\
     instcombine<no-verify-fixpoint>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>";
const NORMALIZE: &str = "lower-switch,fix-irreducible,loop-simplify,lcssa,\
     loop(loop-rotate),loop-mssa(licm),mergereturn,loop-simplify,lcssa";

/// Prepares the function of a request.
///
/// # Errors
/// Control flow that cannot be brought into canonical form, and failures of LLVM itself.
pub fn prepare(primal: Function) -> Result<Prepared> {
    let symbol = primal.name();
    let name = format!("{:#}", rustc_demangle::demangle(&symbol));
    let function = inline::flattened(primal, &mut HashMap::new())?;
    run(function, OPTIMIZE)?;
    run(function, NORMALIZE)?;
    let prepared = canonical::canonicalize(function)?;
    if let Err(message) = function.verify() {
        return Diagnostic::new(Code::Internal, format!("prepare wrote invalid IR: {message}")).into();
    }
    let mut mirrored = mirror(function, &name, &HashMap::<Function, BodyId>::new());
    prepared.describe(&mut mirrored);
    mirrored.body.check().map_err(|problem| {
        let text = format!("`{name}` is not in canonical form: {problem}");
        Box::new(Diagnostic::new(Code::Internal, text))
    })?;
    Ok(Prepared { function, mirrored })
}

fn run(function: Function, pipeline: &str) -> Result<()> {
    function
        .run_passes(pipeline)
        .map_err(|message| Box::new(Diagnostic::new(Code::Internal, format!("LLVM: {message}"))))
}
