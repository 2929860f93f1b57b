//! Facts about which accesses never touch the same bytes.

use crate::common::*;
use enzyme_analysis::effects::Premises;
use enzyme_analysis::separate::{Separate, Side};
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BodyId, ValueId};
use enzyme_protocol::Activity::Duplicated;

const FIRST: fn() -> BodyId = || BodyId::new(0);
const SIDES: [Side; 2] = [Side::Primal, Side::Shadow];

/// Adds to floats behind each address.
fn separate(mut b: Builder, addresses: &[ValueId], overlapping: bool, runtime: bool) -> Separate {
    let value = b.load(F64, addresses[0]);
    for &address in addresses {
        let old = b.load(F64, address);
        let new = b.float_op(enzyme_body::FloatOp::Add, old, value);
        b.store(new, address);
    }
    b.ret();
    let program = alone(b);
    let types = Types::new(&program);
    let given = vec![Duplicated; program.bodies[FIRST()].params.len()];
    let activity = Activity::new(&program, &types, &given, runtime);
    Separate::new(&program, &types, &activity, Premises { overlapping, split: false })
}

fn apart(found: &Separate, a: (ValueId, Side), b: (ValueId, Side)) -> bool {
    let part = |address| found.at(FIRST(), address).expect("a known place")[0];
    found.apart((part(a.0), a.1), (part(b.0), b.1))
}

#[test]
fn what_the_function_makes_is_apart_from_what_it_is_given() {
    for overlapping in [false, true] {
        let mut b = body(&[PTR]);
        let (given, made, other) = (b.param(0), b.alloca(8), b.alloca(8));
        let found = separate(b, &[given, made, other], overlapping, false);
        for (first, second) in [(given, made), (made, other)] {
            for (one, two) in SIDES.into_iter().flat_map(|a| SIDES.map(|b| (a, b))) {
                assert!(apart(&found, (first, one), (second, two)));
            }
        }
        assert!(apart(&found, (made, Side::Primal), (made, Side::Shadow)));
        assert!(!apart(&found, (made, Side::Primal), (made, Side::Primal)));
    }
}

#[test]
fn the_shadow_of_an_argument_is_apart_from_arguments_unless_they_may_overlap() {
    for overlapping in [false, true] {
        let b = body(&[PTR, PTR]);
        let [x, y] = [b.param(0), b.param(1)];
        let found = separate(b, &[x, y], overlapping, false);
        assert_eq!(apart(&found, (x, Side::Primal), (y, Side::Shadow)), !overlapping);
        assert!(apart(&found, (x, Side::Primal), (x, Side::Shadow)));
        for side in SIDES {
            assert!(!apart(&found, (x, side), (y, side)));
        }
    }
}

#[test]
fn a_shadow_that_may_be_the_primal_is_not_apart_from_it() {
    let mut b = body(&[PTR]);
    let (given, made) = (b.param(0), b.alloca(8));
    let found = separate(b, &[given, made], false, true);
    assert!(!apart(&found, (given, Side::Primal), (given, Side::Shadow)));
    assert!(!apart(&found, (given, Side::Primal), (made, Side::Shadow)));
    assert!(apart(&found, (given, Side::Primal), (made, Side::Primal)));
}

#[test]
fn a_global_variable_is_not_apart_from_arguments() {
    let mut b = body(&[PTR]);
    let (given, global, made) = (b.param(0), b.global("state", true), b.alloca(8));
    let found = separate(b, &[given, global, made], false, false);
    for side in SIDES {
        assert!(!apart(&found, (given, side), (global, side)));
        assert!(apart(&found, (made, side), (global, side)));
    }
}

#[test]
fn an_address_of_one_of_two_objects_is_apart_from_neither() {
    let mut b = body(&[PTR]);
    let (one, two) = (b.alloca(8), b.alloca(8));
    let either = b.select(one, two);
    let found = separate(b, &[one, two, either], false, false);
    for object in [one, two] {
        assert!(!apart(&found, (object, Side::Primal), (either, Side::Primal)));
    }
}
