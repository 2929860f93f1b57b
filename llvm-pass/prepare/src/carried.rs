//! Integers that the optimiser stores and loads as addresses, as the integers that they are.
//!
//! A word that holds a double in one variant of an enum and an address in another, or a small
//! object in the place of its address (`std::function`), is stored with the type that the
//! place has elsewhere: `store ptr (inttoptr i64 %bits)`. The bytes are the same, and as an
//! integer the word may be the bits of a float; an address never is. So later stages find no
//! address that is made of an integer and then stored.
//!
//! So it is where such a word is loaded: `bitcast (ptrtoint (load ptr))` is a float again, and
//! what is loaded is loaded a second time, at the same point, as an integer.
//!
//! Done last: the optimiser may write such stores and loads anew. What is not found here is
//! refused by the activity.

use std::collections::HashMap;

use enzyme_ir::{Builder, Function, Opcode, Type, Value};

/// Rewrites the function's stores, and its loads of words that become floats.
pub fn carried_as_integers(function: Function) {
    stored_as_integers(function);
    let measured = |inst: &Value| inst.opcode() == Some(Opcode::LLVMPtrToInt);
    let casts = function.insts().into_iter().filter(measured).collect::<Vec<_>>();
    let module = function.module();
    let integer = module.int(64);
    let mut twins =
        Twins { builder: Builder::new(module), function, integer, known: HashMap::new() };
    for cast in casts.into_iter().filter(|cast| becomes_float(*cast)) {
        let address = cast.operand(0);
        // Another width is no copy of the bytes.
        let whole = cast.ty() == integer && address.ty().size(module) == integer.size(module);
        if whole && has_place_behind(address) {
            let twin = twins.of(address);
            cast.replace_uses(twin);
            cast.erase();
        }
    }
}

/// Whether an integer is taken for the bits of a float.
fn becomes_float(integer: Value) -> bool {
    let users = |value: Value| value.users();
    let is_cast = |user: &Value| user.opcode() == Some(Opcode::LLVMBitCast) && user.ty().is_float();
    let moves = |user: &Value| {
        matches!(user.opcode(), Some(Opcode::LLVMPHI | Opcode::LLVMSelect | Opcode::LLVMFreeze))
    };
    let moved = closure(integer, |value| users(value).into_iter().filter(moves).collect());
    moved.into_iter().flat_map(users).any(|user| is_cast(&user))
}

/// Whether an instruction may stand behind each value that an address is chosen from.
fn has_place_behind(address: Value) -> bool {
    let from = |value: Value| match value.opcode() {
        Some(Opcode::LLVMPHI) => value.incoming().into_iter().map(|(from, _)| from).collect(),
        _ => Vec::new(),
    };
    !closure(address, from).iter().any(|value| value.opcode() == Some(Opcode::LLVMInvoke))
}

/// A value and all that is found from it, step by step.
fn closure(start: Value, next: impl Fn(Value) -> Vec<Value>) -> Vec<Value> {
    let mut found = vec![start];
    let mut at = 0;
    while let Some(&value) = found.get(at) {
        for other in next(value) {
            if !found.contains(&other) {
                found.push(other);
            }
        }
        at += 1;
    }
    found
}

/// The integers that have the bits of addresses.
struct Twins {
    builder: Builder,
    function: Function,
    integer: Type,
    known: HashMap<Value, Value>,
}

impl Twins {
    /// The bits of an address, as an integer that is there wherever the address is.
    fn of(&mut self, address: Value) -> Value {
        if let Some(&known) = self.known.get(&address) {
            return known;
        }
        let builder = &self.builder;
        let twin = match address.opcode() {
            Some(Opcode::LLVMPHI) => return self.of_phi(address),
            Some(Opcode::LLVMIntToPtr) if address.operand(0).ty() == self.integer => {
                address.operand(0)
            }
            Some(Opcode::LLVMLoad) if address.is_plain_access() => {
                builder.after(address);
                builder.load(self.integer, address.operand(0), address.alignment())
            }
            _ => {
                match address.is_inst() {
                    true => builder.after(address),
                    false => builder.before(self.function.blocks()[0].first_non_phi()),
                }
                builder.cast(Opcode::LLVMPtrToInt, address, self.integer)
            }
        };
        self.known.insert(address, twin);
        twin
    }

    fn of_phi(&mut self, phi: Value) -> Value {
        self.builder.before(phi);
        let twin = self.builder.phi(self.integer);
        self.known.insert(phi, twin);
        for (from, block) in phi.incoming() {
            let bits = self.of(from);
            twin.add_incoming(bits, block);
        }
        twin
    }
}

/// Rewrites the function's stores.
fn stored_as_integers(function: Function) {
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
