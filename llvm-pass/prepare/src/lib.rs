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
//! unrolling but of short loops, no loop idioms. Where the standard library takes a
//! shorter way for a value that is zero, the general way is taken
//! (`specialised`); functions with several results get a body (`bodies`), and what the
//! standard library computes by a formula with a kink keeps its name (`idioms`); inline
//! assembly that is arithmetic becomes that (`assembly`). What the
//! front end said of the types of bytes that are only moved is written down (`stated`), and
//! loads through chosen addresses go back into the arms that choose (`chosen`). Which of two
//! functions is called is decided where both are known (`distinct`). Integers that
//! are stored as addresses are stored as integers, and addresses as addresses (`carried`); words
//! that types find to be moved as addresses, and that may be floats, move as integers (`moved`).
//! Data behind the header of an `Rc<dyn Trait>` is taken to follow it, behind a check
//! (`aligned`). Addresses that are read as lanes of floats are read by themselves (`lanes`).
//! Large functions are left alone as long as no derivative is seen to go through them (`aside`).
//! Code for the processor that is found while the program runs may be taken to be for any
//! (`processor`).
//! Blocks from which no return can be reached (panics,
//! unwinding) are kept but marked: they have no reverse.
//!
//! Not done here: anything that depends on activity.
#![forbid(unsafe_code)]

mod aligned;
mod allocators;
mod aside;
mod assembly;
mod bodies;
mod canonical;
mod carried;
mod chosen;
mod copies;
mod distinct;
mod features;
mod float_bits;
mod flow;
mod fresh;
mod idioms;
mod inline;
mod lanes;
mod library;
mod limits;
mod mentions;
mod moved;
mod pairs;
mod parts;
mod processor;
mod releases;
mod shared;
mod signs;
mod specialised;
mod stated;
mod taken;
mod targets;
mod unread;
mod words;

use std::collections::HashMap;

use copies::Copies;
use enzyme_body::{BodyId, IdVec, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Mirrored, Module, Value, demangled, mirror};
use enzyme_protocol::HINTS;
use enzyme_rules::stand_in::OWN;
use targets::{behind_choices, crowd};

pub use aside::Entered;
pub use copies::Common;
pub use flow::blocks_without_reverse;
pub use stated::state_variable;
pub use targets::{Choices, Elsewhere, Recursion};

/// All functions that a request differentiates, prepared; number 0 is its own.
pub struct PreparedProgram {
    /// The functions.
    pub bodies: IdVec<BodyId, Prepared>,
    callees: HashMap<Function, BodyId>,
    /// The functions that hold choices (`shared`).
    choices: Vec<Function>,
}

/// A prepared function and its mirror.
pub struct Prepared {
    /// The clone; LLVM objects behind the mirror's ids are its.
    pub function: Function,
    /// The mirror, with loops and path phis.
    pub mirrored: Mirrored,
    /// The calls of code that is not looked into.
    pub unseen: Unseen,
    shape: canonical::Canonical,
}

/// Calls of code that is not looked into, each with the name by which it may be.
pub struct Unseen {
    /// Those of addresses that are behind choices.
    pub behind_choices: Vec<(ValueId, String)>,
    /// Those of addresses of a large crowd of functions, with its name.
    pub of_crowds: Vec<(ValueId, String)>,
    /// Those of large functions that stay aside.
    pub left_aside: Vec<(ValueId, String)>,
}

impl Unseen {
    fn of(mirrored: &Mirrored) -> Self {
        let named = |name: fn(Value) -> Option<String>| {
            let named = |(id, value): (ValueId, &Value)| Some((id, name(*value)?));
            mirrored.values.iter().filter_map(named).collect()
        };
        Self {
            behind_choices: named(behind_choices),
            of_crowds: named(crowd),
            left_aside: named(aside::left_aside),
        }
    }
}

/// LLVM passes before inlining and after.
const SIMPLIFY: &str = "sroa<modify-cfg>,early-cse<memssa>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>,instcombine<no-verify-fixpoint>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>";
/// Short loops of constant count are unrolled: they walk over fields and axes
/// rather than data, and without them each field is told apart from the next.
const UNROLL: &str = "sroa<modify-cfg>,early-cse<memssa>,\
     instcombine<no-verify-fixpoint>,simplifycfg<no-switch-to-lookup;no-sink-common-insts>,\
     loop-simplify,lcssa,loop(loop-rotate),loop(indvars,loop-deletion,loop-unroll-full)";
/// Threading jumps keeps the variants of an enum apart where LLVM merged them.
const OPTIMIZE: &str = "sroa<modify-cfg>,early-cse<memssa>,\
     instcombine<no-verify-fixpoint>,simplifycfg<no-switch-to-lookup;no-sink-common-insts>,\
     memcpyopt,sroa<modify-cfg>,early-cse<memssa>,jump-threading,correlated-propagation,\
     instcombine<no-verify-fixpoint>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>,gvn,dse,adce,\
     instcombine<no-verify-fixpoint>,\
     simplifycfg<no-switch-to-lookup;no-sink-common-insts>";
const NORMALIZE: &str = "lower-switch,fix-irreducible,loop-simplify,lcssa,\
     loop(loop-rotate),loop-mssa(licm),mergereturn,loop-simplify,lcssa";
/// Before `fix-irreducible`: it miscompiles a branch to two entries of what is no loop yet
/// (LLVM 22: poison where the second is taken, or a phi that lacks a predecessor).
const SPLIT: &str = "lower-switch,break-crit-edges";

