//! LLVM values: instructions, constants, parameters, functions.

use std::ffi::{CStr, CString, c_char};

pub use llvm_sys::LLVMOpcode as Opcode;
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use llvm_sys::{LLVMAttributeFunctionIndex, LLVMIntPredicate, LLVMOpcode};

use crate::{Block, Function, Type, llvm};

/// Any value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Value(pub(crate) LLVMValueRef);

/// Takes ownership of a message that LLVM allocated.
pub(crate) fn take_message(text: *mut c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    let owned = llvm!(CStr::from_ptr(text)).to_string_lossy().into_owned();
    llvm!(LLVMDisposeMessage(text));
    owned
}

pub(crate) fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "?")).expect("no zero bytes")
}

pub(crate) fn borrowed(start: *const c_char, len: usize) -> String {
    if start.is_null() || len == 0 {
        return String::new();
    }
    let bytes = llvm!(std::slice::from_raw_parts(start.cast::<u8>(), len));
    String::from_utf8_lossy(bytes).into_owned()
}

impl Value {
    pub(crate) fn from_raw(raw: LLVMValueRef) -> Option<Self> {
        (!raw.is_null()).then_some(Self(raw))
    }

    /// Its type.
    pub fn ty(self) -> Type {
        Type(llvm!(LLVMTypeOf(self.0)))
    }

    /// Its name (empty if none): a symbol for globals and functions.
    pub fn name(self) -> String {
        let mut len = 0;
        let start = llvm!(LLVMGetValueName2(self.0, &mut len));
        borrowed(start, len)
    }

    /// Names it.
    pub fn set_name(self, name: &str) {
        llvm!(LLVMSetValueName2(self.0, name.as_ptr().cast(), name.len()));
    }

    /// Its opcode, if it is an instruction.
    pub fn opcode(self) -> Option<Opcode> {
        self.is_inst().then(|| llvm!(LLVMGetInstructionOpcode(self.0)))
    }

