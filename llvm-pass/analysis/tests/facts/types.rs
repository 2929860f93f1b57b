//! Facts about regions and the kinds of their bytes.

use crate::common::*;
use enzyme_analysis::{Kind, Offset, PieceKind, Types};
use enzyme_body::{BodyId, Callee, Cast, FloatKind, FloatOp, IntOp, Ty, ValueId};
use expect_test::{Expect, expect};

const FIRST: fn() -> BodyId = || BodyId::new(0);
const DOUBLE: FloatKind = FloatKind::Double;

fn check(builder: Builder, expect: &Expect) {
    expect.assert_eq(&Types::new(&alone(builder)).to_string());
}

fn kinds(types: &Types, value: ValueId, len: u64) -> Vec<(i64, Kind)> {
    let loc = types.loc(FIRST(), value).expect("an address");
    let cells = types.placed_cells(loc, Some(len));
    cells.into_iter().map(|(ahead, cell)| (ahead, types.cell(cell).kind)).collect()
}

#[test]
fn an_address_that_walks_a_loop_makes_its_region_periodic() {
    let mut b = body(&[PTR]);
    let before = b.here();
    let (header, i) = b.begin_loop();
    let p = b.phi(PTR, &[(before, Some(b.param(0))), (header, None)]);
    b.load(F64, p);
    let next = b.field(p, 8);
    b.complete(p, 1, next);
    b.end_loop(i);
    b.ret();
    check(
        b,
        &expect![[r#"
            r0 [parameter 0] from 0 every 8 external
              c0 at 0: f64 8
            places in f
              p0: r0+0+8k
              %4: r0+0+8k
              %6: r0+0+8k
        "#]],
    );
}

#[test]
fn an_address_that_walks_down_repeats_everywhere() {
    let mut b = body(&[PTR]);
    let before = b.here();
    let (header, i) = b.begin_loop();
    let p = b.phi(PTR, &[(before, Some(b.param(0))), (header, None)]);
    b.load(F64, p);
    let next = b.field(p, -8);
    b.complete(p, 1, next);
    b.end_loop(i);
    b.ret();
    let types = Types::new(&alone(b));
    let region = types.region(types.loc(FIRST(), p).unwrap().region);
    assert_eq!(region.repeats.tail().unwrap().start, i64::MIN);
    assert_eq!(region.repeats.tail().unwrap().period, 8);
}

#[test]
fn a_slice_header_keeps_address_length_and_float_apart() {
    let mut b = body(&[PTR]);
    let s = b.param(0);
    let data = b.load(PTR, s);
    let len_at = b.field(s, 8);
    let len = b.load(I64, len_at);
    let scale_at = b.field(s, 16);
    let scale = b.load(F64, scale_at);
    let (_, i) = b.begin_loop();
    let item = b.item(data, 8, i);
    let x = b.load(F64, item);
    let y = b.float_op(FloatOp::Mul, x, scale);
    b.store(y, item);
    b.inst(Ty::Int(1), enzyme_body::Op::IntCompare, &[i, len]);
    b.end_loop(i);
    b.ret();
    check(
        b,
        &expect![[r#"
        r0 [parameter 0] external
          c0 at 0: address 8 -> r1+0+8k
          c1 at 8: integer 8
          c2 at 16: f64 8
        r1 [] from 0 every 8 external
          c3 at 0: f64 8
        places in f
          p0: r0+0
          %1: r1+0+8k
          %2: r0+8
          %4: r0+16
          %9: r1+0+8k
    "#]],
    );
}

#[test]
fn copies_of_structures_tie_cells_but_not_regions() {
    let mut b = body(&[PTR]);
    let local = b.alloca(24);
    let len = b.int(24);
    b.copy(local, b.param(0), len);
    let x_at = b.field(local, 16);
    b.load(F64, x_at);
    let data = b.load(PTR, local);
    b.load(F32, data);
    b.ret();
    check(
        b,
        &expect![[r#"
        r0 [parameter 0] external
          c0 at 0: address 8 -> r2+0
          c1 at 8: unknown 8
          c2 at 16: f64 8
        r1 [stack %2]
          c3 at 0: address 8 -> r2+0
          c4 at 8: unknown 8
          c5 at 16: f64 8
        r2 [] external
          c6 at 0: f32 4
        places in f
          p0: r0+0
          %2: r1+0
          %5: r1+16
          %7: r2+0
    "#]],
    );
}

#[test]
fn floats_moved_as_integers_stay_floats() {
    let mut b = body(&[PTR, PTR]);
    let bits = b.load(I64, b.param(0));
    b.store(bits, b.param(1));
    b.load(F64, b.param(1));
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, p, 8), [(0, Kind::Float(DOUBLE))]);
    assert_eq!(types.register_pieces(FIRST(), bits), [(0, PieceKind::Float(DOUBLE))]);
}

#[test]
fn two_floats_in_one_wide_integer_are_two_floats() {
    let mut b = body(&[PTR, PTR]);
    let bits = b.load(Ty::Int(128), b.param(0));
    b.store(bits, b.param(1));
    let low = b.cast(I64, Cast::IntToInt, bits);
    b.cast(F64, Cast::Bits, low);
    let n = b.int(64);
    let high = b.int_op(IntOp::ShiftRight, bits, n);
    let high = b.cast(I64, Cast::IntToInt, high);
    b.cast(F64, Cast::Bits, high);
    b.ret();
    let q = b.param(1);
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, q, 16), [(0, Kind::Float(DOUBLE)), (8, Kind::Float(DOUBLE))]);
}

#[test]
fn addresses_moved_as_integers_lead_to_the_same_region() {
    let mut b = body(&[PTR, PTR]);
    let bits = b.load(I64, b.param(0));
    b.store(bits, b.param(1));
    let a = b.load(PTR, b.param(1));
    let again = b.cast(PTR, Cast::IntToAddress, bits);
    b.load(F64, again);
    b.ret();
    let types = Types::new(&alone(b));
    assert_eq!(types.loc(FIRST(), a), types.loc(FIRST(), bits));
    assert_eq!(types.loc(FIRST(), a), types.loc(FIRST(), again));
    assert_eq!(kinds(&types, a, 8), [(0, Kind::Float(DOUBLE))]);
}

#[test]
fn an_address_computed_from_an_integer_points_beside_it() {
    let mut b = body(&[PTR]);
    let n = b.cast(I64, Cast::AddressToInt, b.param(0));
    let eight = b.int(8);
    let n = b.int_op(IntOp::Add, n, eight);
    let p = b.cast(PTR, Cast::IntToAddress, n);
    b.load(F64, p);
    b.ret();
    let base = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(types.loc(FIRST(), p).unwrap().offset, Offset::Exact(8));
    assert_eq!(types.loc(FIRST(), p).unwrap().region, types.loc(FIRST(), base).unwrap().region);
}

#[test]
fn a_copied_vector_header_shares_its_buffer() {
    let mut b = body(&[PTR]);
    let size = b.int(800);
    let align = b.int(8);
    let buffer = b.call(PTR, "__rust_alloc", &[size, align]);
    let vector = b.alloca(24);
    b.store(buffer, vector);
    let moved = b.alloca(24);
    let len = b.int(24);
    b.copy(moved, vector, len);
    let again = b.load(PTR, moved);
    let (_, i) = b.begin_loop();
    let item = b.item(again, 8, i);
    b.load(F64, item);
    b.end_loop(i);
    b.ret();
    let types = Types::new(&alone(b));
    let (a, c) = (types.loc(FIRST(), buffer).unwrap(), types.loc(FIRST(), again).unwrap());
    assert_eq!(a, c);
    let vector = types.loc(FIRST(), vector).unwrap().region;
    assert_ne!(vector, types.loc(FIRST(), moved).unwrap().region);
    assert_eq!(types.segments(a, None).all_float, Some(DOUBLE));
    assert!(!types.region(a.region).external);
}

#[test]
fn a_choice_of_two_arrays_merges_them_with_their_shift() {
    let mut b = body(&[PTR, PTR]);
    let inner = b.field(b.param(0), 16);
    let p = b.select(inner, b.param(1));
    b.load(F64, p);
    b.ret();
    let (s, a) = (b.param(0), b.param(1));
    let types = Types::new(&alone(b));
    let (s, a) = (types.loc(FIRST(), s).unwrap(), types.loc(FIRST(), a).unwrap());
    assert_eq!(s.region, a.region);
    assert_eq!(a.base() - s.base(), 16);
    assert_eq!(types.region(a.region).origins.len(), 2);
}

#[test]
fn floats_of_two_widths_contradict_each_other() {
    let mut b = body(&[PTR]);
    b.load(F64, b.param(0));
    b.load(F32, b.param(0));
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert!(types.segments(types.loc(FIRST(), p).unwrap(), Some(8)).mixed);
}

#[test]
fn overlapping_floats_contradict_each_other() {
    let mut b = body(&[PTR]);
    b.load(F64, b.param(0));
    let half = b.field(b.param(0), 4);
    b.load(F32, half);
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert!(types.segments(types.loc(FIRST(), p).unwrap(), Some(8)).mixed);
}

#[test]
fn bytes_that_are_only_copied_are_unknown() {
    let mut b = body(&[PTR, PTR]);
    let len = b.int(16);
    b.copy(b.param(0), b.param(1), len);
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, p, 16), [(0, Kind::Unknown)]);
}

