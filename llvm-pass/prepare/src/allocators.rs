//! Allocation in one form: a call that returns the address and does not unwind.
//!
//! Allocation ends in success, null or an abort, and the engine replaces the calls: none
//! unwinds. `posix_memalign` stores the address of the new memory; it becomes
//! `aligned_alloc`, which makes the same memory, and a store of the address.

use enzyme_ir::{Builder, Function, Opcode, Order, Type, Value, invoke_to_call};
use enzyme_rules::{Known, Size, known};

/// What `posix_memalign` returns if there is no memory: `ENOMEM`.
const NO_MEMORY: i64 = 12;

/// Gives the function's allocations this form.
pub fn allocators_return(function: Function) {
    let mut insts = function.insts();
    // A block that an invoke led to loses phis with the edge: the list holds no phis.
    insts.retain(|inst| inst.opcode() == Some(Opcode::LLVMInvoke));
    for call in insts {
        let Some(callee) = call.called_function() else { continue };
        let name = callee.name();
        let allocates = matches!(
            known(&name),
            Some(
                Known::Allocate { .. }
                    | Known::AllocateAt { .. }
                    | Known::Reallocate { .. }
                    | Known::Free { .. }
            )
        );
        if allocates || name.starts_with(enzyme_protocol::MARKER) {
            invoke_to_call(call);
        }
    }
    for call in function.insts() {
        let known = call.called_function().and_then(|callee| known(&callee.name()));
        if let Some(Known::AllocateAt { size: Size::Argument(size), align, slot }) = known {
            return_the_address(call, [align, size, slot].map(|i| call.operand(i.into())));
        }
    }
}

fn return_the_address(call: Value, [align, size, slot]: [Value; 3]) {
    let builder = Builder::new(call.block().function().module());
    let module = builder.module;
    builder.before(call);
    let word = module.int(64);
    let ty = Type::function(module.ptr(), &[word, word]);
    let allocate = module.declare("aligned_alloc", ty);
    allocate.add_attribute("nounwind");
    let address = builder.call(allocate, &[align, size]);
    builder.store(address, slot, 8);
    let none = builder.compare(Order::Equal, address, module.ptr().zero());
    let status = call.ty();
    let failed = builder.resize(module.i64(NO_MEMORY), status);
    call.replace_uses(builder.select(none, failed, status.zero()));
    call.erase();
}
