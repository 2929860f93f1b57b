//! Sums that round carry no derivative.

use crate::common::{Builder, F64, I64, PTR, alone, body};
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BodyId, Cast, FloatOp, ValueId};
use enzyme_protocol::Activity::Duplicated;

const LARGE: f64 = 6_755_399_441_055_744.0;

/// Whether the result of a function of a loaded float carries a derivative.
fn carries(function: impl FnOnce(&mut Builder, ValueId) -> ValueId) -> bool {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let y = function(&mut b, x);
    b.store(y, b.param(1));
    b.ret();
    let program = alone(b);
    let types = Types::new(&program);
    let activity = Activity::new(&program, &types, &[Duplicated, Duplicated], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    activity.active(BodyId::FIRST, y)
}

fn there_and_back(by: f64, back: f64) -> bool {
    carries(|b, x| {
        let [by, back] = [by, back].map(|number| b.float(number));
        let sum = b.float_op(FloatOp::Add, x, by);
        b.float_op(FloatOp::Sub, sum, back)
    })
}

#[test]
fn a_large_number_that_is_added_and_taken_away_rounds() {
    assert!(!there_and_back(LARGE, LARGE));
    assert!(!there_and_back(-LARGE, -LARGE));
    assert!(!there_and_back(LARGE / 128.0, LARGE / 128.0), "to parts of a whole number");
}

#[test]
fn other_sums_are_sums() {
    assert!(there_and_back(LARGE / 64.0, LARGE / 128.0), "another number is taken away");
    assert!(there_and_back(1024.0, 1024.0), "a small number");
    assert!(there_and_back(1e17, 1e17), "no power of two");
}

/// As where the numbers would be too small to be squared: `sqrt((s·x)² + s²) / s`.
#[test]
fn numbers_that_scale_do_not_round() {
    const SCALE: f64 = f64::from_bits((1023 + 510) << 52);
    let scaled = |bits: bool| {
        carries(|b, x| {
            let [scale, square] = [SCALE, SCALE * SCALE].map(|number| b.float(number));
            let scaled = b.float_op(FloatOp::Mul, x, scale);
            let squared = b.float_op(FloatOp::Mul, scaled, scaled);
            let sum = b.float_op(FloatOp::Add, squared, square);
            let bits = bits.then(|| b.cast(I64, Cast::Bits, sum));
            bits.map_or(sum, |bits| b.cast(F64, Cast::Bits, bits))
        })
    };
    assert!(scaled(false));
    assert!(scaled(true), "whose bits are looked at");
}

#[test]
fn beside_a_number_that_leaves_but_halves_any_sum_rounds() {
    assert!(!there_and_back(LARGE, LARGE / 2.0));
}

#[test]
fn what_is_taken_from_the_number_is_rounded() {
    for number in [LARGE, LARGE / 128.0] {
        let negated = carries(|b, x| {
            let number = b.float(number);
            let sum = b.float_op(FloatOp::Sub, number, x);
            b.float_op(FloatOp::Sub, number, sum)
        });
        assert!(!negated, "{number}");
    }
}

#[test]
fn the_bits_of_a_sum_that_rounds_are_a_number() {
    let scaled = carries(|b, x| {
        let large = b.float(LARGE);
        let sum = b.float_op(FloatOp::Add, x, large);
        let bits = b.cast(I64, Cast::Bits, sum);
        b.cast(F64, Cast::Bits, bits)
    });
    assert!(!scaled);
}
