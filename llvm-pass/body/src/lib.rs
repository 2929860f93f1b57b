//! The mirror: a function as plain tables with dense ids.
//!
//! `enzyme-ir` fills a [`Body`] once from a prepared LLVM function; the
//! analyses, the needs and the plan read nothing else. A body is immutable and
//! prints itself. Because it knows no LLVM, an analysis cannot change the
//! program it looks at, and can be tested without a compiler.
//!
//! What a prepared body guarantees (see `enzyme-prepare`): one return, every
//! loop with one preheader, one latch and a canonical `i64` induction variable,
//! a *path phi* at each join, no two CFG edges between the same two blocks.
#![forbid(unsafe_code)]

mod check;
mod display;
mod ids;
mod limit;
mod moved;
mod op;
mod ty;
mod whole;

pub use ids::{BlockId, BodyId, Id, IdVec, LoopId, ValueId};
pub use limit::{Len, Limit, WITHIN};
pub use moved::Moved;
pub use op::{Access, Call, Callee, Cast, Effects, FloatOp, IntOp, Op, Transfer};
pub use ty::{FloatKind, Ty};
pub use whole::{WHOLE, Whole};

/// All functions that one request differentiates; number 0 is the request's own.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The bodies, callers before or after callees in no fixed order.
    pub bodies: IdVec<BodyId, Body>,
}

/// One prepared function.
#[derive(Clone, Debug)]
pub struct Body {
    /// Symbol of the source function, demangled.
    pub name: String,
    /// Parameters first, then whatever the instructions mention, in order of appearance.
    pub values: IdVec<ValueId, Value>,
    /// Blocks in reverse post order; block 0 is the entry.
    pub blocks: IdVec<BlockId, Block>,
    /// Natural loops, outer before inner.
    pub loops: IdVec<LoopId, Loop>,
    /// The parameters.
    pub params: Vec<ValueId>,
    /// Those that lead to memory which nothing else leads to.
    pub alone: Vec<ValueId>,
}

/// A value: parameter, constant or instruction.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its type.
    pub ty: Ty,
    /// What makes it.
    pub def: Def,
    /// The instructions that have it as an operand, each once per use.
    pub uses: Vec<ValueId>,
    /// Where it comes from in the source, if debug information says so.
    pub location: Option<Location>,
    /// A short printable name: `%12`, `@table`, `4.0`.
    pub label: String,
}

/// What makes a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Def {
    /// Parameter of this position.
    Param(u32),
    /// A constant.
    Constant(Constant),
    /// An instruction.
    Inst(Inst),
}

/// Constants, as far as the analyses tell them apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// An integer that fits in 64 bits.
    Int(i64),
    /// A float (any width, as `f64`); of a vector, all of its lanes, and no zeros.
    Float(f64),
    /// The null pointer.
    Null,
    /// `undef` or `poison`.
    Undef,
    /// Data of any type without addresses in it.
    Data,
    /// Address of a global variable plus a constant offset.
    Global(Global),
    /// Address of a function.
    Function(String),
    /// A constant that the mirror does not understand, with its text.
    Opaque(String),
}

/// A global variable as an operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Global {
    /// Its symbol.
    pub symbol: String,
    /// Byte offset of the address.
    pub offset: i64,
    /// Whether the program may write it.
    pub mutable: bool,
    /// Its size in bytes; none if the program does not say it.
    pub size: Option<u64>,
    /// Whether it may hold an address from the beginning.
    pub addresses: bool,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Inst {
    /// Its block.
    pub block: BlockId,
    /// What it does.
    pub op: Op,
    /// Its operands, in the order that [`Op`] documents.
    pub operands: Vec<ValueId>,
}

/// A basic block.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Instructions, phis first, terminator last.
    pub insts: Vec<ValueId>,
    /// Predecessors, each once.
    pub preds: Vec<BlockId>,
    /// Successors in the terminator's order.
    pub succs: Vec<BlockId>,
    /// The immediate dominator; none for the entry.
    pub idom: Option<BlockId>,
    /// The innermost loop that holds the block.
    pub in_loop: Option<LoopId>,
    /// No path from here reaches a return: panics, aborts, unwinding.
    pub no_reverse: bool,
    /// The path phi, where the block is a join whose predecessor must be told.
    pub path: Option<ValueId>,
}

