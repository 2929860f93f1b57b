//! Synthesis: the only writer of derivatives.
//!
//! Plays a body's script with the decisions of its tape. Three functions come of
//! a request:
//!
//! * the **augmented primal** ([`augment`]): a clone of the prepared function
//!   that also builds the shadow structure and stores to the tape;
//! * the **gradient** ([`gradient`]): the blocks in reverse order, each with the
//!   adjoints of its instructions, last first;
//! * the **driver** ([`driver`]): runs the first, then the second once per sweep.
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
mod driver;
mod expr;
mod gradient;
mod lookup;
mod memory;
mod reverse;
mod runtime;

use enzyme_analysis::needs::Tape;
use enzyme_analysis::script::Script;
use enzyme_body::{BlockId, Constant, Ty, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Type, Value};
use enzyme_prepare::Prepared;
use enzyme_protocol::Activity;

pub use driver::replace_marker;

/// What synthesis reads.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The prepared function and its mirror.
    pub prepared: &'a Prepared,
    /// What each instruction does.
    pub script: &'a Script,
    /// What is stored and where.
    pub tape: &'a Tape,
    /// One activity per parameter.
    pub activities: &'a [Activity],
    /// A shadow equal to its primal marks a constant.
    pub runtime_activity: bool,
}

/// The functions of one request.
pub struct Derivative {
    /// The augmented primal.
    pub augmented: Function,
    /// The gradient.
    pub gradient: Function,
    /// What replaces the marker call.
    pub driver: Function,
}

/// Writes the derivative of a prepared function.
///
/// # Errors
/// Failures of LLVM itself, or of the engine.
pub fn synthesize(input: Input<'_>) -> Result<Derivative> {
    let runtime = runtime::Runtime::link(input.module())?;
    let augmented = augment::augment(input, &runtime)?;
    let gradient = gradient::gradient(input, &runtime)?;
    verified(augmented, "augmented primal")?;
    verified(gradient, "gradient")?;
    let driver = driver::driver(input, &runtime, augmented, gradient)?;
    verified(driver, "driver")?;
    Ok(Derivative { augmented, gradient, driver })
}

fn verified(function: Function, what: &str) -> Result<()> {
    function.verify().map_err(|message| {
        let text = format!("the {what} of `{}` is invalid IR: {message}", function.name());
        Box::new(Diagnostic::new(Code::Internal, text))
    })
}

/// An internal failure.
fn internal<T>(message: impl Into<String>) -> Result<T> {
    Diagnostic::new(Code::Internal, message).into()
}

impl<'a> Input<'a> {
    fn module(self) -> Module {
        self.prepared.function.module()
    }

    fn body(self) -> &'a enzyme_body::Body {
        &self.prepared.mirrored.body
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

    /// The type of the augmented primal and the gradient: primals, shadows, frame.
    fn sweep_type(self) -> Type {
        let params = vec![self.module().ptr(); 2 * self.activities.len() + 1];
        Type::function(Type::void(self.module()), &params)
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

    /// The shadow of a parameter or constant.
    fn given_shadow(self, value: ValueId, params: &[Value]) -> Value {
        let body = self.body();
        if let Some(index) = body.params.iter().position(|&p| p == value) {
            return match self.activities[index] {
                Activity::Duplicated => params[self.activities.len() + index],
                Activity::Const if self.runtime_activity => params[index],
                Activity::Const => self.module().ptr().poison(),
            };
        }
        match body.constant(value) {
            Some(Constant::Global(global)) => {
                let shadow = runtime::shadow_global(self.module(), &global.symbol);
                shadow.constant_offset(self.module(), global.offset)
            }
            _ => self.source(value),
        }
    }
}

/// Bytes of a type in memory.
fn size_of(ty: &Ty) -> u64 {
    ty.size()
}
