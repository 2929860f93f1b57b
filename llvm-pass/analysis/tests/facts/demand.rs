//! Facts about which contributions a zero adjoint does not pass.

use crate::common::*;
use enzyme_analysis::script::script;
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BlockId, BodyId, FloatOp, Op, Ty, ValueId};
use enzyme_protocol::Activity::Duplicated;

/// The operations of which a contribution ends at a zero adjoint.
fn ending(builder: Builder) -> Vec<ValueId> {
    let program = alone(builder);
    let types = Types::new(&program);
    let activity = Activity::new(&program, &types, &[Duplicated; 2], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    let body = &program.bodies[BodyId::FIRST];
    let script = script(BodyId::FIRST, body, &types, &activity).unwrap();
    let ends = |v: &ValueId| (0..3).any(|i| script.demand.ends_at_zero(*v, i));
    body.live_insts().map(|(value, _)| value).filter(ends).collect()
}

fn root(b: &mut Builder, x: ValueId) -> ValueId {
    b.call(F64, "sqrt", &[x])
}

#[test]
fn nothing_ends_where_all_is_used() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let r = root(&mut b, x);
    let y = b.float_op(FloatOp::Div, r, x);
    b.store(y, b.param(1));
    b.ret();
    assert_eq!(ending(b), []);
}

#[test]
fn what_only_an_arm_uses_ends_and_sums_need_not() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let square = b.square(x);
    let r = root(&mut b, square);
    let double = b.float_op(FloatOp::Add, r, r);
    let two = b.float(2.0);
    let scaled = b.float_op(FloatOp::Mul, double, two);
    let y = b.select(scaled, x);
    b.store(y, b.param(1));
    b.ret();
    assert_eq!(ending(b), [square, r]);
}

#[test]
fn what_is_also_used_outside_of_the_arm_is_evaluated() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let r = root(&mut b, x);
    let chosen = b.select(r, x);
    let y = b.float_op(FloatOp::Mul, chosen, r);
    b.store(y, b.param(1));
    b.ret();
    assert_eq!(ending(b), []);
}

#[test]
fn a_maximum_uses_one_operand() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let (r, square) = (root(&mut b, x), b.square(x));
    let y = b.call(F64, "fmax", &[r, square]);
    b.store(y, b.param(1));
    b.ret();
    assert_eq!(ending(b), [r, square]);
}

fn branches(both: bool) -> (Builder, ValueId) {
    let mut b = body(&[PTR, PTR]);
    let [then, otherwise, join] = [1, 2, 3].map(BlockId::new);
    let x = b.load(F64, b.param(0));
    let r = root(&mut b, x);
    let condition = b.inst(Ty::Int(1), Op::FloatCompare, &[x, x]);
    b.branch(condition, [then, otherwise]);
    for side in [r, if both { r } else { x }] {
        b.block();
        b.store(side, b.param(1));
        b.jump(join);
    }
    b.block();
    b.path(BlockId::new(0), &[then, otherwise]);
    b.ret();
    (b, r)
}

#[test]
fn what_one_side_of_a_branch_uses_ends() {
    let (b, r) = branches(false);
    assert_eq!(ending(b), [r]);
    assert_eq!(ending(branches(true).0), []);
}

/// What is stored in own memory may be the payload of an empty variant: roots end there,
/// products of ordinary numbers need not.
#[test]
fn what_is_only_kept_ends_where_it_may_be_infinite() {
    let mut b = body(&[PTR, PTR]);
    let object = b.alloca(24);
    let x = b.load(F64, b.param(0));
    let (r, square) = (root(&mut b, x), b.square(x));
    let product = b.float_op(FloatOp::Mul, r, x);
    let fields = [0, 8, 16].map(|offset| b.field(object, offset));
    for (value, field) in [r, square, product].into_iter().zip(fields) {
        b.store(value, field);
    }
    let loaded = fields.map(|field| b.load(F64, field));
    let sum = b.float_op(FloatOp::Add, loaded[0], loaded[1]);
    let sum = b.float_op(FloatOp::Add, sum, loaded[2]);
    b.store(sum, b.param(1));
    b.ret();
    assert_eq!(ending(b), [r, product]);
}

/// The sum of a round is used by the next one, and the last by what follows.
#[test]
fn sums_of_loops_are_used() {
    let mut b = body(&[PTR, PTR]);
    let before = b.here();
    let (header, counter) = b.begin_loop();
    let zero = b.float(0.0);
    let sum = b.phi(F64, &[(before, Some(zero)), (header, None)]);
    let at = b.item(b.param(0), 8, counter);
    let x = b.load(F64, at);
    let r = root(&mut b, x);
    let next = b.float_op(FloatOp::Add, sum, r);
    b.complete(sum, 1, next);
    b.end_loop(counter);
    b.declare_loop(header, counter);
    b.store(next, b.param(1));
    b.ret();
    assert_eq!(ending(b), []);
}

/// Of a value that only what follows a loop uses, the rounds before the last are for nothing.
#[test]
fn values_that_only_the_last_round_hands_on_end() {
    let mut b = body(&[PTR, PTR]);
    let (header, counter) = b.begin_loop();
    let at = b.item(b.param(0), 8, counter);
    let x = b.load(F64, at);
    let r = root(&mut b, x);
    b.end_loop(counter);
    b.declare_loop(header, counter);
    b.store(r, b.param(1));
    b.ret();
    assert_eq!(ending(b), [r]);
}
