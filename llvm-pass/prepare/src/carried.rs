//! Integers that the optimiser stores as addresses, and addresses that it stores as integers,
//! as what they are.
//!
//! A word that holds a double in one variant of an enum and an address in another, or a small
//! object in the place of its address (`std::function`), is stored with the type that the
//! place has elsewhere: `store ptr (inttoptr i64 %bits)`. The bytes are the same, and as an
//! integer the word may be the bits of a float; an address never is. So later stages find no
//! address that is made of an integer and then stored.
//!
//! The other way round, a word that is read as an address and moved as an integer (structures
//! that are exchanged) is stored by `store i64 (ptrtoint ptr %address)`. The shadow of an address
//! is another address, that of an integer is the integer: it is stored as an address.
//!
//! Words that are loaded as addresses are moved as integers once types tell which may be floats
//! (`moved`). Done last: the optimiser may write such stores anew. What is not found here is
//! refused by the activity.

use enzyme_ir::{Function, Opcode, Value};

/// Rewrites the function's stores.
pub fn stored_as_they_are(function: Function) {
    let is_store = |inst: &Value| inst.opcode() == Some(Opcode::LLVMStore);
    for store in function.insts().into_iter().filter(is_store).collect::<Vec<_>>() {
        let cast = store.operand(0);
        if !matches!(cast.opcode(), Some(Opcode::LLVMIntToPtr | Opcode::LLVMPtrToInt)) {
            continue;
        }
        let value = cast.operand(0);
        let module = function.module();
        // Another width is no copy of the bytes.
        if value.ty().size(module) == cast.ty().size(module) {
            store.set_operand(0, value);
            if cast.is_inst() && cast.users().is_empty() {
                cast.erase();
            }
        }
    }
}
