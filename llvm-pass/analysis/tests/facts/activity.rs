//! Facts about what carries derivatives and what is refused.

use crate::common::*;
use enzyme_analysis::byte_moves::ByteMove;
use enzyme_analysis::script::{Reverse, script};
use enzyme_analysis::{Activity, PieceKind, Types};
use enzyme_body::{
    BodyId, Call, Callee, Cast, Effects, FloatKind, FloatOp, IntOp, Op, Program, Ty, ValueId,
};
use enzyme_diag::Code;
use enzyme_protocol::Activity::{Const, Duplicated};
use expect_test::expect;

type Provided = enzyme_protocol::Activity;

const FIRST: fn() -> BodyId = || BodyId::new(0);

fn analyse(program: &Program, provided: &[Provided], runtime: bool) -> (Types, Activity) {
    let types = Types::new(program);
    let activity = Activity::new(program, &types, provided, runtime);
    (types, activity)
}

fn errors(builder: Builder, provided: &[Provided]) -> Vec<Code> {
    let (_, activity) = analyse(&alone(builder), provided, false);
    activity.errors().iter().map(|e| e.code).collect()
}

fn moves(builder: Builder, provided: &[Provided], inst: ValueId) -> bool {
    let (_, activity) = analyse(&alone(builder), provided, false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    activity.moves(FIRST(), inst)
}

#[test]
fn a_square_is_active_from_load_to_store() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let y = b.square(x);
    b.store(y, b.param(1));
    b.ret();
    let program = alone(b);
    let (_, activity) = analyse(&program, &[Duplicated, Duplicated], false);
    expect![[r#"
        active in f0: %2 %3
        shadows in f0: p0 p1
        moves in f0: %2 %3 %4
        active cells: c0 c1
        shadowed regions: r0 r1
        guarded regions:
    "#]]
    .assert_eq(&activity.to_string());
}

#[test]
fn what_reaches_no_output_is_idle() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let local = b.alloca(8);
    let y = b.square(x);
    let store = b.store(y, local);
    b.ret();
    assert!(!moves(b, &[Duplicated, Duplicated], store));
}

#[test]
fn what_no_input_reaches_is_idle_but_its_store_ends_an_adjoint() {
    let mut b = body(&[PTR, PTR]);
    let c = b.load(F64, b.param(1));
    let y = b.square(c);
    let store = b.store(y, b.param(0));
    b.ret();
    let (_, activity) = analyse(&alone(b), &[Duplicated, Const], false);
    assert!(activity.errors().is_empty());
    assert!(!activity.active(FIRST(), y) && !activity.moves(FIRST(), y));
    assert!(activity.moves(FIRST(), store));
}

#[test]
fn a_constant_stored_over_an_active_float_moves() {
    let mut b = body(&[PTR]);
    let x = b.load(F64, b.param(0));
    let y = b.square(x);
    b.store(y, b.param(0));
    let zero = b.float(0.0);
    let store = b.store(zero, b.param(0));
    b.ret();
    assert!(moves(b, &[Duplicated], store));
}

#[test]
fn a_load_of_an_address_moves_nothing_but_carries() {
    let mut b = body(&[PTR]);
    let data = b.load(PTR, b.param(0));
    let x = b.load(F64, data);
    let y = b.square(x);
    b.store(y, data);
    b.ret();
    let (_, activity) = analyse(&alone(b), &[Duplicated], false);
    assert!(!activity.moves(FIRST(), data) && activity.carries(FIRST(), data));
    assert!(activity.moves(FIRST(), x));
}

#[test]
fn derivatives_travel_through_moved_integers_and_copies() {
    let mut b = body(&[PTR, PTR]);
    let local = b.alloca(16);
    let bits = b.load(I64, b.param(0));
    b.store(bits, local);
    let other = b.alloca(16);
    let len = b.int(8);
    let copy = b.copy(other, local, len);
    let x = b.load(F64, other);
    let y = b.square(x);
    b.store(y, b.param(1));
    b.ret();
    let (_, activity) = analyse(&alone(b), &[Duplicated, Duplicated], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    assert!(activity.moves(FIRST(), bits) && activity.moves(FIRST(), copy));
    assert!(activity.moves(FIRST(), local) && activity.active(FIRST(), y));
}

#[test]
fn copies_pair_fields_by_offset() {
    // The second field of the copy is written from a constant source only.
    let mut b = body(&[PTR, PTR, PTR]);
    let local = b.alloca(16);
    let len = b.int(8);
    b.copy(local, b.param(0), len);
    let second = b.field(local, 8);
    b.copy(second, b.param(1), len);
    let x = b.load(F64, local);
    let c = b.load(F64, second);
    let y = b.float_op(FloatOp::Mul, x, c);
    b.store(y, b.param(2));
    b.ret();
    let (_, activity) = analyse(&alone(b), &[Duplicated, Const, Duplicated], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    assert!(activity.active(FIRST(), x) && !activity.active(FIRST(), c));
}

#[test]
fn constant_data_copied_into_active_memory_is_not_mixed() {
    let mut b = body(&[PTR, PTR, I64]);
    let (_, i) = b.begin_loop();
    let item = b.item(b.param(0), 8, i);
    let x = b.load(F64, item);
    let y = b.square(x);
    b.store(y, item);
    b.end_loop(i);
    let copy = b.copy(b.param(0), b.param(1), b.param(2));
    b.ret();
    assert!(moves(b, &[Duplicated, Const, Const], copy));
}

fn mixed_choice() -> Builder {
    let mut b = body(&[PTR, PTR, PTR]);
    let p = b.select(b.param(0), b.param(1));
    let x = b.load(F64, p);
    let y = b.square(x);
    b.store(y, b.param(2));
    b.ret();
    b
}

#[test]
fn a_choice_between_constant_and_differentiated_memory_is_refused_where_it_is_made() {
    let (_, activity) = analyse(&alone(mixed_choice()), &[Duplicated, Const, Duplicated], false);
    let [error] = activity.errors() else { panic!("{:?}", activity.errors()) };
    assert_eq!(error.code, Code::MixedActivity);
    assert!(error.message.contains("parameter 1"), "{}", error.message);
    assert_eq!(error.location.as_ref().map(|l| l.line), Some(5));
}

#[test]
fn run_time_activity_guards_mixed_memory_instead() {
    let program = alone(mixed_choice());
    let (types, activity) = analyse(&program, &[Duplicated, Const, Duplicated], true);
    assert!(activity.errors().is_empty());
    let p = program.bodies[FIRST()].params[1];
    assert!(activity.guarded(types.loc(FIRST(), p).unwrap().region));
}

#[test]
fn a_constant_structure_that_leads_to_differentiated_memory_is_refused() {
    let mut b = body(&[PTR, PTR]);
    b.store(b.param(0), b.param(1));
    let again = b.load(PTR, b.param(1));
    let x = b.load(F64, again);
    let y = b.square(x);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated, Const]), [Code::MixedActivity]);
}