    /// Whether it is an instruction.
    pub fn is_inst(self) -> bool {
        !llvm!(LLVMIsAInstruction(self.0)).is_null()
    }
    /// Whether it is a constant (globals and functions included).
    pub fn is_constant(self) -> bool {
        llvm!(LLVMIsConstant(self.0)) != 0
    }
    /// The function, if it is one.
    pub fn as_function(self) -> Option<Function> {
        Value::from_raw(llvm!(LLVMIsAFunction(self.0))).map(Function)
    }
    /// The opcode of a constant expression.
    pub fn constant_opcode(self) -> Option<Opcode> {
        (!llvm!(LLVMIsAConstantExpr(self.0)).is_null()).then(|| llvm!(LLVMGetConstOpcode(self.0)))
    }
    /// Whether it is a global variable.
    pub fn is_global_variable(self) -> bool {
        !llvm!(LLVMIsAGlobalVariable(self.0)).is_null()
    }
    /// The module of a global variable.
    pub fn module_of_global(self) -> crate::Module {
        crate::Module(llvm!(LLVMGetGlobalParent(self.0)))
    }
    /// Whether a function or global variable is private to its module.
    pub fn is_internal(self) -> bool {
        use llvm_sys::LLVMLinkage::{LLVMInternalLinkage, LLVMPrivateLinkage};
        matches!(llvm!(LLVMGetLinkage(self.0)), LLVMInternalLinkage | LLVMPrivateLinkage)
    }
    /// Whether it is a global variable that is never written.
    pub fn is_constant_global(self) -> bool {
        self.is_global_variable() && llvm!(LLVMIsGlobalConstant(self.0)) != 0
    }
    /// Initialiser of a global variable.
    pub fn initializer(self) -> Option<Value> {
        Value::from_raw(llvm!(LLVMGetInitializer(self.0)))
    }
    /// Whether a constant may be or hold an address.
    pub fn may_hold_address(self) -> bool {
        if self.is_zero() || self.int().is_some() || self.float().is_some() || self.is_undef() {
            return false;
        }
        let whole = self.ty().items().is_none() && self.ty().vector().is_none();
        whole || self.operands().into_iter().any(Value::may_hold_address)
    }
    /// The functions whose addresses a constant holds, with their offsets in bytes.
    pub fn functions_in(self, module: crate::Module) -> Vec<(u64, Function)> {
        let mut found = Vec::new();
        let mut pending = vec![(0, self)];
        while let Some((at, part)) = pending.pop() {
            if let Some(function) = part.as_function() {
                found.push((at, function));
                continue;
            }
            let is_struct = !llvm!(LLVMIsAConstantStruct(part.0)).is_null();
            let is_array = !llvm!(LLVMIsAConstantArray(part.0)).is_null();
            if !is_struct && !is_array {
                continue;
            }
            for (i, field) in (0..).zip(part.operands()) {
                let offset = match is_struct {
                    true => part.ty().field_offset(module, i),
                    false => u64::from(i) * field.ty().size(module),
                };
                pending.push((at + offset, field));
            }
        }
        found
    }
    /// The 64-bit word at an offset of a constant's bytes, if it is a plain number.
    pub fn word_at(self, module: crate::Module, offset: u64) -> Option<u64> {
        let mut word = 0;
        llvm!(crate::ffi::enzyme_shim_word_at(module.0, self.0, offset, &mut word)).then_some(word)
    }
    /// Whether it is `undef` or `poison`.
    pub fn is_undef(self) -> bool {
        llvm!(LLVMIsUndef(self.0)) != 0
    }
    /// Whether all its bits are zero.
    pub fn is_zero(self) -> bool {
        llvm!(LLVMIsNull(self.0)) != 0
    }
    /// Its value as a constant integer of at most 64 bits, sign-extended.
    pub fn int(self) -> Option<i64> {
        let wide = llvm!(LLVMIsAConstantInt(self.0)).is_null()
            || llvm!(LLVMGetIntTypeWidth(LLVMTypeOf(self.0))) > 64;
        (!wide).then(|| llvm!(LLVMConstIntGetSExtValue(self.0)))
    }
    /// Its value as a constant float.
    pub fn float(self) -> Option<f64> {
        let mut lossy = 0;
        (!llvm!(LLVMIsAConstantFP(self.0)).is_null())
            .then(|| llvm!(LLVMConstRealGetDouble(self.0, &mut lossy)))
    }
    /// The float that all lanes of a constant vector are.
    pub fn float_of_lanes(self) -> Option<f64> {
        let (_, lanes) = self.ty().vector().filter(|_| self.is_constant())?;
        let item = |i| Value::from_raw(llvm!(LLVMGetAggregateElement(self.0, i)))?.float();
        let first = item(0)?;
        (1..lanes).all(|i| item(i) == Some(first)).then_some(first)
    }
    /// Whether it is arithmetic whose order may be changed (`-ffast-math`).
    pub fn may_be_reordered(self) -> bool {
        llvm!(LLVMCanValueUseFastMathFlags(self.0)) != 0
            && llvm!(LLVMGetFastMathFlags(self.0)) & llvm_sys::LLVMFastMathAllowReassoc != 0
    }
    /// Whether it is a constant integer, or vector of them, with only the sign bits set.
    pub fn is_sign_mask(self) -> bool {
        self.all_lanes_are(|lane, bits| lane.int() == Some(i64::MIN >> (64 - bits)))
    }
    /// Whether it is a constant integer, or vector of them, with no bits set but signs.
    pub fn is_mask_of_signs(self) -> bool {
        let signs = |lane: Value, bits: u32| {
            lane.int().is_some_and(|n| n & !(i64::MIN >> (64 - bits)) == 0)
        };
        self.all_lanes_are(|lane, bits| signs(lane, bits) || lane.is_undef())
    }
    /// Whether it is a constant integer, or vector of them, with all but the sign bits set.
    pub fn is_magnitude_mask(self) -> bool {
        self.all_lanes_are(|lane, bits| lane.int() == Some(i64::MAX >> (64 - bits)))
    }
    fn all_lanes_are(self, holds: impl Fn(Value, u32) -> bool) -> bool {
        let is = |v: Value| v.ty().is_integers() && holds(v, llvm!(LLVMGetIntTypeWidth(v.ty().0)));
        match self.ty().vector() {
            Some((_, lanes)) if self.is_constant() => {
                let item = |i| Value::from_raw(llvm!(LLVMGetAggregateElement(self.0, i)));
                (0..lanes).all(|i| item(i).is_some_and(is))
            }
            _ => is(self),
        }
    }
    /// The lanes that a shuffle takes; −1 is any.
    pub fn shuffle_mask(self) -> Vec<i32> {
        let lanes = llvm!(LLVMGetNumMaskElements(self.0));
        (0..lanes).map(|i| llvm!(LLVMGetMaskValue(self.0, i))).collect()
    }
    /// The bytes of a constant byte array, or of a struct that holds just one.
    pub fn byte_string(self) -> Option<Vec<u8>> {
        if llvm!(LLVMIsAConstantDataSequential(self.0)).is_null() {
            let wraps_one =
                !llvm!(LLVMIsAConstantStruct(self.0)).is_null() && self.operand_count() == 1;
            return wraps_one.then(|| self.operand(0).byte_string()).flatten();
        }
        if llvm!(LLVMIsConstantString(self.0)) == 0 {
            return None;
        }
        let mut len = 0;
        let start = llvm!(LLVMGetAsString(self.0, &mut len));
        Some(llvm!(std::slice::from_raw_parts(start.cast::<u8>(), len)).to_vec())
    }

