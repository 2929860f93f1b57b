//! The language of contributions.
//!
//! An [`Expr`] says what an operand's adjoint receives. It is a finite tree over
//! the result's adjoint `g`, the operands `x0, x1, …`, the result `y` and
//! literals, and is **linear in `g`**: twice the adjoint gives twice the
//! contribution, and no adjoint gives none (up to IEEE arithmetic: `0/0` is NaN).
//! [`Expr::linear`] checks that from the shape of the tree.
//!
//! Rust's operators build expressions, so that a row of the table reads like the
//! formula: `G / (2.0 * Y)`. Every node has one LLVM instruction, intrinsic or
//! library call. All nodes have the type of the primal's result; those that
//! have an integer type are named in [`Unary`] and [`crate::Parameter`].
//!
//! Equal subtrees have equal values; an emitter is expected to emit them once.

use std::fmt;
use std::ops;

use crate::function::Function;
use crate::rule::Uses;

/// What an operand's adjoint receives; see the module's text.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// The adjoint of the result.
    G,
    /// An operand of the primal.
    X(u8),
    /// The result of the primal.
    Y,
    /// A number, rounded to the primal's precision.
    Lit(f64),
    /// An operation with one operand.
    Unary(Unary, Box<Expr>),
    /// An operation with two operands.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `if left cond right { then } else { otherwise }`, lane by lane. Both
    /// branches may be evaluated: nothing in this language has effects.
    Select(Cond, Box<Expr>, Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function call.
    Call(Function, Vec<Expr>),
}

/// Operations with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `fneg`
    Neg,
    /// `llvm.sqrt`
    Sqrt,
    /// `llvm.exp`
    Exp,
    /// `llvm.log`
    Log,
    /// `llvm.sin`
    Sin,
    /// `llvm.cos`
    Cos,
    /// `llvm.roundeven`: to the nearest integer, ties to even.
    RoundEven,
    /// `sitofp`: a signed integer operand as a float of the result's type; a
    /// scalar operand of a vector function is repeated in every lane.
    FromInteger,
    /// An integer operand minus one, wrapping; stays an integer.
    Decrement,
    /// An integer operand plus one, wrapping; stays an integer.
    Increment,
}

/// Operations with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `fadd`
    Add,
    /// `fsub`
    Sub,
    /// `fmul`
    Mul,
    /// `fdiv`
    Div,
    /// `llvm.copysign`: size of the first, sign bit of the second.
    CopySign,
}

/// Comparisons, each one `fcmp` predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cond {
    /// `oeq`: equal, and neither is NaN.
    OrderedEqual,
    /// `olt`: less, and neither is NaN.
    OrderedLess,
    /// `ogt`: greater, and neither is NaN.
    OrderedGreater,
    /// `oge`: greater or equal, and neither is NaN.
    OrderedGreaterEqual,
    /// `uno`: at least one is NaN.
    Unordered,
}

impl Unary {
    /// The LLVM intrinsic without its type suffix; `None` for an instruction.
    pub fn intrinsic(self) -> Option<&'static str> {
        match self {
            Unary::Neg | Unary::FromInteger | Unary::Decrement | Unary::Increment => None,
            Unary::Sqrt => Some("llvm.sqrt"),
            Unary::Exp => Some("llvm.exp"),
            Unary::Log => Some("llvm.log"),
            Unary::Sin => Some("llvm.sin"),
            Unary::Cos => Some("llvm.cos"),
            Unary::RoundEven => Some("llvm.roundeven"),
        }
    }
}

impl Cond {
    /// Whether the comparison holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Cond::OrderedEqual => left == right,
            Cond::OrderedLess => left < right,
            Cond::OrderedGreater => left > right,
            Cond::OrderedGreaterEqual => left >= right,
            Cond::Unordered => left.is_nan() || right.is_nan(),
        }
    }
}

