//! LLVM functions and blocks.

use llvm_sys::LLVMAttributeFunctionIndex;
use llvm_sys::core::*;
use llvm_sys::error::{LLVMDisposeErrorMessage, LLVMGetErrorMessage};
use llvm_sys::prelude::*;
use llvm_sys::transforms::pass_builder::*;

use crate::value::{c_string, take_message};
use crate::{Module, Type, Value, ffi, llvm};

/// A function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Function(pub Value);

/// A basic block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Block(pub(crate) LLVMBasicBlockRef);

impl Function {
    /// Its symbol.
    pub fn name(self) -> String {
        self.0.name()
    }
    /// Its module.
    pub fn module(self) -> Module {
        Module(llvm!(LLVMGetGlobalParent(self.0.0)))
    }
    /// Its type.
    pub fn ty(self) -> Type {
        Type(llvm!(LLVMGlobalGetValueType(self.0.0)))
    }
    /// Its result type.
    pub fn result_type(self) -> Type {
        Type(llvm!(LLVMGetReturnType(self.ty().0)))
    }
    /// Whether it takes more arguments than it names.
    pub fn is_variadic(self) -> bool {
        llvm!(LLVMIsFunctionVarArg(self.ty().0)) != 0
    }
    /// Whether its body is elsewhere.
    pub fn is_declaration(self) -> bool {
        llvm!(LLVMIsDeclaration(self.0.0)) != 0
    }
    /// Its parameters.
    pub fn params(self) -> Vec<Value> {
        (0..llvm!(LLVMCountParams(self.0.0)))
            .map(|i| Value(llvm!(LLVMGetParam(self.0.0, i))))
            .collect()
    }
    /// Its blocks.
    pub fn blocks(self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut at = llvm!(LLVMGetFirstBasicBlock(self.0.0));
        while !at.is_null() {
            blocks.push(Block(at));
            at = llvm!(LLVMGetNextBasicBlock(at));
        }
        blocks
    }
    /// All its instructions.
    pub fn insts(self) -> Vec<Value> {
        self.blocks().into_iter().flat_map(Block::insts).collect()
    }
    /// Appends an empty block.
    pub fn append_block(self, name: &str) -> Block {
        let name = c_string(name);
        let context = self.module().context();
        Block(llvm!(LLVMAppendBasicBlockInContext(context, self.0.0, name.as_ptr())))
    }
    /// Whether it carries this attribute.
    pub fn has_attribute(self, name: &str) -> bool {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        !llvm!(LLVMGetEnumAttributeAtIndex(self.0.0, LLVMAttributeFunctionIndex, kind)).is_null()
    }
    /// The value of a string attribute.
    pub fn string_attribute(self, name: &str) -> Option<String> {
        let length = u32::try_from(name.len()).expect("a short name");
        let found = llvm!(LLVMGetStringAttributeAtIndex(
            self.0.0,
            LLVMAttributeFunctionIndex,
            name.as_ptr().cast(),
            length
        ));
        if found.is_null() {
            return None;
        }
        let mut length = 0;
        let start = llvm!(LLVMGetStringAttributeValue(found, &mut length));
        Some(crate::value::borrowed(start, length as usize))
    }
    /// The type that an attribute states of parameter `index` (`byval`, `sret`).
    pub fn param_type(self, index: usize, name: &str) -> Option<Type> {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let index = u32::try_from(index + 1).expect("few parameters");
        let found = llvm!(LLVMGetEnumAttributeAtIndex(self.0.0, index, kind));
        (!found.is_null()).then(|| Type(llvm!(LLVMGetTypeAttributeValue(found))))
    }
    /// Whether it is private to the module.
    pub fn is_internal(self) -> bool {
        self.0.is_internal()
    }
    /// Whether this definition is the one that the program will have.
    pub fn is_exact(self) -> bool {
        use llvm_sys::LLVMLinkage::LLVMExternalLinkage;
        self.is_internal() || llvm!(LLVMGetLinkage(self.0.0)) == LLVMExternalLinkage
    }
    /// Removes an attribute.
    pub fn remove_attribute(self, name: &str) {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        llvm!(LLVMRemoveEnumAttributeAtIndex(self.0.0, LLVMAttributeFunctionIndex, kind));
    }
    /// Adds an attribute without a value.
    pub fn add_attribute(self, name: &str) {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let attribute = llvm!(LLVMCreateEnumAttribute(self.module().context(), kind, 0));
        llvm!(LLVMAddAttributeAtIndex(self.0.0, LLVMAttributeFunctionIndex, attribute));
    }
    /// States that it returns, does not unwind, and touches no memory that the program
    /// can reach; calls of it stay where they are.
    pub fn touches_only_the_inaccessible(self) {
        for name in ["nounwind", "willreturn"] {
            self.add_attribute(name);
        }
        let (name, both) = ("memory", 3);
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        // Two bits for each kind of memory: arguments, then inaccessible memory.
        let value = both << 2;
        let attribute = llvm!(LLVMCreateEnumAttribute(self.module().context(), kind, value));
        llvm!(LLVMAddAttributeAtIndex(self.0.0, LLVMAttributeFunctionIndex, attribute));
        let ptr = self.module().ptr();
        for (index, param) in self.params().into_iter().enumerate() {
            if param.ty() == ptr {
                // "captures(none)" is the attribute's value 0.
                self.add_param_attribute(index, "captures");
            }
        }
    }
    /// Whether parameter `index` carries this attribute.
    pub fn param_has_attribute(self, index: usize, name: &str) -> bool {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let index = u32::try_from(index + 1).expect("few parameters");
        !llvm!(LLVMGetEnumAttributeAtIndex(self.0.0, index, kind)).is_null()
    }
    /// Adds an attribute without a value to parameter `index`.
    pub fn add_param_attribute(self, index: usize, name: &str) {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let attribute = llvm!(LLVMCreateEnumAttribute(self.module().context(), kind, 0));
        let index = u32::try_from(index + 1).expect("few parameters");
        llvm!(LLVMAddAttributeAtIndex(self.0.0, index, attribute));
    }
    /// The function that unwinding asks what to do, if any.
    pub fn personality(self) -> Option<Value> {
        (llvm!(LLVMHasPersonalityFn(self.0.0)) != 0)
            .then(|| Value(llvm!(LLVMGetPersonalityFn(self.0.0))))
    }
    /// Sets the function that unwinding asks what to do.
    pub fn set_personality(self, personality: Value) {
        llvm!(LLVMSetPersonalityFn(self.0.0, personality.0));
    }
    /// Makes it private to the module.
    pub fn make_internal(self) {
        llvm!(LLVMSetLinkage(self.0.0, llvm_sys::LLVMLinkage::LLVMInternalLinkage));
    }
    /// Deletes a function that nothing uses.
    pub fn delete(self) {
        llvm!(LLVMDeleteFunction(self.0.0));
    }

