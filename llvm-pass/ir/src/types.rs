//! LLVM types.

use enzyme_body::{FloatKind, Ty};
use llvm_sys::LLVMTypeKind;
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use llvm_sys::target::{LLVMABISizeOfType, LLVMGetModuleDataLayout, LLVMOffsetOfElement};

use crate::{Module, Value, llvm};

/// A type of the module's context.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Type(pub(crate) LLVMTypeRef);

impl Type {
    /// `void`.
    pub fn void(module: Module) -> Self {
        Self(llvm!(LLVMVoidTypeInContext(module.context())))
    }
    /// `ptr`.
    pub fn ptr(module: Module) -> Self {
        Self(llvm!(LLVMPointerTypeInContext(module.context(), 0)))
    }
    /// An integer.
    pub fn int(module: Module, bits: u32) -> Self {
        Self(llvm!(LLVMIntTypeInContext(module.context(), bits)))
    }
    /// A float.
    pub fn float(module: Module, kind: FloatKind) -> Self {
        Self(match kind {
            FloatKind::Half => llvm!(LLVMHalfTypeInContext(module.context())),
            FloatKind::BFloat => llvm!(LLVMBFloatTypeInContext(module.context())),
            FloatKind::Single => llvm!(LLVMFloatTypeInContext(module.context())),
            FloatKind::Double => llvm!(LLVMDoubleTypeInContext(module.context())),
            FloatKind::Other(80) => llvm!(LLVMX86FP80TypeInContext(module.context())),
            FloatKind::Other(_) => llvm!(LLVMFP128TypeInContext(module.context())),
        })
    }
    /// An array.
    pub fn array(item: Type, len: u64) -> Self {
        Self(llvm!(LLVMArrayType2(item.0, len)))
    }
    /// A fixed vector.
    pub fn vector_of(item: Type, lanes: u32) -> Self {
        Self(llvm!(LLVMVectorType(item.0, lanes)))
    }
    /// A struct of these fields.
    pub fn structure(module: Module, fields: &[Type]) -> Self {
        let mut fields: Vec<_> = fields.iter().map(|t| t.0).collect();
        let count = u32::try_from(fields.len()).expect("few fields");
        Self(llvm!(LLVMStructTypeInContext(module.context(), fields.as_mut_ptr(), count, 0)))
    }
    /// A function type.
    pub fn function(result: Type, params: &[Type]) -> Self {
        let mut params: Vec<_> = params.iter().map(|t| t.0).collect();
        let count = u32::try_from(params.len()).expect("few parameters");
        Self(llvm!(LLVMFunctionType(result.0, params.as_mut_ptr(), count, 0)))
    }

    /// A function type that takes more arguments than it names.
    pub fn variadic_function(result: Type, params: &[Type]) -> Self {
        let mut params: Vec<_> = params.iter().map(|t| t.0).collect();
        let count = u32::try_from(params.len()).expect("few parameters");
        Self(llvm!(LLVMFunctionType(result.0, params.as_mut_ptr(), count, 1)))
    }

    pub(crate) fn kind(self) -> LLVMTypeKind {
        llvm!(LLVMGetTypeKind(self.0))
    }

    /// The types of a function type's parameters.
    pub fn parameters(self) -> Vec<Type> {
        let mut types = vec![std::ptr::null_mut(); llvm!(LLVMCountParamTypes(self.0)) as usize];
        llvm!(LLVMGetParamTypes(self.0, types.as_mut_ptr()));
        types.into_iter().map(Type).collect()
    }
    /// Whether it is the type of addresses.
    pub fn is_pointer(self) -> bool {
        llvm!(LLVMGetTypeKind(self.0)) == llvm_sys::LLVMTypeKind::LLVMPointerTypeKind
    }
    /// Whether it is an integer or an address.
    pub fn is_int_or_ptr(self) -> bool {
        use LLVMTypeKind::{LLVMIntegerTypeKind, LLVMPointerTypeKind};
        matches!(self.kind(), LLVMIntegerTypeKind | LLVMPointerTypeKind)
    }

    /// Whether it is an integer or a vector of integers.
    pub fn is_integers(self) -> bool {
        let item = self.vector().map_or(self, |(item, _)| item);
        item.kind() == LLVMTypeKind::LLVMIntegerTypeKind
    }

    /// Whether it is a float or a vector of floats.
    pub fn is_float(self) -> bool {
        use LLVMTypeKind::*;
        let item = self.vector().map_or(self, |(item, _)| item);
        matches!(
            item.kind(),
            LLVMHalfTypeKind
                | LLVMBFloatTypeKind
                | LLVMFloatTypeKind
                | LLVMDoubleTypeKind
                | LLVMX86_FP80TypeKind
                | LLVMFP128TypeKind
        )
    }