#[test]
fn bytes_that_nothing_types_are_refused_when_copied_from_input_to_output() {
    let mut b = body(&[PTR, PTR]);
    let len = b.int(16);
    b.copy(b.param(0), b.param(1), len);
    b.ret();
    assert_eq!(errors(b, &[Duplicated, Duplicated]), [Code::UnknownType]);
}

#[test]
fn a_fill_of_bytes_that_nothing_types_is_refused() {
    let mut b = body(&[PTR, I64]);
    let zero = b.int(0);
    b.inst(VOID, Op::Fill, &[b.param(0), zero, b.param(1)]);
    b.ret();
    assert_eq!(errors(b, &[Duplicated, Const]), [Code::UnknownType]);
}

#[test]
fn bytes_that_nothing_types_do_not_matter_in_memory_that_dies() {
    let mut b = body(&[PTR, PTR]);
    let local = b.alloca(24);
    let len = b.int(24);
    b.copy(local, b.param(0), len);
    let x = b.load(F64, local);
    let y = b.square(x);
    b.store(y, b.param(1));
    b.ret();
    assert_eq!(errors(b, &[Duplicated, Duplicated]), []);
}

#[test]
fn an_integer_beside_floats_is_copied_without_complaint() {
    let mut b = body(&[PTR, PTR]);
    let len = b.int(16);
    b.copy(b.param(0), b.param(1), len);
    b.load(F64, b.param(0));
    let count = b.field(b.param(0), 8);
    let count = b.load(I64, count);
    b.inst(VOID, Op::Switch, &[count]);
    b.ret();
    assert_eq!(errors(b, &[Duplicated, Duplicated]), []);
}

#[test]
fn active_floats_of_two_widths_are_refused() {
    let mut b = body(&[PTR]);
    b.load(F64, b.param(0));
    let x = b.load(F32, b.param(0));
    let y = b.square(x);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), [Code::MixedType]);
}

