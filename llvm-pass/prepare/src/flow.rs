//! Which blocks have a reverse.
//!
//! A block has a reverse if a return can be reached from it. All others end in a
//! panic, an abort, unwinding or an endless loop: an execution that enters one
//! never comes to the reverse sweep.

use std::collections::{HashMap, HashSet};

use enzyme_ir::{Block, Function, Opcode};

/// Blocks from which a return can be reached, in order.
pub fn blocks_with_reverse(function: Function) -> impl Iterator<Item = Block> {
    let dead = blocks_without_reverse(function);
    function.blocks().into_iter().filter(move |block| !dead.contains(block))
}

/// Blocks from which no return can be reached.
pub fn blocks_without_reverse(function: Function) -> HashSet<Block> {
    let blocks = function.blocks();
    let mut predecessors: HashMap<Block, Vec<Block>> = HashMap::new();
    let mut pending = Vec::new();
    for &block in &blocks {
        for successor in block.successors() {
            predecessors.entry(successor).or_default().push(block);
        }
        if block.terminator().and_then(|t| t.opcode()) == Some(Opcode::LLVMRet) {
            pending.push(block);
        }
    }
    let mut live: HashSet<Block> = pending.iter().copied().collect();
    while let Some(block) = pending.pop() {
        for &before in predecessors.get(&block).map_or(&[][..], Vec::as_slice) {
            if live.insert(before) {
                pending.push(before);
            }
        }
    }
    blocks.into_iter().filter(|block| !live.contains(block)).collect()
}
