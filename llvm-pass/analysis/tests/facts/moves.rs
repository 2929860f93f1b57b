//! Bytes that are moved without being looked at, and integers that share a place
//! with addresses or floats.

use crate::common::*;
use enzyme_analysis::{Activity, Kind, PieceKind, Types};
use enzyme_body::{BodyId, Cast, FloatKind, IntOp, Op, Ty, ValueId};
use enzyme_protocol::Activity::{Const, Duplicated};

const FIRST: fn() -> BodyId = || BodyId::new(0);
const FLOAT: Kind = Kind::Float(FloatKind::Double);

fn kinds(types: &Types, value: ValueId, len: u64) -> Vec<(i64, Kind)> {
    let loc = types.loc(FIRST(), value).expect("an address");
    let cells = types.placed_cells(loc, Some(len));
    cells.into_iter().map(|(ahead, cell)| (ahead, types.cell(cell).kind)).collect()
}

/// A length from a header, used as lengths are.
fn length(b: &mut Builder, address: ValueId) -> ValueId {
    let n = b.load(I64, address);
    let eight = b.int(8);
    b.int_op(IntOp::Mul, n, eight);
    n
}

#[test]
fn a_length_that_meets_an_address_in_a_phi_stays_an_integer() {
    let mut b = body(&[PTR, PTR]);
    let at = b.param(0);
    let n = length(&mut b, at);
    let bits = b.cast(I64, Cast::AddressToInt, b.param(1));
    let either = b.select(n, bits);
    let p = b.cast(PTR, Cast::IntToAddress, either);
    b.load(F64, p);
    b.ret();
    let (header, data) = (b.param(0), b.param(1));
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, header, 8), [(0, Kind::Integer)]);
    assert_eq!(types.pointee(types.loc(FIRST(), header).unwrap()), None);
    assert_eq!(types.loc(FIRST(), p), types.loc(FIRST(), data));
    assert_eq!(kinds(&types, data, 8), [(0, FLOAT)]);
}

#[test]
fn a_compared_integer_that_becomes_an_address_is_one() {
    let mut b = body(&[PTR, PTR]);
    let word = b.load(I64, b.param(0));
    let zero = b.int(0);
    b.inst(Ty::Int(1), Op::IntCompare, &[word, zero]);
    let bits = b.cast(I64, Cast::AddressToInt, b.param(1));
    let either = b.select(word, bits);
    let p = b.cast(PTR, Cast::IntToAddress, either);
    b.load(F64, p);
    b.ret();
    let (header, data) = (b.param(0), b.param(1));
    let types = Types::new(&alone(b));
    let pointee = types.pointee(types.loc(FIRST(), header).unwrap());
    assert_eq!(pointee, types.loc(FIRST(), data));
}

#[test]
fn a_place_for_addresses_and_lengths_makes_no_addresses_of_lengths() {
    let mut b = body(&[PTR, PTR]);
    let variant = b.alloca(16);
    let payload = b.field(variant, 8);
    b.store(b.param(1), payload);
    let at = b.param(0);
    let n = length(&mut b, at);
    b.store(n, payload);
    let p = b.load(PTR, payload);
    b.load(F64, p);
    let again = length(&mut b, payload);
    let sum = b.int_op(IntOp::Add, again, n);
    b.ret();
    let (header, data) = (b.param(0), b.param(1));
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, header, 8), [(0, Kind::Integer)]);
    assert_eq!(types.pointee(types.loc(FIRST(), header).unwrap()), None);
    assert_eq!(types.loc(FIRST(), p), types.loc(FIRST(), data));
    assert_eq!(types.register_pieces(FIRST(), sum), [(0, PieceKind::Other)]);
}

#[test]
fn addresses_that_only_copies_move_keep_their_origin() {
    let mut b = body(&[PTR]);
    let len = b.int(16);
    let [first, second] = [b.alloca(16), b.alloca(16)];
    b.copy(first, b.param(0), len);
    b.copy(second, first, len);
    let at = b.field(second, 8);
    let p = b.load(PTR, at);
    b.load(F64, p);
    b.ret();
    let header = b.param(0);
    let types = Types::new(&alone(b));
    let mut loc = types.loc(FIRST(), header).unwrap();
    loc.offset = enzyme_analysis::Offset::Exact(8);
    assert_eq!(types.pointee(loc), types.loc(FIRST(), p));
    assert!(types.region(types.loc(FIRST(), p).unwrap().region).external);
}

