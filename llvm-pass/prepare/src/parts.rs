//! Parts of words that are chosen beside the words become parts of what is chosen.
//!
//! Where one variant of an enum has a narrow integer in the eight bytes in which others have a
//! float or an address, LLVM keeps a word and its halves in registers of their own, and all go
//! through phis beside each other. In types the halves of a float are no floats, and what they
//! are together nobody knows.
//!
//! *Computes*: for each phi that on all edges is the same part of what another phi of its block
//! is there, that part of the other, behind the phis. *Why it is sound*: each bit is the same as
//! before, but for undefined ones; phis that need one another are compared together, so on each
//! way through a loop they agree if they did before it. *What it does not do*: where no phi of
//! the words is there, pieces that are put together are found elsewhere (`words`).

use enzyme_ir::{Builder, Function, Module, Opcode, Value};

/// The widths that a part may have.
const NARROW: [u32; 3] = [8, 16, 32];

/// Makes such phis parts of others.
pub fn parts_of_words(function: Function) {
    let module = function.module();
    let is_narrow = |phi: &Value| NARROW.iter().any(|&bits| phi.ty() == module.int(bits));
    for phi in function.insts().into_iter().filter(|inst| is_phi(*inst) && is_narrow(inst)) {
        let parts = guesses(phi, module).into_iter().find_map(|guess| proved(guess, module));
        for part in parts.unwrap_or_default() {
            part.cut(module);
        }
    }
}

fn is_phi(value: Value) -> bool {
    value.opcode() == Some(Opcode::LLVMPHI)
}

/// A phi that is a part of another one, from this bit on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Part {
    phi: Value,
    word: Value,
    at: i64,
}

impl Part {
    /// Takes the part out of the word.
    fn cut(self, module: Module) {
        let Self { phi, word, at } = self;
        let builder = Builder::new(module);
        builder.before(word.block().first_non_phi());
        let integer = module.int(64);
        let is_integer = word.ty() == integer;
        let bits = if is_integer { word } else { builder.cast(Opcode::LLVMBitCast, word, integer) };
        let shifted = match at {
            0 => bits,
            _ => builder.binary(Opcode::LLVMLShr, bits, module.i64(at)),
        };
        phi.replace_uses(builder.cast(Opcode::LLVMTrunc, shifted, phi.ty()));
    }
}

/// What a phi may be a part of: some edge brings a part of what it brings to the other.
fn guesses(phi: Value, module: Module) -> Vec<Part> {
    let mut found = Vec::new();
    let first = phi.block().first();
    let beside = std::iter::successors(first, |inst| inst.next()).take_while(|inst| is_phi(*inst));
    let words: Vec<_> = beside.filter(|word| is_word(*word, module)).collect();
    for (part, edge) in phi.incoming() {
        let Some((of, at)) = cut_from(part) else { continue };
        let chosen = |word: Value| word.incoming().into_iter().find(|other| other.1 == edge);
        let is_there = |word: &&Value| chosen(**word).is_some_and(|(value, _)| plain(value) == of);
        let guesses = words.iter().filter(is_there).map(|&word| Part { phi, word, at });
        found.extend(guesses.filter(|guess| !found.contains(guess)).collect::<Vec<_>>());
    }
    found
}

/// Whether a value is a word: an integer of 64 bits, or a double.
fn is_word(value: Value, module: Module) -> bool {
    [module.int(64), module.float(enzyme_body::FloatKind::Double)].contains(&value.ty())
}

/// All that is so if a phi is a part of another one, if it is.
fn proved(guess: Part, module: Module) -> Option<Vec<Part>> {
    let mut parts = vec![guess];
    let mut next = 0;
    while next < parts.len() {
        let Part { phi, word, at } = parts[next];
        next += 1;
        for (part, edge) in phi.incoming() {
            let (of, _) = word.incoming().into_iter().find(|other| other.1 == edge)?;
            let same =
                cut_from(part) == Some((plain(of), at)) || is_constant_part(part, (of, at), module);
            if part.is_undef() || same {
                continue;
            }
            let further = Part { phi: part, word: of, at };
            let phis = is_phi(part) && is_phi(of) && part.block() == of.block();
            if !phis || !is_word(of, module) {
                return None;
            }
            if !parts.contains(&further) {
                parts.push(further);
            }
        }
    }
    Some(parts)
}

/// The word that a value is cut from, and from which bit on.
fn cut_from(part: Value) -> Option<(Value, i64)> {
    let source = (part.opcode() == Some(Opcode::LLVMTrunc)).then(|| part.operand(0))?;
    match source.opcode() {
        Some(Opcode::LLVMLShr) => Some((plain(source.operand(0)), source.operand(1).int()?)),
        _ => Some((plain(source), 0)),
    }
}

/// The double whose bits a word is, if it is of one.
fn plain(word: Value) -> Value {
    match word.opcode() {
        Some(Opcode::LLVMBitCast) if word.operand(0).ty().is_float() => word.operand(0),
        _ => word,
    }
}

/// Whether a constant is a part of another one.
fn is_constant_part(part: Value, (of, at): (Value, i64), module: Module) -> bool {
    let bits = of.int().or_else(|| of.float().map(|float| float.to_bits().cast_signed()));
    let (Some(part_bits), Some(bits)) = (part.int(), bits) else { return false };
    let differing = (bits.cast_unsigned() >> at) ^ part_bits.cast_unsigned();
    let width = NARROW.into_iter().find(|&bits| part.ty() == module.int(bits));
    width.is_some_and(|width| differing << (64 - width) == 0)
}
