//! Signs that are turned by a mask which the program computes or loads.
//!
//! `xor` of the bits of two floats is a float operation if one of the two is a zero: the
//! other one then has its sign turned, or not, as the sign of the zero says. Transforms on
//! vectors keep such masks in memory. Which of the two is the mask is seen while the
//! program runs:
//!
//! ```text
//! if x ≠ 0 and m ≠ 0 in a lane: end the program
//! x · copysign(1, m) + m · copysign(1, x)
//! ```
//!
//! One of the terms is a zero of the sign that both have if the other one is a zero, too;
//! so the value is that of `xor`, but for the sign of a NaN. The derivative with respect
//! to what is no mask is ±1; a mask has none, as it is a constant, or a zero by accident.
//!
//! *From what*: operations whose operands are seen to be bits of floats, and whose results
//! are used as floats only. Done last, when masks that the optimiser can know are known.

use enzyme_ir::{Block, Builder, FloatOrder, Function, Opcode, Order, Type, Value};

use crate::targets::ending;

/// Ends the program: what was computed from bits would be a float.
const BITS: &str = "enzyme.bits";

/// Rewrites the function's operations.
pub fn signs_by_masks(function: Function) {
    // Of these, each is erased by its own turn only; casts may be erased by that of others.
    let concerned =
        |inst: &Value| matches!(inst.opcode(), Some(Opcode::LLVMShuffleVector | Opcode::LLVMXor));
    for inst in function.insts().into_iter().filter(concerned).collect::<Vec<_>>() {
        if inst.opcode() == Some(Opcode::LLVMShuffleVector) {
            shuffle_floats(inst);
        } else if let Some(float) = masked(inst) {
            turn(inst, float);
        }
    }
}

/// The type before a change of it.
fn before_cast(value: Value) -> Option<Type> {
    (value.opcode() == Some(Opcode::LLVMBitCast)).then(|| value.operand(0).ty())
}

fn lanes(ty: Type) -> u32 {
    ty.vector().map_or(1, |(_, count)| count)
}

/// Shuffles floats as floats that were shuffled as integers of their width.
fn shuffle_floats(inst: Value) {
    let [a, b] = [0, 1].map(|i| inst.operand(i));
    let Some(float) = before_cast(a) else { return };
    if !float.is_float() || lanes(float) != lanes(a.ty()) || inst.ty().is_float() {
        return;
    }
    let builder = Builder::new(inst.block().function().module());
    builder.before(inst);
    let [a, b] = [a, b].map(|v| builder.cast(Opcode::LLVMBitCast, v, float));
    let shuffled = builder.shuffle(a, b, &inst.shuffle_mask());
    replace(&builder, inst, shuffled);
}

/// Puts floats in the place of bits.
fn replace(builder: &Builder, inst: Value, floats: Value) {
    for user in inst.users().into_iter().filter(|user| before_cast(*user).is_some()) {
        if user.ty() == floats.ty() {
            user.replace_uses(floats);
            user.erase();
        }
    }
    if !inst.users().is_empty() {
        inst.replace_uses(builder.cast(Opcode::LLVMBitCast, floats, inst.ty()));
    }
    inst.erase();
}

/// The type of the floats, if it is such an operation.
fn masked(inst: Value) -> Option<Type> {
    if inst.opcode() != Some(Opcode::LLVMXor) {
        return None;
    }
    let operands = [inst.operand(0), inst.operand(1)];
    let float = operands.into_iter().find_map(before_cast).filter(|ty| ty.is_float())?;
    let cast = |user: &Value| before_cast(*user).is_some() && user.ty().is_float();
    let used = |user: Value| match user.opcode() {
        Some(Opcode::LLVMShuffleVector) => user.users().iter().all(cast),
        // What is stored may be bits for all that is known, unless it is a float's sign.
        Some(Opcode::LLVMStore) => inst.operand(1).is_constant(),
        _ => cast(&user),
    };
    let floats = inst.users().into_iter().all(used);
    (floats && lanes(float) == lanes(inst.ty())).then_some(float)
}

fn turn(inst: Value, float: Type) {
    let function = inst.block().function();
    let builder = Builder::new(function.module());
    let module = builder.module;
    builder.before(inst);
    let copysign = module.intrinsic("llvm.copysign", &[float]);
    let signed = |v, sign| {
        let sign = builder.call(copysign, &[float.const_float(1.0), sign]);
        builder.binary(Opcode::LLVMFMul, v, sign)
    };
    let [x, m] = [0, 1].map(|i| builder.cast(Opcode::LLVMBitCast, inst.operand(i), float));
    let differs = |v| builder.float_compare(FloatOrder::LLVMRealUNE, v, float.zero());
    if inst.operand(1).is_constant() {
        if inst.operand(1).is_mask_of_signs() {
            replace(&builder, inst, signed(x, m));
        }
        return;
    }
    let both = builder.binary(Opcode::LLVMAnd, differs(x), differs(m));
    let bits = module.int(lanes(float));
    let both = builder.cast(Opcode::LLVMBitCast, both, bits);
    let beyond = builder.compare(Order::NotEqual, both, bits.zero());

    let before = inst.block();
    let fits = Block::split_before(inst, "signs");
    let fails = function.append_block("bits");
    let jump = before.terminator().expect("a split block");
    builder.before(jump);
    builder.branch(beyond, fails, fits);
    jump.erase();
    builder.at_end(fails);
    builder.call(ending(module, BITS), &[]);
    builder.unreachable();

    builder.before(inst);
    let turned = builder.binary(Opcode::LLVMFAdd, signed(x, m), signed(m, x));
    replace(&builder, inst, turned);
}
