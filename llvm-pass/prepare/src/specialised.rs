//! Tests for values whose bits are all zero, forgotten.
//!
//! `vec![x; n]`, and what is built on it, asks the standard library's `IsZero`
//! whether the bits of `x` are zero, and if so takes zeroed memory instead of
//! writing `x` into it. The memory is the same, its derivative is not: what is
//! never written depends on nothing, and at `x = 0` the derivative would vanish.
//! `IsZero` may always answer "no" (it only promises that a "yes" is true), so
//! this stage makes it do so in its copies, and the general way is taken.
//!
//! The test is recognised by its place in the source, or by the trait's name. Where neither is
//! there, what `vec!` does shows in a program compiled from Rust: it decides between zeroed
//! memory and other memory of as many bytes, and what is tested is a float, or written more
//! than once: a loop is the least that fills a vector.

use std::collections::HashSet;

use enzyme_ir::{Block, Function, Module, Opcode, Value};
use enzyme_rules::{Known, Size, known};

/// The end of the path of the file in which, and in whatever is inlined there, all
/// comparisons with zero are such tests or follow from them.
const FILE: &str = "alloc/src/vec/is_zero.rs";
/// The trait of such tests.
const TRAIT: &str = "alloc::vec::is_zero::IsZero";
/// In so many steps the bytes of a vector are computed from its length.
const MOST_STEPS: usize = 4;
/// The class "positive zero" of `llvm.is.fpclass`, and all classes.
const POSITIVE_ZERO: i64 = 0x40;
const ALL: i64 = 0x3ff;

/// Makes every such test say "no" in the copy of the function with this symbol.
pub fn forget_zero_tests(function: Function, symbol: &str) {
    let path = rustc_demangle::try_demangle(symbol).map(|path| format!("{path:#}"));
    let asks = path.is_ok_and(|path| path.contains(TRAIT));
    for inst in function.insts() {
        let Some(says_zero) = zero_test(inst) else { continue };
        if inst.stands_in(FILE).unwrap_or(asks) {
            inst.replace_uses(match says_zero {
                true => inst.ty().zero(),
                false => inst.ty().all_ones(),
            });
        }
    }
}

/// The same of tests whose place is not known, in a copy into which all is inlined; whether there
/// were any.
pub fn forget_choices_of_memory(function: Function) -> bool {
    let blocks = function.blocks();
    let zeroed = |block: &&Block| block.insts().iter().any(|inst| is_zeroed(*inst));
    if !blocks.iter().any(|block| zeroed(&block)) || !is_rust(function.module()) {
        return false;
    }
    let mut any = false;
    let branches = blocks.iter().filter_map(|block| block.terminator());
    for branch in branches.filter(|end| end.opcode() == Some(Opcode::LLVMBr)) {
        let [zero, other] = branch.block().successors()[..] else { continue };
        let condition = branch.operand(0);
        if all_are_zero(condition) && chooses_memory(&blocks, zero, other) {
            branch.set_operand(0, condition.ty().zero());
            any = true;
        }
    }
    any
}

/// Whether a module has code that was compiled from Rust.
fn is_rust(module: Module) -> bool {
    let functions = module.functions().into_iter();
    functions.map(Function::name).any(|name| rustc_demangle::try_demangle(&name).is_ok())
}

/// Whether a condition is that values of no known place are all zero, with which a vector may be
/// filled.
fn all_are_zero(condition: Value) -> bool {
    let both = match condition.opcode() {
        Some(Opcode::LLVMAnd) => Some([0, 1]),
        Some(Opcode::LLVMSelect) if condition.operand(2).is_zero() => Some([0, 1]),
        _ => None,
    };
    match both {
        Some(both) => both.into_iter().all(|i| all_are_zero(condition.operand(i))),
        None => {
            zero_test(condition) == Some(true)
                && condition.stands_in(FILE).is_none()
                && fills(condition.operand(0))
        }
    }
}

/// Whether a comparison with zero is true for zero; none for other instructions.
fn zero_test(inst: Value) -> Option<bool> {
    if let Some(equal) = inst.is_equality() {
        let [value, zero] = [0, 1].map(|i| inst.operand(i));
        return (value.ty().is_integers() && zero.is_zero()).then_some(equal);
    }
    let callee = inst.called_function()?;
    if !callee.name().starts_with("llvm.is.fpclass.") {
        return None;
    }
    match inst.operand(1).int()? {
        POSITIVE_ZERO => Some(true),
        mask if mask == ALL & !POSITIVE_ZERO => Some(false),
        _ => None,
    }
}

/// Whether of two branches one leads to zeroed memory, and the other to other memory of as many
/// bytes.
fn chooses_memory(blocks: &[Block], zero: Block, other: Block) -> bool {
    let behind = |first: Block| {
        let before = reached(blocks[0], first);
        blocks.iter().filter(move |block| !before.contains(block)).flat_map(|block| block.insts())
    };
    let zeroed: Vec<_> = behind(zero).filter(|inst| is_zeroed(*inst)).flat_map(bytes).collect();
    let as_many = |inst: Value| {
        let bytes = bytes(inst).into_iter();
        bytes.into_iter().any(|n| zeroed.iter().any(|zeroed| is_same(*zeroed, n, MOST_STEPS)))
    };
    !zeroed.is_empty() && behind(other).any(|inst| !is_zeroed(inst) && as_many(inst))
}

/// Whether two values are computed alike from the same ones, in a few steps.
fn is_same(a: Value, b: Value, steps: usize) -> bool {
    let computes = |value: Value| value.is_inst() && !value.is_call() && !value.accesses_memory();
    a == b
        || steps > 0
            && computes(a)
            && computes(b)
            && (a.opcode(), a.ty()) == (b.opcode(), b.ty())
            && a.opcode() != Some(Opcode::LLVMPHI)
            && a.operand_count() == b.operand_count()
            && std::iter::zip(a.operands(), b.operands()).all(|(a, b)| is_same(a, b, steps - 1))
}

/// The blocks that are reached from one without another.
fn reached(from: Block, without: Block) -> HashSet<Block> {
    let mut found = HashSet::from([from, without]);
    let mut pending = vec![from];
    while let Some(block) = pending.pop() {
        pending.extend(block.successors().into_iter().filter(|next| found.insert(*next)));
    }
    found.remove(&without);
    found
}

/// Whether a vector may be filled with a value: a float, or what is written more than once.
fn fills(value: Value) -> bool {
    if value.opcode() == Some(Opcode::LLVMOr) {
        return value.operands().into_iter().all(fills);
    }
    let writes = |user: &Value| {
        matches!(user.opcode(), Some(Opcode::LLVMStore | Opcode::LLVMInsertElement))
            && user.operands().contains(&value)
    };
    value.ty().is_float()
        || value.opcode() == Some(Opcode::LLVMBitCast)
        || value.users().iter().filter(|user| writes(user)).count() > 1
}

/// Whether an instruction makes zeroed memory.
fn is_zeroed(inst: Value) -> bool {
    matches!(allocation(inst), Some(Known::Allocate { zeroed: true, .. }))
}

/// The operands that tell how much memory an instruction makes.
fn bytes(inst: Value) -> Vec<Value> {
    let operand = |i: u8| inst.operand(usize::from(i));
    match allocation(inst) {
        Some(Known::Allocate { size: Size::Argument(i), .. }) => vec![operand(i)],
        Some(Known::Allocate { size: Size::Product(i, j), .. }) => vec![operand(i), operand(j)],
        _ => vec![],
    }
}

fn allocation(inst: Value) -> Option<Known> {
    known(&inst.called_function()?.name())
}