#[test]
fn addresses_that_integers_and_aggregates_move_keep_their_origin() {
    let mut b = body(&[PTR]);
    let wide = b.load(Ty::Int(128), b.param(0));
    let by = b.int(64);
    let high = b.int_op(IntOp::ShiftRight, wide, by);
    let high = b.cast(I64, Cast::IntToInt, high);
    let zero = b.int(0);
    let high = b.select(high, zero);
    let high = b.inst(I64, Op::Freeze, &[high]);
    let pair = Ty::Aggregate(16, vec![(0, I64), (8, I64)]);
    let pair = b.inst(pair, Op::Insert { offset: 8 }, &[zero, high]);
    let again = b.inst(I64, Op::Extract { offset: 8 }, &[pair]);
    let p = b.cast(PTR, Cast::IntToAddress, again);
    b.load(F64, p);
    b.ret();
    let header = b.param(0);
    let types = Types::new(&alone(b));
    let mut loc = types.loc(FIRST(), header).unwrap();
    loc.offset = enzyme_analysis::Offset::Exact(8);
    assert_eq!(types.pointee(loc), types.loc(FIRST(), p));
}

#[test]
fn where_no_address_is_used_lengths_beside_one_are_integers() {
    let mut b = body(&[PTR, PTR]);
    let n = b.load(I64, b.param(0));
    let bits = b.cast(I64, Cast::AddressToInt, b.param(1));
    let either = b.select(n, bits);
    let one = b.int(1);
    b.inst(Ty::Int(1), Op::IntCompare, &[either, one]);
    b.ret();
    let header = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(types.pointee(types.loc(FIRST(), header).unwrap()), None);
}

#[test]
fn a_constant_header_beside_differentiated_data_needs_no_shadow() {
    // 0: `a` {data, n}, 1: `init` {data, n}, 2: out. An iterator over `a` or a counter.
    let mut b = body(&[PTR, PTR, PTR]);
    let [n_a, n_init] = [0, 1].map(|i| {
        let at = b.field(b.param(i), 8);
        length(&mut b, at)
    });
    let start = b.load(PTR, b.param(0));
    let bits = b.cast(I64, Cast::AddressToInt, start);
    let iterator = b.alloca(16);
    let state = b.select(bits, n_init);
    b.store(state, iterator);
    let end = b.field(iterator, 8);
    b.store(n_a, end);
    let state = b.load(I64, iterator);
    let p = b.cast(PTR, Cast::IntToAddress, state);
    let x = b.load(F64, p);
    let other = b.load(PTR, b.param(1));
    let y = b.load(F64, other);
    let z = b.float_op(enzyme_body::FloatOp::Mul, x, y);
    b.store(z, b.param(2));
    b.ret();
    let [a, init] = [b.param(0), b.param(1)];
    let program = alone(b);
    let types = Types::new(&program);
    let activity = Activity::new(&program, &types, &[Duplicated, Const, Duplicated], false);
    assert!(activity.errors().is_empty(), "{activity}\n{types}");
    let region = |v| types.loc(FIRST(), v).unwrap().region;
    assert!(activity.needs_shadow(region(a)));
    assert!(!activity.needs_shadow(region(init)));
}

#[test]
fn a_float_that_meets_an_integer_in_a_phi_is_a_float() {
    let mut b = body(&[PTR, PTR, PTR]);
    let bits = b.load(I64, b.param(0));
    let at = b.param(1);
    let n = length(&mut b, at);
    let either = b.select(bits, n);
    b.store(either, b.param(2));
    b.load(F64, b.param(2));
    b.ret();
    let [x, n, out] = [b.param(0), b.param(1), b.param(2)];
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, x, 8), [(0, FLOAT)]);
    assert_eq!(kinds(&types, n, 8), [(0, Kind::Integer)]);
    assert_eq!(kinds(&types, out, 8), [(0, FLOAT)]);
    let double = PieceKind::Float(FloatKind::Double);
    assert_eq!(types.register_pieces(FIRST(), either), [(0, double)]);
    assert_eq!(types.register_pieces(FIRST(), bits), [(0, double)]);
}