    /// Removes its body, so that nothing of it is compiled.
    pub fn delete_body(self) {
        llvm!(ffi::enzyme_shim_delete_body(self.0.0));
    }

    /// Deletes a private function, unless something uses it.
    pub fn delete_if_unused(self) {
        if self.0.users().is_empty() {
            self.delete();
        }
    }

    /// Whether the program does not miss it if nothing in its module uses it.
    pub fn is_discardable(self) -> bool {
        use llvm_sys::LLVMLinkage as Linkage;
        matches!(
            llvm!(LLVMGetLinkage(self.0.0)),
            Linkage::LLVMInternalLinkage
                | Linkage::LLVMPrivateLinkage
                | Linkage::LLVMLinkOnceAnyLinkage
                | Linkage::LLVMLinkOnceODRLinkage
        )
    }

    /// A private copy in the same module.
    pub fn clone_private(self, name: &str) -> Function {
        let name = c_string(name);
        Function(Value(llvm!(ffi::enzyme_shim_clone_function(self.0.0, name.as_ptr()))))
    }
    /// Copies the body of `from` into this empty function; parameter i becomes parameter `map[i]`.
    pub fn clone_body(self, from: Function, map: &[u32]) {
        assert_eq!(map.len(), from.params().len());
        llvm!(ffi::enzyme_shim_clone_into(self.0.0, from.0.0, map.as_ptr()));
    }

    /// Drops what is claimed of the function and its parameters, and takes over from
    /// `like` for which processor it is compiled, and which sanitizers look at it: a
    /// derivative has other effects than its primal, and other parameters.
    pub fn plain_attributes(self, like: Function) {
        llvm!(ffi::enzyme_shim_plain_attributes(self.0.0, like.0.0));
    }

    /// Removes source positions: of code that has no place in the source.
    pub fn strip_debug(self) {
        llvm!(ffi::enzyme_shim_strip_debug(self.0.0));
    }

    /// Takes back all statements that floats in it are neither infinite nor no number
    /// (`-ffast-math`).
    pub fn allow_infinities(self) {
        llvm!(ffi::enzyme_shim_allow_infinities(self.0.0));
    }

    /// Whether it has a cycle with several entries.
    pub fn is_irreducible(self) -> bool {
        llvm!(ffi::enzyme_shim_is_irreducible(self.0.0))
    }

    /// Runs LLVM passes on it, named as for `opt -passes=`.
    ///
    /// # Errors
    /// LLVM's message, if the pipeline does not parse.
    pub fn run_passes(self, pipeline: &str) -> Result<(), String> {
        let text = c_string(pipeline);
        let options = llvm!(LLVMCreatePassBuilderOptions());
        let error =
            llvm!(LLVMRunPassesOnFunction(self.0.0, text.as_ptr(), std::ptr::null_mut(), options));
        llvm!(LLVMDisposePassBuilderOptions(options));
        if error.is_null() {
            return Ok(());
        }
        let message = llvm!(LLVMGetErrorMessage(error));
        let owned = llvm!(std::ffi::CStr::from_ptr(message)).to_string_lossy().into_owned();
        llvm!(LLVMDisposeErrorMessage(message));
        Err(owned)
    }

