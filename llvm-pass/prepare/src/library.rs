//! What C programs have and later stages do not: memory of varying size on the stack, and
//! library functions that are others in disguise.
//!
//! | found | becomes |
//! |---|---|
//! | a stack object of varying size | memory of the derivative's arena, which lives longer |
//! | `memcpy`, `memmove`, `memset` by name (`-fno-builtin`) | the plain operation |
//! | `__memcpy_chk`, `__memmove_chk`, `__memset_chk` | the check, then the plain operation |
//!
//! Done to each copy before it is simplified, so that nothing is inlined around them yet.

use enzyme_ir::{Block, Builder, Function, Opcode, Order, Type, Value};
use enzyme_protocol::ARENA_ALLOC;

/// The alignment of an object that may hold anything.
const ALIGN: u64 = 16;

/// Gives the function's memory and library calls these forms.
pub fn plain_library(function: Function) {
    for inst in function.insts() {
        match inst.opcode() {
            Some(Opcode::LLVMAlloca) if inst.operand(0).int().is_none() => vary(inst),
            Some(Opcode::LLVMCall) => {
                let Some(callee) = inst.called_function() else { continue };
                let name = callee.name();
                let (checks, plain) = match name.strip_prefix("__") {
                    Some(name) => (true, name.strip_suffix("_chk").unwrap_or_default()),
                    None => (false, &name[..]),
                };
                if callee.is_declaration()
                    && inst.operand_count() == if checks { 5 } else { 4 }
                    && let Some(operation) = operation(plain)
                {
                    moves(inst, checks, operation);
                }
            }
            _ => {}
        }
    }
}

/// A stack object of varying size.
fn vary(alloca: Value) {
    if alloca.alignment() > ALIGN {
        return;
    }
    let builder = Builder::new(alloca.block().function().module());
    let module = builder.module;
    builder.before(alloca);
    let word = module.int(64);
    let count = builder.resize(alloca.operand(0), word);
    let size = module.i64(alloca.allocated_type().size(module).cast_signed());
    let ty = Type::function(module.ptr(), &[word, word]);
    let arena = module.declare(ARENA_ALLOC, ty);
    let align = module.i64(ALIGN.cast_signed());
    let object = builder.call(arena, &[builder.mul(count, size), align]);
    alloca.replace_uses(object);
    alloca.erase();
}

/// What writes as many bytes somewhere, of what is there or of one byte.
type Operation = fn(&Builder, Value, Value, Value, u64) -> Value;

/// The operation that the library has under a name.
fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "memcpy" => Builder::copy,
        "memmove" => Builder::shift,
        "memset" => |builder, to, byte, len, align| {
            let byte = builder.resize(byte, builder.module.int(8));
            builder.fill(to, byte, len, align)
        },
        _ => return None,
    })
}

/// `f(to, what, len)`, or `f(to, what, len, room)`, which ends the program if there is no room.
fn moves(call: Value, checks: bool, plain: Operation) {
    const UNKNOWN: i64 = -1;
    let [to, what, len] = [0, 1, 2].map(|index| call.operand(index));
    let room = checks.then(|| call.operand(3)).filter(|room| room.int() != Some(UNKNOWN));
    let builder = Builder::new(call.block().function().module());
    let module = builder.module;
    if let Some(room) = room {
        let before = call.block();
        let fits = Block::split_before(call, "fits");
        let fails = before.function().append_block("overflow");
        let jump = before.terminator().expect("a split block");
        builder.before(jump);
        builder.branch(builder.compare(Order::UnsignedLess, room, len), fails, fits);
        jump.erase();
        builder.at_end(fails);
        let fail = Type::function(Type::void(module), &[]);
        builder.call(module.declare("__chk_fail", fail), &[]);
        builder.unreachable();
    }
    builder.before(call);
    plain(&builder, to, what, len, 1);
    call.replace_uses(to);
    call.erase();
}
