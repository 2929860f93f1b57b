//! Synthesis: the only writer of derivatives.
//!
//! Plays a body's script with the decisions of its tape. Three functions come of
//! a request:
//!
//! * the **augmented primal** ([`augment`]): a clone of the prepared function
//!   that also builds the shadow structure and stores to the tape;
//! * the **gradient** ([`gradient`]): the blocks in reverse order, each with the
//!   adjoints of its instructions, last first;
//! * the **driver** ([`driver`]): runs the first, then the second once per sweep; or
//!   two drivers ([`split`]) that run one of them each, with a tape in between.
//!
//! For a loop with a branch it looks like this:
//!
//! ```text
//!   augmented                          gradient
//!   pre:  records = arena              R(exit): r = counter's last value; goto R(latch)
//!   head: record = records[counter]    R(latch): adjoints; load path from records[r]
//!         / \                                /  \
//!     then   else  store to record     R(then)  R(else)  adjoints
//!         \ /                                \  /
//!   latch: store path                  R(head): phis; r == 0 ? R(pre) : (r -= 1, R(latch))
//! ```
//!
//! Nothing is decided here: which values are stored, which instruction has which
//! reverse, where the reverse of a block continues: all of it is looked up.
#![forbid(unsafe_code)]

mod adjoint;
mod augment;
mod carried_out;
mod driver;
mod expr;
mod gradient;
mod lookup;
mod memory;
mod reverse;
mod runtime;
mod scopes;
mod signature;
mod split;

use enzyme_analysis::needs::{Item, Tape, shadow_operand};
use enzyme_analysis::script::Script;
use enzyme_analysis::separate::{Separate, Side};
use enzyme_body::{BlockId, BodyId, Callee, IdVec, Inst, Op, Ty, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Type, Value};
use enzyme_prepare::Prepared;
use enzyme_protocol::Activity;
use enzyme_rules::stand_in;

pub use driver::replace_marker;
use signature::Sweeps;
pub use split::SplitDriver;

/// What synthesis reads: all that was decided about a request.
pub struct Decided<'a> {
    /// One entry per body; number 0 is the request's own.
    pub bodies: IdVec<BodyId, DecidedBody<'a>>,
    /// Which accesses never touch the same bytes.
    pub separate: &'a Separate,
    /// One activity per parameter of body 0.
    pub activities: &'a [Activity],
    /// A shadow equal to its primal marks a constant.
    pub runtime_activity: bool,
    /// An adjoint of zero contributes zero, whatever the partial derivative is.
    pub strong_zero: bool,
}

impl Decided<'_> {
    fn module(&self) -> Module {
        self.bodies[BodyId::FIRST].prepared.function.module()
    }
}

/// What was decided about one body.
#[derive(Clone, Copy)]
pub struct DecidedBody<'a> {
    /// The prepared function and its mirror.
    pub prepared: &'a Prepared,
    /// What each instruction does.
    pub script: &'a Script,
    /// What is stored and where.
    pub tape: &'a Tape,
}

/// One body, with all others in reach.
#[derive(Clone, Copy)]
struct Input<'a> {
    decided: &'a Decided<'a>,
    sweeps: &'a IdVec<BodyId, Sweeps>,
    id: BodyId,
    prepared: &'a Prepared,
    script: &'a Script,
    tape: &'a Tape,
}

/// Writes the derivative of a request and returns its driver.
///
/// # Errors
/// Failures of LLVM itself, or of the engine.
pub fn synthesize(decided: &Decided<'_>) -> Result<Function> {
    let runtime = runtime::Runtime::link(decided.module())?;
    let sweeps = sweeps(decided, &runtime)?;
    let driver = driver::driver(Input::new(decided, &sweeps, BodyId::FIRST), &runtime)?;
    verified(driver, "driver")?;
    Ok(driver)
}

/// The same, with a driver for each direction.
///
/// # Errors
/// As [`synthesize`].
pub fn synthesize_split(decided: &Decided<'_>) -> Result<SplitDriver> {
    let runtime = runtime::Runtime::link(decided.module())?;
    let sweeps = sweeps(decided, &runtime)?;
    let drivers = split::drivers(Input::new(decided, &sweeps, BodyId::FIRST), &runtime)?;
    verified(drivers.forward, "forward driver")?;
    verified(drivers.reverse, "reverse driver")?;
    Ok(drivers)
}

