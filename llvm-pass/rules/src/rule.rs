//! What a row of the table of rules is, and how a row is found.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::expr::Expr;
use crate::symbol::{self, Precision};
use crate::table;

/// The derivative of one operator or function with respect to each operand.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The function's usual name, unique in the table.
    pub name: &'static str,
    /// Number of operands that the rule speaks of; further call arguments are ignored.
    pub arity: usize,
    /// What each operand receives.
    pub operands: Vec<Operand>,
    /// C names for `f64` (the `f32` function has an `f` appended) and LLVM
    /// intrinsics without type suffix.
    pub symbols: &'static [&'static str],
    /// A box inside which the function is smooth; the tests' ordinary points.
    pub domain: Vec<(f64, f64)>,
    /// Points where the formula's value is a decision, with that value.
    pub singular: Vec<Singular>,
    /// Where the formula comes from, or why it has this form.
    pub cite: &'static str,
}

/// What one operand of a function receives.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// The contribution to the operand's adjoint.
    Contribution(Expr),
    /// A float operand whose derivative is zero wherever it exists.
    Zero,
    /// An integer operand.
    Integer,
}

/// A point where smoothness ends, and what the rule says there.
#[derive(Clone, Debug)]
pub struct Singular {
    /// The operands.
    pub at: Vec<f64>,
    /// The result's adjoint.
    pub seed: f64,
    /// What each operand with a contribution receives, exactly; 0 for the others.
    pub expect: Vec<f64>,
    /// Why.
    pub why: &'static str,
}

/// The primal values that a contribution reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Bit i: reads operand i.
    pub operands: u32,
    /// Reads the result.
    pub result: bool,
}

/// LLVM's float arithmetic instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `fneg`
    FNeg,
    /// `fadd`
    FAdd,
    /// `fsub`
    FSub,
    /// `fmul`
    FMul,
    /// `fdiv`
    FDiv,
    /// `frem`
    FRem,
}

impl Uses {
    /// Whether operand i is read.
    pub fn operand(self, i: usize) -> bool {
        i < 32 && self.operands & (1 << i) != 0
    }

    /// What either reads.
    #[must_use]
    pub fn union(self, other: Uses) -> Uses {
        Uses { operands: self.operands | other.operands, result: self.result || other.result }
    }
}

impl Rule {
    /// What the operand's adjoint receives; `None` if nothing, ever.
    pub fn contribution(&self, operand: usize) -> Option<&Expr> {
        match self.operands.get(operand)? {
            Operand::Contribution(expr) => Some(expr),
            Operand::Zero | Operand::Integer => None,
        }
    }

    /// Whether its derivative evaluates, at the same operand, the function that libraries
    /// compute together with it: sine and cosine.
    pub fn is_half_of_a_pair(&self) -> bool {
        matches!(self.name, "sin" | "cos")
    }

    /// The primal values that the operand's contribution reads.
    pub fn uses(&self, operand: usize) -> Uses {
        self.contribution(operand).map(Expr::uses).unwrap_or_default()
    }
}

/// All rows, in the manual's order.
pub fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(table::rows);
    &RULES
}

/// The rule of an arithmetic instruction.
pub fn for_operator(op: Operator) -> &'static Rule {
    let name = match op {
        Operator::FNeg => "neg",
        Operator::FAdd => "add",
        Operator::FSub => "sub",
        Operator::FMul => "mul",
        Operator::FDiv => "div",
        Operator::FRem => "fmod",
    };
    let row = rules().iter().find(|rule| rule.name == name);
    row.expect("every operator has a row")
}

/// The rule of a called function, from its symbol, and the float type it works in.
pub fn for_function(symbol: &str) -> Option<(&'static Rule, Precision)> {
    let symbol = crate::stand_in::like(symbol).unwrap_or(symbol);
    static BY_SYMBOL: LazyLock<HashMap<&'static str, &'static Rule>> = LazyLock::new(|| {
        let pairs = |rule: &'static Rule| rule.symbols.iter().map(move |&s| (s, rule));
        rules().iter().flat_map(pairs).collect()
    });
    if let Some((base, precision)) = symbol::intrinsic(symbol) {
        let precision = precision.or_else(|| symbol::processor(base));
        return Some((*BY_SYMBOL.get(base)?, precision?));
    }
    let by_library_name = |name: &str| {
        let mut spellings = symbol::library(name).into_iter();
        spellings.find_map(|(plain, precision)| Some((*BY_SYMBOL.get(plain)?, precision)))
    };
    if let Some(found) = by_library_name(symbol) {
        return Some(found);
    }
    let path = symbol::path(symbol)?;
    if let Some((name, precision)) = symbol::method(&path) {
        return Some((*BY_SYMBOL.get(name)?, precision));
    }
    by_library_name(symbol::libm_crate(&path)?)
}
