//! Integers that the optimiser stores as addresses, as the integers that they are.
//!
//! A word that holds a double in one variant of an enum and an address in another, or a small
//! object in the place of its address (`std::function`), is stored with the type that the
//! place has elsewhere: `store ptr (inttoptr i64 %bits)`. The bytes are the same, and as an
//! integer the word may be the bits of a float; an address never is. So later stages find no
//! address that is made of an integer and then stored.
//!
//! Words that are loaded as addresses are moved as integers once types tell which may be floats
//! (`moved`). Done last: the optimiser may write such stores anew. What is not found here is
//! refused by the activity.

use enzyme_ir::{Function, Opcode, Value};

/// Rewrites the function's stores.
pub fn stored_as_integers(function: Function) {
    let of_addresses = |inst: &Value| inst.opcode() == Some(Opcode::LLVMStore);
    for store in function.insts().into_iter().filter(of_addresses).collect::<Vec<_>>() {
        let address = store.operand(0);
        if address.opcode() != Some(Opcode::LLVMIntToPtr) {
            continue;
        }
        let integer = address.operand(0);
        let module = function.module();
        // Another width is no copy of the bytes.
        if integer.ty().size(module) == address.ty().size(module) {
            store.set_operand(0, integer);
            if address.users().is_empty() {
                address.erase();
            }
        }
    }
}