impl Expr {
    /// The primal values that evaluating this expression reads.
    pub fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        self.walk(&mut |node| match node {
            Expr::X(i) => uses.operands |= 1 << i,
            Expr::Y => uses.result = true,
            _ => {}
        });
        uses
    }

    /// Calls `visit` on every node, parents first.
    pub fn walk(&self, visit: &mut impl FnMut(&Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// The direct subexpressions.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Expr::G | Expr::X(_) | Expr::Y | Expr::Lit(_) => Vec::new(),
            Expr::Unary(_, a) => vec![a],
            Expr::Binary(_, a, b) => vec![a, b],
            Expr::Select(_, a, b, then, otherwise) => vec![a, b, then, otherwise],
            Expr::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Whether the tree's shape proves it linear in `g`.
    pub fn linear(&self) -> bool {
        self.degree() == Some(Degree::Linear)
    }

    /// How the expression depends on `g`; `None` if neither constant nor linear.
    fn degree(&self) -> Option<Degree> {
        use Degree::{Constant, Linear, Zero};
        let degrees: Option<Vec<Degree>> = self.children().iter().map(|c| c.degree()).collect();
        let degrees = degrees?;
        let constant = |d: &Degree| *d != Linear;
        match (self, degrees.as_slice()) {
            (Expr::G, _) => Some(Linear),
            (Expr::Lit(0.0), _) => Some(Zero),
            (Expr::Unary(Unary::Neg, _), [a]) => Some(*a),
            (Expr::Binary(Binary::Add | Binary::Sub, ..), [a, b])
            | (Expr::Select(..), [Constant | Zero, Constant | Zero, a, b]) => a.join(*b),
            (Expr::Binary(Binary::Mul, ..), [Linear, Constant] | [Constant, Linear])
            | (Expr::Binary(Binary::Div, ..), [Linear, Constant]) => Some(Linear),
            // Scaling by a power of two is the one call that is linear in an argument.
            (Expr::Call(Function::Ldexp, _), [Linear, Constant]) => Some(Linear),
            (_, all) if all.iter().all(constant) => Some(Constant),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Degree {
    /// The literal 0, which is both constant and linear.
    Zero,
    Constant,
    Linear,
}

impl Degree {
    /// Degree of a sum, or of a choice between two.
    fn join(self, other: Degree) -> Option<Degree> {
        match (self, other) {
            (Degree::Zero, d) | (d, Degree::Zero) => Some(d),
            (a, b) => (a == b).then_some(a),
        }
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident $kind:ident;)*) => {$(
        impl ops::$trait<Expr> for Expr {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                Expr::Binary(Binary::$kind, Box::new(self), Box::new(other))
            }
        }
        impl ops::$trait<f64> for Expr {
            type Output = Expr;
            fn $method(self, other: f64) -> Expr {
                Expr::Binary(Binary::$kind, Box::new(self), Box::new(Expr::Lit(other)))
            }
        }
        impl ops::$trait<Expr> for f64 {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                Expr::Binary(Binary::$kind, Box::new(Expr::Lit(self)), Box::new(other))
            }
        }
    )*};
}

operator! {
    Add add Add;
    Sub sub Sub;
    Mul mul Mul;
    Div div Div;
}

impl ops::Neg for Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        unary(Unary::Neg, self)
    }
}

/// One unary operation.
pub(crate) fn unary(op: Unary, a: Expr) -> Expr {
    Expr::Unary(op, Box::new(a))
}

/// Size of the first, sign of the second.
pub(crate) fn copysign(size: impl Into<Expr>, sign: Expr) -> Expr {
    Expr::Binary(Binary::CopySign, Box::new(size.into()), Box::new(sign))
}

/// A choice by comparison.
pub(crate) fn select(
    cond: Cond,
    (left, right): (Expr, impl Into<Expr>),
    then: impl Into<Expr>,
    otherwise: impl Into<Expr>,
) -> Expr {
    let [right, then, otherwise] = [right.into(), then.into(), otherwise.into()];
    Expr::Select(cond, Box::new(left), Box::new(right), Box::new(then), Box::new(otherwise))
}

impl From<f64> for Expr {
    fn from(number: f64) -> Expr {
        Expr::Lit(number)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::G => f.write_str("g"),
            Expr::X(i) => write!(f, "x{i}"),
            Expr::Y => f.write_str("y"),
            Expr::Lit(number) => write!(f, "{number}"),
            Expr::Unary(Unary::Neg, a) => write!(f, "-{}", Nested(a)),
            Expr::Unary(op, a) => write!(f, "{}({a})", op.word()),
            Expr::Binary(Binary::CopySign, a, b) => write!(f, "copysign({a}, {b})"),
            Expr::Binary(op, a, b) => write!(f, "{} {} {}", Nested(a), op.sign(), Nested(b)),
            Expr::Select(cond, a, b, then, otherwise) => {
                let test = match cond {
                    Cond::Unordered => format!("isnan({a})"),
                    _ => format!("{} {} {}", Nested(a), cond.sign(), Nested(b)),
                };
                write!(f, "if {test} then {} else {}", Nested(then), Nested(otherwise))
            }
            Expr::Call(function, arguments) => {
                let list: Vec<String> = arguments.iter().map(Expr::to_string).collect();
                write!(f, "{}({})", function.name(), list.join(", "))
            }
        }
    }
}

/// An expression printed in brackets where it needs them.
struct Nested<'a>(&'a Expr);

impl fmt::Display for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Unary(Unary::Neg, _) | Expr::Select(..) => write!(f, "({})", self.0),
            Expr::Binary(op, ..) if *op != Binary::CopySign => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

impl Unary {
    fn word(self) -> &'static str {
        match self {
            Unary::Neg => "-",
            Unary::Sqrt => "sqrt",
            Unary::Exp => "exp",
            Unary::Log => "log",
            Unary::Sin => "sin",
            Unary::Cos => "cos",
            Unary::RoundEven => "roundeven",
            Unary::FromInteger => "float",
            Unary::Decrement => "decrement",
            Unary::Increment => "increment",
        }
    }
}

impl Binary {
    fn sign(self) -> char {
        match self {
            Binary::Add => '+',
            Binary::Sub => '-',
            Binary::Mul => '*',
            Binary::Div => '/',
            Binary::CopySign => '±',
        }
    }
}

impl Cond {
    fn sign(self) -> &'static str {
        match self {
            Cond::OrderedEqual => "=",
            Cond::OrderedLess => "<",
            Cond::OrderedGreater => ">",
            Cond::OrderedGreaterEqual => "≥",
            Cond::Unordered => "unordered",
        }
    }
}
