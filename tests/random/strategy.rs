//! Random programs, as strategies of proptest: so they shrink.

use proptest::collection::vec;
use proptest::prelude::*;

use super::program::{
    Binary, Call, Cond, Func, INPUTS, Int, LEN, Num, Prog, Ptr, Stmt, Struct, Unary,
};

/// A program with 1 to 3 functions.
pub fn programs() -> impl Strategy<Value = Prog> {
    let inputs = vec(-100..100_i8, INPUTS);
    (vec(functions(), 1..4), any::<bool>(), 0..3_u8, inputs, 0..8_u8)
        .prop_map(|(funcs, same, behind, inputs, n)| Prog { funcs, same, behind, inputs, n })
}

fn functions() -> impl Strategy<Value = Func> {
    (any::<bool>(), vec(statements(), 2..9), numbers()).prop_map(|(noinline, body, result)| Func {
        noinline,
        body,
        result,
    })
}

fn structs() -> impl Strategy<Value = Struct> + Clone {
    prop_oneof![Just(Struct::Local), Just(Struct::Given)]
}

fn pointers() -> impl Strategy<Value = Ptr> + Clone {
    prop_oneof![
        2 => Just(Ptr::A),
        2 => Just(Ptr::B),
        2 => Just(Ptr::Stack),
        1 => Just(Ptr::Heap),
        2 => Just(Ptr::Chosen),
        1 => structs().prop_map(Ptr::Inside),
        1 => structs().prop_map(Ptr::Behind),
    ]
}

/// Integers that look at no floats.
fn plain_ints() -> impl Strategy<Value = Int> + Clone {
    let leaf = prop_oneof![
        2 => (0..LEN as u8).prop_map(Int::Const),
        1 => (0..2_u8).prop_map(Int::N),
        2 => (0..3_u8).prop_map(Int::Counter),
        1 => structs().prop_map(Int::FieldK),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        let two = (inner.clone().prop_map(Box::new), inner.prop_map(Box::new));
        prop_oneof![
            two.clone().prop_map(|(a, b)| Int::Add(a, b)),
            two.prop_map(|(a, b)| Int::Mul(a, b)),
        ]
    })
}

fn unary() -> impl Strategy<Value = Unary> + Clone {
    use Unary::*;
    proptest::sample::select(&[Neg, Sin, Cos, Exp, Root, Tanh, Abs, Log])
}

fn binary() -> impl Strategy<Value = Binary> + Clone {
    use Binary::*;
    proptest::sample::select(&[Add, Add, Sub, Mul, Mul, Quotient, Max, Pow])
}

fn numbers() -> impl Strategy<Value = Num> + Clone {
    let leaf = prop_oneof![
        1 => (-16..16_i8).prop_map(Num::Const),
        4 => (0..3_u8).prop_map(Num::X),
        4 => (pointers(), plain_ints()).prop_map(|(p, i)| Num::Item(p, i)),
        1 => structs().prop_map(Num::W),
        1 => structs().prop_map(Num::FieldFloat),
        1 => Just(Num::Float),
        1 => plain_ints().prop_map(Num::FromInt),
    ];
    leaf.prop_recursive(3, 10, 2, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let less = (inner.clone(), inner).prop_map(|(a, b)| Cond::Less(a, b));
        prop_oneof![
            2 => (unary(), boxed.clone()).prop_map(|(u, a)| Num::Unary(u, a)),
            4 => (binary(), boxed.clone(), boxed.clone()).prop_map(|(o, a, b)| Num::Binary(o, a, b)),
            1 => (less.prop_map(Box::new), boxed.clone(), boxed)
                .prop_map(|(c, a, b)| Num::Select(c, a, b)),
        ]
    })
    .boxed()
}

fn ints() -> impl Strategy<Value = Int> + Clone {
    let of = numbers().prop_map(|num| Int::Of(Box::new(num)));
    prop_oneof![4 => plain_ints(), 1 => of].boxed()
}