    /// Number of operands.
    pub fn operand_count(self) -> usize {
        usize::try_from(llvm!(LLVMGetNumOperands(self.0))).unwrap_or(0)
    }
    /// One operand.
    pub fn operand(self, index: usize) -> Value {
        let index = u32::try_from(index).expect("few operands");
        Value(llvm!(LLVMGetOperand(self.0, index)))
    }
    /// All operands that are values.
    pub fn operands(self) -> Vec<Value> {
        (0..self.operand_count()).map(|i| self.operand(i)).collect()
    }
    /// Replaces one operand.
    pub fn set_operand(self, index: usize, value: Value) {
        let index = u32::try_from(index).expect("few operands");
        llvm!(LLVMSetOperand(self.0, index, value.0));
    }
    /// The instructions that use it.
    pub fn users(self) -> Vec<Value> {
        let mut users = Vec::new();
        let mut at = llvm!(LLVMGetFirstUse(self.0));
        while !at.is_null() {
            users.push(Value(llvm!(LLVMGetUser(at))));
            at = llvm!(LLVMGetNextUse(at));
        }
        users
    }
    /// Makes every user use `other` instead.
    pub fn replace_uses(self, other: Value) {
        llvm!(LLVMReplaceAllUsesWith(self.0, other.0));
    }
    /// Removes an instruction that has no users.
    pub fn erase(self) {
        llvm!(LLVMInstructionEraseFromParent(self.0));
    }
    /// The block of an instruction.
    pub fn block(self) -> Block {
        Block(llvm!(LLVMGetInstructionParent(self.0)))
    }
    /// The next instruction of the block.
    pub fn next(self) -> Option<Value> {
        Value::from_raw(llvm!(LLVMGetNextInstruction(self.0)))
    }

    /// Whether an integer comparison is for equality; none for other instructions,
    /// "no" for inequality.
    pub fn is_equality(self) -> Option<bool> {
        if self.opcode() != Some(LLVMOpcode::LLVMICmp) {
            return None;
        }
        match llvm!(LLVMGetICmpPredicate(self.0)) {
            LLVMIntPredicate::LLVMIntEQ => Some(true),
            LLVMIntPredicate::LLVMIntNE => Some(false),
            _ => None,
        }
    }

    /// The called value of a call or invoke.
    pub fn called(self) -> Value {
        Value(llvm!(LLVMGetCalledValue(self.0)))
    }
    /// The function that a call or invoke names; none for other instructions.
    pub fn called_function(self) -> Option<Function> {
        self.is_call().then(|| self.called().as_function()).flatten()
    }
    /// Makes a call or invoke call something else.
    pub fn set_called(self, callee: Value) {
        let last = self.operand_count() - 1;
        // The callee is the last operand of a call; an invoke keeps it there too.
        self.set_operand(last, callee);
    }
    /// Makes a call or invoke pass its arguments as C does.
    pub fn use_c_convention(self) {
        llvm!(LLVMSetInstructionCallConv(self.0, llvm_sys::LLVMCallConv::LLVMCCallConv as u32));
    }
    /// The function type of a call or invoke.
    pub fn called_type(self) -> Type {
        Type(llvm!(LLVMGetCalledFunctionType(self.0)))
    }
    /// The arguments of a call or invoke.
    pub fn arguments(self) -> Vec<Value> {
        (0..llvm!(LLVMGetNumArgOperands(self.0)) as usize).map(|i| self.operand(i)).collect()
    }
    /// Whether it is a call or an invoke.
    pub fn is_call(self) -> bool {
        matches!(self.opcode(), Some(LLVMOpcode::LLVMCall | LLVMOpcode::LLVMInvoke))
    }
    /// Whether it is inline assembly.
    pub fn is_assembly(self) -> bool {
        !llvm!(LLVMIsAInlineAsm(self.0)).is_null()
    }
    /// Whether a call carries this attribute, on itself or its callee.
    pub fn call_has_attribute(self, name: &str) -> bool {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let found = llvm!(LLVMGetCallSiteEnumAttribute(self.0, LLVMAttributeFunctionIndex, kind));
        !found.is_null() || self.called().as_function().is_some_and(|f| f.has_attribute(name))
    }