    /// LLVM's verifier; its message if the function is broken.
    pub fn verify(self) -> Result<(), String> {
        use llvm_sys::analysis::*;
        let action = LLVMVerifierFailureAction::LLVMReturnStatusAction;
        if llvm!(LLVMVerifyFunction(self.0.0, action)) == 0 {
            return Ok(());
        }
        let mut message = std::ptr::null_mut();
        llvm!(LLVMVerifyModule(self.module().0, action, &mut message));
        Err(take_message(message))
    }
}

impl Block {
    /// Its instructions.
    pub fn insts(self) -> Vec<Value> {
        self.walk().collect()
    }
    /// The same, one by one.
    fn walk(self) -> impl Iterator<Item = Value> {
        std::iter::successors(self.first(), |inst| inst.next())
    }
    /// Its first instruction.
    pub fn first(self) -> Option<Value> {
        Value::from_raw(llvm!(LLVMGetFirstInstruction(self.0)))
    }
    /// Its first instruction that is neither phi nor landing pad.
    ///
    /// # Panics
    /// If the block is not finished.
    pub fn first_non_phi(self) -> Value {
        let first = self.walk().find(|i| {
            !matches!(i.opcode(), Some(crate::Opcode::LLVMPHI | crate::Opcode::LLVMLandingPad))
        });
        first.expect("a finished block")
    }
    /// The opcode of its first instruction that is not a phi.
    pub fn first_non_phi_opcode(self) -> Option<crate::Opcode> {
        self.walk().filter_map(Value::opcode).find(|o| *o != crate::Opcode::LLVMPHI)
    }
    /// Whether unwinding arrives here.
    pub fn is_landing_pad(self) -> bool {
        self.first_non_phi_opcode() == Some(crate::Opcode::LLVMLandingPad)
    }
    /// Its terminator.
    pub fn terminator(self) -> Option<Value> {
        Value::from_raw(llvm!(LLVMGetBasicBlockTerminator(self.0)))
    }
    /// Its successors, in the terminator's order.
    pub fn successors(self) -> Vec<Block> {
        let Some(terminator) = self.terminator() else { return Vec::new() };
        (0..llvm!(LLVMGetNumSuccessors(terminator.0)))
            .map(|i| Block(llvm!(LLVMGetSuccessor(terminator.0, i))))
            .collect()
    }
    /// Makes successor number `index` another block.
    pub fn set_successor(self, index: usize, to: Block) {
        let terminator = self.terminator().expect("a finished block");
        let index = u32::try_from(index).expect("few successors");
        llvm!(LLVMSetSuccessor(terminator.0, index, to.0));
    }
    /// Its function.
    pub fn function(self) -> Function {
        Function(Value(llvm!(LLVMGetBasicBlockParent(self.0))))
    }
    /// Splits it before an instruction; the rest moves to the block returned.
    pub fn split_before(inst: Value, name: &str) -> Block {
        let name = c_string(name);
        Block(llvm!(ffi::enzyme_shim_split_block(inst.0, name.as_ptr())))
    }
    /// Puts an empty block on the edge to `to`.
    pub fn split_edge(self, to: Block) -> Block {
        Block(llvm!(ffi::enzyme_shim_split_edge(self.0, to.0)))
    }
    /// Its name.
    pub fn name(self) -> String {
        Value(llvm!(LLVMBasicBlockAsValue(self.0))).name()
    }
}

/// Makes an invoke of a function that never unwinds a call.
pub fn invoke_to_call(invoke: Value) {
    assert_eq!(invoke.opcode(), Some(crate::Opcode::LLVMInvoke));
    llvm!(ffi::enzyme_shim_invoke_to_call(invoke.0));
}

/// Inlines a call.
///
/// # Errors
/// LLVM's reason to refuse.
pub fn inline(call: Value) -> Result<(), String> {
    let mut reason = std::ptr::null();
    if llvm!(ffi::enzyme_shim_inline(call.0, &mut reason)) {
        return Ok(());
    }
    Err(llvm!(std::ffi::CStr::from_ptr(reason)).to_string_lossy().into_owned())
}

/// Calls `callee` directly where `call`, a call of an address, would call it; elsewhere
/// `call` stays. False, and nothing is changed, if the types differ.
pub fn promote_call(call: Value, callee: Function) -> bool {
    !llvm!(ffi::enzyme_shim_promote_call(call.0, callee.0.0)).is_null()
}

/// Ends the block with `unreachable` in place of an instruction and all behind it.
pub fn end_unreachable(at: Value) {
    llvm!(ffi::enzyme_shim_end_unreachable(at.0));
}
