//! Which contributions vanish with the adjoint, and which only choose.
//!
//! A contribution is linear in `g`, but in IEEE arithmetic no adjoint times an infinite
//! partial is NaN. From the shape of an expression, and from which primal values are
//! known to be finite, [`Expr::vanishes`] proves that `g = 0` gives 0.
//!
//! *Why it is sound.* Each node is judged by what it is at `g = 0`: zero, finite or
//! anything. Only products of zeros with finite numbers, quotients by literals, sums of
//! zeros and choices between zeros are zero. *Not seen*: that sums and products of finite
//! numbers overflow; they are taken to be finite.

use crate::expr::{Binary, Expr, Unary};
use crate::function::Function;

/// What an expression is where the adjoint is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    /// 0 of either sign.
    Zero,
    /// A number.
    Finite,
    /// NaN and infinity included.
    Any,
}

/// A primal value that a contribution reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// This operand.
    Operand(usize),
    /// The result.
    Result,
}

impl Expr {
    /// Whether adjoint 0 certainly contributes 0, given which primal values are finite.
    pub fn vanishes(&self, finite: &dyn Fn(Read) -> bool) -> bool {
        self.size(finite) == Size::Zero
    }

    fn size(&self, finite: &dyn Fn(Read) -> bool) -> Size {
        use Size::{Any, Finite, Zero};
        let read = |read| if finite(read) { Finite } else { Any };
        match self {
            Expr::G => Zero,
            Expr::X(i) => read(Read::Operand(usize::from(*i))),
            Expr::Y => read(Read::Result),
            Expr::Lit(number) if *number == 0.0 => Zero,
            Expr::Lit(number) if number.is_finite() => Finite,
            Expr::Unary(Unary::Neg | Unary::RoundEven, a) => a.size(finite),
            Expr::Unary(Unary::Sin | Unary::Cos, a) => a.size(finite).max(Finite),
            Expr::Unary(Unary::FromInteger, _) => Finite,
            Expr::Binary(Binary::Add | Binary::Sub, a, b) => a.size(finite).max(b.size(finite)),
            Expr::Binary(Binary::Mul, a, b) => match (a.size(finite), b.size(finite)) {
                (Any, _) | (_, Any) => Any,
                (a, b) => a.min(b),
            },
            Expr::Binary(Binary::Div, a, b) => match **b {
                Expr::Lit(number) if number != 0.0 && !number.is_nan() => a.size(finite),
                _ => Any,
            },
            Expr::Binary(Binary::CopySign, a, _) => a.size(finite),
            Expr::Select(_, _, _, then, otherwise) => then.size(finite).max(otherwise.size(finite)),
            Expr::Call(Function::Ldexp, arguments) if arguments[0].size(finite) == Zero => Zero,
            _ => Any,
        }
    }

    /// Whether it only decides if the operand is used at all: a choice between the
    /// adjoint, of either sign, and 0.
    pub fn chooses(&self) -> bool {
        match self {
            Expr::Select(_, _, _, then, otherwise) => {
                [then, otherwise].iter().all(|arm| arm.chooses() || arm.is_unit())
            }
            _ => false,
        }
    }

    fn is_unit(&self) -> bool {
        match self {
            Expr::G => true,
            Expr::Lit(number) => *number == 0.0,
            Expr::Unary(Unary::Neg, a) => a.is_unit(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Read;
    use crate::rule::{Rule, rules};

    fn contributions(rule: &Rule) -> impl Iterator<Item = &crate::Expr> {
        (0..rule.arity).filter_map(|i| rule.contribution(i))
    }

    fn names(test: impl Fn(&crate::Expr) -> bool) -> Vec<&'static str> {
        let rows = rules().iter().filter(|rule| contributions(rule).any(&test));
        rows.map(|rule| rule.name).collect()
    }

    #[test]
    fn what_is_linear_with_constant_factors_always_vanishes() {
        let always = names(|c| c.vanishes(&|_| false));
        for linear in ["neg", "add", "sub", "fma", "fmax", "minimum", "fdim", "identity"] {
            assert!(always.contains(&linear), "{linear}");
        }
        for other in ["mul", "div", "sqrt", "exp", "pow", "sin", "hypot"] {
            assert!(!always.contains(&other), "{other}");
        }
    }

    #[test]
    fn finite_factors_let_products_vanish_but_not_quotients() {
        let tame = names(|c| c.vanishes(&|_| true));
        for product in ["mul", "sin", "cos", "exp", "tanh"] {
            assert!(tame.contains(&product), "{product}");
        }
        for pole in ["div", "sqrt", "log", "asin", "cbrt"] {
            assert!(!tame.contains(&pole), "{pole}");
        }
    }

    #[test]
    fn a_product_vanishes_by_the_factor_that_it_reads() {
        let mul = crate::for_operator(crate::Operator::FMul);
        let first = mul.contribution(0).unwrap();
        assert!(first.vanishes(&|read| read == Read::Operand(1)));
        assert!(!first.vanishes(&|read| read == Read::Operand(0)));
    }

    #[test]
    fn maxima_choose_and_absolute_values_do_not() {
        let choices = names(crate::Expr::chooses);
        assert_eq!(choices, ["fdim", "fmax", "fmin", "maximum", "minimum"]);
    }
}