    /// Writes a note on a call, which stays with it and its copies.
    pub fn note_on_call(self, name: &str, text: &str) {
        let length = |text: &str| u32::try_from(text.len()).expect("a short note");
        let context = self.block().function().module().context();
        let (key, value) = (name.as_ptr().cast(), text.as_ptr().cast());
        let note =
            llvm!(LLVMCreateStringAttribute(context, key, length(name), value, length(text)));
        llvm!(LLVMAddCallSiteAttribute(self.0, LLVMAttributeFunctionIndex, note));
    }

    /// What a note on a call says.
    pub fn note_of_call(self, name: &str) -> Option<String> {
        let length = u32::try_from(name.len()).expect("a short name");
        let (at, key) = (LLVMAttributeFunctionIndex, name.as_ptr().cast());
        let note = llvm!(LLVMGetCallSiteStringAttribute(self.0, at, key, length));
        let mut length = 0;
        (!note.is_null()).then(|| {
            let text = llvm!(LLVMGetStringAttributeValue(note, &mut length));
            borrowed(text, length as usize)
        })
    }

    /// The type that a call states of an argument by an attribute (`byval`, `sret`).
    pub fn argument_type(self, index: usize, name: &str) -> Option<Type> {
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let index = u32::try_from(index + 1).expect("few arguments");
        let found = llvm!(LLVMGetCallSiteEnumAttribute(self.0, index, kind));
        (!found.is_null()).then(|| Type(llvm!(LLVMGetTypeAttributeValue(found))))
    }
    /// Gives a call the convention of the function that it calls, and what that states
    /// of its parameters.
    pub fn call_like(self, function: Function) {
        llvm!(crate::ffi::enzyme_shim_call_like(self.0, function.0.0));
    }
    /// Whether it is a cast of an integer to its lowest bit that tells that it has no others.
    pub fn cuts_to_its_only_bit(self) -> bool {
        self.opcode() == Some(LLVMOpcode::LLVMTrunc)
            && self.ty().to_string() == "i1"
            && llvm!(LLVMGetNUW(self.0)) != 0
    }
    /// Below which number a loaded integer is, if the program has no meaning otherwise.
    pub fn stated_bound(self) -> Option<u64> {
        let note = |name: &str| {
            let context = llvm!(LLVMGetTypeContext(LLVMTypeOf(self.0)));
            let (text, length) = (name.as_ptr().cast(), name.len() as u32);
            let kind = llvm!(LLVMGetMDKindIDInContext(context, text, length));
            Value::from_raw(llvm!(LLVMGetMetadata(self.0, kind)))
        };
        let (range, _) = note("range").zip(note("noundef"))?;
        let count = llvm!(LLVMGetMDNodeNumOperands(range.0)) as usize;
        let mut bounds = vec![std::ptr::null_mut(); count];
        llvm!(LLVMGetMDNodeOperands(range.0, bounds.as_mut_ptr()));
        let bounds: Option<Vec<_>> = bounds.into_iter().map(|bound| Value(bound).int()).collect();
        match bounds?[..] {
            [least, end] if 0 <= least && least < end => Some(end.cast_unsigned()),
            _ => None,
        }
    }
    /// The text of a metadata argument, if it is one.
    pub fn metadata_text(self) -> Option<String> {
        if llvm!(LLVMIsAMDString(self.0)).is_null() {
            return None;
        }
        let mut length = 0;
        let start = llvm!(LLVMGetMDString(self.0, &mut length));
        Some(borrowed(start, length as usize))
    }
    /// Whether it is an instruction that may read or write memory.
    pub fn accesses_memory(self) -> bool {
        let of_memory = matches!(self.opcode(), Some(Opcode::LLVMLoad | Opcode::LLVMStore));
        of_memory || self.is_inst() && self.is_call()
    }
    /// What a global alias stands for.
    pub fn aliased(self) -> Option<Value> {
        let alias = Value::from_raw(llvm!(LLVMIsAGlobalAlias(self.0)))?;
        Some(Value(llvm!(LLVMAliasGetAliasee(alias.0))))
    }

