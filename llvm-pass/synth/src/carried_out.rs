//! Loops that LLVM may not turn into vectors, because it would leave them with a wrong value.
//!
//! From the finished function: the innermost loops that load and store, and of which a value
//! is used behind them that is neither a phi of the header nor what such a phi takes on: the
//! address of the last element, or what was loaded from it. LLVM 22's vectoriser makes accesses
//! that come in whole groups (two doubles of a pair) into wide ones of a single round, and
//! shortens its step for it, but still takes the value of the last round as if the step were
//! whole: one element too far. Counters and sums it treats by other means, which are right.
//!
//! Sound, since a loop that stays as it is computes the same. What LLVM makes of other
//! functions, and uses behind loops that it finds only after this, are not looked at.
use enzyme_ir::{Analyses, Function, Opcode, Value};

/// Marks such loops.
pub(crate) fn keep_scalar(function: Function) {
    let analyses = Analyses::new(function);
    let blocks = function.blocks();
    for index in 0..analyses.loop_count() {
        if (0..analyses.loop_count()).any(|inner| analyses.parent(inner) == Some(index)) {
            continue;
        }
        let inside = |value: Value| analyses.innermost(value.block()) == Some(index);
        let body = blocks.iter().filter(|block| analyses.innermost(**block) == Some(index));
        let insts: Vec<Value> = body.flat_map(|block| block.insts()).collect();
        let has = |opcode| insts.iter().any(|inst| inst.opcode() == Some(opcode));
        if !has(Opcode::LLVMLoad) || !has(Opcode::LLVMStore) {
            continue;
        }
        let header = analyses.header(index);
        let is_phi = |v: Value| v.opcode() == Some(Opcode::LLVMPHI) && v.block() == header;
        let carried_out = |inst: Value| {
            let users = inst.users();
            !is_phi(inst) && !users.iter().any(|u| is_phi(*u)) && users.iter().any(|u| !inside(*u))
        };
        let terminator = analyses.latch(index).and_then(|latch| latch.terminator());
        if let Some(terminator) = terminator.filter(|_| insts.into_iter().any(carried_out)) {
            terminator.keep_loop_scalar();
        }
    }
}
