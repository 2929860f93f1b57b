//! Types of bytes that are only moved, as the front end states them.
//!
//! A struct that is copied as a whole, and a float that is moved as an integer, show no
//! type. C's front end says what is moved by metadata for alias analysis: the scalar type
//! of an access, and the fields of a copy. It says so of *effective types*: a program that
//! keeps to the language has floats exactly there. What a union may be is said to be
//! "omnipotent char", which states nothing.
//!
//! Without optimisation there is no such metadata, but local variables have their types:
//! a variable's declared type is its effective type. Unions among them state nothing. So it is
//! with variables whose address is an argument where a derivative is asked for.
//!
//! Rust states no types, but what it states of the tags of enums tells that they are no
//! floats: a loaded integer that is below a small number, or one on whose only bit the
//! block that loads it branches. Otherwise the program would have no meaning, so whatever
//! these bytes are, they take a few values and do not move with anything. A struct that is
//! exchanged for a copy of itself has tags that nothing else looks at.
//!
//! What an integer is made of for a comparison tells that it is the bits of a float: all but
//! the sign are turned where the sign is set, which is how floats are put in their total
//! order (IEEE 754, `totalOrder`; `f64::total_cmp`), and means nothing for integers.
//!
//! Each float becomes a call of a hint, late, so that hints keep no optimisation from
//! seeing through the memory.

use enzyme_body::{FloatKind, Ty};
use enzyme_ir::{Builder, Function, Opcode, Stated, Type, Value};
use enzyme_protocol::{HINT_ONE_F32, HINT_ONE_F64, HINT_PLAIN};

/// The names that C's front end has for integers.
const INTEGERS: [&str; 6] = ["int", "long", "long long", "short", "bool", "__int128"];
/// Integers below this take few values.
const MOST_TAGS: u64 = 1 << 16;
/// Variables with more scalars than this show their types by their use.
const MOST_SCALARS: usize = 64;

/// Writes down what is stated of the memory that the function touches.
pub fn state_types(function: Function) {
    for inst in function.insts() {
        match inst.opcode() {
            Some(Opcode::LLVMLoad) if inst.ty().is_integers() => {
                access(inst, inst.operand(0));
                if is_tag(inst) {
                    let module = inst.block().function().module();
                    let builder = Builder::new(module);
                    builder.before(inst);
                    no_floats(&builder, inst.operand(0), 0, inst.ty().mirrored(module).size());
                }
            }
            Some(Opcode::LLVMStore) if inst.operand(0).ty().is_integers() => {
                access(inst, inst.operand(1));
            }
            Some(Opcode::LLVMCall) if is_copy(inst) => access(inst, inst.operand(1)),
            Some(Opcode::LLVMAlloca) => variable(inst),
            Some(Opcode::LLVMXor) => put_in_order(inst),
            _ => {}
        }
    }
}

/// Whether a loaded integer takes a few values, or the program has no meaning. What is
/// cut to a bit may have been so on another path only: the branch shows that it is on
/// this one.
fn is_tag(load: Value) -> bool {
    let branches = |bit: &Value| {
        let end = load.block().terminator();
        end.is_some_and(|end| end.opcode() == Some(Opcode::LLVMBr) && end.operand(0) == *bit)
    };
    let users = load.users();
    let bits = users.iter().filter(|user| user.cuts_to_its_only_bit());
    let bit = bits.clone().any(|bit| bit.block() == load.block() && branches(bit));
    bit || load.stated_bound().is_some_and(|bound| bound <= MOST_TAGS)
}

/// The floats that an instruction puts in their total order, if it does.
fn put_in_order(xor: Value) {
    let module = xor.block().function().module();
    let kind = match xor.ty() {
        ty if ty == module.int(64) => FloatKind::Double,
        ty if ty == module.int(32) => FloatKind::Single,
        _ => return,
    };
    let last = kind.size().cast_signed() * 8 - 1;
    let shifted = |value: Value, opcode: Opcode, by: i64| {
        let shift = value.opcode() == Some(opcode) && value.operand(1).int() == Some(by);
        shift.then(|| value.operand(0))
    };
    let turned = |mask: Value| shifted(shifted(mask, Opcode::LLVMLShr, 1)?, Opcode::LLVMAShr, last);
    let (a, b) = (xor.operand(0), xor.operand(1));
    let bits = match (turned(a), turned(b)) {
        (Some(bits), _) if bits == b => b,
        (_, Some(bits)) if bits == a => a,
        _ => return,
    };
    let builder = Builder::new(module);
    for load in loads_of(bits) {
        builder.before(load);
        hint(&builder, load.operand(0), 0, kind);
    }
}

