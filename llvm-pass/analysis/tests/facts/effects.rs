//! Facts about which reads may be repeated in reverse.

use crate::common::*;
use enzyme_analysis::Types;
use enzyme_analysis::effects::{Aliases, Effects, Premises, effects};
use enzyme_body::{BodyId, IntOp, Op, Program, Ty, ValueId};

const FIRST: fn() -> BodyId = || BodyId::new(0);

/// Every writer may write whatever is read.
struct Anything;

impl Aliases for Anything {
    fn may_write(&self, _: ValueId, _: ValueId) -> bool {
        true
    }
}

fn analyse(builder: Builder) -> Effects {
    let program: Program = alone(builder);
    effects(&program, &Types::new(&program), &Anything, Premises::default())
}

/// A length is read, and afterwards a word is written; each by an index without end
/// or at a fixed distance, in one object or in two.
fn length_then_write(read_indexed: bool, write_indexed: bool, apart: bool) -> bool {
    let mut b = body(&[PTR, PTR, I64]);
    let (object, other) = (b.param(0), b.param(usize::from(apart)));
    let at = |b: &mut Builder, object, indexed, distance| match indexed {
        true => {
            let i = b.param(2);
            b.item(object, 8, i)
        }
        false => b.field(object, distance),
    };
    let from = at(&mut b, object, read_indexed, 8);
    let length = b.load(I64, from);
    let product = b.int_op(IntOp::Mul, length, length);
    let to = at(&mut b, other, write_indexed, 8);
    b.store(product, to);
    b.ret();
    analyse(b).repeatable(FIRST(), length)
}

#[test]
fn a_length_may_be_read_again_if_only_other_objects_are_written() {
    for indexed in [false, true] {
        assert!(length_then_write(indexed, indexed, true));
    }
}

#[test]
fn a_length_at_an_index_may_not_be_read_again_after_any_write_to_its_object() {
    for write_indexed in [false, true] {
        assert!(!length_then_write(true, write_indexed, false));
    }
}

#[test]
fn a_length_in_a_field_may_not_be_read_again_after_a_write_at_an_index() {
    assert!(!length_then_write(false, true, false));
}

#[test]
fn a_length_may_not_be_read_again_after_an_atomic_exchange() {
    let mut b = body(&[PTR]);
    let length = b.load(I64, b.param(0));
    let one = b.int(1);
    b.inst(I64, Op::Other("atomicrmw".into()), &[b.param(0), one]);
    b.ret();
    assert!(!analyse(b).repeatable(FIRST(), length));
}

/// `read` fills the buffer anew; `write` does not, and neither changes floats beside it.
#[test]
fn what_an_inactive_function_fills_may_not_be_read_again() {
    let repeatable = |function: &str, ty: Ty| {
        let mut b = body(&[PTR]);
        let field = b.field(b.param(0), 8);
        let word = b.load(ty, field);
        let other = b.load(I32, b.param(0));
        let length = b.int(8);
        b.call(I64, function, &[other, b.param(0), length]);
        b.ret();
        analyse(b).repeatable(FIRST(), word)
    };
    assert!(!repeatable("read", I64));
    assert!(repeatable("write", I64));
    assert!(repeatable("read", F64));
}

/// Whether a load of a mutable global may be repeated.
fn global_is_read_again(premises: Premises, locks: bool) -> bool {
    let mut b = body(&[PTR]);
    let state = b.global("STATE", true);
    let x = b.load(F64, state);
    if locks {
        let lock = b.global("LOCK", true);
        b.call(Ty::Int(32), "pthread_mutex_lock", &[lock]);
    }
    let y = b.square(x);
    b.store(y, b.param(0));
    b.ret();
    let program: Program = alone(b);
    let found = effects(&program, &Types::new(&program), &Anything, premises);
    found.repeatable(FIRST(), x)
}

#[test]
fn globals_that_others_may_write_are_not_read_again() {
    assert!(global_is_read_again(Premises::default(), false));
    assert!(!global_is_read_again(Premises::default(), true));
    assert!(!global_is_read_again(Premises { split: true, ..Premises::default() }, false));
}
