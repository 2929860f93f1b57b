//! Pairs of single floats that are moved as doubles, moved as what they are.
//!
//! The intrinsics of `core::arch` that load, store, and shuffle halves of registers are those of
//! doubles or of 64-bit integers, and so complex numbers of `f32` go through them. No derivative
//! goes through a double that is not one, and types find a place with a double and two floats.
//!
//! *Computes*: for each set of doubles, and of vectors of doubles or such integers, *words*, that
//! are only moved (loaded, stored, shuffled, chosen) from one to another, and of which one is the
//! bits of single floats or becomes them, the same moves of pairs of floats. *Why it is sound*:
//! each bit is the same as before; where something else is done with one of the set, all of it
//! stays. *What it does not do*: words that a call takes or returns, and lanes that are chosen by
//! variables.

use std::collections::HashSet;

use enzyme_body::FloatKind;
use enzyme_ir::{Builder, Function, Opcode, Type, Value};

use crate::float_bits::shuffle_in;

/// Rewrites the function's moves.
pub fn moved_as_pairs(function: Function) {
    let pairs = Pairs {
        builder: Builder::new(function.module()),
        double: Type::float(function.module(), FloatKind::Double),
        single: Type::float(function.module(), FloatKind::Single),
        integer: Type::int(function.module(), 64),
    };
    let mut seen = HashSet::new();
    let casts = function.insts().into_iter().filter_map(|inst| pairs.made_of_singles(inst));
    for start in casts.collect::<Vec<_>>() {
        if let Some(set) = pairs.moved_alike(start, &mut seen) {
            let casts: Vec<_> = set.into_iter().map(|value| pairs.rewrite(value)).collect();
            casts.into_iter().filter(|cast| cast.is_inst()).for_each(|cast| pairs.shorten(cast));
        }
    }
}

struct Pairs {
    builder: Builder,
    double: Type,
    single: Type,
    integer: Type,
}

impl Pairs {
    /// How many words a type has, if it has nothing else.
    fn words(&self, ty: Type) -> Option<u32> {
        match ty.vector() {
            Some((item, lanes)) => [self.double, self.integer].contains(&item).then_some(lanes),
            None => (ty == self.double).then_some(1),
        }
    }

    fn is_word(&self, value: Value) -> bool {
        self.words(value.ty()).is_some()
    }

    /// The words that a cast makes of vectors of single floats, or makes such vectors of.
    fn made_of_singles(&self, cast: Value) -> Option<Value> {
        if cast.opcode() != Some(Opcode::LLVMBitCast) {
            return None;
        }
        let of_singles = |value: Value| value.ty().vector().is_some_and(|v| v.0 == self.single);
        let before = cast.operand(0);
        let ends = [(cast, before), (before, cast)];
        let (words, _) = ends.into_iter().find(|(a, b)| self.is_word(*a) && of_singles(*b))?;
        words.is_inst().then_some(words)
    }

    /// All words that are moved from or to a value, if they are only moved.
    fn moved_alike(&self, start: Value, seen: &mut HashSet<Value>) -> Option<Vec<Value>> {
        if !seen.insert(start) {
            return None;
        }
        let (mut set, mut next, mut fits) = (vec![start], 0, true);
        while let Some(&value) = set.get(next) {
            next += 1;
            let users = value.users();
            fits &= self.is_move(value) && users.iter().all(|user| self.is_move(*user));
            let near = value.operands().into_iter().chain(users);
            for near in near.filter(|near| self.is_word(*near) && !near.is_constant()) {
                fits &= near.is_inst();
                if near.is_inst() && seen.insert(near) {
                    set.push(near);
                }
            }
        }
        fits.then_some(set)
    }

    /// Whether an instruction only moves what it gets.
    fn is_move(&self, inst: Value) -> bool {
        let constant = |lane: usize| {
            let lanes = if lane == 1 { inst.operand(0).ty().vector() } else { inst.ty().vector() };
            let (lanes, lane) = (lanes.map_or(0, |vector| vector.1), inst.operand(lane).int());
            lane.is_some_and(|lane| (0..i64::from(lanes)).contains(&lane))
        };
        match inst.opcode() {
            Some(Opcode::LLVMLoad | Opcode::LLVMStore) => inst.is_plain_access(),
            Some(Opcode::LLVMExtractElement) => constant(1),
            Some(Opcode::LLVMInsertElement) => constant(2),
            Some(Opcode::LLVMSelect) => inst.operand(0).ty().vector().is_none(),
            Some(Opcode::LLVMBitCast | Opcode::LLVMShuffleVector) => true,
            Some(Opcode::LLVMPHI | Opcode::LLVMFreeze) => true,
            _ => false,
        }
    }

    /// The type of as many pairs; of one for an integer by itself.
    fn of_pairs(&self, ty: Type) -> Type {
        Type::vector_of(self.single, 2 * self.words(ty).unwrap_or(1))
    }

