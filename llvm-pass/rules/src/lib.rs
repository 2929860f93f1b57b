//! Derivative rules and known functions, as tables.
//!
//! *Computes*: for an arithmetic operator or a mathematical function, what each
//! operand's adjoint receives from the result's adjoint; for a library function
//! that is not mathematics, what differentiation has to know of it.
//!
//! *From*: an operator or a linker symbol. Nothing here knows LLVM.
//!
//! A derivative rule is one row of data ([`Rule`]): for every operand an
//! expression ([`Expr`]) over the adjoint `g`, the operands and the result `y`.
//! Synthesis emits code from the row, need analysis reads off it which primal
//! values the reverse pass must have ([`Rule::uses`]), the tests check its
//! numbers, and `RULES.md` is printed from it. Nothing about a function is said
//! in a second place.
//!
//! *Why it is sound*: every row is compared with difference quotients of the
//! function itself and with an independent closed form, at ordinary points and
//! at the singular points that the row declares (`tests/rows/numbers.rs`).
//!
//! *Policy at singular points*: the value IEEE arithmetic gives to the formula.
//! `sqrt` at 0 contributes `g/0`: infinite, and NaN for `g = 0`. Exceptions are
//! those where a subgradient or a limit along the primal's own convention
//! exists; each is a declared singular point of its row: `abs` at 0 is 0,
//! `hypot` and `atan2` at the origin are 0, `pow` with exponent 0 is 0, maximum
//! and minimum give all of `g` to the operand that was returned, the first on a
//! tie.
//!
//! *Does not*: treat loads, stores, copies, casts, selects and shuffles, which are
//! structural; functions with several results (`sincos`, `modf`, `frexp`), reductions
//! and masked memory, for which the preparation has bodies; `long double`; `sinc`,
//! which libraries define with and without π.
//!
//! ```
//! use enzyme_rules::{for_function, Precision};
//! let (tanh, precision) = for_function("llvm.tanh.v4f32").unwrap();
//! assert_eq!(precision, Precision::Single);
//! assert_eq!(tanh.contribution(0).unwrap().to_string(), "g * ((1 - y) * (1 + y))");
//! assert!(tanh.uses(0).result && tanh.uses(0).operands == 0);
//! ```
#![forbid(unsafe_code)]

pub mod assembly;
pub mod eval;
mod expr;
mod function;
mod known;
mod manual;
mod rule;
pub mod stand_in;
mod symbol;
mod table;
mod vanish;

pub use expr::{Binary, Cond, Expr, Unary};
pub use function::{Function, Parameter, Symbol};
pub use known::{
    Known, Size, hands_out, holds_integers, is_kept_whole, is_text, known, makes_text,
    returns_twice,
};
pub use manual::manual;
pub use rule::{Operand, Operator, Rule, Singular, Uses, for_function, for_operator, rules};
pub use symbol::Precision;
pub use vanish::Read;
