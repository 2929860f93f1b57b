//! Words that were cut into pieces become whole again.
//!
//! Where variants of an enum share eight bytes, and one of them is a byte long, LLVM cuts the
//! word into that byte and the other seven, in all variants: of a float or an address too. The
//! pieces go through phis beside each other, and behind them the word is put together. Types
//! know floats and addresses by whole words only.
//!
//! *Computes*: for pieces that are read beside each other one load, of which they are cut; for
//! each word that is put together of pieces that are phis of one block, a phi of the words; on an
//! edge whose pieces are those of one word it is that word, else what the pieces make. *Why it
//! is sound*: each bit is the same as before, but for undefined ones: nothing is written between
//! the loads of one word. *What it does not do*: pieces that are chosen at different places, or
//! read in different blocks, stay apart.

use std::collections::HashMap;

use enzyme_ir::{Block, Builder, Function, Module, Opcode, Type, Value, base_and_distance};

use crate::chosen::may_write;

/// A piece of a word.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Piece {
    /// A narrower integer, or one of the word's width that has zeros in all other bits.
    value: Value,
    /// At which bit of the word it begins, and where it ends.
    at: u64,
    end: u64,
}

/// How many pieces a word may have.
const MOST: usize = 8;

/// Rewrites the function's words.
pub fn whole_words(function: Function) {
    let module = function.module();
    let mut joined = Joined { module, phis: HashMap::new() };
    for inst in function.insts() {
        if inst.opcode() != Some(Opcode::LLVMOr) || inst.users().iter().all(|u| is_or(*u)) {
            continue;
        }
        let Some(pieces) = pieces(inst, module) else { continue };
        read_as_one(&pieces, inst.ty(), module, &mut Vec::new());
        if let Some(word) = whole(&pieces, inst.ty()) {
            inst.replace_uses(word);
            continue;
        }
        if !joined.has_whole(&pieces, inst.ty(), &mut Vec::new()) {
            continue;
        }
        if let Some(word) = joined.phi(&pieces, inst.ty()) {
            inst.replace_uses(word);
        }
    }
}

fn is_or(value: Value) -> bool {
    value.opcode() == Some(Opcode::LLVMOr)
}

/// The width of an integer type.
fn width(ty: Type, module: Module) -> Option<u64> {
    let most = 8 * ty.size(module);
    (1..=most).rev().find(|n| u32::try_from(*n).is_ok_and(|n| ty == module.int(n)))
}

/// The pieces that a sum of bits consists of, in order, if they are all of it. One may be as
/// wide as the word: it is what the others leave.
fn pieces(word: Value, module: Module) -> Option<Vec<Piece>> {
    let size = width(word.ty(), module)?;
    let (mut found, mut wide) = (Vec::new(), Vec::new());
    let mut pending = vec![word];
    while let Some(value) = pending.pop() {
        if is_or(value) && found.len() + pending.len() < MOST {
            pending.extend(value.operands());
            continue;
        }
        let shifted = value.opcode() == Some(Opcode::LLVMShl);
        let by = if shifted { value.operand(1).int() } else { Some(0) };
        let narrow = if shifted { value.operand(0) } else { value };
        match by.and_then(|by| u64::try_from(by).ok()) {
            Some(at) if narrow.opcode() == Some(Opcode::LLVMZExt) => {
                let value = narrow.operand(0);
                found.push(Piece { value, at, end: at + width(value.ty(), module)? });
            }
            _ => wide.push(value),
        }
    }
    found.sort_by_key(|piece| piece.at);
    let ends = [0].into_iter().chain(found.iter().map(|piece| piece.end));
    let begins = found.iter().map(|piece| piece.at).chain([size]);
    let mut gaps = ends.zip(begins).enumerate().filter(|(_, (end, begin))| end != begin);
    match (gaps.next(), gaps.next(), &wide[..]) {
        (None, _, []) => {}
        (Some((i, (at, end))), None, &[value]) if at < end => {
            found.insert(i, Piece { value, at, end });
        }
        _ => return None,
    }
    (found.len() > 1).then_some(found)
}

