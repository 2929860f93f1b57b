//! Alias scopes: what LLVM is told of accesses that never touch the same bytes.
//!
//! An access is *of* some scopes and *not of* others. Two accesses do not meet if all scopes
//! that one is of are among those that the other is not of. A scope is declared where what
//! is said of it begins to hold: code that LLVM repeats behind the declaration gets scopes
//! of its own, since what is no tape in one round may lie where the tape was in another.

use llvm_sys::core::*;
use llvm_sys::debuginfo::{LLVMMetadataReplaceAllUsesWith, LLVMTemporaryMDNode};
use llvm_sys::prelude::*;

use crate::{Module, Value, ffi, llvm};

/// A family of scopes.
#[derive(Clone, Copy, Debug)]
pub struct Domain(LLVMMetadataRef);

/// A name for accesses to some objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope(LLVMMetadataRef);

impl Domain {
    /// A domain unlike any other.
    pub fn new(module: Module) -> Self {
        Self(llvm!(ffi::enzyme_shim_alias_domain(module.context())))
    }
    /// A scope unlike any other.
    pub fn scope(self) -> Scope {
        Scope(llvm!(ffi::enzyme_shim_alias_scope(self.0)))
    }
}

impl Scope {
    /// States the scope anew each time that this place is executed.
    pub fn declare(self, before: Value) {
        llvm!(ffi::enzyme_shim_declare_scope(before.0, self.0));
    }
}

impl Value {
    /// States that an instruction accesses memory of these scopes, and none of those; beside
    /// what is stated of it already.
    pub fn add_scopes(self, of: &[Scope], no: &[Scope]) {
        let raw = |scopes: &[Scope]| scopes.iter().map(|s| s.0).collect::<Vec<_>>();
        let (of, no) = (raw(of), raw(no));
        llvm!(ffi::enzyme_shim_add_scopes(self.0, of.as_ptr(), of.len(), no.as_ptr(), no.len()));
    }
    /// Removes what is stated: the instruction is to access something else.
    pub fn drop_scopes(self) {
        for name in ["alias.scope", "noalias"] {
            let length = u32::try_from(name.len()).expect("a short name");
            let context = llvm!(LLVMGetTypeContext(self.ty().0));
            let kind = llvm!(LLVMGetMDKindIDInContext(context, name.as_ptr().cast(), length));
            llvm!(LLVMSetMetadata(self.0, kind, std::ptr::null_mut()));
        }
    }

    /// States of the branch at the end of a loop that the loop is not to become one of vectors.
    pub fn keep_loop_scalar(self) {
        let context = llvm!(LLVMGetTypeContext(self.ty().0));
        let (name, word) = ("llvm.loop", "llvm.loop.vectorize.enable");
        let length = u32::try_from(name.len()).expect("a short name");
        let kind = llvm!(LLVMGetMDKindIDInContext(context, name.as_ptr().cast(), length));
        // A loop's node begins with itself, which takes a placeholder at first.
        let word = llvm!(LLVMMDStringInContext2(context, word.as_ptr().cast(), word.len()));
        let no = llvm!(LLVMValueAsMetadata(LLVMConstInt(LLVMInt1TypeInContext(context), 0, 0)));
        let mut pair = [word, no];
        let flag = llvm!(LLVMMDNodeInContext2(context, pair.as_mut_ptr(), 2));
        let itself = llvm!(LLVMTemporaryMDNode(context, std::ptr::null_mut(), 0));
        let mut parts = [itself, flag];
        let node = llvm!(LLVMMDNodeInContext2(context, parts.as_mut_ptr(), 2));
        llvm!(LLVMMetadataReplaceAllUsesWith(itself, node));
        let value = llvm!(LLVMMetadataAsValue(context, node));
        llvm!(LLVMSetMetadata(self.0, kind, value));
    }
}