#[test]
fn idle_floats_of_two_widths_are_nobodys_business() {
    let mut b = body(&[PTR, PTR]);
    b.load(F64, b.param(0));
    let x = b.load(F32, b.param(0));
    b.store(x, b.param(1));
    b.ret();
    assert_eq!(errors(b, &[Const, Duplicated]), []);
}

#[test]
fn masking_the_bits_of_an_active_float_is_refused() {
    let mut b = body(&[PTR]);
    let x = b.load(F64, b.param(0));
    let bits = b.cast(I64, Cast::Bits, x);
    let mask = b.int(i64::MAX);
    let bits = b.int_op(IntOp::And, bits, mask);
    let y = b.cast(F64, Cast::Bits, bits);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), [Code::FloatBits]);
}

/// Two floats of four bytes side by side in an integer, the second `shift` bits up.
fn packed(shift: i64) -> (Builder, ValueId) {
    let mut b = body(&[PTR]);
    let x = b.load(F32, b.param(0));
    let bits = b.cast(I32, Cast::Bits, x);
    let low = b.cast(I64, Cast::IntToInt, bits);
    let shift = b.int(shift);
    let high = b.int_op(IntOp::ShiftLeft, low, shift);
    let pair = b.int_op(IntOp::Or, high, low);
    b.store(pair, b.param(0));
    let second = b.field(b.param(0), 4);
    b.load(F32, second);
    b.ret();
    (b, pair)
}

#[test]
fn floats_packed_side_by_side_in_an_integer_are_moved() {
    let (b, pair) = packed(32);
    let program = alone(b);
    let (types, activity) = analyse(&program, &[Duplicated], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    let float = PieceKind::Float(FloatKind::Single);
    assert_eq!(types.register_pieces(FIRST(), pair), [(0, float), (4, float)]);
    let script = script(FIRST(), &program.bodies[FIRST()], &types, &activity).unwrap();
    let Reverse::Bytes(moves) = &script.reverse[&pair] else { panic!("a move of bytes") };
    let part = |operand, at| ByteMove { operand, from: at, to: at, len: 4 };
    assert_eq!(moves, &[part(1, 0), part(0, 4)]);
}

#[test]
fn floats_that_overlap_in_an_integer_are_refused() {
    assert!(errors(packed(16).0, &[Duplicated]).contains(&Code::FloatBits));
}

#[test]
fn integer_arithmetic_between_two_floats_is_refused_although_it_is_compared() {
    let mut b = body(&[PTR]);
    let x = b.load(F64, b.param(0));
    let bits = b.cast(I64, Cast::Bits, x);
    let one = b.int(1);
    let half = b.int_op(IntOp::ShiftRight, bits, one);
    b.inst(Ty::Int(1), Op::IntCompare, &[half, one]);
    let three = b.int(3);
    let third = b.int_op(IntOp::Mul, half, three);
    let y = b.cast(F64, Cast::Bits, third);
    b.store(y, b.param(0));
    b.ret();
    assert!(errors(b, &[Duplicated]).contains(&Code::FloatBits));
}

#[test]
fn looking_at_the_bits_of_an_active_float_is_allowed() {
    let mut b = body(&[PTR]);
    let x = b.load(F64, b.param(0));
    let bits = b.cast(I64, Cast::Bits, x);
    let shift = b.int(63);
    let sign = b.int_op(IntOp::ShiftRight, bits, shift);
    b.inst(Ty::Int(1), Op::IntCompare, &[sign, shift]);
    let y = b.square(x);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), []);
}

#[test]
fn conversions_to_integers_end_derivatives() {
    let mut b = body(&[PTR, PTR]);
    let x = b.load(F64, b.param(0));
    let n = b.cast(I64, Cast::FloatToInt, x);
    let y = b.cast(F64, Cast::IntToFloat, n);
    b.store(y, b.param(1));
    b.ret();
    let (_, activity) = analyse(&alone(b), &[Duplicated, Duplicated], false);
    assert!(!activity.active(FIRST(), y) && !activity.moves(FIRST(), x));
}

#[test]
fn calls_into_the_dark_are_refused_only_with_derivatives() {
    let strange = |active: bool| {
        let mut b = body(&[PTR, PTR]);
        let x = b.load(F64, b.param(if active { 0 } else { 1 }));
        let y = b.call(F64, "stranger", &[x]);
        b.store(y, b.param(0));
        b.ret();
        b
    };
    assert_eq!(errors(strange(true), &[Duplicated, Const]), [Code::MissingBody]);
    assert_eq!(errors(strange(false), &[Duplicated, Const]), []);
}

