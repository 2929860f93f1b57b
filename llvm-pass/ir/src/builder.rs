//! Writing instructions.

pub use llvm_sys::LLVMRealPredicate as FloatOrder;
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use llvm_sys::{LLVMIntPredicate, LLVMOpcode, LLVMRealPredicate};

use enzyme_body::Ty;

use crate::{Block, Function, Module, Type, Value, llvm};

/// Appends instructions at one place.
pub struct Builder {
    raw: LLVMBuilderRef,
    /// The module that is written to.
    pub module: Module,
}

/// Integer comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are LLVM's")]
pub enum Order {
    Equal,
    NotEqual,
    UnsignedLess,
    UnsignedLessEqual,
    SignedLess,
}

/// The bits of the least float.
const WORD: u32 = 32;

const NO_NAME: *const std::ffi::c_char = c"".as_ptr();

impl Drop for Builder {
    fn drop(&mut self) {
        llvm!(LLVMDisposeBuilder(self.raw));
    }
}

impl Builder {
    /// A builder at no place yet.
    pub fn new(module: Module) -> Self {
        Self { raw: llvm!(LLVMCreateBuilderInContext(module.context())), module }
    }
    /// Continues at the end of a block.
    pub fn at_end(&self, block: Block) {
        llvm!(LLVMPositionBuilderAtEnd(self.raw, block.0));
    }
    /// Continues before an instruction, taking its source position.
    pub fn before(&self, inst: Value) {
        llvm!(LLVMPositionBuilderBefore(self.raw, inst.0));
        self.locate(inst);
    }
    /// Continues after an instruction that is not a terminator.
    pub fn after(&self, inst: Value) {
        self.before(inst.next().expect("an instruction before the terminator"));
        self.locate(inst);
    }
    /// New instructions take the source position of this one.
    pub fn locate(&self, inst: Value) {
        let location = llvm!(llvm_sys::debuginfo::LLVMInstructionGetDebugLoc(inst.0));
        llvm!(LLVMSetCurrentDebugLocation2(self.raw, location));
    }
    /// New instructions have no source position.
    pub fn unlocate(&self) {
        llvm!(LLVMSetCurrentDebugLocation2(self.raw, std::ptr::null_mut()));
    }
    /// The block being written.
    pub fn block(&self) -> Block {
        Block(llvm!(LLVMGetInsertBlock(self.raw)))
    }
    /// The function being written.
    pub fn function(&self) -> Function {
        self.block().function()
    }

