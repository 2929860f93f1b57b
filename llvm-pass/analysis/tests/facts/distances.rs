//! Distances of addresses are multiples of what the addresses are apart by.

use crate::common::{Builder, I64, PTR, alone, body};
use enzyme_analysis::Types;
use enzyme_body::{BodyId, Cast, IntOp, ValueId};

/// How far apart the floats lie that are written some distance behind parameter 1.
fn period(distance: impl FnOnce(&mut Builder) -> ValueId) -> Option<u64> {
    let mut b = body(&[PTR, PTR]);
    let distance = distance(&mut b);
    let to = b.item(b.param(1), 1, distance);
    let one = b.float(1.0);
    b.store(one, to);
    b.ret();
    let types = Types::new(&alone(b));
    let loc = types.loc(BodyId::FIRST, to).expect("a place");
    types.region(loc.region).repeats.tail().map(|tail| tail.period)
}

fn apart(b: &mut Builder, to: ValueId, from: ValueId) -> ValueId {
    let [to, from] = [to, from].map(|address| b.cast(I64, Cast::AddressToInt, address));
    b.int_op(IntOp::Sub, to, from)
}

/// An integer of which nothing is known.
fn unknown(b: &mut Builder) -> ValueId {
    b.call(I64, "read_number", &[])
}

#[test]
fn elements_of_one_array_are_elements_apart() {
    let period = period(|b| {
        let [i, j] = [unknown(b), unknown(b)];
        let end = b.item(b.param(0), 8, i);
        let begin = b.item(b.param(0), 8, j);
        apart(b, end, begin)
    });
    assert_eq!(period, Some(8));
}

#[test]
fn what_is_multiplied_and_added_is_no_multiple() {
    let period = period(|b| {
        let number = unknown(b);
        let eight = b.int(8);
        let product = b.int_op(IntOp::Mul, number, eight);
        b.int_op(IntOp::Add, product, number)
    });
    assert_eq!(period, Some(1));
}

#[test]
fn addresses_of_other_arrays_may_be_any_distance_apart() {
    let period = period(|b| {
        let i = unknown(b);
        let end = b.item(b.param(0), 8, i);
        let begin = b.load(PTR, b.param(0));
        apart(b, end, begin)
    });
    assert_eq!(period, Some(1));
}