#[test]
fn unknown_code_that_gets_active_memory_is_refused() {
    let mut b = body(&[PTR]);
    let holder = b.alloca(8);
    b.store(b.param(0), holder);
    b.call(VOID, "stranger", &[holder]);
    let x = b.load(F64, b.param(0));
    let y = b.square(x);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), [Code::MissingBody]);
}

/// What is read through an address that a function returns may be what its arguments reach,
/// even if nothing else in the program reads that, and even if the function reads nothing.
#[test]
fn an_address_that_unknown_code_returns_is_refused_where_a_derivative_is_read() {
    let pick = |effects: Effects, from: usize| {
        let mut b = body(&[PTR, PTR]);
        let callee = Callee::Symbol("stranger".into());
        let call = Op::Call(Call { callee, arguments: 1, effects, globals: None });
        let at = b.inst(PTR, call, &[b.param(from)]);
        let x = b.load(F64, at);
        b.store(x, b.param(1));
        b.ret();
        errors(b, &[if from == 0 { Duplicated } else { Const }, Duplicated])
    };
    let pure = Effects {
        reads: false,
        writes: false,
        only_arguments: true,
        unwinds: false,
        returns: true,
    };
    let all = Effects { reads: true, writes: true, only_arguments: false, ..pure };
    for effects in [pure, Effects { reads: true, ..pure }, all] {
        assert_eq!(pick(effects, 0), [Code::MissingBody, Code::UnknownMemory]);
    }
    // The output is differentiated as well.
    assert_eq!(pick(pure, 1), [Code::MissingBody, Code::UnknownMemory]);
}

#[test]
fn a_parts_address_that_unknown_code_returns_is_refused() {
    let mut b = body(&[PTR, PTR]);
    let pair = Ty::Aggregate(16, vec![(0, I64), (8, PTR)]);
    let item = b.call(pair, "next", &[b.param(0)]);
    let at = b.inst(PTR, Op::Extract { offset: 8 }, &[item]);
    let x = b.load(F64, at);
    b.store(x, b.param(1));
    b.ret();
    let errors = errors(b, &[Duplicated, Duplicated]);
    assert_eq!(errors[0], Code::MissingBody, "{errors:?}");
}