    /// Binary arithmetic.
    pub fn binary(&self, op: LLVMOpcode, a: Value, b: Value) -> Value {
        Value(llvm!(LLVMBuildBinOp(self.raw, op, a.0, b.0, NO_NAME)))
    }
    /// Float sum without regard to the sign of zero, so that adding to zero folds.
    pub fn accumulate(&self, a: Value, b: Value) -> Value {
        if a.is_zero() {
            return b;
        }
        if b.is_zero() {
            return a;
        }
        let sum = self.binary(LLVMOpcode::LLVMFAdd, a, b);
        if llvm!(LLVMCanValueUseFastMathFlags(sum.0)) != 0 {
            llvm!(LLVMSetFastMathFlags(sum.0, llvm_sys::LLVMFastMathNoSignedZeros));
        }
        sum
    }
    /// Float negation.
    pub fn neg(&self, a: Value) -> Value {
        Value(llvm!(LLVMBuildFNeg(self.raw, a.0, NO_NAME)))
    }
    /// Integer sum.
    pub fn add(&self, a: Value, b: Value) -> Value {
        self.binary(LLVMOpcode::LLVMAdd, a, b)
    }
    /// Integer difference.
    pub fn sub(&self, a: Value, b: Value) -> Value {
        self.binary(LLVMOpcode::LLVMSub, a, b)
    }
    /// Integer product.
    pub fn mul(&self, a: Value, b: Value) -> Value {
        self.binary(LLVMOpcode::LLVMMul, a, b)
    }
    /// Conversion with the given opcode.
    pub fn cast(&self, op: LLVMOpcode, a: Value, to: Type) -> Value {
        Value(llvm!(LLVMBuildCast(self.raw, op, a.0, to.0, NO_NAME)))
    }
    /// Whether an integer has none of the bits of another, and all that the other has not, or a
    /// word of it if the other is not 0; of vectors, lane by lane. What is undefined may be
    /// either, but is one of the two.
    pub fn is_complement(&self, a: Value, b: Value) -> Value {
        let differ = self.freeze(self.binary(LLVMOpcode::LLVMXor, a, b));
        let whole = self.compare(Order::Equal, differ, differ.ty().all_ones());
        let ty = differ.ty();
        let (item, lanes) = ty.vector().unwrap_or((ty, 1));
        let words = match item.mirrored(self.module) {
            Ty::Int(bits) if bits > WORD && bits.is_multiple_of(WORD) => bits / WORD,
            _ => return whole,
        };
        let int = |bits| Type::int(self.module, bits);
        let each = Type::vector_of(int(WORD), words * lanes);
        let each = self.cast(LLVMOpcode::LLVMBitCast, differ, each);
        let each = self.compare(Order::Equal, each, each.ty().all_ones());
        let some = match ty.vector() {
            Some(_) => Type::vector_of(int(words), lanes),
            None => int(words),
        };
        let some = self.cast(LLVMOpcode::LLVMBitCast, each, some);
        let [some, other] = [some, self.freeze(b)]
            .map(|value| self.compare(Order::NotEqual, value, value.ty().zero()));
        let part = self.binary(LLVMOpcode::LLVMAnd, some, other);
        self.binary(LLVMOpcode::LLVMOr, whole, part)
    }
    /// Unsigned conversion between integer types.
    pub fn resize(&self, a: Value, to: Type) -> Value {
        Value(llvm!(LLVMBuildIntCast2(self.raw, a.0, to.0, 0, NO_NAME)))
    }
    /// Integer or address comparison.
    pub fn compare(&self, order: Order, a: Value, b: Value) -> Value {
        let predicate = match order {
            Order::Equal => LLVMIntPredicate::LLVMIntEQ,
            Order::NotEqual => LLVMIntPredicate::LLVMIntNE,
            Order::UnsignedLess => LLVMIntPredicate::LLVMIntULT,
            Order::UnsignedLessEqual => LLVMIntPredicate::LLVMIntULE,
            Order::SignedLess => LLVMIntPredicate::LLVMIntSLT,
        };
        Value(llvm!(LLVMBuildICmp(self.raw, predicate, a.0, b.0, NO_NAME)))
    }
    /// Float comparison.
    pub fn float_compare(&self, predicate: LLVMRealPredicate, a: Value, b: Value) -> Value {
        Value(llvm!(LLVMBuildFCmp(self.raw, predicate, a.0, b.0, NO_NAME)))
    }
    /// Choice.
    pub fn select(&self, condition: Value, a: Value, b: Value) -> Value {
        Value(llvm!(LLVMBuildSelect(self.raw, condition.0, a.0, b.0, NO_NAME)))
    }
    /// The value, or any value if it is poison.
    pub fn freeze(&self, value: Value) -> Value {
        Value(llvm!(LLVMBuildFreeze(self.raw, value.0, NO_NAME)))
    }
    /// A phi without edges yet.
    pub fn phi(&self, ty: Type) -> Value {
        Value(llvm!(LLVMBuildPhi(self.raw, ty.0, NO_NAME)))
    }

    /// A stack object.
    pub fn alloca(&self, ty: Type, name: &str) -> Value {
        let name = crate::value::c_string(name);
        Value(llvm!(LLVMBuildAlloca(self.raw, ty.0, name.as_ptr())))
    }
    /// Reads memory.
    pub fn load(&self, ty: Type, address: Value, align: u64) -> Value {
        let load = Value(llvm!(LLVMBuildLoad2(self.raw, ty.0, address.0, NO_NAME)));
        load.set_alignment(align);
        load
    }
    /// Writes memory.
    pub fn store(&self, value: Value, address: Value, align: u64) -> Value {
        let store = Value(llvm!(LLVMBuildStore(self.raw, value.0, address.0)));
        store.set_alignment(align);
        store
    }
    /// An address some bytes further.
    pub fn offset(&self, base: Value, bytes: Value) -> Value {
        if bytes.is_zero() {
            return base;
        }
        let byte = self.module.int(8);
        let mut index = [bytes.0];
        Value(llvm!(LLVMBuildGEP2(self.raw, byte.0, base.0, index.as_mut_ptr(), 1, NO_NAME)))
    }
    /// An address a constant number of bytes further.
    pub fn offset_by(&self, base: Value, bytes: u64) -> Value {
        self.offset(base, self.module.i64(i64::try_from(bytes).expect("a small offset")))
    }
    /// memset.
    pub fn fill(&self, address: Value, byte: Value, len: Value, align: u64) -> Value {
        let align = u32::try_from(align).expect("small alignment");
        Value(llvm!(LLVMBuildMemSet(self.raw, address.0, byte.0, len.0, align)))
    }
    /// memset with zeros.
    pub fn zero_fill(&self, address: Value, len: Value, align: u64) -> Value {
        self.fill(address, self.module.int(8).const_int(0), len, align)
    }
    /// memcpy.
    pub fn copy(&self, to: Value, from: Value, len: Value, align: u64) -> Value {
        let align = u32::try_from(align).expect("small alignment");
        Value(llvm!(LLVMBuildMemCpy(self.raw, to.0, align, from.0, align, len.0)))
    }

    /// memmove.
    pub fn shift(&self, to: Value, from: Value, len: Value, align: u64) -> Value {
        let align = u32::try_from(align).expect("small alignment");
        Value(llvm!(LLVMBuildMemMove(self.raw, to.0, align, from.0, align, len.0)))
    }