/// A natural loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The loop around it.
    pub parent: Option<LoopId>,
    /// Nesting depth, 1 for outermost.
    pub depth: u32,
    /// Where it is entered.
    pub header: BlockId,
    /// The block before the header.
    pub preheader: BlockId,
    /// The source of the only back edge.
    pub latch: BlockId,
    /// Canonical induction variable: an `i64` header phi, 0, 1, 2, ….
    pub counter: ValueId,
    /// How often the back edge is taken, where known on entry (available in the preheader).
    pub count: Option<ValueId>,
    /// Each exit that a reversed execution can take: (exit block, the counter's value there).
    pub exits: Vec<(BlockId, ValueId)>,
}

/// A source position.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// File as the compiler recorded it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1; 0 if unknown.
    pub column: u32,
    /// Function that holds the line (which may have been inlined).
    pub function: String,
    /// The nearest place in the program's own source that leads here, if this is in
    /// a library.
    pub caller: Option<Box<Location>>,
}

impl Body {
    /// The instruction behind a value, if it is one.
    pub fn inst(&self, value: ValueId) -> Option<&Inst> {
        match &self.values[value].def {
            Def::Inst(inst) => Some(inst),
            _ => None,
        }
    }

    /// The constant behind a value, if it is one.
    pub fn constant(&self, value: ValueId) -> Option<&Constant> {
        match &self.values[value].def {
            Def::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// The constant integer behind a value, if it is one.
    pub fn int(&self, value: ValueId) -> Option<i64> {
        match self.constant(value) {
            Some(Constant::Int(n)) => Some(*n),
            _ => None,
        }
    }

    /// All instructions that have a reverse, block by block.
    pub fn live_insts(&self) -> impl Iterator<Item = (ValueId, &Inst)> {
        self.blocks
            .iter()
            .filter(|(_, block)| !block.no_reverse)
            .flat_map(|(_, block)| &block.insts)
            .filter_map(|&value| Some((value, self.inst(value)?)))
    }

    /// The innermost loop around an instruction; none for parameters and constants.
    pub fn loop_of(&self, value: ValueId) -> Option<LoopId> {
        self.blocks[self.inst(value)?.block].in_loop
    }

    /// Whether `inner` is `outer` or lies within it; every loop lies within the function (`None`).
    pub fn within(&self, inner: Option<LoopId>, outer: Option<LoopId>) -> bool {
        let Some(outer) = outer else { return true };
        let mut at = inner;
        while let Some(current) = at {
            if current == outer {
                return true;
            }
            at = self.loops[current].parent;
        }
        false
    }

    /// The loops around a block, innermost first.
    pub fn loops_around(&self, block: BlockId) -> impl Iterator<Item = LoopId> + '_ {
        std::iter::successors(self.blocks[block].in_loop, |&l| self.loops[l].parent)
    }

    /// Whether the loop holds the block.
    pub fn holds(&self, lp: LoopId, block: BlockId) -> bool {
        self.within(self.blocks[block].in_loop, Some(lp))
    }

    /// A block and those that are on every way to it, the nearest first.
    pub fn dominators(&self, block: BlockId) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(Some(block), |&block| self.blocks[block].idom)
    }

    /// The block of the return, if the function can return.
    pub fn return_block(&self) -> Option<BlockId> {
        self.blocks
            .iter()
            .find(|(_, block)| {
                block.insts.last().and_then(|&v| self.inst(v)).is_some_and(|i| i.op == Op::Return)
            })
            .map(|(id, _)| id)
    }

    /// The value that it returns, if it returns one.
    pub fn returned(&self) -> Option<ValueId> {
        let last = *self.blocks[self.return_block()?].insts.last()?;
        self.inst(last)?.operands.first().copied()
    }
}