/// Writes both sweeps of all bodies.
fn sweeps(decided: &Decided<'_>, runtime: &runtime::Runtime) -> Result<IdVec<BodyId, Sweeps>> {
    // All sweeps are declared before any is written: they may call each other.
    let none = IdVec::default();
    let ids: Vec<_> = decided.bodies.ids().collect();
    let sweeps: IdVec<_, _> =
        ids.iter().map(|&id| Input::new(decided, &none, id).declare_sweeps()).collect();
    for &id in &ids {
        let input = Input::new(decided, &sweeps, id);
        augment::augment(input, runtime)?;
        gradient::gradient(input, runtime)?;
        verified(sweeps[id].augmented, "augmented primal")?;
        verified(sweeps[id].gradient, "gradient")?;
        if id != BodyId::FIRST {
            driver::polish(runtime, sweeps[id].augmented)?;
            driver::polish(runtime, sweeps[id].gradient)?;
        }
    }
    Ok(sweeps)
}

/// The augmented primals and gradients as text, for file tests and curious people.
///
/// # Errors
/// As [`synthesize`].
pub fn show_sweeps(decided: &Decided<'_>) -> Result<String> {
    let driver = synthesize(decided)?;
    let called = driver.module().functions().into_iter().filter(|f| {
        let name = f.name();
        name.starts_with("enzyme.augmented.") || name.starts_with("enzyme.gradient.")
    });
    Ok(called.map(|f| f.0.to_string()).collect())
}

fn verified(function: Function, what: &str) -> Result<()> {
    function.verify().map_err(|message| {
        let text = format!("the {what} of `{}` is invalid IR: {message}", function.name());
        Box::new(Diagnostic::new(Code::Internal, text))
    })
}

/// A direction of a derivative that the program states.
#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Reverse,
}

/// The function that the program states for a direction of a call's derivative.
fn stated(input: Input<'_>, inst: &Inst, direction: Direction) -> Result<Function> {
    let prefix = match direction {
        Direction::Forward => stand_in::FORWARD,
        Direction::Reverse => stand_in::REVERSE,
    };
    let (Op::Call(call) | Op::Invoke(call)) = &inst.op else { return internal("no call") };
    let Callee::Symbol(symbol) = &call.callee else { return internal("no stated derivative") };
    let name = stand_in::custom(symbol).map(|custom| format!("{prefix}{}", custom.name));
    let found = name.and_then(|name| input.module().function(&name));
    found.map_or_else(|| internal(format!("`{symbol}` lacks {prefix}")), Ok)
}

/// An internal failure.
fn internal<T>(message: impl Into<String>) -> Result<T> {
    Diagnostic::new(Code::Internal, message).into()
}

impl<'a> Input<'a> {
    fn new(decided: &'a Decided<'a>, sweeps: &'a IdVec<BodyId, Sweeps>, id: BodyId) -> Self {
        let DecidedBody { prepared, script, tape } = decided.bodies[id];
        Self { decided, sweeps, id, prepared, script, tape }
    }

    /// Another body of the request.
    fn other(self, id: BodyId) -> Self {
        Self::new(self.decided, self.sweeps, id)
    }

    fn module(self) -> Module {
        self.prepared.function.module()
    }

    fn body(self) -> &'a enzyme_body::Body {
        &self.prepared.mirrored.body
    }

    /// The alias scopes of a function that is to be written.
    fn scopes(self) -> scopes::Scopes<'a> {
        scopes::Scopes::new(self.module(), self.decided.separate, self.id)
    }

    /// What is accessed at the shadow of an address: the address itself may stand for it.
    fn twin(self, address: ValueId) -> (Side, ValueId) {
        match shadow_operand(self.script, address) {
            Item::Shadow(_) => (Side::Shadow, address),
            Item::Primal(_) | Item::Frame(_) => (Side::Primal, address),
        }
    }

    /// The LLVM value behind an id, in the prepared function.
    fn source(self, value: ValueId) -> Value {
        self.prepared.mirrored.values[value]
    }

    fn ty(self, value: ValueId) -> Type {
        self.source(value).ty()
    }

    fn block(self, block: BlockId) -> enzyme_ir::Block {
        self.prepared.mirrored.blocks[block]
    }

    /// The parts that a value's adjoint is moved in: itself if it is one float or
    /// a vector of floats, else its float pieces; each with its byte offset.
    fn parts(self, value: ValueId) -> Vec<(u64, Type)> {
        if self.body().values[value].ty.float().is_some() {
            return vec![(0, self.ty(value))];
        }
        let pieces = self.script.adjoints.get(&value).map_or(&[][..], Vec::as_slice);
        pieces.iter().map(|p| (p.offset, self.module().float(p.kind))).collect()
    }
}

/// Bytes of a type in memory.
fn size_of(ty: &Ty) -> u64 {
    ty.size()
}
