//! The functions that a contribution may call.
//!
//! Each has an LLVM intrinsic, a symbol in every C math library that Rust's
//! `std` itself links, or one in the engine's run-time support. The Bessel functions
//! are the exception: only what calls one of them calls another.
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
    /// `sin(π·float)`, exact at multiples of a half.
    SinPi,
    /// `cos(π·float)`, exact at multiples of a half.
    CosPi,
    /// `j0(float)`: Bessel function of the first kind, of order 0.
    J0,
    /// `j1(float)`: of order 1.
    J1,
    /// `jn(integer, float)`: of integer order.
    Jn,
    /// `y0(float)`: Bessel function of the second kind, of order 0.
    Y0,
    /// `y1(float)`: of order 1.
    Y1,
    /// `yn(integer, float)`: of integer order.
    Yn,
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
    pub const ALL: [Function; 15] = [
        Function::Pow,
        Function::Powi,
        Function::Ldexp,
        Function::Sinh,
        Function::Cosh,
        Function::Hypot,
        Function::Digamma,
        Function::SinPi,
        Function::CosPi,
        Function::J0,
        Function::J1,
        Function::Jn,
        Function::Y0,
        Function::Y1,
        Function::Yn,
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
            Function::SinPi => "sinpi",
            Function::CosPi => "cospi",
            Function::J0 => "j0",
            Function::J1 => "j1",
            Function::Jn => "jn",
            Function::Y0 => "y0",
            Function::Y1 => "y1",
            Function::Yn => "yn",
        }
    }

    /// What to call for a precision. Precisions other than `f32` get the `f64` symbol.
    pub fn symbol(self, precision: Precision) -> Symbol {
        let single = precision == Precision::Single;
        let of = |double, float| if single { float } else { double };
        match self {
            Function::Pow => Symbol::Intrinsic("llvm.pow"),
            Function::Powi => Symbol::Intrinsic("llvm.powi"),
            Function::Ldexp => Symbol::Intrinsic("llvm.ldexp"),
            Function::Sinh => Symbol::Intrinsic("llvm.sinh"),
            Function::Cosh => Symbol::Intrinsic("llvm.cosh"),
            Function::Hypot => Symbol::Library(of("hypot", "hypotf")),
            Function::Digamma => Symbol::Runtime(of("enzyme.math.digamma", "enzyme.math.digammaf")),
            Function::SinPi => Symbol::Runtime(of("enzyme.math.sinpi", "enzyme.math.sinpif")),
            Function::CosPi => Symbol::Runtime(of("enzyme.math.cospi", "enzyme.math.cospif")),
            Function::J0 => Symbol::Library(of("j0", "j0f")),
            Function::J1 => Symbol::Library(of("j1", "j1f")),
            Function::Jn => Symbol::Library(of("jn", "jnf")),
            Function::Y0 => Symbol::Library(of("y0", "y0f")),
            Function::Y1 => Symbol::Library(of("y1", "y1f")),
            Function::Yn => Symbol::Library(of("yn", "ynf")),
        }
    }

    /// The parameters' types.
    pub fn parameters(self) -> &'static [Parameter] {
        use Parameter::{Float, Integer};
        match self {
            Function::Pow | Function::Hypot => &[Float, Float],
            Function::Powi | Function::Ldexp => &[Float, Integer],
            Function::Jn | Function::Yn => &[Integer, Float],
            _ => &[Float],
        }
    }
}