    /// All bits one; of an integer or a vector of integers.
    pub fn all_ones(self) -> Value {
        Value(llvm!(LLVMConstAllOnes(self.0)))
    }
    /// All-zero bits.
    pub fn zero(self) -> Value {
        Value(llvm!(LLVMConstNull(self.0)))
    }
    /// A value of which each bit is any.
    pub fn undef(self) -> Value {
        Value(llvm!(LLVMGetUndef(self.0)))
    }
    /// Any value.
    pub fn poison(self) -> Value {
        Value(llvm!(LLVMGetPoison(self.0)))
    }
    /// An integer constant of this type.
    pub fn const_int(self, value: i64) -> Value {
        Value(llvm!(LLVMConstInt(self.0, value.cast_unsigned(), 1)))
    }
    /// A float constant of this type; a splat if it is a vector.
    pub fn const_float(self, value: f64) -> Value {
        if let Some((item, lanes)) = self.vector() {
            let mut items = vec![item.const_float(value).0; lanes as usize];
            return Value(llvm!(LLVMConstVector(items.as_mut_ptr(), lanes)));
        }
        Value(llvm!(LLVMConstReal(self.0, value)))
    }

    /// Item type and length of a fixed vector.
    pub fn vector(self) -> Option<(Type, u32)> {
        (self.kind() == LLVMTypeKind::LLVMVectorTypeKind)
            .then(|| (Type(llvm!(LLVMGetElementType(self.0))), llvm!(LLVMGetVectorSize(self.0))))
    }

    /// Whether its size is known.
    pub fn is_sized(self) -> bool {
        llvm!(LLVMTypeIsSized(self.0)) != 0
    }

    /// Bytes that a value of this type takes in an array.
    pub fn size(self, module: Module) -> u64 {
        llvm!(LLVMABISizeOfType(LLVMGetModuleDataLayout(module.0), self.0))
    }

    /// The mirror of this type.
    pub fn mirrored(self, module: Module) -> Ty {
        use LLVMTypeKind::*;
        match self.kind() {
            LLVMVoidTypeKind => Ty::Void,
            LLVMHalfTypeKind => Ty::Float(FloatKind::Half),
            LLVMBFloatTypeKind => Ty::Float(FloatKind::BFloat),
            LLVMFloatTypeKind => Ty::Float(FloatKind::Single),
            LLVMDoubleTypeKind => Ty::Float(FloatKind::Double),
            LLVMX86_FP80TypeKind => Ty::Float(FloatKind::Other(80)),
            LLVMFP128TypeKind | LLVMPPC_FP128TypeKind => Ty::Float(FloatKind::Other(128)),
            LLVMIntegerTypeKind => Ty::Int(llvm!(LLVMGetIntTypeWidth(self.0))),
            LLVMPointerTypeKind => Ty::Ptr,
            LLVMVectorTypeKind => {
                let (item, lanes) = self.vector().expect("a vector");
                Ty::Vector(Box::new(item.mirrored(module)), lanes)
            }
            LLVMStructTypeKind => {
                let fields = (0..self.field_count())
                    .map(|i| (self.field_offset(module, i), self.field(i).mirrored(module)));
                Ty::Aggregate(self.size(module), fields.collect())
            }
            LLVMArrayTypeKind => {
                let item = Type(llvm!(LLVMGetElementType(self.0)));
                let (size, len) = (item.size(module), llvm!(LLVMGetArrayLength2(self.0)));
                let item = item.mirrored(module);
                Ty::Aggregate(size * len, (0..len).map(|i| (i * size, item.clone())).collect())
            }
            _ => Ty::Other(self.to_string()),
        }
    }

    /// Whether its mirror is but a text: metadata, tokens, vectors of unknown length.
    pub fn is_opaque(self) -> bool {
        use LLVMTypeKind::*;
        matches!(
            self.kind(),
            LLVMMetadataTypeKind
                | LLVMTokenTypeKind
                | LLVMLabelTypeKind
                | LLVMTargetExtTypeKind
                | LLVMScalableVectorTypeKind
                | LLVMX86_AMXTypeKind
        )
    }

    /// Whether it is a struct.
    pub fn is_structure(self) -> bool {
        self.kind() == LLVMTypeKind::LLVMStructTypeKind
    }
    /// Number of fields of a struct, or of items of an array.
    pub fn items(self) -> Option<u32> {
        match self.kind() {
            LLVMTypeKind::LLVMStructTypeKind => Some(self.field_count()),
            LLVMTypeKind::LLVMArrayTypeKind => {
                u32::try_from(llvm!(LLVMGetArrayLength2(self.0))).ok()
            }
            _ => None,
        }
    }
    /// Number of fields of a struct.
    pub fn field_count(self) -> u32 {
        llvm!(LLVMCountStructElementTypes(self.0))
    }
    /// Type of a field of a struct, or of the items of an array.
    pub fn field(self, index: u32) -> Type {
        match self.kind() {
            LLVMTypeKind::LLVMStructTypeKind => {
                Type(llvm!(LLVMStructGetTypeAtIndex(self.0, index)))
            }
            _ => Type(llvm!(LLVMGetElementType(self.0))),
        }
    }
    /// Byte offset of a field of a struct or an item of an array.
    pub fn field_offset(self, module: Module, index: u32) -> u64 {
        match self.kind() {
            LLVMTypeKind::LLVMStructTypeKind => {
                llvm!(LLVMOffsetOfElement(LLVMGetModuleDataLayout(module.0), self.0, index))
            }
            _ => self.field(0).size(module) * u64::from(index),
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = llvm!(LLVMPrintTypeToString(self.0));
        f.write_str(&crate::value::take_message(text))
    }
}
