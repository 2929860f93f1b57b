//! Words that may be floats or addresses, moved as integers and no longer as either.
//!
//! *Computes*: beside each load of such a word one of it as an integer, and
//! beside each choice of words one of integers; what stored the word, or cast it to an
//! integer, takes the integer. Other users keep the address or double. *From*: what the
//! analysis of types asks for. *Why it is sound*: the bytes are the same. Where a word that
//! comes along has no place for its cast, all stays as it is.

use std::collections::{HashMap, HashSet};

use enzyme_body::Moved;
use enzyme_diag::Result;
use enzyme_ir::{Builder, Opcode, Type, Value};

use crate::PreparedProgram;

impl PreparedProgram {
    /// Moves the words; whether any was moved.
    ///
    /// # Errors
    /// Failures of LLVM itself.
    pub fn move_as_integers(&mut self, moved: &[Moved]) -> Result<bool> {
        let mut any = false;
        for moved in moved {
            let body = &self.bodies[moved.body];
            let value = |&id: &_| body.mirrored.values[id];
            let users: Vec<Value> = moved.users.iter().map(value).collect();
            let words: HashSet<Value> = moved.words.iter().map(value).collect();
            if !words.iter().all(|&word| can_be_integer(word)) {
                continue;
            }
            let module = body.function.module();
            let (builder, integer) = (Builder::new(module), module.int(64));
            let mut integers = Integers { builder, integer, of: HashMap::new() };
            for user in users {
                let integer = integers.of(user.operand(0), &words);
                if user.opcode() == Some(Opcode::LLVMStore) {
                    user.set_operand(0, integer);
                } else {
                    user.replace_uses(integer);
                    user.erase();
                }
            }
            integers.builder.unlocate();
            erase_unused(words);
            any = true;
        }
        if any {
            self.mirror_again()?;
        }
        Ok(any)
    }
}

/// Whether there is room for the casts of what a choice may choose.
fn can_be_integer(word: Value) -> bool {
    match word.opcode() {
        Some(Opcode::LLVMLoad) => word.is_plain_access(),
        // The result of an invoke is not there before the block ends.
        Some(Opcode::LLVMPHI) => word
            .incoming()
            .into_iter()
            .all(|(value, block)| block.terminator().is_some_and(|end| end != value)),
        _ => true,
    }
}

/// The integers of words.
struct Integers {
    builder: Builder,
    integer: Type,
    of: HashMap<Value, Value>,
}

impl Integers {
    /// The integer of one of the words that are loaded or chosen.
    fn of(&mut self, word: Value, words: &HashSet<Value>) -> Value {
        if let Some(&integer) = self.of.get(&word) {
            return integer;
        }
        let integer = match word.opcode() {
            Some(Opcode::LLVMPHI) => {
                self.builder.before(word);
                let phi = self.builder.phi(self.integer);
                // The phi may choose itself.
                self.of.insert(word, phi);
                let mut casts = HashMap::new();
                for (value, from) in word.incoming() {
                    let end = from.terminator().expect("a finished block");
                    // A block that comes twice gives one value.
                    let integer =
                        *casts.entry(from).or_insert_with(|| self.operand(value, end, words));
                    phi.add_incoming(integer, from);
                }
                return phi;
            }
            Some(Opcode::LLVMLoad) => {
                self.builder.before(word);
                self.builder.load(self.integer, word.operand(0), word.alignment())
            }
            Some(Opcode::LLVMIntToPtr | Opcode::LLVMBitCast) => word.operand(0),
            Some(Opcode::LLVMSelect) => {
                let [a, b] = [1, 2].map(|i| self.operand(word.operand(i), word, words));
                self.builder.before(word);
                self.builder.select(word.operand(0), a, b)
            }
            _ => {
                let operand = self.operand(word.operand(0), word, words);
                self.builder.before(word);
                self.builder.freeze(operand)
            }
        };
        self.of.insert(word, integer);
        integer
    }

    /// The integer of any word, before an instruction.
    fn operand(&mut self, value: Value, before: Value, words: &HashSet<Value>) -> Value {
        if words.contains(&value) {
            return self.of(value, words);
        }
        self.builder.before(before);
        let address = value.ty().is_pointer();
        let cast = if address { Opcode::LLVMPtrToInt } else { Opcode::LLVMBitCast };
        self.builder.cast(cast, value, self.integer)
    }
}

/// Erases words that nobody uses any more.
fn erase_unused(mut words: HashSet<Value>) {
    let mut before = usize::MAX;
    while words.len() < before {
        before = words.len();
        words.retain(|word| {
            let used = !word.users().is_empty();
            if !used {
                word.erase();
            }
            used
        });
    }
}
