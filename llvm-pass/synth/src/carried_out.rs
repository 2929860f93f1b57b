//! Loops that LLVM may not turn into vectors, because it would leave them with a wrong value.
//!
//! *Computes*: from a finished function, marks on the innermost loops that load and store, and
//! of which a value is used behind them that is neither a phi of the header nor what such a phi
//! takes on: the address of the last element, say, or what was loaded from it. LLVM 22's
//! vectoriser makes accesses that come in whole groups (two doubles of a pair) into wide ones of
//! a single round, and shortens its step for it, but still takes the value of the last round as
//! if the step were whole: one element too far. Counters and sums it treats by other means,
//! which are right.
//!
//! *Why it is sound*: a loop that stays as it is computes the same. Not looked at are functions
//! without a derivative, and uses that LLVM moves behind a loop after this.

use enzyme_ir::{Analyses, Block, Function, Opcode, Value};

/// Marks such loops.
pub(crate) fn keep_scalar(function: Function) {
    let analyses = Analyses::new(function);
    let count = analyses.loop_count();
    let mut innermost = vec![true; count];
    for parent in (0..count).filter_map(|index| analyses.parent(index)) {
        innermost[parent] = false;
    }
    let mut blocks = vec![Vec::new(); count];
    for block in function.blocks() {
        if let Some(index) = analyses.innermost(block) {
            blocks[index].push(block);
        }
    }
    for index in (0..count).filter(|&index| innermost[index]) {
        let latch = analyses.latch(index).and_then(|latch| latch.terminator());
        if let Some(latch) = latch.filter(|_| leaves_a_value(&analyses, index, &blocks[index])) {
            latch.keep_loop_scalar();
        }
    }
}

/// Whether a loop of these blocks loads and stores, and leaves such a value.
fn leaves_a_value(analyses: &Analyses, index: usize, blocks: &[Block]) -> bool {
    let insts: Vec<Value> = blocks.iter().flat_map(|block| block.insts()).collect();
    let has = |opcode| insts.iter().any(|inst| inst.opcode() == Some(opcode));
    let header = analyses.header(index);
    let is_phi = |v: &Value| v.opcode() == Some(Opcode::LLVMPHI) && v.block() == header;
    let is_behind = |user: &Value| analyses.innermost(user.block()) != Some(index);
    let is_left = |inst: &Value| {
        let users = inst.users();
        !is_phi(inst) && users.iter().any(is_behind) && !users.iter().any(is_phi)
    };
    has(Opcode::LLVMLoad) && has(Opcode::LLVMStore) && insts.iter().any(is_left)
}
