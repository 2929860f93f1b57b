//! Tests for values whose bits are all zero, forgotten.
//!
//! `vec![x; n]`, and what is built on it, asks the standard library's `IsZero`
//! whether the bits of `x` are zero, and if so takes zeroed memory instead of
//! writing `x` into it. The memory is the same, its derivative is not: what is
//! never written depends on nothing, and at `x = 0` the derivative would vanish.
//! `IsZero` may always answer "no" (it only promises that a "yes" is true), so
//! this stage makes it do so in its copies, and the general way is taken.
//!
//! The test is recognised by its place in the source; where the program has no
//! debug information, by the zeroed allocation that it decides about.

use enzyme_ir::{Function, Value};
use enzyme_rules::{Known, known};

/// The end of the path of the file in which, and in whatever is inlined there, all
/// comparisons with zero are such tests or follow from them.
const FILE: &str = "alloc/src/vec/is_zero.rs";
/// The class "positive zero" of `llvm.is.fpclass`, and all classes.
const POSITIVE_ZERO: i64 = 0x40;
const ALL: i64 = 0x3ff;

/// Makes every such test of the function say "no".
pub fn forget_zero_tests(function: Function) {
    for inst in function.insts() {
        let Some(says_zero) = zero_test(inst) else { continue };
        let found = inst.stands_in(FILE);
        if found.unwrap_or_else(|| decides_about_zeroed_memory(inst, says_zero)) {
            inst.replace_uses(match says_zero {
                true => inst.ty().zero(),
                false => inst.ty().all_ones(),
            });
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

/// Whether a branch on the test leads, for zero, to an allocation of zeroed memory.
fn decides_about_zeroed_memory(test: Value, says_zero: bool) -> bool {
    let zeroed = |call: &Value| {
        matches!(
            call.called_function().and_then(|callee| known(&callee.name())),
            Some(Known::Allocate { zeroed: true, .. })
        )
    };
    test.users().into_iter().filter(|user| user.block().terminator() == Some(*user)).any(|branch| {
        let targets = branch.block().successors();
        let target = targets.get(usize::from(!says_zero));
        target.is_some_and(|block| block.insts().iter().any(zeroed))
    })
}