    /// Gives a global variable that is only declared a definition of zeros, which any
    /// other definition replaces.
    pub fn define_weakly(self) {
        llvm!(LLVMSetInitializer(self.0, self.value_type().zero().0));
        self.make_weak();
    }
    /// Lets any other definition replace that of a global variable, so that its content
    /// is not known while compiling.
    pub fn make_weak(self) {
        llvm!(LLVMSetLinkage(self.0, llvm_sys::LLVMLinkage::LLVMWeakAnyLinkage));
    }

    /// Keeps a global variable from being dropped although nothing mentions it.
    pub fn keep_global(self) {
        llvm!(crate::ffi::enzyme_shim_keep_global(self.0));
    }

    /// The type of a global variable's content.
    pub fn value_type(self) -> Type {
        Type(llvm!(LLVMGlobalGetValueType(self.0)))
    }
    /// The constant address some bytes from this global variable.
    pub fn constant_offset(self, module: crate::Module, bytes: i64) -> Value {
        let mut index = [module.i64(bytes).0];
        let byte = module.int(8);
        Value(llvm!(LLVMConstGEP2(byte.0, self.0, index.as_mut_ptr(), 1)))
    }
    /// States that a call returns a Rust `bool` in a register.
    pub fn mark_bool_result(self) {
        let name = "zeroext";
        let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
        let context = llvm!(LLVMGetTypeContext(self.ty().0));
        let attribute = llvm!(LLVMCreateEnumAttribute(context, kind, 0));
        llvm!(LLVMAddCallSiteAttribute(self.0, llvm_sys::LLVMAttributeReturnIndex, attribute));
    }
    /// Removes what is claimed of a call's argument: it was said of another value.
    pub fn drop_argument_attributes(self, index: usize) {
        let index = u32::try_from(index + 1).expect("few arguments");
        for name in ["noalias", "readonly", "writeonly", "dereferenceable", "align", "noundef"] {
            let kind = llvm!(LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()));
            llvm!(LLVMRemoveCallSiteEnumAttribute(self.0, index, kind));
        }
    }
    /// Adds an incoming edge to a phi.
    pub fn add_incoming(self, value: Value, block: Block) {
        llvm!(LLVMAddIncoming(self.0, [value.0].as_mut_ptr(), [block.0].as_mut_ptr(), 1));
    }
    /// The incoming edges of a phi.
    pub fn incoming(self) -> Vec<(Value, Block)> {
        (0..llvm!(LLVMCountIncoming(self.0)))
            .map(|i| {
                let value = Value(llvm!(LLVMGetIncomingValue(self.0, i)));
                (value, Block(llvm!(LLVMGetIncomingBlock(self.0, i))))
            })
            .collect()
    }

    /// Whether a load or store is neither volatile nor atomic.
    pub fn is_plain_access(self) -> bool {
        use llvm_sys::LLVMAtomicOrdering::LLVMAtomicOrderingNotAtomic;
        llvm!(LLVMGetVolatile(self.0)) == 0
            && llvm!(LLVMGetOrdering(self.0)) == LLVMAtomicOrderingNotAtomic
    }
    /// Alignment of a load, store, alloca or global.
    pub fn alignment(self) -> u64 {
        u64::from(llvm!(LLVMGetAlignment(self.0)).max(1))
    }
    /// Sets the alignment of a load, store, alloca or global.
    pub fn set_alignment(self, align: u64) {
        llvm!(LLVMSetAlignment(self.0, u32::try_from(align).expect("small alignment")));
    }
    /// The allocated type of an alloca.
    pub fn allocated_type(self) -> Type {
        Type(llvm!(LLVMGetAllocatedType(self.0)))
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&take_message(llvm!(LLVMPrintValueToString(self.0))))
    }
}