#[test]
fn a_hint_makes_copied_bytes_floats() {
    let mut b = body(&[PTR, PTR, I64]);
    b.copy(b.param(0), b.param(1), b.param(2));
    b.call(VOID, enzyme_protocol::HINT_F64, &[b.param(1)]);
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    let segments = types.segments(types.loc(FIRST(), p).unwrap(), None);
    assert_eq!(segments.all_float, Some(DOUBLE));
    assert_eq!(segments.period, Some(8));
}

#[test]
fn an_open_copy_of_an_array_of_structures_repeats_on_both_sides() {
    let mut b = body(&[PTR, PTR, I64]);
    let (_, i) = b.begin_loop();
    let item = b.item(b.param(1), 16, i);
    b.load(F64, item);
    let tag = b.field(item, 8);
    let tag = b.load(I32, tag);
    b.inst(VOID, enzyme_body::Op::Switch, &[tag]);
    b.end_loop(i);
    b.copy(b.param(0), b.param(1), b.param(2));
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    let segments = types.segments(types.loc(FIRST(), p).unwrap(), None);
    assert_eq!(segments.pieces, [(0, DOUBLE)]);
    assert_eq!(segments.period, Some(16));
    assert!(segments.other && !segments.mixed);
}

#[test]
fn a_byte_length_that_is_a_multiple_keeps_the_stride() {
    let mut b = body(&[PTR, I64]);
    let three = b.int(3);
    let bytes = b.int_op(IntOp::ShiftLeft, b.param(1), three);
    let end = b.item(b.param(0), 1, bytes);
    b.load(F64, end);
    b.ret();
    let types = Types::new(&alone(b));
    let loc = types.loc(FIRST(), end).unwrap();
    assert!(matches!(loc.offset, Offset::Strided { stride: 8, .. }), "{loc}");
}

