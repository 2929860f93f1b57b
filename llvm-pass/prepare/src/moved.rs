//! Words that may be floats or addresses, moved as integers and no longer as either.
//!
//! *Computes*: beside each load of such a word one of it as an integer, and
//! beside each choice of addresses one of integers; what stored the address, or cast it to an
//! integer, takes the integer. Other users keep the address. *From*: what the analysis of
//! types asks for. *Why it is sound*: the bytes are the same. Where an address that comes
//! along has no place for its cast, all stays as it is.

use std::collections::{HashMap, HashSet};

use enzyme_body::Moved;
use enzyme_diag::Result;
use enzyme_ir::{Builder, Opcode, Type, Value};

use crate::PreparedProgram;

impl PreparedProgram {
    /// Moves the words.
    ///
    /// # Errors
    /// Failures of LLVM itself.
    pub fn move_as_integers(&mut self, moved: &[Moved]) -> Result<()> {
        for moved in moved {
            let body = &self.bodies[moved.body];
            let value = |&id: &_| body.mirrored.values[id];
            let users: Vec<Value> = moved.users.iter().map(value).collect();
            let addresses: HashSet<Value> = moved.addresses.iter().map(value).collect();
            if !addresses.iter().all(|&address| can_be_integer(address)) {
                continue;
            }
            let module = body.function.module();
            let (builder, word) = (Builder::new(module), module.int(64));
            let mut integers = Integers { builder, word, of: HashMap::new() };
            for user in users {
                let integer = integers.of(user.operand(0), &addresses);
                if user.opcode() == Some(Opcode::LLVMStore) {
                    user.set_operand(0, integer);
                } else {
                    user.replace_uses(integer);
                    user.erase();
                }
            }
            integers.builder.unlocate();
            erase_unused(addresses);
        }
        self.mirror_again()
    }
}

/// Whether there is room for the casts of what a choice may choose.
fn can_be_integer(address: Value) -> bool {
    match address.opcode() {
        Some(Opcode::LLVMLoad) => address.is_plain_access(),
        // The result of an invoke is not there before the block ends.
        Some(Opcode::LLVMPHI) => address
            .incoming()
            .into_iter()
            .all(|(value, block)| block.terminator().is_some_and(|end| end != value)),
        _ => true,
    }
}

/// The integers of addresses.
struct Integers {
    builder: Builder,
    word: Type,
    of: HashMap<Value, Value>,
}

impl Integers {
    /// The integer of one of the addresses that are loaded or chosen.
    fn of(&mut self, address: Value, addresses: &HashSet<Value>) -> Value {
        if let Some(&integer) = self.of.get(&address) {
            return integer;
        }
        let integer = match address.opcode() {
            Some(Opcode::LLVMPHI) => {
                self.builder.before(address);
                let phi = self.builder.phi(self.word);
                // The phi may choose itself.
                self.of.insert(address, phi);
                for (value, from) in address.incoming() {
                    let end = from.terminator().expect("a finished block");
                    let integer = self.operand(value, end, addresses);
                    phi.add_incoming(integer, from);
                }
                return phi;
            }
            Some(Opcode::LLVMLoad) => {
                self.builder.before(address);
                self.builder.load(self.word, address.operand(0), address.alignment())
            }
            Some(Opcode::LLVMIntToPtr) => address.operand(0),
            Some(Opcode::LLVMSelect) => {
                let [a, b] = [1, 2].map(|i| self.operand(address.operand(i), address, addresses));
                self.builder.before(address);
                self.builder.select(address.operand(0), a, b)
            }
            _ => {
                let operand = self.operand(address.operand(0), address, addresses);
                self.builder.before(address);
                self.builder.freeze(operand)
            }
        };
        self.of.insert(address, integer);
        integer
    }

    /// The integer of any address, before an instruction.
    fn operand(&mut self, value: Value, before: Value, addresses: &HashSet<Value>) -> Value {
        if addresses.contains(&value) {
            return self.of(value, addresses);
        }
        self.builder.before(before);
        self.builder.cast(Opcode::LLVMPtrToInt, value, self.word)
    }
}

/// Erases addresses that nobody uses any more.
fn erase_unused(mut addresses: HashSet<Value>) {
    let mut before = usize::MAX;
    while addresses.len() < before {
        before = addresses.len();
        addresses.retain(|address| {
            let used = !address.users().is_empty();
            if !used {
                address.erase();
            }
            used
        });
    }
}
