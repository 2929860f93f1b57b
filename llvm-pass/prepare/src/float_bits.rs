//! Bit operations on vectors of floats, in the lanes of the floats.
//!
//! The intrinsics of `core::arch` do `and`, `or` and `xor` on 128 bits, whatever is in
//! them, and move halves of them as doubles. LLVM knows that a sign bit taken away is
//! `fabs` and that a mask of ones is a choice, but only if the lanes of the integers are
//! those of the floats, and are seen to be floats. So this stage writes such operations
//! in the lanes that their operands, or the users of their results, have, and names what
//! is done to sign bits: taken away, set, turned, or taken from another float. Where that
//! leaves bit operations that are no float operation, they are refused later, as all are.
//!
//! The bits are the same before and after; only their types differ.

use enzyme_ir::{Builder, Function, Opcode, Order, Type, Value};

/// Rewrites the function's operations; whether there was one.
pub fn lanes_of_floats(function: Function) -> bool {
    let mut changed = false;
    // Of these, each is erased by its own turn only; casts may be erased by that of others.
    let concerned = |inst: &Value| is_logic(*inst) || is_shuffle(*inst);
    for inst in function.insts().into_iter().filter(concerned).collect::<Vec<_>>() {
        changed |= sign_transfer(inst) || retyped(inst);
    }
    changed
}

fn is_logic(value: Value) -> bool {
    use Opcode::{LLVMAnd, LLVMOr, LLVMXor};
    matches!(value.opcode(), Some(LLVMAnd | LLVMOr | LLVMXor))
}

fn is_shuffle(value: Value) -> bool {
    value.opcode() == Some(Opcode::LLVMShuffleVector)
}

/// The value before a change of its type.
fn before_cast(value: Value) -> Option<Value> {
    (value.opcode() == Some(Opcode::LLVMBitCast)).then(|| value.operand(0))
}

/// Bits of a lane.
fn lane_bits(ty: Type, builder: &Builder) -> Option<u64> {
    ty.vector().map(|(item, _)| 8 * item.size(builder.module))
}

/// How far to look for what a chain of bit operations starts from or ends in.
const FAR: u32 = 4;

/// The vector type in whose lanes an operation should be: floats before integers.
fn wanted(inst: Value) -> Option<Type> {
    let mut all = Vec::new();
    collect(inst, FAR, &mut all);
    let vectors = || all.iter().copied().filter(|ty| ty.vector().is_some());
    vectors().find(|ty| ty.is_float()).or_else(|| vectors().next())
}

/// The types that a chain of bit operations comes from and goes to.
fn collect(inst: Value, far: u32, all: &mut Vec<Type>) {
    let users = inst.users();
    for value in inst.operands().into_iter().chain(users.iter().copied()) {
        if let Some(before) = before_cast(value) {
            all.push(if before == inst { value.ty() } else { before.ty() });
        } else if is_logic(value) && far > 0 {
            collect(value, far - 1, all);
        } else {
            all.extend(accessed_as(value));
        }
    }
}

/// The types in which the memory of a load or store is accessed at the same address.
fn accessed_as(access: Value) -> Vec<Type> {
    let address = |access: Value| match access.opcode() {
        Some(Opcode::LLVMLoad) => Some(access.operand(0)),
        Some(Opcode::LLVMStore) => Some(access.operand(1)),
        _ => None,
    };
    let Some(at) = address(access).filter(|at| !at.is_constant()) else { return Vec::new() };
    let others = at.users().into_iter().filter(|user| address(*user) == Some(at));
    let ty = |user: Value| match user.opcode() {
        Some(Opcode::LLVMStore) => user.operand(0).ty(),
        _ => user.ty(),
    };
    others.map(ty).filter(|ty| ty.is_float()).collect()
}

fn retyped(inst: Value) -> bool {
    let shuffles = is_shuffle(inst);
    if !is_logic(inst) && !shuffles {
        return false;
    }
    let builder = Builder::new(inst.block().function().module());
    let (Some(other), Some(own)) = (wanted(inst), lane_bits(inst.ty(), &builder)) else {
        return false;
    };
    let Some(bits) = lane_bits(other, &builder) else { return false };
    if bits == own {
        return !shuffles && named(&builder, inst, other);
    }
    if shuffles && !other.is_float() {
        return false;
    }
    // In wider lanes a shuffle must move whole ones.
    let mask = if shuffles { shuffle_in(&inst.shuffle_mask(), (own, bits)) } else { None };
    if shuffles && mask.is_none() {
        return false;
    }
    let item = match shuffles {
        true => other.vector().expect("a vector").0,
        false => builder.module.int(u32::try_from(bits).expect("a narrow lane")),
    };
    builder.before(inst);
    let cast = |value: Value| {
        let total = 8 * value.ty().size(builder.module);
        let lanes = u32::try_from(total / bits).expect("few lanes");
        builder.cast(Opcode::LLVMBitCast, value, Type::vector_of(item, lanes))
    };
    let [a, b] = [0, 1].map(|i| cast(inst.operand(i)));
    let result = match inst.opcode() {
        Some(Opcode::LLVMShuffleVector) => builder.shuffle(a, b, &mask.expect("a shuffle")),
        opcode => {
            let opcode = opcode.expect("an instruction");
            let named = float_type(other, a.ty(), &builder)
                .and_then(|float| sign_operation(&builder, opcode, (a, b), float));
            named.unwrap_or_else(|| builder.binary(opcode, a, b))
        }
    };
    replace(&builder, inst, result);
    true
}

