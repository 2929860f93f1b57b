//! The driver: one forward sweep, then a reverse sweep per step.
//!
//! ```text
//! driver(context, step, p_0, s_0, …):
//!     mark = arena
//!     frame = stack
//!     augmented(p…, s…, frame)          if it unwinds: give back the arena, go on unwinding
//!     for k in 0.. while step(context, k): gradient(p…, s…, frame)
//!     arena = mark, and what was put off is freed
//! ```
//!
//! Both sweeps are inlined into it, so that the frame can become registers.

use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Block, Builder, Function, Type, Value, inline};

use crate::Input;
use crate::runtime::Runtime;
use crate::signature::Sweeps;

const POLISH: &str = "sroa<modify-cfg>,early-cse<memssa>,instcombine<no-verify-fixpoint>,\
     simplifycfg,loop-simplify,lcssa,loop(loop-rotate),loop-mssa(licm),gvn,dse,\
     sroa<modify-cfg>,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,adce";

/// Inlines the run-time support into a function and lets LLVM simplify it.
pub(crate) fn polish(runtime: &Runtime, function: Function) -> Result<()> {
    runtime.inline_into(function);
    function
        .run_passes(POLISH)
        .map_err(|e| Box::new(Diagnostic::new(Code::Internal, format!("LLVM: {e}"))))?;
    crate::carried_out::keep_scalar(function);
    Ok(())
}

/// Writes the driver and inlines both sweeps into it.
pub(crate) fn driver(input: Input<'_>, runtime: &Runtime) -> Result<Function> {
    let module = input.module();
    let count = input.decided.activities.len();
    let name = input.prepared.function.name().replace("prepared", "derivative");
    let params = vec![module.ptr(); 2 + 2 * count];
    let driver = module.add_function(&name, Type::function(Type::void(module), &params));
    driver.make_internal();
    driver.plain_attributes(input.prepared.function);
    let personality = input.prepared.function.personality();
    if let Some(personality) = personality {
        driver.set_personality(personality);
    }
    let params = driver.params();
    let builder = Builder::new(module);
    let entry = driver.append_block("start");
    builder.at_end(entry);
    let size = input.tape.record_size(None).max(1);
    let frame = builder.alloca(Type::array(module.int(8), size), "frame");
    frame.set_alignment(input.tape.frame_align());
    let mark = builder.call(runtime.function("arena.mark"), &[]);
    let primals = (0..count).map(|i| params[2 + 2 * i]);
    let shadows = (0..count).map(|i| params[3 + 2 * i]);
    let arguments: Vec<_> = primals.chain(shadows).chain([frame]).collect();
    let Sweeps { augmented, gradient } = input.sweeps[input.id];
    let forward = forward(&builder, runtime, augmented, &arguments, (mark, personality));
    let reverse = sweeps(&builder, runtime, gradient, &params, (&arguments, mark));
    for call in [forward, reverse] {
        inline(call).map_err(|reason| {
            Box::new(Diagnostic::new(Code::Internal, format!("inlining a sweep: {reason}")))
        })?;
    }
    augmented.delete_if_unused();
    gradient.delete_if_unused();
    polish(runtime, driver)?;
    Ok(driver)
}

/// The forward sweep; continues in a new block.
fn forward(
    builder: &Builder,
    runtime: &Runtime,
    augmented: Function,
    arguments: &[Value],
    (mark, personality): (Value, Option<Value>),
) -> Value {
    if personality.is_none() {
        return builder.call(augmented, arguments);
    }
    let driver = builder.function();
    let next = driver.append_block("forward.done");
    let unwind = driver.append_block("unwind");
    let call = builder.invoke(augmented, arguments, next, unwind);
    builder.at_end(unwind);
    let pad = builder.cleanup_pad();
    builder.call(runtime.function("arena.release"), &[mark]);
    builder.resume(pad);
    builder.at_end(next);
    call
}

/// The reverse sweeps, and the end.
fn sweeps(
    builder: &Builder,
    runtime: &Runtime,
    gradient: Function,
    params: &[Value],
    (arguments, mark): (&[Value], Value),
) -> Value {
    let module = builder.module;
    let driver = builder.function();
    let before: Block = builder.block();
    let [ask, sweep, done] = ["ask", "sweep", "done"].map(|name| driver.append_block(name));
    builder.jump(ask);
    builder.at_end(ask);
    let number = builder.phi(module.int(64));
    number.add_incoming(module.i64(0), before);
    let step = Type::function(module.int(1), &[module.ptr(), module.int(64)]);
    let more = builder.call_address(step, params[1], &[params[0], number]);
    more.mark_bool_result();
    builder.branch(more, sweep, done);
    builder.at_end(sweep);
    let call = builder.call(gradient, arguments);
    let next = builder.add(number, module.i64(1));
    number.add_incoming(next, builder.block());
    builder.jump(ask);
    builder.at_end(done);
    builder.call(runtime.function("arena.release"), &[mark]);
    builder.return_void();
    call
}

/// Makes a marker call run the driver instead, which has the marker's arguments but for
/// the primal and the request.
pub fn replace_marker(marker: Value, driver: Function) {
    let builder = Builder::new(driver.module());
    builder.before(marker);
    let arguments = &marker.arguments()[2..];
    let call = if marker.opcode() == Some(enzyme_ir::Opcode::LLVMInvoke) {
        let successors = marker.block().successors();
        builder.invoke(driver, arguments, successors[0], successors[1])
    } else {
        builder.call(driver, arguments)
    };
    if !marker.users().is_empty() {
        marker.replace_uses(call);
    }
    marker.erase();
}
