//! Where the data of an object behind a `dyn` pointer begins.
//!
//! An `Rc<dyn Trait>` leads to counters and, behind them, to data whose alignment only the
//! virtual table knows: the data begins at 16 + ((alignment - 1) & -16). To the types an
//! address that far behind is any address of the object, counters included. Almost all data is
//! aligned to 16 bytes or less, and begins right behind the header. So this stage lets the
//! program check that while it runs, and takes the distance for 0; unless one of the program's
//! virtual tables says otherwise, as those of data with AVX vectors do.
//!
//! *From*: `(align - 1) & -size` with the third word of a table, used for nothing but
//! addresses of bytes. *Why it is sound*: behind the check it is so. A program in which it is
//! not ends with a message.

use enzyme_ir::{Block, Builder, Function, Module, Opcode, Order, Value};

use crate::targets::{SIZE_AND_ALIGN, ending};

/// The function of the runtime library that ends the program.
const TOO_ALIGNED: &str = "enzyme.aligned";
/// Where a virtual table has the alignment.
const ALIGNMENT: i64 = 16;
/// The bytes of a header; what is aligned to no more follows it.
const HEADER: u64 = 16;

/// Checks the distances to data behind headers, and takes them for 0.
pub fn data_follows_headers(function: Function) {
    for distance in function.insts().into_iter().filter(|inst| is_distance(*inst)) {
        check(distance);
    }
}

fn is_distance(inst: Value) -> bool {
    let header = |mask: Value| mask.int().is_some_and(|mask| matches!(mask, -16 | -8));
    let table = |address: Value| {
        address.opcode() == Some(Opcode::LLVMGetElementPtr)
            && address.operand(1).int() == Some(ALIGNMENT)
    };
    let alignment =
        |value: Value| value.opcode() == Some(Opcode::LLVMLoad) && table(value.operand(0));
    let less_one = |value: Value| {
        value.opcode() == Some(Opcode::LLVMAdd)
            && value.operand(1).int() == Some(-1)
            && alignment(value.operand(0))
    };
    let users = || inst.users().into_iter();
    inst.opcode() == Some(Opcode::LLVMAnd)
        && header(inst.operand(1))
        && less_one(inst.operand(0))
        && users().len() > 0
        && users()
            .all(|user| user.opcode() == Some(Opcode::LLVMGetElementPtr) && user.operand(0) != inst)
}

/// Whether no virtual table of the program is of data that begins further behind a header.
pub fn all_follow(module: Module) -> bool {
    let tables = module.globals().into_iter().filter_map(Value::initializer).filter(|content| {
        let functions = content.functions_in(module);
        !functions.is_empty() && functions.iter().all(|(at, _)| !SIZE_AND_ALIGN.contains(at))
    });
    let mut alignments = tables.filter_map(|table| table.word_at(module, ALIGNMENT.unsigned_abs()));
    alignments.all(|alignment| !alignment.is_power_of_two() || alignment <= HEADER)
}

/// Splits the block behind a distance: what follows is reached only if it is 0.
fn check(distance: Value) {
    let head = distance.block();
    let function = head.function();
    let module = function.module();
    let rest = Block::split_before(distance.next().expect("no terminator"), "data");
    let beyond = function.append_block("aligned");
    let builder = Builder::new(module);
    distance.replace_uses(distance.ty().zero());
    head.terminator().expect("split leaves a jump").erase();
    builder.at_end(head);
    builder.locate(distance);
    let near = builder.compare(Order::Equal, distance, distance.ty().zero());
    builder.branch(near, rest, beyond);
    let end = ending(module, TOO_ALIGNED);
    builder.at_end(beyond);
    builder.locate(distance);
    builder.call(end, &[]);
    builder.unreachable();
}