#[test]
fn copies_in_a_circle_with_growing_offsets_end() {
    let mut b = body(&[PTR, PTR, I64]);
    b.load(F64, b.param(0));
    b.copy(b.param(1), b.param(0), b.param(2));
    let shifted = b.field(b.param(1), 8);
    b.copy(shifted, b.param(0), b.param(2));
    b.ret();
    let p = b.param(1);
    let types = Types::new(&alone(b));
    assert_eq!(types.segments(types.loc(FIRST(), p).unwrap(), None).all_float, Some(DOUBLE));
}

#[test]
fn callers_and_callees_share_what_they_pass() {
    let mut caller = body(&[PTR]);
    let local = caller.alloca(8);
    let callee = Callee::Body(BodyId::new(1));
    let result = caller.call_of(PTR, callee, &[local]);
    caller.ret();
    let mut callee = body(&[PTR]);
    callee.load(F64, callee.param(0));
    callee.ret_value(callee.param(0));
    let types = Types::new(&program([caller, callee]));
    assert_eq!(types.loc(FIRST(), result), types.loc(FIRST(), local));
    assert_eq!(kinds(&types, local, 8), [(0, Kind::Float(DOUBLE))]);
}

#[test]
fn blocks_without_reverse_show_nothing() {
    let mut b = body(&[PTR]);
    b.load(F64, b.param(0));
    b.ret();
    b.block();
    b.no_reverse();
    b.load(PTR, b.param(0));
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, p, 8), [(0, Kind::Float(DOUBLE))]);
    assert!(!types.segments(types.loc(FIRST(), p).unwrap(), Some(8)).mixed);
}

#[test]
fn what_unknown_code_gets_escapes_with_all_it_leads_to() {
    let mut b = body(&[]);
    let outer = b.alloca(8);
    let inner = b.alloca(8);
    b.store(inner, outer);
    b.call(VOID, "stranger", &[outer]);
    b.ret();
    let types = Types::new(&alone(b));
    let inner = types.loc(FIRST(), inner).unwrap().region;
    assert!(types.region(inner).escapes && types.region(inner).external);
}

