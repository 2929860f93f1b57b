//! The functions that a contribution may call.
//!
//! Each has an LLVM intrinsic, a symbol in every C math library that Rust's
//! `std` itself links, or (digamma alone) one in the engine's run-time support.
//! All are pure: they read their arguments only, and calls to them may be marked
//! `memory(none) nounwind willreturn`, because nobody reads the error number that
//! a derivative leaves behind. Library and runtime symbols exist for `f32` and
//! `f64` scalars; other floats convert through these, vectors go lane by lane.

use crate::symbol::Precision;

/// A function that a contribution may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `pow(float, float)`
    Pow,
    /// `powi(float, integer)`
    Powi,
    /// `ldexp(float, integer)`: the float times a power of two.
    Ldexp,
    /// `sinh(float)`
    Sinh,
    /// `cosh(float)`
    Cosh,
    /// `hypot(float, float)` without overflow.
    Hypot,
    /// `digamma(float)`: the logarithmic derivative of the gamma function.
    Digamma,
}

/// The type of a parameter of a [`Function`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// The primal's float type.
    Float,
    /// The type of the primal's own integer operand.
    Integer,
}

/// How to call a [`Function`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// An LLVM intrinsic without its type suffix; takes vectors too.
    Intrinsic(&'static str),
    /// A symbol of the C math library.
    Library(&'static str),
    /// A symbol of the engine's run-time support.
    Runtime(&'static str),
}

impl Function {
    /// All functions.
    pub const ALL: [Function; 7] = [
        Function::Pow,
        Function::Powi,
        Function::Ldexp,
        Function::Sinh,
        Function::Cosh,
        Function::Hypot,
        Function::Digamma,
    ];

    /// The name in formulas.
    pub fn name(self) -> &'static str {
        match self {
            Function::Pow => "pow",
            Function::Powi => "powi",
            Function::Ldexp => "ldexp",
            Function::Sinh => "sinh",
            Function::Cosh => "cosh",
            Function::Hypot => "hypot",
            Function::Digamma => "digamma",
        }
    }

    /// What to call for a precision. Precisions other than `f32` get the `f64` symbol.
    pub fn symbol(self, precision: Precision) -> Symbol {
        let single = precision == Precision::Single;
        match self {
            Function::Pow => Symbol::Intrinsic("llvm.pow"),
            Function::Powi => Symbol::Intrinsic("llvm.powi"),
            Function::Ldexp => Symbol::Intrinsic("llvm.ldexp"),
            Function::Sinh => Symbol::Intrinsic("llvm.sinh"),
            Function::Cosh => Symbol::Intrinsic("llvm.cosh"),
            Function::Hypot => Symbol::Library(if single { "hypotf" } else { "hypot" }),
            Function::Digamma if single => Symbol::Runtime("enzyme.math.digammaf"),
            Function::Digamma => Symbol::Runtime("enzyme.math.digamma"),
        }
    }

    /// The parameters' types.
    pub fn parameters(self) -> &'static [Parameter] {
        use Parameter::{Float, Integer};
        match self {
            Function::Sinh | Function::Cosh | Function::Digamma => &[Float],
            Function::Pow | Function::Hypot => &[Float, Float],
            Function::Powi | Function::Ldexp => &[Float, Integer],
        }
    }
}
