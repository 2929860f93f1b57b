//! Arrays of integers that may lie in one object or in another, as shapes do: nothing
//! becomes one with anything by them, unless more than integers is looked at.

use crate::common::{Builder, F64, I64, PTR, VOID, alone, body};
use enzyme_analysis::{Kind, Offset, Types};
use enzyme_body::{BodyId, FloatKind, IntOp, ValueId};

const FIRST: BodyId = BodyId::FIRST;

/// A header with a length from offset 8 on, or the address of the lengths, and behind
/// them the address of floats; the lengths are gone through by an index without end.
struct Header {
    header: ValueId,
    inline: ValueId,
    heap: ValueId,
    length: ValueId,
}

/// The loop's body is still open.
fn header(b: &mut Builder) -> Header {
    let header = b.param(0);
    let behind = b.field(header, 40);
    let data = b.load(PTR, behind);
    b.load(F64, data);
    let inline = b.field(header, 8);
    let heap = b.load(PTR, inline);
    let lengths = b.select(inline, heap);
    let (_, i) = b.begin_loop();
    let item = b.item(lengths, 8, i);
    let length = b.load(I64, item);
    b.end_loop(i);
    Header { header, inline, heap, length }
}

#[test]
fn lengths_in_the_header_or_elsewhere_leave_both_apart() {
    let mut b = body(&[PTR]);
    let Header { header, heap, length, .. } = header(&mut b);
    b.int_op(IntOp::Mul, length, length);
    b.ret();
    let types = Types::new(&alone(b));
    let [header, heap] = [header, heap].map(|v| types.loc(FIRST, v).unwrap().region);
    assert_ne!(header, heap);
    assert!(types.region(header).repeats.is_empty());
    assert!(types.region(heap).cells.is_empty());
}

#[test]
fn what_a_choice_leads_to_is_seen_in_its_view() {
    let mut b = body(&[PTR, PTR]);
    let chosen = b.select(b.param(0), b.param(1));
    let length = b.load(I64, chosen);
    b.int_op(IntOp::Mul, length, length);
    b.ret();
    let [p, q] = [b.param(0), b.param(1)];
    let types = Types::new(&alone(b));
    let loc = types.loc(FIRST, chosen).unwrap();
    assert_eq!(loc.offset, Offset::Integers);
    let regions = [p, q].map(|v| types.loc(FIRST, v).unwrap().region);
    assert_eq!(types.regions_at(loc), regions);
}

#[test]
fn floats_at_one_of_two_addresses_make_them_one() {
    let mut b = body(&[PTR, PTR]);
    let chosen = b.select(b.param(0), b.param(1));
    b.load(F64, chosen);
    b.ret();
    let [p, q] = [b.param(0), b.param(1)];
    let types = Types::new(&alone(b));
    assert_eq!(types.loc(FIRST, p).unwrap().region, types.loc(FIRST, q).unwrap().region);
}

/// All words at `from` are carried to `to`; those at `from` are counted with or not.
fn carried(counted: bool) -> (Types, ValueId, ValueId) {
    let mut b = body(&[PTR, PTR, I64]);
    let (from, to) = (b.param(0), b.param(1));
    let behind = b.field(from, 64);
    b.load(PTR, behind);
    let (_, i) = b.begin_loop();
    let [source, target] = [from, to].map(|p| b.item(p, 8, i));
    let word = b.load(I64, source);
    b.store(word, target);
    if counted {
        b.int_op(IntOp::Mul, word, word);
    }
    b.end_loop(i);
    b.ret();
    (Types::new(&alone(b)), from, to)
}

#[test]
fn words_of_an_array_that_is_counted_with_are_carried_as_integers() {
    let (types, from, to) = carried(true);
    let region = |v| types.region(types.loc(FIRST, v).unwrap().region);
    assert!(region(from).repeats.is_empty());
    assert!(region(to).cells.is_empty());
}

