//! Memory in which a function is to place its result holds nothing when it is called.
//!
//! A variant of an enum may have fewer bytes than another. Where the memory for a function's
//! result is one variable for all rounds of a loop, the bytes that the shorter variant leaves
//! alone hold what the round before left there, as far as LLVM can tell: a flag and seven bytes
//! of an old float become one word. Optimising compilers say where such a variable begins to
//! live; `rustc` does not in the `dev` profile.
//!
//! *Computes*: before a call in a loop that is inlined, stores of undefined words to memory
//! that the call states to be for the result (`sret`). *Why it is sound*: no language lets a
//! function look at the place of its result before it has written it. LLVM deletes such stores
//! where they are of no use.

use std::collections::HashSet;

use enzyme_ir::{Block, Builder, Value};

const WORD: u64 = 8;

/// The parameter that the result is written to, if any, is the first or second.
const PLACES: usize = 2;

/// Says so before a call.
pub fn results_begin_undefined(call: Value) {
    let arguments = call.arguments();
    let stated = |i: &usize| Some((*i, call.argument_type(*i, "sret")?));
    let Some((index, ty)) = (0..arguments.len().min(PLACES)).find_map(|i| stated(&i)) else {
        return;
    };
    if !repeats(call.block()) {
        return;
    }
    let module = call.block().function().module();
    let builder = Builder::new(module);
    builder.before(call);
    let word = module.int(64);
    for at in (0..ty.size(module) / WORD).map(|i| i * WORD) {
        builder.store(word.undef(), builder.offset_by(arguments[index], at), 1);
    }
}

/// Whether a block may be reached from itself.
fn repeats(block: Block) -> bool {
    let mut seen = HashSet::new();
    let mut pending = vec![block];
    while let Some(from) = pending.pop() {
        for next in from.successors() {
            if next == block {
                return true;
            }
            if seen.insert(next) {
                pending.push(next);
            }
        }
    }
    false
}