/// The loads that a value comes from, by whatever path.
fn loads_of(value: Value) -> Vec<Value> {
    let mut found = vec![value];
    let mut next = 0;
    while let Some(value) = found.get(next).copied() {
        next += 1;
        if value.opcode() == Some(Opcode::LLVMPHI) {
            for (incoming, _) in value.incoming() {
                if !found.contains(&incoming) {
                    found.push(incoming);
                }
            }
        }
    }
    found.retain(|value| value.opcode() == Some(Opcode::LLVMLoad));
    found
}

fn is_copy(call: Value) -> bool {
    call.called_function().is_some_and(|callee| {
        let name = callee.name();
        name.starts_with("llvm.memcpy.") || name.starts_with("llvm.memmove.")
    })
}

/// The fields of an access that are floats or integers.
fn access(inst: Value, address: Value) {
    let builder = Builder::new(inst.block().function().module());
    builder.before(inst);
    for Stated { offset, size, name } in inst.stated_types() {
        let kind = match &name[..] {
            "double" => FloatKind::Double,
            "float" => FloatKind::Single,
            name if INTEGERS.contains(&name) => {
                no_floats(&builder, address, offset, size);
                continue;
            }
            _ => continue,
        };
        if size % kind.size() == 0 && size / kind.size() <= MOST_SCALARS as u64 {
            for at in (offset..offset + size).step_by(kind.size() as usize) {
                hint(&builder, address, at, kind);
            }
        }
    }
}

/// The floats of a local variable, and its integers if it is a struct of the program's:
/// temporaries of the compiler have integers in the place of all kinds of fields.
fn variable(alloca: Value) {
    let builder = Builder::new(alloca.block().function().module());
    builder.after(alloca);
    if alloca.operand(0).int() == Some(1) {
        state_variable(&builder, alloca, alloca.allocated_type());
    }
}

/// States what lies at the address of a variable of a declared type.
pub fn state_variable(builder: &Builder, address: Value, ty: Type) {
    if holds_union(ty) {
        return;
    }
    let mut scalars = Vec::new();
    collect(&ty.mirrored(builder.module), 0, &mut scalars);
    if scalars.len() > MOST_SCALARS {
        return;
    }
    let named = ["%struct.", "%class."].iter().any(|word| ty.to_string().contains(word));
    for (offset, scalar) in scalars {
        match scalar {
            Ty::Float(kind) => hint(builder, address, offset, kind),
            Ty::Int(_) if named => no_floats(builder, address, offset, scalar.size()),
            _ => {}
        }
    }
}

/// Whether the type is or holds what C's front end makes of a union.
fn holds_union(ty: Type) -> bool {
    let items = ty.items().unwrap_or(0);
    let fields = if ty.is_structure() { items } else { items.min(1) };
    ty.to_string().contains("union.") || (0..fields).any(|index| holds_union(ty.field(index)))
}

fn collect(ty: &Ty, at: u64, scalars: &mut Vec<(u64, Ty)>) {
    match ty {
        Ty::Float(_) | Ty::Int(_) => scalars.push((at, ty.clone())),
        Ty::Aggregate(_, fields) => {
            for (offset, field) in fields {
                collect(field, at + offset, scalars);
            }
        }
        _ => {}
    }
}

fn no_floats(builder: &Builder, address: Value, offset: u64, size: u64) {
    let module = builder.module;
    let ty = Type::function(Type::void(module), &[module.ptr(), module.int(64)]);
    let hint = module.declare(HINT_PLAIN, ty);
    hint.touches_only_the_inaccessible();
    let size = module.i64(size.cast_signed());
    builder.call(hint, &[builder.offset_by(address, offset), size]);
}

fn hint(builder: &Builder, address: Value, offset: u64, kind: FloatKind) {
    let name = match kind {
        FloatKind::Double => HINT_ONE_F64,
        FloatKind::Single => HINT_ONE_F32,
        _ => return,
    };
    let module = builder.module;
    let ty = Type::function(Type::void(module), &[module.ptr()]);
    let hint = module.declare(name, ty);
    hint.touches_only_the_inaccessible();
    builder.call(hint, &[builder.offset_by(address, offset)]);
}