#[test]
fn bits_of_a_float_that_are_compared_stay_a_float() {
    let mut b = body(&[PTR, PTR]);
    let bits = b.load(I64, b.param(0));
    let zero = b.int(0);
    b.inst(Ty::Int(1), Op::IntCompare, &[bits, zero]);
    let other = b.load(I64, b.param(1));
    let either = b.select(bits, other);
    b.cast(F64, Cast::Bits, either);
    b.ret();
    let x = b.param(0);
    assert_eq!(kinds(&Types::new(&alone(b)), x, 8), [(0, FLOAT)]);
}

#[test]
fn what_meets_an_integer_in_a_phi_may_still_be_anything() {
    let mut b = body(&[PTR, PTR, PTR]);
    let bits = b.load(I64, b.param(0));
    let at = b.param(1);
    let n = length(&mut b, at);
    let either = b.select(bits, n);
    b.store(either, b.param(2));
    b.ret();
    let [x, out] = [b.param(0), b.param(2)];
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, x, 8), [(0, Kind::Unknown)]);
    assert_eq!(kinds(&types, out, 8), [(0, Kind::Unknown)]);
}

#[test]
fn a_payload_copied_from_odd_offsets_leaves_no_scraps() {
    // `Result<(ptr, usize), u8>`: a tag, then 23 bytes that move as a whole.
    let mut b = body(&[PTR]);
    let tag = b.load(Ty::Int(8), b.param(0));
    b.inst(VOID, Op::Switch, &[tag]);
    let [payload, moved] = [b.alloca(23), b.alloca(24)];
    let [from, to] = [b.field(b.param(0), 1), b.field(moved, 1)];
    let len = b.int(23);
    b.copy(payload, from, len);
    b.copy(to, payload, len);
    b.store(tag, moved);
    let [data_at, len_at] = [b.field(moved, 8), b.field(moved, 16)];
    let data = b.load(PTR, data_at);
    b.load(F64, data);
    length(&mut b, len_at);
    // Another variant has a word where this one has its tag.
    let word = b.load(I64, b.param(0));
    let one = b.int(1);
    b.int_op(IntOp::Add, word, one);
    // The padding behind the tag moves alone as well.
    let padding = b.load(Ty::Int(56), from);
    b.store(padding, to);
    b.ret();
    let source = b.param(0);
    let types = Types::new(&alone(b));
    let expected = [(0, Kind::Integer), (8, Kind::Address), (16, Kind::Integer)];
    assert_eq!(kinds(&types, source, 24), expected);
    let typed = kinds(&types, moved, 24).into_iter().filter(|c| c.1 != Kind::Unknown);
    assert_eq!(typed.collect::<Vec<_>>(), expected);
}

#[test]
fn products_with_overflow_are_of_integers_and_carry_nothing() {
    let mut b = body(&[PTR, PTR]);
    let n = b.load(I64, b.param(0));
    let pair = Ty::Aggregate(16, vec![(0, I64), (8, Ty::Int(1))]);
    let pair = b.call(pair, "llvm.umul.with.overflow.i64", &[n, n]);
    let product = b.inst(I64, Op::Extract { offset: 0 }, &[pair]);
    b.store(product, b.param(1));
    b.ret();
    let [header, out] = [b.param(0), b.param(1)];
    let program = alone(b);
    let types = Types::new(&program);
    assert_eq!(kinds(&types, header, 8), [(0, Kind::Integer)]);
    assert_eq!(kinds(&types, out, 8), [(0, Kind::Integer)]);
    let activity = Activity::new(&program, &types, &[Duplicated, Duplicated], false);
    assert!(activity.errors().is_empty() && !activity.active(FIRST(), pair), "{activity}");
}
