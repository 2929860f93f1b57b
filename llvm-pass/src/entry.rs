//! The C entry point of the plugin, and the guard around the pass.
//!
//! A panic becomes a diagnostic; every diagnostic makes the host fail. A host
//! whose LLVM is of another major version than the headers that the plugin was
//! built with is refused before anything of the module is touched.

use std::panic::{AssertUnwindSafe, catch_unwind};

use enzyme_diag::{Code, Diagnostic};
use enzyme_ir::{Module, PluginInfo, header_version, plugin_info, running_version};

use crate::{pipeline, report};

/// What LLVM calls when it loads a pass plugin.
#[unsafe(no_mangle)]
pub extern "C" fn llvmGetPassPluginInfo() -> PluginInfo {
    plugin_info(run)
}

fn run(module: Module, pass: &str) -> bool {
    let outcome = match wrong_llvm() {
        Some(diagnostic) if pipeline::has_requests(module) => Err(vec![diagnostic]),
        Some(_) => return false,
        None => catch_unwind(AssertUnwindSafe(|| pipeline::run(module, pass)))
            .unwrap_or_else(|panic| Err(vec![from_panic(panic.as_ref())])),
    };
    match outcome {
        Ok(changed) => changed,
        Err(diagnostics) => {
            report::fail(module, &diagnostics);
            pipeline::discard(module);
            true
        }
    }
}

fn wrong_llvm() -> Option<Diagnostic> {
    let built = header_version();
    let (major, minor, patch) = running_version();
    let fits = built.split('.').next().and_then(|m| m.parse().ok()) == Some(major);
    (!fits).then(|| {
        let text = format!("built for LLVM {built}, loaded by LLVM {major}.{minor}.{patch}");
        Diagnostic::new(Code::WrongLlvm, text)
    })
}

fn from_panic(panic: &(dyn std::any::Any + Send)) -> Diagnostic {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    Diagnostic::new(Code::Internal, text)
}