impl PreparedProgram {
    /// Deletes what is not used by derivatives.
    pub fn delete(self) {
        for (_, body) in self.bodies.iter() {
            body.function.delete_if_unused();
        }
        for choice in &self.choices {
            choice.delete_if_unused();
        }
    }

    /// Mirrors all functions again after calls were added to them.
    fn mirror_again(&mut self) -> Result<()> {
        for (_, prepared) in self.bodies.iter_mut() {
            let name = &prepared.mirrored.body.name;
            prepared.mirrored = mirrored(prepared.function, name, &prepared.shape, &self.callees)?;
            prepared.unseen = Unseen::of(&prepared.mirrored);
        }
        Ok(())
    }
}

/// Prepares the function of a request and whatever it calls that cannot be inlined.
/// What is called through an address is chosen from `choices`; copies that requests of the
/// module share are taken from `common`, and added there.
///
/// # Errors
/// Control flow that cannot be brought into canonical form, and failures of LLVM itself.
pub fn prepare(primal: Function, choices: Choices, common: &mut Common) -> Result<PreparedProgram> {
    hints_touch_no_memory(primal.module());
    let mut copies = Copies::new(common);
    let mut callees: HashMap<Function, BodyId> = HashMap::new();
    let mut functions: IdVec<BodyId, (Function, String)> = IdVec::default();
    let targets = targets::Targets::new(primal, choices);
    let copy = inline::copy_of(primal, &mut copies, &targets)?;
    let name = format!("enzyme.prepared.{}", primal.name());
    let root = match copies.normalized(primal, &name, normalized)? {
        Some(root) => root,
        None => normalized(copy)?,
    };
    functions.push((root, primal.name()));
    let mut next = 0;
    while next < functions.len() {
        let (function, _) = functions[BodyId::new(next)];
        next += 1;
        for callee in inline::remaining_callees(function) {
            if callees.contains_key(&callee) {
                continue;
            }
            let copy = inline::copy_of(callee, &mut copies, &targets)?;
            let name = format!("enzyme.prepared.body.{}", callee.name());
            let body = match copies.normalized(callee, &name, normalized)? {
                Some(body) => body,
                None => normalized(copy.clone_private(&name))?,
            };
            callees.insert(callee, functions.push((body, callee.name())));
        }
    }
    copies.delete(root);
    unread::settle(&functions.iter().map(|(_, (function, _))| *function).collect::<Vec<_>>());
    let bodies = functions.iter().map(|(_, (f, symbol))| canonical(*f, symbol, &callees));
    let bodies = bodies.collect::<Result<_>>()?;
    Ok(PreparedProgram { bodies, callees, choices: targets.shared() })
}

/// What a shim tells the engine of memory is no reason for the optimiser to think that
/// the memory was used.
fn hints_touch_no_memory(module: Module) {
    for name in HINTS {
        if let Some(hint) = module.function(name) {
            hint.touches_only_the_inaccessible();
        }
    }
}

fn normalized(function: Function) -> Result<Function> {
    for pipeline in [UNROLL, OPTIMIZE, UNROLL, OPTIMIZE] {
        distinct::decide(function);
        run(function, pipeline)?;
        float_bits::lanes_of_floats(function);
        lanes::addresses_in_lanes(function);
        words::whole_words(function);
        parts::parts_of_words(function);
        chosen::loads_of_choices(function);
    }
    signs::signs_by_masks(function);
    run(function, SIMPLIFY)?;
    chosen::loads_of_choices(function);
    stated::state_types(function);
    // The optimiser likes wide lanes better.
    pairs::moved_as_pairs(function);
    if function.is_irreducible() {
        run(function, SPLIT)?;
    }
    run(function, NORMALIZE)?;
    carried::stored_as_they_are(function);
    Ok(function)
}

fn canonical(
    function: Function,
    symbol: &str,
    callees: &HashMap<Function, BodyId>,
) -> Result<Prepared> {
    // A shim of the library, or of the C convention, stands for the function that it calls.
    let shim = symbol.contains("enzyme_rs");
    let own = shim.then(|| function.own_name()).flatten();
    let symbol = symbol.strip_prefix(enzyme_convention::SHIM).unwrap_or(symbol);
    let symbol = symbol.strip_prefix(OWN).unwrap_or(symbol);
    let name = own.unwrap_or_else(|| match rustc_demangle::try_demangle(symbol) {
        Ok(rust) => format!("{rust:#}"),
        Err(_) => demangled(symbol),
    });
    let shape = canonical::canonicalize(function)?;
    if let Err(message) = function.verify() {
        return Diagnostic::new(Code::Internal, format!("prepare wrote invalid IR: {message}"))
            .into();
    }
    let mirrored = mirrored(function, &name, &shape, callees)?;
    let unseen = Unseen::of(&mirrored);
    Ok(Prepared { function, mirrored, unseen, shape })
}

fn mirrored(
    function: Function,
    name: &str,
    shape: &canonical::Canonical,
    callees: &HashMap<Function, BodyId>,
) -> Result<Mirrored> {
    mentions::note_globals(function);
    let mut mirrored = mirror(function, name, callees);
    shape.describe(&mut mirrored);
    mirrored.body.check().map_err(|problem| {
        let text = format!("`{name}` is not in canonical form: {problem}");
        Box::new(Diagnostic::new(Code::Internal, text))
    })?;
    Ok(mirrored)
}

fn run(function: Function, pipeline: &str) -> Result<()> {
    function
        .run_passes(pipeline)
        .map_err(|message| Box::new(Diagnostic::new(Code::Internal, format!("LLVM: {message}"))))
}