/// Reads pieces that are loads beside each other as the word that they are of, and so those on
/// the edges to phis.
fn read_as_one(pieces: &[Piece], ty: Type, module: Module, seen: &mut Vec<Vec<Piece>>) {
    if joint(pieces).is_some() {
        if !seen.iter().any(|other| other == pieces) {
            seen.push(pieces.to_vec());
            for (pieces, _) in incoming(pieces) {
                read_as_one(&pieces, ty, module, seen);
            }
        }
        return;
    }
    let Some(place) = place_of_word(pieces, ty) else { return };
    let builder = Builder::new(module);
    builder.before(place);
    builder.locate(place);
    let lowest = pieces[0].value;
    let word = builder.load(ty, lowest.operand(0), lowest.alignment());
    for &Piece { value, at, .. } in pieces {
        let part = match at {
            0 => word,
            _ => builder.binary(Opcode::LLVMLShr, word, ty.const_int(at.cast_signed())),
        };
        value.replace_uses(builder.cast(Opcode::LLVMTrunc, part, value.ty()));
    }
    builder.unlocate();
}

/// Where the word may be read of which some loads of one block read the pieces: they lie in
/// memory as in the word, and nothing is written between them.
fn place_of_word(pieces: &[Piece], ty: Type) -> Option<Value> {
    let lowest = pieces[0].value;
    let is_load = |piece: &Piece| {
        let load = piece.value;
        load.ty() != ty
            && load.opcode() == Some(Opcode::LLVMLoad)
            && load.is_plain_access()
            && load.block() == lowest.block()
    };
    if !pieces.iter().all(is_load) {
        return None;
    }
    let (base, begin) = base_and_distance(lowest.operand(0));
    let lies = |piece: &Piece| {
        let at = i64::try_from(piece.at / 8).ok().filter(|_| piece.at.is_multiple_of(8));
        at.is_some_and(|at| base_and_distance(piece.value.operand(0)) == (base, begin + at))
    };
    let first = lowest.block().first()?;
    let insts: Vec<_> = std::iter::successors(Some(first), |inst| inst.next()).collect();
    let place = |piece: &Piece| insts.iter().position(|inst| *inst == piece.value);
    let places = pieces.iter().map(place).collect::<Option<Vec<_>>>()?;
    let (from, to) = (*places.iter().min()?, *places.iter().max()?);
    let fits = pieces.iter().all(lies) && !insts[from..=to].iter().any(|inst| may_write(*inst));
    // The address is known at its own load, and no piece may be used before the word is read.
    let between = &insts[from..=to];
    let used = |piece: &Piece| piece.value.users().iter().any(|user| between.contains(user));
    match fits {
        true if insts[from] == lowest => Some(lowest),
        true if !pieces.iter().any(used) => Some(insts[to]),
        _ => None,
    }
}

/// The word that has these pieces, if they were cut from one.
fn whole(pieces: &[Piece], ty: Type) -> Option<Value> {
    let word = cut_from(pieces[0], ty)?;
    pieces.iter().all(|piece| cut_from(*piece, ty) == Some(word)).then_some(word)
}

/// The word that a piece was cut from, at its place.
fn cut_from(piece: Piece, ty: Type) -> Option<Value> {
    let Piece { value, at, end } = piece;
    let constant = |value: Value| u64::try_from(value.int()?).ok();
    let word = if value.ty() == ty {
        let kept = (value.opcode() == Some(Opcode::LLVMAnd)).then(|| value.operand(1).int())??;
        let mask = u64::MAX.unbounded_shl(u32::try_from(end).ok()?)
            ^ u64::MAX.unbounded_shl(u32::try_from(at).ok()?);
        let size = ty.const_int(mask.cast_signed()).int()?;
        (kept == size).then(|| value.operand(0))?
    } else {
        let cut = (value.opcode() == Some(Opcode::LLVMTrunc)).then(|| value.operand(0))?;
        match cut.opcode() {
            Some(Opcode::LLVMLShr) if at > 0 => {
                (constant(cut.operand(1))? == at).then(|| cut.operand(0))?
            }
            _ if at == 0 => cut,
            _ => return None,
        }
    };
    (word.ty() == ty).then_some(word)
}