#[test]
fn a_counter_in_memory_is_an_integer() {
    let mut b = body(&[PTR]);
    let n = b.load(I64, b.param(0));
    let one = b.int(1);
    let n = b.int_op(IntOp::Add, n, one);
    b.store(n, b.param(0));
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, p, 8), [(0, Kind::Integer)]);
}

#[test]
fn masked_bits_that_become_a_float_are_no_integer() {
    let mut b = body(&[PTR]);
    let bits = b.load(I64, b.param(0));
    let mask = b.int(i64::MAX);
    let bits = b.int_op(IntOp::And, bits, mask);
    b.cast(F64, Cast::Bits, bits);
    b.ret();
    let p = b.param(0);
    let types = Types::new(&alone(b));
    assert_eq!(kinds(&types, p, 8), [(0, Kind::Unknown)]);
}

#[test]
fn an_index_with_two_ends_leaves_the_fields_behind_apart() {
    let mut b = body(&[PTR, I64]);
    let object = b.param(0);
    let dims = b.field(object, 8);
    let item = b.item_within(dims, 8, b.param(1), (0, 2));
    let n = b.load(I64, item);
    let eight = b.int(8);
    b.int_op(IntOp::Mul, n, eight);
    let behind = b.field(object, 32);
    let data = b.load(PTR, behind);
    b.load(F64, data);
    b.ret();
    let types = Types::new(&alone(b));
    let at = types.loc(FIRST(), object).unwrap();
    assert_eq!(
        kinds(&types, object, 40),
        [(8, Kind::Integer), (16, Kind::Integer), (24, Kind::Integer), (32, Kind::Address)]
    );
    assert_eq!(types.region(at.region).repeats.tail(), None);
    assert_eq!(types.loc(FIRST(), item), types.loc(FIRST(), dims));
}

/// A float is read 32 bytes behind one of two items; `again` says how their address gets
/// there.
fn partner_of_an_item(again: impl Fn(&mut Builder, ValueId) -> ValueId) {
    let mut b = body(&[PTR, I64, PTR]);
    let object = b.param(0);
    let item = b.item_within(object, 8, b.param(1), (0, 1));
    let item = again(&mut b, item);
    let partner = b.field(item, 32);
    b.load(F64, partner);
    b.ret();
    let types = Types::new(&alone(b));
    let float = Kind::Float(DOUBLE);
    assert_eq!(kinds(&types, object, 56), [(32, float), (40, float)]);
}

#[test]
fn what_lies_behind_one_of_several_items_is_behind_each() {
    partner_of_an_item(|_, item| item);
}

#[test]
fn what_lies_behind_a_loaded_address_of_several_items_is_behind_each() {
    partner_of_an_item(|b, item| {
        let slot = b.param(2);
        b.store(item, slot);
        b.load(PTR, slot)
    });
}

#[test]
fn a_wide_access_to_one_of_several_items_reaches_behind_the_last() {
    let mut b = body(&[PTR, I64]);
    let object = b.param(0);
    let item = b.item_within(object, 8, b.param(1), (0, 1));
    let pair = Ty::Vector(Box::new(F64), 2);
    b.load(pair, item);
    b.ret();
    let types = Types::new(&alone(b));
    let float = Kind::Float(DOUBLE);
    assert_eq!(kinds(&types, object, 32), [(0, float), (8, float), (16, float)]);
}

/// A header with lengths from offset 0 on, walked by an index without end, and the
/// address of the data behind them. The length is used as `uses` says.
fn header(uses: impl Fn(&mut Builder, ValueId)) -> (Types, ValueId, ValueId) {
    let mut b = body(&[PTR, PTR]);
    let header = b.param(0);
    let behind = b.field(header, 24);
    let data = b.load(PTR, behind);
    b.load(F64, data);
    let (_, i) = b.begin_loop();
    let item = b.item(header, 8, i);
    let length = b.load(I64, item);
    uses(&mut b, length);
    b.end_loop(i);
    b.ret();
    (Types::new(&alone(b)), header, item)
}

#[test]
fn lengths_that_are_counted_with_leave_the_address_behind_them_apart() {
    let (types, header, item) = header(|b, length| {
        b.int_op(IntOp::Mul, length, length);
    });
    assert_eq!(kinds(&types, header, 32), [(24, Kind::Address)]);
    let region = types.loc(FIRST(), header).unwrap().region;
    assert!(types.region(region).repeats.is_empty());
    assert_eq!(types.loc(FIRST(), item).unwrap().offset, Offset::Integers);
}

