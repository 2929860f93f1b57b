//! Questions to LLVM's own analyses of one function.

use crate::{Block, Function, Opcode, Value, ffi, llvm};

/// Loops, dominators, scalar evolution and aliases of a function that must not
/// change while this lives (other than by its own methods).
pub struct Analyses(*mut ffi::EnzymeAnalyses);

impl Analyses {
    /// Runs the analyses.
    pub fn new(function: Function) -> Self {
        Self(llvm!(ffi::enzyme_shim_analyses_new(function.0.0)))
    }
    /// Number of natural loops; loops are numbered outer before inner.
    pub fn loop_count(&self) -> usize {
        llvm!(ffi::enzyme_shim_loop_count(self.0))
    }
    /// The loop around a loop.
    pub fn parent(&self, index: usize) -> Option<usize> {
        usize::try_from(llvm!(ffi::enzyme_shim_loop_parent(self.0, index))).ok()
    }
    /// The header.
    pub fn header(&self, index: usize) -> Block {
        Block(llvm!(ffi::enzyme_shim_loop_header(self.0, index)))
    }
    /// The latch, if there is just one.
    pub fn latch(&self, index: usize) -> Option<Block> {
        let raw = llvm!(ffi::enzyme_shim_loop_latch(self.0, index));
        (!raw.is_null()).then_some(Block(raw))
    }
    /// The preheader, if there is one.
    pub fn preheader(&self, index: usize) -> Option<Block> {
        let raw = llvm!(ffi::enzyme_shim_loop_preheader(self.0, index));
        (!raw.is_null()).then_some(Block(raw))
    }
    /// The innermost loop of a block.
    pub fn innermost(&self, block: Block) -> Option<usize> {
        usize::try_from(llvm!(ffi::enzyme_shim_innermost_loop(self.0, block.0))).ok()
    }
    /// The immediate dominator.
    pub fn idom(&self, block: Block) -> Option<Block> {
        let raw = llvm!(ffi::enzyme_shim_idom(self.0, block.0));
        (!raw.is_null()).then_some(Block(raw))
    }
    /// Writes into the preheader how often the back edge is taken before
    /// `exiting` leaves the loop (an upper bound over all exits if none is given).
    pub fn expand_exit_count(&self, index: usize, exiting: Option<Block>) -> Option<Value> {
        let exiting = exiting.map_or(std::ptr::null_mut(), |b| b.0);
        Value::from_raw(llvm!(ffi::enzyme_shim_expand_exit_count(self.0, index, exiting)))
    }
    /// Replaces a header phi that is affine in the loop's counter.
    pub fn rewrite_induction(&self, index: usize, phi: Value, counter: Value) -> bool {
        llvm!(ffi::enzyme_shim_rewrite_induction(self.0, index, phi.0, counter.0))
    }
    /// The least and the greatest value of an integer, read as signed, where `at` is
    /// executed; none if it may be anything.
    pub fn range(&self, value: Value, at: Value) -> Option<(i64, i64)> {
        let (mut least, mut greatest) = (0, 0);
        llvm!(ffi::enzyme_shim_range(self.0, value.0, at.0, &mut least, &mut greatest))
            .then_some((least, greatest))
    }
    /// How many low bits of an integer are zero wherever `at` is executed.
    pub fn trailing_zeros(&self, value: Value, at: Value) -> u32 {
        llvm!(ffi::enzyme_shim_trailing_zeros(self.0, value.0, at.0))
    }
    /// Whether executing `writer` may write what `reader` reads.
    pub fn may_clobber(&self, writer: Value, reader: Value) -> bool {
        llvm!(ffi::enzyme_shim_may_clobber(self.0, writer.0, reader.0))
    }
}

impl Drop for Analyses {
    fn drop(&mut self) {
        llvm!(ffi::enzyme_shim_analyses_free(self.0));
    }
}

/// The address that another one is at a constant distance from, and the distance. If that is
/// an address computation, its distance from what it is made of is no constant.
pub fn base_and_distance(mut address: Value) -> (Value, i64) {
    let mut distance = 0;
    while address.opcode() == Some(Opcode::LLVMGetElementPtr)
        && let Some((further, terms)) = affine_offset(address)
        && terms.is_empty()
    {
        distance += further;
        address = address.operand(0);
    }
    (address, distance)
}

/// Offset of an address computation: constant + Σ value · stride, in bytes.
pub fn affine_offset(gep: Value) -> Option<(i64, Vec<(Value, i64)>)> {
    const MOST_TERMS: usize = 16;
    let mut constant = 0;
    let mut values = [std::ptr::null_mut(); MOST_TERMS];
    let mut scales = [0; MOST_TERMS];
    let mut count = 0;
    let affine = llvm!(ffi::enzyme_shim_gep_offset(
        gep.0,
        &mut constant,
        values.as_mut_ptr(),
        scales.as_mut_ptr(),
        MOST_TERMS,
        &mut count
    ));
    affine.then(|| (constant, (0..count).map(|i| (Value(values[i]), scales[i])).collect()))
}

/// What a call may do.
pub(crate) fn call_effects(call: Value) -> enzyme_body::Effects {
    let effects = llvm!(ffi::enzyme_shim_call_effects(call.0));
    enzyme_body::Effects {
        reads: effects.reads,
        writes: effects.writes,
        only_arguments: effects.only_arguments,
        unwinds: effects.unwinds,
        returns: effects.returns,
    }
}
