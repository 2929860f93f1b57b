//! Every row of the table against numbers.
//!
//! The oracle of a row is the function itself, from the C library's Rust port or
//! `std`, and closed forms of its partial derivatives, written with other
//! identities than the row's. At ordinary points, drawn from the row's box, the
//! contribution must agree with Ridders' extrapolated difference quotient to its
//! own error estimate and with the closed form to rounding; at declared singular
//! points it must be the declared number exactly. `uses` must name every value
//! whose change changes the contribution.
//!
//! The harness is a function that returns what is wrong, so that one test can
//! hand it wrong rows and require a complaint.

use crate::oracle::{self, Oracle};
use enzyme_rules::eval::{Point, eval};
use enzyme_rules::{Binary, Expr, Operand, Rule, for_function, rules};

/// Number of ordinary points for each row.
const POINTS: usize = 25;

/// Everything that is wrong with a row.
fn complaints(rule: &Rule, oracle: &Oracle) -> Vec<String> {
    let mut found = Vec::new();
    let mut complain = |text: String| found.push(format!("{}: {text}", rule.name));
    if rule.operands.len() != rule.arity || rule.domain.len() != rule.arity {
        complain("arity, operands and domain differ in length".into());
        return found;
    }
    for i in 0..rule.arity {
        if rule.contribution(i).is_some_and(|expr| !expr.linear()) {
            complain(format!("x{i}: not linear in g"));
        }
    }
    for k in 0..POINTS {
        let at = ordinary_point(rule, k);
        check_ordinary(rule, oracle, &at, &mut complain);
    }
    for point in &rule.singular {
        let result = (oracle.primal)(&point.at);
        for i in 0..rule.arity {
            let got = contribution(rule, i, &point.at, result, point.seed);
            let expect = point.expect[i];
            if !same(got, expect) {
                complain(format!("x{i} at {:?}: {got} instead of {expect}", point.at));
            }
        }
    }
    found
}

fn check_ordinary(rule: &Rule, oracle: &Oracle, at: &[f64], complain: &mut impl FnMut(String)) {
    const ADJOINT: f64 = 0.75;
    let result = (oracle.primal)(at);
    let closed = (oracle.partials)(at);
    for i in 0..rule.arity {
        let got = contribution(rule, i, at, result, ADJOINT);
        if rule.operands[i] != Operand::Integer {
            let partial = |x: f64| {
                let mut moved = at.to_vec();
                moved[i] = x;
                (oracle.primal)(&moved)
            };
            let (quotient, error) = ridders(partial, at[i]);
            let scale = quotient.abs().max(1.0);
            if error > 1e-6 * scale {
                complain(format!("x{i} at {at:?}: no usable difference quotient"));
            }
            if (got - ADJOINT * quotient).abs() > 10.0 * error + 1e-10 * scale {
                complain(format!("x{i} at {at:?}: {got}, quotient {}", ADJOINT * quotient));
            }
        }
        let expect = ADJOINT * closed[i];
        // Conditioning is bounded by the boxes; a few roundings on each side remain.
        if (got - expect).abs() > 4e-13 * expect.abs().max(1e-2) {
            complain(format!("x{i} at {at:?}: {got}, closed form {expect}"));
        }
        check_uses(rule, i, at, result, got, complain);
    }
}

/// A value that `uses` does not name must not matter.
fn check_uses(
    rule: &Rule,
    i: usize,
    at: &[f64],
    result: f64,
    before: f64,
    complain: &mut impl FnMut(String),
) {
    let uses = rule.uses(i);
    for j in (0..rule.arity).filter(|&j| !uses.operand(j)) {
        let mut moved = at.to_vec();
        moved[j] += 1.0;
        if !same(contribution(rule, i, &moved, result, 0.75), before) {
            complain(format!("x{i}: reads x{j} and does not say so"));
        }
    }
    if !uses.result && !same(contribution(rule, i, at, result + 1.0, 0.75), before) {
        complain(format!("x{i}: reads the result and does not say so"));
    }
}