    /// Words as pairs, where the builder stands.
    fn pairs(&self, value: Value) -> Value {
        let ty = self.of_pairs(value.ty());
        let known = value.opcode() == Some(Opcode::LLVMBitCast) && value.operand(0).ty() == ty;
        if known {
            return value.operand(0);
        }
        self.builder.cast(Opcode::LLVMBitCast, value, ty)
    }

    /// Moves pairs in the place of words; returns what casts them back.
    fn rewrite(&self, value: Value) -> Value {
        for user in value.users() {
            self.builder.before(user);
            match user.opcode() {
                Some(Opcode::LLVMStore) => {
                    let (address, align) = (user.operand(1), user.alignment());
                    self.builder.store(self.pairs(value), address, align);
                    user.erase();
                }
                // An integer by itself is none of the set.
                Some(Opcode::LLVMExtractElement) if !self.is_word(user) => {
                    let lane = self.lane(user);
                    user.replace_uses(self.builder.cast(Opcode::LLVMBitCast, lane, user.ty()));
                    user.erase();
                }
                _ => {}
            }
        }
        self.builder.before(value);
        let moved = match value.opcode() {
            Some(Opcode::LLVMPHI) => self.phi(value),
            Some(Opcode::LLVMBitCast) => {
                let ty = self.of_pairs(value.ty());
                self.builder.cast(Opcode::LLVMBitCast, value.operand(0), ty)
            }
            Some(Opcode::LLVMLoad) => {
                let ty = self.of_pairs(value.ty());
                self.builder.load(ty, value.operand(0), value.alignment())
            }
            Some(Opcode::LLVMFreeze) => self.builder.freeze(self.pairs(value.operand(0))),
            Some(Opcode::LLVMSelect) => {
                let [a, b] = [1, 2].map(|i| self.pairs(value.operand(i)));
                self.builder.select(value.operand(0), a, b)
            }
            Some(Opcode::LLVMShuffleVector) => {
                let [a, b] = [0, 1].map(|i| self.pairs(value.operand(i)));
                let mask = shuffle_in(&value.shuffle_mask(), (64, 32)).expect("narrower lanes");
                self.builder.shuffle(a, b, &mask)
            }
            Some(Opcode::LLVMExtractElement) => self.lane(value),
            Some(Opcode::LLVMInsertElement) => self.with_lane(value),
            _ => unreachable!("a move of words"),
        };
        let back = self.builder.cast(Opcode::LLVMBitCast, moved, value.ty());
        value.replace_uses(back);
        value.erase();
        back
    }

    /// Takes casts of pairs to words away, once nothing else is done with the words.
    fn shorten(&self, cast: Value) {
        let pairs = cast.operand(0);
        for user in cast.users() {
            self.builder.before(user);
            user.replace_uses(self.builder.cast(Opcode::LLVMBitCast, pairs, user.ty()));
            user.erase();
        }
        cast.erase();
    }

    /// A phi of pairs; the builder is left behind all phis.
    fn phi(&self, phi: Value) -> Value {
        let pairs = self.builder.phi(self.of_pairs(phi.ty()));
        for (value, block) in phi.incoming() {
            // What comes from one block on several edges is one value.
            let same = pairs.incoming().into_iter().find(|known| known.1 == block);
            let value = same.map_or_else(
                || {
                    self.builder.before(block.terminator().expect("a block has an end"));
                    self.pairs(value)
                },
                |known| known.0,
            );
            pairs.add_incoming(value, block);
        }
        let first =
            |inst: Value| matches!(inst.opcode(), Some(Opcode::LLVMPHI | Opcode::LLVMLandingPad));
        let mut inst = pairs;
        while let Some(next) = inst.next().filter(|_| first(inst)) {
            inst = next;
        }
        self.builder.before(inst);
        pairs
    }

    fn lane(&self, extract: Value) -> Value {
        let from = self.pairs(extract.operand(0));
        let at = 2 * constant_lane(extract.operand(1));
        self.builder.shuffle(from, from.ty().poison(), &[at, at + 1])
    }

    fn with_lane(&self, insert: Value) -> Value {
        let [into, lane] = [0, 1].map(|i| self.pairs(insert.operand(i)));
        let count = i32::try_from(into.ty().vector().expect("pairs").1).expect("few lanes");
        let at = 2 * constant_lane(insert.operand(2));
        let first = |lane: i32| if lane < 2 { lane } else { -1 };
        let wide: Vec<_> = (0..count).map(first).collect();
        let lane = self.builder.shuffle(lane, lane.ty().poison(), &wide);
        let each = |i: i32| if (at..at + 2).contains(&i) { count + i - at } else { i };
        self.builder.shuffle(into, lane, &(0..count).map(each).collect::<Vec<_>>())
    }
}

fn constant_lane(index: Value) -> i32 {
    i32::try_from(index.int().expect("a constant")).expect("few lanes")
}