    /// A call.
    pub fn call(&self, callee: Function, arguments: &[Value]) -> Value {
        self.call_address(callee.ty(), callee.0, arguments)
    }
    /// A call through an address.
    pub fn call_address(&self, ty: Type, callee: Value, arguments: &[Value]) -> Value {
        let mut raw: Vec<_> = arguments.iter().map(|a| a.0).collect();
        let count = u32::try_from(raw.len()).expect("few arguments");
        Value(llvm!(LLVMBuildCall2(self.raw, ty.0, callee.0, raw.as_mut_ptr(), count, NO_NAME)))
    }
    /// A call that continues at `normal`, or at `unwind` if it unwinds.
    pub fn invoke(
        &self,
        callee: Function,
        arguments: &[Value],
        normal: Block,
        unwind: Block,
    ) -> Value {
        let mut raw: Vec<_> = arguments.iter().map(|a| a.0).collect();
        let count = u32::try_from(raw.len()).expect("few arguments");
        Value(llvm!(LLVMBuildInvoke2(
            self.raw,
            callee.ty().0,
            callee.0.0,
            raw.as_mut_ptr(),
            count,
            normal.0,
            unwind.0,
            NO_NAME
        )))
    }
    /// A landing pad that only cleans up.
    pub fn cleanup_pad(&self) -> Value {
        let ty = Type::structure(self.module, &[self.module.ptr(), self.module.int(32)]);
        let pad =
            Value(llvm!(LLVMBuildLandingPad(self.raw, ty.0, std::ptr::null_mut(), 0, NO_NAME)));
        llvm!(LLVMSetCleanup(pad.0, 1));
        pad
    }
    /// Continues unwinding.
    pub fn resume(&self, pad: Value) -> Value {
        Value(llvm!(LLVMBuildResume(self.raw, pad.0)))
    }

    /// A field of an aggregate value.
    pub fn extract(&self, aggregate: Value, index: u32) -> Value {
        Value(llvm!(LLVMBuildExtractValue(self.raw, aggregate.0, index, NO_NAME)))
    }
    /// An aggregate value with one field replaced.
    pub fn insert(&self, aggregate: Value, field: Value, index: u32) -> Value {
        Value(llvm!(LLVMBuildInsertValue(self.raw, aggregate.0, field.0, index, NO_NAME)))
    }
    /// A lane of a vector.
    pub fn extract_lane(&self, vector: Value, index: Value) -> Value {
        Value(llvm!(LLVMBuildExtractElement(self.raw, vector.0, index.0, NO_NAME)))
    }
    /// A vector with one lane replaced.
    pub fn insert_lane(&self, vector: Value, lane: Value, index: Value) -> Value {
        Value(llvm!(LLVMBuildInsertElement(self.raw, vector.0, lane.0, index.0, NO_NAME)))
    }

    /// Lanes of two vectors; −1 is any.
    pub fn shuffle(&self, a: Value, b: Value, lanes: &[i32]) -> Value {
        let int = self.module.int(32);
        let lane = |&lane: &i32| match lane {
            -1 => int.poison().0,
            lane => int.const_int(lane.into()).0,
        };
        let mut items: Vec<_> = lanes.iter().map(lane).collect();
        let count = u32::try_from(items.len()).expect("few lanes");
        let mask = llvm!(LLVMConstVector(items.as_mut_ptr(), count));
        Value(llvm!(LLVMBuildShuffleVector(self.raw, a.0, b.0, mask, NO_NAME)))
    }

    /// Jumps.
    pub fn jump(&self, to: Block) {
        llvm!(LLVMBuildBr(self.raw, to.0));
    }
    /// Branches.
    pub fn branch(&self, condition: Value, then: Block, otherwise: Block) {
        llvm!(LLVMBuildCondBr(self.raw, condition.0, then.0, otherwise.0));
    }
    /// A switch; all values not listed go to `otherwise`.
    pub fn switch(&self, value: Value, otherwise: Block, cases: &[(Value, Block)]) {
        let count = u32::try_from(cases.len()).expect("few cases");
        let switch = llvm!(LLVMBuildSwitch(self.raw, value.0, otherwise.0, count));
        for (case, to) in cases {
            llvm!(LLVMAddCase(switch, case.0, to.0));
        }
    }
    /// Returns nothing.
    pub fn return_void(&self) {
        llvm!(LLVMBuildRetVoid(self.raw));
    }
    /// Returns a value.
    pub fn return_value(&self, value: Value) {
        llvm!(LLVMBuildRet(self.raw, value.0));
    }
    /// Ends a block that is never reached.
    pub fn unreachable(&self) {
        llvm!(LLVMBuildUnreachable(self.raw));
    }

    /// A copy of an instruction, with the same operands, here.
    pub fn duplicate(&self, inst: Value) -> Value {
        let copy = Value(llvm!(LLVMInstructionClone(inst.0)));
        llvm!(LLVMInsertIntoBuilder(self.raw, copy.0));
        copy
    }
}