fn contribution(rule: &Rule, i: usize, at: &[f64], result: f64, adjoint: f64) -> f64 {
    let point = Point { operands: at, result, adjoint };
    rule.contribution(i).map_or(0.0, |expr| eval(expr, &point))
}

/// Equal numbers (zeros of both signs are), or both NaN.
fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Point k of a sequence that fills the row's box evenly: multiples of powers of
/// the plastic number's generalisation, modulo 1.
fn ordinary_point(rule: &Rule, k: usize) -> Vec<f64> {
    const STEPS: [f64; 3] =
        [0.819_172_513_396_164_4, 0.671_043_606_703_789_3, 0.549_700_477_901_970_3];
    let coordinate = |(i, &(low, high)): (usize, &(f64, f64))| {
        let part = (0.5 + STEPS[i] * (k + 1) as f64).fract();
        let x = low + part * (high - low);
        if rule.operands[i] == Operand::Integer { x.round() } else { x }
    };
    rule.domain.iter().enumerate().map(coordinate).collect()
}

/// The derivative by central differences of shrinking width, extrapolated to
/// width 0 (Ridders 1982), and an estimate of its error.
fn ridders(f: impl Fn(f64) -> f64, x: f64) -> (f64, f64) {
    const SHRINK: f64 = 1.4;
    const LEVELS: usize = 14;
    let mut width = 0.04;
    let mut best = (f64::NAN, f64::INFINITY);
    let mut previous: Vec<f64> = Vec::new();
    for _ in 0..LEVELS {
        let mut row = vec![(f(x + width) - f(x - width)) / (2.0 * width)];
        let mut factor = SHRINK * SHRINK;
        for j in 0..previous.len() {
            let better = (row[j] * factor - previous[j]) / (factor - 1.0);
            let error = (better - row[j]).abs().max((better - previous[j]).abs());
            if error <= best.1 {
                best = (better, error);
            }
            row.push(better);
            factor *= SHRINK * SHRINK;
        }
        previous = row;
        width /= SHRINK;
    }
    best
}

#[test]
fn every_row_has_the_right_numbers() {
    let mut found = Vec::new();
    for rule in rules() {
        match oracle::of(rule.name) {
            Some(oracle) => found.extend(complaints(rule, &oracle)),
            None => found.push(format!("{}: no oracle", rule.name)),
        }
    }
    assert!(found.is_empty(), "{} complaints\n{}", found.len(), found.join("\n"));
}

/// Wrong in a factor, in a sign, at a singular point, in what is linear: all caught.
#[test]
fn wrong_rows_are_caught() {
    let scaled = |e: &Expr| {
        Expr::Binary(Binary::Mul, Box::new(e.clone()), Box::new(Expr::Lit(1.000_000_001)))
    };
    for rule in rules() {
        let oracle = oracle::of(rule.name).expect("checked by the other test");
        for i in 0..rule.arity {
            let Some(expr) = rule.contribution(i) else {
                continue;
            };
            for wrong in [scaled(expr), -expr.clone(), expr.clone() * Expr::G, expr.clone() + 0.5] {
                let mut bad = rule.clone();
                bad.operands[i] = Operand::Contribution(wrong);
                assert!(!complaints(&bad, &oracle).is_empty(), "{} x{i} passed", rule.name);
            }
        }
    }
    let mut no_factor = for_function("tgamma").unwrap().0.clone();
    no_factor.operands = for_function("lgamma").unwrap().0.operands.clone();
    assert!(!complaints(&no_factor, &oracle::of("tgamma").unwrap()).is_empty());
    let mut nan_at_origin = for_function("hypot").unwrap().0.clone();
    nan_at_origin.operands[0] = Operand::Contribution(Expr::G * (Expr::X(0) / Expr::Y));
    let found = complaints(&nan_at_origin, &oracle::of("hypot").unwrap());
    assert_eq!(found, ["hypot: x0 at [0.0, 0.0]: NaN instead of 0"]);
}