fn conditions() -> impl Strategy<Value = Cond> + Clone {
    let leaf = prop_oneof![
        3 => (numbers(), numbers()).prop_map(|(a, b)| Cond::Less(a, b)),
        2 => (ints(), ints()).prop_map(|(a, b)| Cond::IntLess(a, b)),
        2 => ints().prop_map(Cond::Odd),
        1 => (pointers(), pointers()).prop_map(|(a, b)| Cond::Same(a, b)),
    ];
    leaf.prop_recursive(1, 2, 2, |inner| {
        (inner.clone().prop_map(Box::new), inner.prop_map(Box::new))
            .prop_map(|(a, b)| Cond::Both(a, b))
    })
    .boxed()
}

fn calls() -> impl Strategy<Value = Call> {
    (0..3_u8, 0..3_u8, pointers(), pointers(), structs(), numbers(), ints())
        .prop_map(|(into, callee, a, b, s, x, n)| Call { into, callee, a, b, s, x, n })
}

fn simple_statements() -> impl Strategy<Value = Stmt> + Clone {
    let item = || (pointers(), ints(), numbers());
    let assignments = prop_oneof![
        4 => (0..3_u8, numbers()).prop_map(|(x, n)| Stmt::X(x, n)),
        1 => numbers().prop_map(Stmt::Float),
        1 => (0..2_u8, ints()).prop_map(|(n, i)| Stmt::N(n, i)),
        4 => item().prop_map(|(p, i, n)| Stmt::Store(p, i, n)),
        2 => item().prop_map(|(p, i, n)| Stmt::AddTo(p, i, n)),
        2 => item().prop_map(|(p, i, n)| Stmt::Scale(p, i, n)),
        1 => (structs(), numbers()).prop_map(|(s, n)| Stmt::SetW(s, n)),
        1 => (structs(), numbers()).prop_map(|(s, n)| Stmt::SetFloat(s, n)),
        1 => (structs(), ints()).prop_map(|(s, i)| Stmt::SetK(s, i)),
    ];
    let addresses = prop_oneof![
        1 => pointers().prop_map(Stmt::Choose),
        2 => (conditions(), pointers(), pointers()).prop_map(|(c, a, b)| Stmt::ChooseIf(c, a, b)),
        1 => pointers().prop_map(Stmt::SetBehind),
        1 => (pointers(), pointers(), any::<bool>()).prop_map(|(a, b, up)| Stmt::CopyHalf(a, b, up)),
        1 => (pointers(), pointers()).prop_map(|(a, b)| Stmt::Move(a, b)),
        1 => pointers().prop_map(Stmt::Clear),
        1 => Just(Stmt::Refresh),
    ];
    let jumps = prop_oneof![
        conditions().prop_map(Stmt::Break),
        conditions().prop_map(Stmt::Continue),
        (conditions(), numbers()).prop_map(|(c, n)| Stmt::Return(c, n)),
    ];
    prop_oneof![
        17 => assignments,
        7 => addresses,
        3 => jumps,
        3 => calls().prop_map(Stmt::Call),
    ]
    .boxed()
}

fn statements() -> impl Strategy<Value = Stmt> {
    simple_statements().prop_recursive(3, 16, 4, |inner| {
        let block = vec(inner, 1..4);
        prop_oneof![
            3 => (conditions(), block.clone(), block.clone()).prop_map(|(c, a, b)| Stmt::If(c, a, b)),
            1 => (ints(), vec(block.clone(), 1..4)).prop_map(|(i, arms)| Stmt::Switch(i, arms)),
            3 => (ints(), block.clone()).prop_map(|(i, body)| Stmt::For(i, body)),
            1 => (0..5_u8, block.clone()).prop_map(|(n, body)| Stmt::Down(n, body)),
            2 => (conditions(), 0..6_u8, block.clone()).prop_map(|(c, n, b)| Stmt::While(c, n, b)),
            1 => (conditions(), 0..6_u8, block).prop_map(|(c, n, b)| Stmt::DoWhile(c, n, b)),
        ]
    })
}
