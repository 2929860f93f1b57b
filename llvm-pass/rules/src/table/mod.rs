//! The rows, and the words they are written with.
//!
//! A row is the function's name, its symbols, where the formula comes from, then
//! one entry for each operand in order, then the tests' ordinary points and the
//! singular points. `X0` and `X1` are the operands, `Y` the result, `G` the
//! result's adjoint. Where a contribution can be written with the result or with
//! an operand, the row takes the form that is accurate and cheap with the fewest
//! primal values: `tan` and `tanh` read their results and call nothing.

mod arithmetic;
mod elementary;
mod special;

use crate::expr::Expr;
use crate::rule::{Operand, Rule, Singular};

const G: Expr = Expr::G;
const Y: Expr = Expr::Y;
const X0: Expr = Expr::X(0);
const X1: Expr = Expr::X(1);

/// All rows.
pub(crate) fn rows() -> Vec<Rule> {
    let mut rows = arithmetic::rows();
    rows.extend(elementary::rows());
    rows.extend(special::rows());
    rows
}

fn row(name: &'static str, symbols: &'static [&'static str], cite: &'static str) -> Rule {
    Rule {
        name,
        arity: 0,
        operands: Vec::new(),
        symbols,
        domain: Vec::new(),
        singular: Vec::new(),
        cite,
    }
}

impl Rule {
    fn operand(mut self, operand: Operand) -> Rule {
        self.operands.push(operand);
        self.arity += 1;
        self
    }

    /// The next operand receives this.
    fn gives(self, contribution: Expr) -> Rule {
        self.operand(Operand::Contribution(contribution))
    }

    /// The next operand is a float without derivative.
    fn zero(self) -> Rule {
        self.operand(Operand::Zero)
    }

    /// The next operand is an integer.
    fn integer(self) -> Rule {
        self.operand(Operand::Integer)
    }

    /// The function is smooth inside this box, one interval for each operand.
    fn smooth(mut self, domain: &[(f64, f64)]) -> Rule {
        self.domain = domain.to_vec();
        self
    }

    /// At this point, adjoint 1 contributes exactly this.
    fn at(self, at: &[f64], expect: &[f64], why: &'static str) -> Rule {
        self.seeded(1.0, at, expect, why)
    }

    /// At this point, this adjoint contributes exactly this.
    fn seeded(mut self, seed: f64, at: &[f64], expect: &[f64], why: &'static str) -> Rule {
        self.singular.push(Singular { at: at.to_vec(), seed, expect: expect.to_vec(), why });
        self
    }
}