#[test]
fn words_that_are_only_carried_may_be_whatever_lies_behind() {
    let (types, header, _) = header(|b, word| {
        let to = b.param(1);
        b.store(word, to);
    });
    let region = types.loc(FIRST(), header).unwrap().region;
    assert!(types.region(region).repeats.tail().is_some());
}

#[test]
fn words_that_become_floats_may_be_whatever_lies_behind() {
    let (types, header, _) = header(|b, word| {
        let x = b.cast(F64, Cast::Bits, word);
        b.square(x);
    });
    let region = types.loc(FIRST(), header).unwrap().region;
    assert!(types.region(region).repeats.tail().is_some());
}

#[test]
fn the_distance_to_an_address_leads_there() {
    let mut b = body(&[PTR, I64]);
    let (slice, i) = (b.param(0), b.param(1));
    let item = b.item(slice, 16, i);
    let [to, from] = [item, slice].map(|p| b.cast(I64, Cast::AddressToInt, p));
    let distance = b.int_op(IntOp::Sub, to, from);
    let again = b.item(slice, 1, distance);
    b.load(F64, again);
    b.ret();
    let types = Types::new(&alone(b));
    assert_eq!(types.loc(FIRST(), again), types.loc(FIRST(), item));
    let region = types.loc(FIRST(), slice).unwrap().region;
    assert_eq!(types.region(region).repeats.tail().unwrap().period, 16);
}

/// As the sorting of floats by their bits does.
#[test]
fn words_that_are_looked_at_and_carried_may_be_whatever_lies_behind() {
    let (types, header, _) = header(|b, word| {
        let sign = b.int(63);
        b.int_op(IntOp::ShiftRight, word, sign);
        let to = b.param(1);
        b.store(word, to);
    });
    let region = types.loc(FIRST(), header).unwrap().region;
    assert!(types.region(region).repeats.tail().is_some());
}

#[test]
fn among_floats_an_address_that_counts_is_as_any_other() {
    let mut b = body(&[PTR]);
    let (_, i) = b.begin_loop();
    let item = b.item(b.param(0), 8, i);
    let word = b.load(I64, item);
    let one = b.int(1);
    let next = b.int_op(IntOp::Add, word, one);
    b.store(next, item);
    b.end_loop(i);
    let x = b.load(F64, b.param(0));
    b.square(x);
    b.ret();
    let (floats, types) = (b.param(0), Types::new(&alone(b)));
    assert_eq!(types.loc(FIRST(), item), types.loc(FIRST(), floats));
    assert_eq!(kinds(&types, item, 8), [(0, Kind::Float(DOUBLE))]);
}

/// The optimiser keeps an address that may be null as an integer, and stores it as the
/// address that it is.
#[test]
fn an_address_made_of_an_integer_to_be_stored_points_where_it_came_from() {
    let mut b = body(&[PTR, PTR]);
    let bits = b.cast(I64, Cast::AddressToInt, b.param(0));
    let zero = b.int(0);
    let either = b.select(bits, zero);
    let address = b.cast(PTR, Cast::IntToAddress, either);
    b.store(address, b.param(1));
    let again = b.load(PTR, b.param(1));
    b.load(F64, again);
    b.ret();
    let object = b.param(0);
    let types = Types::new(&alone(b));
    for address in [address, again] {
        assert_eq!(types.loc(FIRST(), address), types.loc(FIRST(), object));
    }
}

#[test]
fn an_object_of_which_only_floats_are_touched_is_a_row_of_them() {
    let mut b = body(&[PTR]);
    let size = b.int(800);
    let align = b.int(8);
    let own = b.call(PTR, "__rust_alloc", &[size, align]);
    for at in [0, 8, 32] {
        for object in [own, b.param(0)] {
            let place = b.field(object, at);
            b.load(F64, place);
        }
    }
    let beside = b.call(PTR, "__rust_alloc", &[size, align]);
    b.load(F64, beside);
    let word = b.field(beside, 8);
    b.load(I64, word);
    b.ret();
    let param = b.param(0);
    let types = Types::new(&alone(b));
    let all = |value| types.segments(types.loc(FIRST(), value).unwrap(), None).all_float;
    assert_eq!(all(own), Some(DOUBLE));
    assert_eq!(all(param), None, "the caller may know more");
    assert_eq!(all(beside), None, "there is a word that is no float");
}