#[test]
fn an_object_that_unknown_code_returns_is_no_stray() {
    let mut b = body(&[PTR, PTR]);
    let object = b.call(Ty::Aggregate(16, vec![(0, PTR), (8, PTR)]), "make", &[]);
    let made = b.inst(PTR, Op::Extract { offset: 0 }, &[object]);
    let kept = b.alloca(8);
    b.store(made, kept);
    let at = b.load(PTR, kept);
    let weight = b.load(F64, at);
    let x = b.load(F64, b.param(0));
    let y = b.float_op(FloatOp::Mul, weight, x);
    b.store(y, b.param(1));
    b.ret();
    let (types, activity) = analyse(&alone(b), &[Duplicated, Duplicated], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    let loc = types.loc(FIRST(), at).expect("it is an address");
    assert!(!activity.strays(&types, loc, Some(8)));
}

#[test]
fn an_address_that_unknown_code_writes_is_refused_where_a_derivative_is_read() {
    let mut b = body(&[PTR, PTR]);
    let holder = b.alloca(16);
    b.call_of(VOID, Callee::Indirect, &[holder, b.param(0)]);
    let field = b.field(holder, 8);
    let at = b.load(PTR, field);
    let x = b.load(F64, at);
    b.store(x, b.param(1));
    b.ret();
    let errors = errors(b, &[Duplicated, Duplicated]);
    assert_eq!(errors[0], Code::IndirectCall, "{errors:?}");
}

#[test]
fn what_is_written_through_an_address_that_unknown_code_returns_is_refused() {
    let written = |through: bool| {
        let mut b = body(&[PTR, PTR]);
        let object = b.alloca(8);
        let zero = b.float(0.0);
        b.store(zero, object);
        let callee = Callee::Symbol("stranger".into());
        let effects = Effects {
            reads: false,
            writes: false,
            only_arguments: true,
            unwinds: false,
            returns: true,
        };
        let call = Op::Call(Call { callee, arguments: 1, effects, globals: None });
        let at = b.inst(PTR, call, &[object]);
        let x = b.load(F64, b.param(0));
        if through {
            b.store(x, at);
        }
        let y = b.load(F64, object);
        b.store(y, b.param(1));
        b.ret();
        errors(b, &[Duplicated, Duplicated])
    };
    assert_eq!(written(true), [Code::MissingBody, Code::UnknownMemory]);
    assert_eq!(written(false), []);
}

#[test]
fn unknown_code_may_return_the_address_of_a_name() {
    let mut b = body(&[PTR, PTR]);
    let object = b.alloca(8);
    let x = b.load(F64, b.param(0));
    b.store(x, object);
    let name = b.call(PTR, "name", &[object]);
    let first = b.load(Ty::Int(8), name);
    let zero = b.int(0);
    let known = b.inst(Ty::Int(1), Op::IntCompare, &[first, zero]);
    let one = b.float(1.0);
    let factor = b.inst(F64, Op::Select, &[known, one, one]);
    let y = b.float_op(FloatOp::Mul, x, factor);
    b.store(y, b.param(1));
    b.ret();
    assert_eq!(errors(b, &[Duplicated, Duplicated]), []);
}

#[test]
fn mathematics_is_active_where_its_rule_has_a_contribution() {
    let mut b = body(&[PTR]);
    let x = b.load(F64, b.param(0));
    let s = b.call(F64, "sin", &[x]);
    let f = b.call(F64, "llvm.floor.f64", &[s]);
    b.store(s, b.param(0));
    let next = b.field(b.param(0), 8);
    b.store(f, next);
    b.ret();
    let (_, activity) = analyse(&alone(b), &[Duplicated], false);
    assert!(activity.moves(FIRST(), s));
    assert!(!activity.moves(FIRST(), f) && !activity.active(FIRST(), f));
}

#[test]
fn globals_get_a_shadow_where_derivatives_may_go_through_them() {
    for mutable in [true, false] {
        let mut b = body(&[PTR]);
        let table = b.global("TABLE", mutable);
        let p = b.select(table, b.param(0));
        let x = b.load(F64, p);
        let y = b.square(x);
        b.store(y, b.param(0));
        b.ret();
        let (types, activity) = analyse(&alone(b), &[Duplicated], false);
        assert!(activity.errors().is_empty());
        let [(table, place)] = types.globals() else { panic!("one global") };
        assert_eq!((&table.symbol[..], table.mutable), ("TABLE", mutable));
        assert!(activity.needs_shadow(place.region));
    }
}

#[test]
fn unknown_code_reads_and_writes_mutable_globals() {
    let mut b = body(&[PTR]);
    let state = b.global("STATE", true);
    let x = b.load(F64, b.param(0));
    b.store(x, state);
    b.call(Ty::Void, "elsewhere", &[]);
    let y = b.load(F64, state);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), [Code::MissingBody]);
}

#[test]
fn memory_from_nowhere_is_refused_if_active() {
    let mut b = body(&[PTR]);
    let p = b.call(PTR, "getenv", &[]);
    let x = b.load(F64, b.param(0));
    b.store(x, p);
    let y = b.load(F64, p);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), [Code::UnknownMemory]);
}

#[test]
fn atomic_access_is_refused_if_active() {
    let mut b = body(&[PTR]);
    let x = b.atomic_load(F64, b.param(0));
    let y = b.square(x);
    b.store(y, b.param(0));
    b.ret();
    assert_eq!(errors(b, &[Duplicated]), [Code::AtomicAccess]);
}

#[test]
fn a_call_of_a_body_moves_if_the_body_does() {
    let mut caller = body(&[PTR]);
    let local = caller.alloca(8);
    let x = caller.load(F64, caller.param(0));
    caller.store(x, local);
    let callee = BodyId::new(1);
    let call = caller.call_of(VOID, Callee::Body(callee), &[local]);
    let y = caller.load(F64, local);
    caller.store(y, caller.param(0));
    caller.ret();
    let mut inner = body(&[PTR]);
    let x = inner.load(F64, inner.param(0));
    let y = inner.square(x);
    inner.store(y, inner.param(0));
    inner.ret();
    let (_, activity) = analyse(&program([caller, inner]), &[Duplicated], false);
    assert!(activity.errors().is_empty(), "{:?}", activity.errors());
    assert!(activity.moves(FIRST(), call) && activity.body_moves(callee));
    assert!(activity.active(callee, y));
}

#[test]
fn integers_counted_in_shared_structures_need_nothing() {
    let mut b = body(&[PTR]);
    let n = b.load(I64, b.param(0));
    let one = b.int(1);
    let n = b.int_op(IntOp::Add, n, one);
    let store = b.store(n, b.param(0));
    let data = b.field(b.param(0), 8);
    let x = b.load(F64, data);
    let y = b.square(x);
    b.store(y, data);
    b.ret();
    assert!(!moves(b, &[Duplicated], store));
}