#[test]
fn other_words_are_carried_as_they_are() {
    let (types, from, to) = carried(false);
    let region = |v| types.region(types.loc(FIRST, v).unwrap().region);
    assert!(region(from).repeats.tail().is_some());
    assert!(!region(to).cells.is_empty());
}

/// The address of floats, or of a new array that is counted with, in one field.
fn variants(b: &mut Builder) -> (ValueId, ValueId) {
    let (field, data) = (b.param(0), b.param(1));
    b.load(F64, data);
    b.store(data, field);
    let size = b.param(2);
    let block = b.call(PTR, "malloc", &[size]);
    let (_, i) = b.begin_loop();
    let item = b.item(block, 8, i);
    let square = b.int_op(IntOp::Mul, i, i);
    b.store(square, item);
    b.end_loop(i);
    b.store(block, field);
    (field, data)
}

#[test]
fn a_block_of_integers_is_not_what_else_a_field_leads_to() {
    let mut b = body(&[PTR, PTR, I64]);
    let (field, data) = variants(&mut b);
    b.ret();
    let types = Types::new(&alone(b));
    let pointee = types.pointee(types.loc(FIRST, field).unwrap()).unwrap();
    assert_eq!(pointee.region, types.loc(FIRST, data).unwrap().region);
    assert_eq!(types.region(pointee.region).origins.len(), 1);
    assert!(types.has_blocks());
}

#[test]
fn a_copy_of_unknown_length_from_an_array_moves_integers() {
    let mut b = body(&[PTR, PTR, I64]);
    let (from, to) = (b.param(0), b.param(1));
    b.call(VOID, enzyme_protocol::HINT_WORDS, &[from]);
    let len = b.param(2);
    let copy = b.copy(to, from, len);
    b.ret();
    let types = Types::new(&alone(b));
    assert!(types.moves_words(FIRST, copy));
}

#[test]
fn a_copy_of_known_length_from_an_array_moves_bytes() {
    let mut b = body(&[PTR, PTR]);
    let (from, to) = (b.param(0), b.param(1));
    b.call(VOID, enzyme_protocol::HINT_WORDS, &[from]);
    let len = b.int(64);
    let copy = b.copy(to, from, len);
    b.load(F64, to);
    b.ret();
    let types = Types::new(&alone(b));
    assert!(!types.moves_words(FIRST, copy));
    let first = types.cells_at(types.loc(FIRST, from).unwrap(), Some(8))[0];
    assert_eq!(types.cell(first).kind, Kind::Float(FloatKind::Double));
}

#[test]
fn the_first_word_of_a_header_may_be_the_address_of_its_lengths() {
    let mut b = body(&[PTR]);
    let Header { inline, heap, length, .. } = header(&mut b);
    b.int_op(IntOp::Mul, length, length);
    b.ret();
    let types = Types::new(&alone(b));
    let pointee = types.pointee(types.loc(FIRST, inline).unwrap()).unwrap();
    assert_eq!(pointee.region, types.loc(FIRST, heap).unwrap().region);
}

/// Words of an array of floats are stored in a new array of words that is counted with.
fn bits_of_floats(calculated: bool) -> (Types, ValueId) {
    let mut b = body(&[PTR, PTR, I64]);
    let (floats, field) = (b.param(0), b.param(1));
    b.call(VOID, enzyme_protocol::HINT_F64, &[floats]);
    let size = b.param(2);
    let block = b.call(PTR, "malloc", &[size]);
    let (_, i) = b.begin_loop();
    let [from, to] = [floats, block].map(|p| b.item(p, 8, i));
    let word = b.load(I64, from);
    let product = b.int_op(IntOp::Mul, word, i);
    b.store(if calculated { product } else { word }, to);
    let again = b.load(I64, to);
    b.int_op(IntOp::Mul, again, again);
    b.end_loop(i);
    b.store(block, field);
    b.ret();
    (Types::new(&alone(b)), block)
}

#[test]
fn bits_of_floats_are_no_block() {
    for calculated in [false, true] {
        let (types, block) = bits_of_floats(calculated);
        assert!(types.loc(FIRST, block).is_some(), "calculated: {calculated}");
    }
}
