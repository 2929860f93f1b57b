//! The module that the pass runs on.

use enzyme_body::FloatKind;
use inkwell::memory_buffer::MemoryBuffer;
use llvm_sys::core::*;
use llvm_sys::prelude::*;

use crate::value::c_string;
use crate::{Function, Type, Value, llvm};

/// The module under the pass; the host owns it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Module(pub(crate) LLVMModuleRef);

impl Module {
    pub(crate) fn context(self) -> LLVMContextRef {
        llvm!(LLVMGetModuleContext(self.0))
    }

    /// Calls `with` with inkwell's view of the module, which must not outlive the call.
    fn view<R>(self, with: impl FnOnce(&inkwell::module::Module<'_>) -> R) -> R {
        // SAFETY: the module is live; `ManuallyDrop` leaves it to its owner, the host.
        let module = std::mem::ManuallyDrop::new(unsafe { inkwell::module::Module::new(self.0) });
        with(&module)
    }

    /// All functions, bodies and declarations.
    pub fn functions(self) -> Vec<Function> {
        let mut functions = Vec::new();
        let mut at = llvm!(LLVMGetFirstFunction(self.0));
        while let Some(function) = Value::from_raw(at) {
            functions.push(Function(function));
            at = llvm!(LLVMGetNextFunction(at));
        }
        functions
    }

    /// All global variables.
    pub fn globals(self) -> Vec<Value> {
        let mut globals = Vec::new();
        let mut at = llvm!(LLVMGetFirstGlobal(self.0));
        while let Some(global) = Value::from_raw(at) {
            globals.push(global);
            at = llvm!(LLVMGetNextGlobal(at));
        }
        globals
    }

    /// The function of this name.
    pub fn function(self, name: &str) -> Option<Function> {
        let name = c_string(name);
        Value::from_raw(llvm!(LLVMGetNamedFunction(self.0, name.as_ptr()))).map(Function)
    }

    /// The global variable of this name.
    pub fn global(self, name: &str) -> Option<Value> {
        let name = c_string(name);
        Value::from_raw(llvm!(LLVMGetNamedGlobal(self.0, name.as_ptr())))
    }

    /// The name of the file that it was compiled from.
    pub fn source_name(self) -> String {
        let mut length = 0;
        let start = llvm!(LLVMGetSourceFileName(self.0, &mut length));
        crate::value::borrowed(start, length)
    }

    /// Adds a private variable of zeros, one per thread.
    pub fn add_zero_global(self, name: &str, ty: Type) -> Value {
        let name = c_string(name);
        let global = Value(llvm!(LLVMAddGlobal(self.0, ty.0, name.as_ptr())));
        llvm!(LLVMSetInitializer(global.0, ty.zero().0));
        llvm!(LLVMSetLinkage(global.0, llvm_sys::LLVMLinkage::LLVMInternalLinkage));
        llvm!(LLVMSetThreadLocal(global.0, 1));
        global
    }

    /// Adds a private constant of these bytes.
    pub fn add_bytes(self, name: &str, bytes: &[u8]) -> Value {
        let text = bytes.as_ptr().cast();
        let data = llvm!(LLVMConstStringInContext2(self.context(), text, bytes.len(), 1));
        let name = c_string(name);
        let global = llvm!(LLVMAddGlobal(self.0, LLVMTypeOf(data), name.as_ptr()));
        llvm!(LLVMSetInitializer(global, data));
        llvm!(LLVMSetGlobalConstant(global, 1));
        llvm!(LLVMSetLinkage(global, llvm_sys::LLVMLinkage::LLVMPrivateLinkage));
        Value(global)
    }

    /// Adds a function without a body.
    pub fn add_function(self, name: &str, ty: Type) -> Function {
        let name = c_string(name);
        Function(Value(llvm!(LLVMAddFunction(self.0, name.as_ptr(), ty.0))))
    }

    /// The function of this name, declared if it is not there.
    pub fn declare(self, name: &str, ty: Type) -> Function {
        self.function(name).unwrap_or_else(|| self.add_function(name, ty))
    }

    /// The declaration of an intrinsic for these overload types.
    pub fn intrinsic(self, name: &str, overloads: &[Type]) -> Function {
        let id = llvm!(LLVMLookupIntrinsicID(name.as_ptr().cast(), name.len()));
        let mut types: Vec<_> = overloads.iter().map(|t| t.0).collect();
        let declaration =
            llvm!(LLVMGetIntrinsicDeclaration(self.0, id, types.as_mut_ptr(), types.len()));
        Function(Value(declaration))
    }

    /// Adds the definitions of a module given as text.
    ///
    /// # Errors
    /// LLVM's message, if the text does not parse or link.
    pub fn link_text(self, text: &str) -> Result<(), String> {
        // Text names its values; a host may have told the context to forget names.
        let discards = llvm!(LLVMContextShouldDiscardValueNames(self.context()));
        llvm!(LLVMContextSetDiscardValueNames(self.context(), 0));
        // Linking through inkwell replaces the host's diagnostic callback for good.
        let callback = llvm!(LLVMContextGetDiagnosticHandler(self.context()));
        let callback_data = llvm!(LLVMContextGetDiagnosticContext(self.context()));
        let linked = self.view(|module| {
            let buffer = MemoryBuffer::create_from_memory_range_copy(text.as_bytes(), "runtime");
            let context = module.get_context();
            let other = context.create_module_from_ir(buffer).map_err(|e| e.to_string())?;
            other.set_data_layout(&module.get_data_layout());
            other.set_triple(&module.get_triple());
            module.link_in_module(other).map_err(|e| e.to_string())
        });
        llvm!(LLVMContextSetDiagnosticHandler(self.context(), callback, callback_data));
        llvm!(LLVMContextSetDiscardValueNames(self.context(), discards));
        linked
    }

    /// Adds the functions of a text, private to the module whether the text says so or not.
    ///
    /// # Errors
    /// As [`link_text`](Module::link_text).
    pub fn link_private(self, text: &str) -> Result<(), String> {
        // The linker leaves private functions behind that nothing calls yet.
        let visible = text.replace("define internal ", "define ");
        self.link_text(&visible)?;
        let names = visible.lines().filter_map(|line| line.strip_prefix("define "));
        for name in names.filter_map(|line| line.split(['@', '(']).nth(1)) {
            if let Some(function) = self.function(name) {
                function.make_internal();
            }
        }
        Ok(())
    }

    /// The module as text.
    pub fn text(self) -> String {
        self.view(|module| module.print_to_string().to_string())
    }

    /// `ptr`.
    pub fn ptr(self) -> Type {
        Type::ptr(self)
    }
    /// An integer type.
    pub fn int(self, bits: u32) -> Type {
        Type::int(self, bits)
    }
    /// An `i64` constant.
    pub fn i64(self, value: i64) -> Value {
        self.int(64).const_int(value)
    }
    /// A float type.
    pub fn float(self, kind: FloatKind) -> Type {
        Type::float(self, kind)
    }
}
