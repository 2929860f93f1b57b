//! What instructions do.

use std::fmt;

use crate::{BlockId, BodyId};

/// An operation; the comment of each says what its operands are.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// `[a]` or `[a, b]`: float arithmetic, elementwise on vectors.
    Float(FloatOp),
    /// `[a, b]`: integer arithmetic.
    Int(IntOp),
    /// `[a, b]`: comparison of integers or addresses.
    IntCompare,
    /// `[a, b]`: comparison of floats.
    FloatCompare,
    /// `[a]`: conversion to the value's type.
    Cast(Cast),
    /// `[condition, a, b]`.
    Select,
    /// One operand per predecessor, in the order given.
    Phi(Vec<BlockId>),
    /// `[a]`.
    Freeze,
    /// `[count]`: a stack object of this many bytes; none if the size varies.
    Alloca {
        /// Size in bytes, if constant.
        size: Option<u64>,
        /// Alignment in bytes.
        align: u64,
    },
    /// `[address]`.
    Load(Access),
    /// `[value, address]`.
    Store(Access),
    /// `[base, index…]`: base + offset + sum(index_i * stride_i) bytes.
    Offset {
        /// Constant part.
        constant: i64,
        /// One stride for each index operand.
        strides: Vec<i64>,
        /// A number that divides each index.
        divisors: Vec<u64>,
        /// The least and the greatest value of each index times its stride, where both are
        /// known.
        reaches: Vec<Option<(i64, i64)>>,
    },
    /// `[destination, source, length]`: memcpy or memmove.
    Copy(Transfer),
    /// `[destination, byte, length]`.
    Fill,
    /// Arguments (then the address, if indirect).
    Call(Call),
    /// `[aggregate]`: one leaf or part, at a byte offset.
    Extract {
        /// Offset of the part.
        offset: u64,
    },
    /// `[aggregate, part]`.
    Insert {
        /// Offset of the part.
        offset: u64,
    },
    /// `[vector, index]`.
    ExtractLane,
    /// `[vector, lane, index]`.
    InsertLane,
    /// `[a, b]`: lanes of a then b; −1 is any.
    Shuffle(Vec<i32>),
    /// No operands.
    Jump,
    /// `[condition]`: first successor if true.
    Branch,
    /// `[value]`.
    Switch,
    /// `[]` or `[value]`.
    Return,
    /// The end of a block that is never reached.
    Unreachable,
    /// The beginning or end of unwinding.
    Unwind,
    /// Arguments: a call that ends its block, with a successor for unwinding.
    Invoke(Call),
    /// An instruction that is not understood, with its LLVM name.
    Other(String),
}

/// How memory is read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Alignment in bytes.
    pub align: u64,
    /// Device or signal memory.
    pub volatile: bool,
    /// Shared with other threads.
    pub atomic: bool,
}

/// memcpy or memmove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// The ranges are disjoint.
    Disjoint,
    /// The ranges may overlap.
    MayOverlap,
}

/// Float arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are LLVM's")]
pub enum FloatOp {
    Neg,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// Integer arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are LLVM's")]
pub enum IntOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    ShiftLeft,
    /// With zeros from above.
    ShiftRight,
    /// With the sign from above.
    ShiftRightSigned,
    And,
    Or,
    Xor,
}

/// Conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// Between float formats.
    FloatToFloat,
    /// Float to integer: no derivative.
    FloatToInt,
    /// Integer to float: no derivative.
    IntToFloat,
    /// Between integer widths, with zeros above.
    IntToInt,
    /// To a wider integer, with the sign above.
    SignExtend,
    /// Same bits, other type.
    Bits,
    /// Address to integer.
    AddressToInt,
    /// Integer to address.
    IntToAddress,
}

/// A call.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// Number of arguments among the operands.
    pub arguments: usize,
    /// What it may do to memory and control.
    pub effects: Effects,
    /// The global variables that it touches beside what its arguments lead to, if that is
    /// known.
    pub globals: Option<Vec<String>>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Call");
        shown.field("callee", &self.callee).field("arguments", &self.arguments);
        shown.field("effects", &self.effects);
        if let Some(globals) = &self.globals {
            shown.field("globals", globals);
        }
        shown.finish()
    }
}

/// What is called.
#[derive(Clone, Debug, PartialEq)]
pub enum Callee {
    /// A function that is differentiated as well.
    Body(BodyId),
    /// A function known by its symbol only.
    Symbol(String),
    /// The last operand.
    Indirect,
    /// Inline assembly, with its text.
    Assembly(String),
}

/// What a call may do, from attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effects {
    /// It may read memory.
    pub reads: bool,
    /// It may write memory.
    pub writes: bool,
    /// It touches nothing but what its arguments point to.
    pub only_arguments: bool,
    /// It may unwind.
    pub unwinds: bool,
    /// It may return.
    pub returns: bool,
}