/// The mask of a shuffle in lanes of another width; a negative index may be any lane.
pub fn shuffle_in(mask: &[i32], (from, to): (u64, u64)) -> Option<Vec<i32>> {
    if from.is_multiple_of(to) {
        let parts = i32::try_from(from / to).ok()?;
        let each =
            |lane: i32| (0..parts).map(move |p| if lane < 0 { -1 } else { parts * lane + p });
        return Some(mask.iter().copied().flat_map(each).collect());
    }
    let parts = usize::try_from(to / from).ok().filter(|_| to.is_multiple_of(from))?;
    let whole = |lanes: &[i32]| {
        let width = i32::try_from(parts).ok()?;
        let known = (0..width).zip(lanes).find(|(_, lane)| **lane >= 0);
        let Some((at, &lane)) = known else { return Some(-1) };
        let first = lane - at;
        let follows = |(at, lane): (i32, &i32)| *lane < 0 || *lane == first + at;
        let fits = first % width == 0 && first >= 0 && (0..width).zip(lanes).all(follows);
        fits.then_some(first / width)
    };
    mask.len().is_multiple_of(parts).then(|| mask.chunks(parts).map(whole).collect())?
}

/// Puts a value of other lanes in the place of an operation, without a way round through
/// the operation's type.
fn replace(builder: &Builder, inst: Value, result: Value) {
    for user in inst.users().into_iter().filter(|user| before_cast(*user).is_some()) {
        user.replace_uses(builder.cast(Opcode::LLVMBitCast, result, user.ty()));
        user.erase();
    }
    inst.replace_uses(builder.cast(Opcode::LLVMBitCast, result, inst.ty()));
    inst.erase();
}

/// The vector of floats with these lanes, if the other type's lanes are floats.
fn float_type(other: Type, lanes: Type, builder: &Builder) -> Option<Type> {
    let (item, count) = (other.vector()?.0, lanes.vector()?.1);
    let same = other.is_float() && lane_bits(lanes, builder) == lane_bits(other, builder);
    same.then(|| Type::vector_of(item, count))
}

/// Names an operation that has the lanes of floats already.
fn named(builder: &Builder, inst: Value, other: Type) -> bool {
    let operands = (inst.operand(0), inst.operand(1));
    let opcode = inst.opcode().expect("an instruction");
    let result = float_type(other, inst.ty(), builder).and_then(|float| {
        builder.before(inst);
        sign_operation(builder, opcode, operands, float)
    });
    if let Some(result) = result {
        replace(builder, inst, result);
    }
    result.is_some()
}

/// An operation with a constant that only concerns signs.
fn sign_operation(
    builder: &Builder,
    opcode: Opcode,
    (a, b): (Value, Value),
    float: Type,
) -> Option<Value> {
    let (x, mask) = if a.is_constant() { (b, a) } else { (a, b) };
    let size = |x| builder.call(builder.module.intrinsic("llvm.fabs", &[float]), &[x]);
    let x = || builder.cast(Opcode::LLVMBitCast, x, float);
    match opcode {
        Opcode::LLVMAnd if mask.is_magnitude_mask() => Some(size(x())),
        Opcode::LLVMXor if mask.is_sign_mask() => Some(builder.neg(x())),
        Opcode::LLVMOr if mask.is_sign_mask() => Some(builder.neg(size(x()))),
        _ => None,
    }
}

/// `x ^ (y & sign)` with the bits of a float `x`, or `|x| | (y & sign)`.
fn sign_transfer(inst: Value) -> bool {
    let positive = match inst.opcode() {
        Some(Opcode::LLVMXor) => false,
        Some(Opcode::LLVMOr) => true,
        _ => return false,
    };
    let builder = Builder::new(inst.block().function().module());
    let Some(float) = wanted(inst).and_then(|ty| float_type(ty, inst.ty(), &builder)) else {
        return false;
    };
    let [a, b] = [inst.operand(0), inst.operand(1)];
    let found = [(a, b), (b, a)].into_iter().find(|(x, sign)| {
        sign.opcode() == Some(Opcode::LLVMAnd)
            && sign.operand(1).is_sign_mask()
            && (!positive || before_cast(*x).is_some_and(is_size))
    });
    let Some((x, sign)) = found else { return false };
    builder.before(inst);
    let y = sign.operand(0);
    let x = builder.cast(Opcode::LLVMBitCast, x, float);
    let negative = builder.compare(Order::SignedLess, y, y.ty().zero());
    let signed = builder.select(negative, builder.neg(x), x);
    replace(&builder, inst, signed);
    true
}

fn is_size(value: Value) -> bool {
    value.called_function().is_some_and(|f| f.name().starts_with("llvm.fabs."))
}
