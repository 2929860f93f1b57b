//! After the engine: drivers go into their wrappers, helpers go away.

use enzyme_convention::{Word, word};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Value, inline};

use crate::Written;
use crate::register::StandIn;

/// What the names of the engine's own functions begin with.
const OWN: &str = "enzyme.";
/// What the names of drivers begin with.
const DRIVER: &str = "enzyme.derivative.";

/// The one sweep's loop goes, and slots become registers.
const POLISH: &str = "sroa<modify-cfg>,early-cse<memssa>,instcombine<no-verify-fixpoint>,\
     simplifycfg,loop-simplify,lcssa,loop(loop-rotate,indvars,loop-deletion,loop-unroll-full),\
     sroa<modify-cfg>,early-cse<memssa>,jump-threading,gvn,dse,\
     instcombine<no-verify-fixpoint>,simplifycfg,adce";

/// Inlines what the engine wrote for each wrapper.
///
/// # Errors
/// Failures of LLVM itself.
pub fn finish(module: Module, written: &Written) -> Result<()> {
    for wrapper in written.wrappers.values() {
        inline_calls(wrapper.function, |callee| callee.name().starts_with(DRIVER))?;
        inline_calls(wrapper.function, |callee| Some(callee) == wrapper.step)?;
        wrapper.function.run_passes(POLISH).map_err(internal)?;
        wrapper.function.verify().map_err(internal)?;
    }
    // Shims call functions that exist for the analyses only, so they must not stay.
    while remove_unused(module) {}
    written.stand_ins.iter().for_each(StandIn::put_back);
    define_words(module);
    Ok(())
}

/// A word's variable need not be defined anywhere. Without optimisation, loads of it that
/// nothing needs may stay.
fn define_words(module: Module) {
    for global in module.globals() {
        let known = word(&global.name()).is_some_and(|word| word != Word::Missing);
        if known && global.initializer().is_none() && !global.users().is_empty() {
            global.define_weakly();
        }
    }
}

fn inline_calls(function: Function, wanted: impl Fn(Function) -> bool) -> Result<()> {
    let calls = |inst: &Value| inst.called_function().is_some_and(&wanted);
    for call in function.insts().into_iter().filter(calls) {
        inline(call).map_err(|reason| internal(format!("inlining a driver: {reason}")))?;
    }
    Ok(())
}

/// Deletes private functions of the engine that nothing uses; whether there were any.
fn remove_unused(module: Module) -> bool {
    let unused = module.functions().into_iter().filter(|function| {
        let own = function.name().starts_with(OWN) && function.is_internal();
        own && function.0.users().is_empty()
    });
    let unused: Vec<_> = unused.collect();
    unused.iter().for_each(|function| function.delete());
    !unused.is_empty()
}

fn internal(message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::Internal, message))
}
