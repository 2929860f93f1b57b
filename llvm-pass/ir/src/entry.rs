//! How a host loads the plugin.

use std::ffi::{CStr, CString, c_char};
use std::sync::OnceLock;

use llvm_sys::core::LLVMGetVersion;
use llvm_sys::prelude::*;

use crate::{Module, ffi, llvm};

/// What the host reads when it loads the plugin.
pub type PluginInfo = ffi::EnzymePluginInfo;

type Pass = fn(Module, &str) -> bool;
static PASS: OnceLock<Pass> = OnceLock::new();

/// Registers `pass`, which gets the module and the name of the pass asked for
/// (`enzyme` or `enzyme-print-…`) and returns whether it changed the module.
pub fn plugin_info(pass: Pass) -> PluginInfo {
    let _ = PASS.set(pass);
    llvm!(ffi::enzyme_shim_plugin_info(Some(run)))
}

extern "C" fn run(module: LLVMModuleRef, name: *const c_char) -> bool {
    let name = llvm!(CStr::from_ptr(name)).to_string_lossy();
    PASS.get().is_some_and(|pass| pass(Module(module), &name))
}

/// Version of the headers that the plugin was built with.
pub fn header_version() -> String {
    llvm!(CStr::from_ptr(ffi::enzyme_shim_header_version())).to_string_lossy().into_owned()
}

/// Version of the LLVM that runs the plugin.
pub fn running_version() -> (u32, u32, u32) {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    llvm!(LLVMGetVersion(&mut major, &mut minor, &mut patch));
    (major, minor, patch)
}

/// Makes the host fail with this message.
pub fn emit_error(module: Module, message: &str) {
    let text = CString::new(message.replace('\0', "?")).expect("no zero bytes");
    llvm!(ffi::enzyme_shim_emit_error(module.context(), text.as_ptr()));
}

/// A C++ symbol as its source has it; any other symbol as it is.
pub fn demangled(symbol: &str) -> String {
    let symbol = crate::value::c_string(symbol);
    crate::value::take_message(llvm!(ffi::enzyme_shim_demangle(symbol.as_ptr())))
}
