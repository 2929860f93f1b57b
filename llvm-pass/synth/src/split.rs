//! Drivers for each direction alone, with a tape that outlives the first.
//!
//! ```text
//! forward(p_0, s_0, …) -> tape:
//!     tape = memory of its own for the frame, and an empty arena
//!     enter the tape's arena; augmented(p…, s…, frame); leave it
//!                                     if it unwinds: delete the tape, go on unwinding
//! reverse(tape, keep, p_0, s_0, …):
//!     enter the tape's arena; gradient(p…, s…, frame)
//!     leave it if keep, else delete the tape
//! ```
//!
//! Sound because a sweep finds all that it needs in the frame, in memory of the arena, or
//! behind its parameters and its thread's global variables: stack objects that the reverse sweep looks at are part of the
//! frame. The caller gives the same addresses to both.

use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Builder, Function, Order, Type, Value, inline};

use crate::Input;
use crate::driver::polish;
use crate::runtime::Runtime;
use crate::signature::Sweeps;

/// Where the frame lies in a tape; `tape.ll` knows it, too.
const FRAME: u64 = 80;

/// The drivers of a request that is split.
#[derive(Clone, Copy)]
pub struct SplitDriver {
    /// Runs the forward sweep; returns the tape.
    pub forward: Function,
    /// Runs one reverse sweep.
    pub reverse: Function,
}

/// Writes both drivers, with a sweep inlined into each.
pub(crate) fn drivers(input: Input<'_>, runtime: &Runtime) -> Result<SplitDriver> {
    let Sweeps { augmented, gradient } = input.sweeps[input.id];
    let (forward, first) = forward(input, runtime, augmented);
    let (reverse, second) = reverse(input, runtime, gradient);
    for call in [first, second] {
        inline(call).map_err(|reason| {
            Box::new(Diagnostic::new(Code::Internal, format!("inlining a sweep: {reason}")))
        })?;
    }
    augmented.delete_if_unused();
    gradient.delete_if_unused();
    polish(runtime, forward)?;
    polish(runtime, reverse)?;
    Ok(SplitDriver { forward, reverse })
}

fn declare(input: Input<'_>, word: &str, result: Type, head: &[Type]) -> Function {
    let module = input.module();
    let name = input.prepared.function.name().replace("prepared", "derivative");
    let pairs = vec![module.ptr(); 2 * input.decided.activities.len()];
    let driver = module
        .add_function(&format!("{name}.{word}"), Type::function(result, &[head, &pairs].concat()));
    driver.make_internal();
    driver.plain_attributes(input.prepared.function);
    if let Some(personality) = input.prepared.function.personality() {
        driver.set_personality(personality);
    }
    driver
}

/// What a sweep gets: all primals, all shadows, the frame.
fn arguments(builder: &Builder, pairs: &[Value], tape: Value) -> Vec<Value> {
    let every_other = |first: usize| pairs.iter().copied().skip(first).step_by(2);
    let frame = builder.offset_by(tape, FRAME);
    every_other(0).chain(every_other(1)).chain([frame]).collect()
}

fn forward(input: Input<'_>, runtime: &Runtime, augmented: Function) -> (Function, Value) {
    let module = input.module();
    let driver = declare(input, "forward", module.ptr(), &[]);
    let builder = Builder::new(module);
    builder.at_end(driver.append_block("start"));
    let size = module.i64(input.tape.record_size(None).cast_signed());
    let tape = builder.call(runtime.function("tape.make"), &[size]);
    builder.call(runtime.function("tape.enter"), &[tape]);
    if !input.script.globals.is_empty() {
        builder.call(runtime.function("tape.here"), &[tape]);
    }
    let arguments = arguments(&builder, &driver.params(), tape);
    let call = if driver.personality().is_some() {
        let [next, unwind] = ["done", "unwind"].map(|name| driver.append_block(name));
        let call = builder.invoke(augmented, &arguments, next, unwind);
        builder.at_end(unwind);
        let pad = builder.cleanup_pad();
        builder.call(runtime.function("tape.delete"), &[tape]);
        builder.resume(pad);
        builder.at_end(next);
        call
    } else {
        builder.call(augmented, &arguments)
    };
    builder.call(runtime.function("tape.leave"), &[tape]);
    builder.return_value(tape);
    (driver, call)
}

fn reverse(input: Input<'_>, runtime: &Runtime, gradient: Function) -> (Function, Value) {
    let module = input.module();
    let head = [module.ptr(), module.int(64)];
    let driver = declare(input, "reverse", Type::void(module), &head);
    let builder = Builder::new(module);
    builder.at_end(driver.append_block("start"));
    let params = driver.params();
    let (tape, keep) = (params[0], params[1]);
    if !input.script.globals.is_empty() {
        builder.call(runtime.function("tape.same"), &[tape]);
    }
    builder.call(runtime.function("tape.enter"), &[tape]);
    let call = builder.call(gradient, &arguments(&builder, &params[2..], tape));
    let [used_up, kept] = ["used.up", "kept"].map(|name| driver.append_block(name));
    builder.branch(builder.compare(Order::Equal, keep, module.i64(0)), used_up, kept);
    for (block, end) in [(used_up, "tape.delete"), (kept, "tape.leave")] {
        builder.at_end(block);
        builder.call(runtime.function(end), &[tape]);
        builder.return_void();
    }
    (driver, call)
}