/// The block of pieces that are phis beside each other.
fn joint(pieces: &[Piece]) -> Option<Block> {
    let phi = |piece: &Piece| piece.value.opcode() == Some(Opcode::LLVMPHI);
    if !pieces.iter().all(phi) {
        return None;
    }
    let block = pieces[0].value.block();
    pieces.iter().all(|piece| piece.value.block() == block).then_some(block)
}

/// The pieces on each edge.
fn incoming(pieces: &[Piece]) -> Vec<(Vec<Piece>, Block)> {
    let edges = pieces[0].value.incoming().into_iter().map(|edge| edge.1);
    let on = |edge: Block, piece: Value| {
        piece.incoming().into_iter().find(|other| other.1 == edge).map(|found| found.0)
    };
    let all = |edge| {
        let each = pieces.iter().map(|p| Some(Piece { value: on(edge, p.value)?, ..*p }));
        Some((each.collect::<Option<_>>()?, edge))
    };
    edges.filter_map(all).collect()
}

/// The phis of words that were made, by their pieces.
struct Joined {
    module: Module,
    phis: HashMap<Vec<Piece>, Value>,
}

impl Joined {
    /// Whether on some edge the pieces are those of one word.
    fn has_whole(&self, pieces: &[Piece], ty: Type, seen: &mut Vec<Vec<Piece>>) -> bool {
        if whole(pieces, ty).is_some() {
            return true;
        }
        if joint(pieces).is_none() || seen.iter().any(|other| other == pieces) {
            return false;
        }
        seen.push(pieces.to_vec());
        incoming(pieces).into_iter().any(|(pieces, _)| self.has_whole(&pieces, ty, seen))
    }

    /// A phi of words in the place of pieces that are phis.
    fn phi(&mut self, pieces: &[Piece], ty: Type) -> Option<Value> {
        if let Some(known) = self.phis.get(pieces) {
            return Some(*known);
        }
        let block = joint(pieces)?;
        let builder = Builder::new(self.module);
        builder.before(block.first()?);
        let phi = builder.phi(ty);
        self.phis.insert(pieces.to_vec(), phi);
        // A switch may lead to a block by several edges: a phi has one value for all.
        let mut words: HashMap<Block, Value> = HashMap::new();
        for (pieces, from) in incoming(pieces) {
            let word = words.get(&from).copied().unwrap_or_else(|| {
                let known = whole(&pieces, ty).or_else(|| self.phi(&pieces, ty));
                known.unwrap_or_else(|| self.put_together(&pieces, ty, from))
            });
            words.insert(from, word);
            phi.add_incoming(word, from);
        }
        Some(phi)
    }

    /// The word of some pieces, at the end of a block.
    fn put_together(&self, pieces: &[Piece], ty: Type, block: Block) -> Value {
        let builder = Builder::new(self.module);
        builder.before(block.terminator().expect("a block that ends"));
        let mut word = None;
        for &Piece { value, at, .. } in pieces.iter().filter(|piece| !piece.value.is_undef()) {
            let narrow = value.ty() != ty;
            let wide = if narrow { builder.cast(Opcode::LLVMZExt, value, ty) } else { value };
            let by = ty.const_int(at.cast_signed());
            let part = match at {
                1.. if narrow => builder.binary(Opcode::LLVMShl, wide, by),
                _ => wide,
            };
            word = Some(match word {
                None => part,
                Some(others) => builder.binary(Opcode::LLVMOr, others, part),
            });
        }
        word.unwrap_or_else(|| ty.undef())
    }
}
