//! Comparisons of the addresses of two functions, decided.
//!
//! Where inlining shows which function a call through an address reaches, the choice of
//! `targets` compares one function with another: `icmp eq ptr @f, @g`. LLVM keeps such a
//! comparison if the addresses of both do not matter, as the two may become one, and with it
//! a call that is never reached. *Why it is sound*: two functions with bodies have two
//! addresses, or they became one as they do the same; then it is the same which is called.

use enzyme_ir::{Function, Value};

/// Decides the function's comparisons of two functions.
pub fn decide(function: Function) {
    let module = function.module();
    let compares = |value: &Value| {
        value.is_equality().and_then(|equal| {
            let [a, b] = [0, 1].map(|i| value.operand(i).as_function());
            let [a, b] = [a?, b?];
            let own = !a.is_declaration() && !b.is_declaration();
            own.then_some((*value, (a == b) == equal))
        })
    };
    for (comparison, answer) in function.insts().iter().filter_map(compares).collect::<Vec<_>>() {
        comparison.replace_uses(module.int(1).const_int(answer.into()));
        comparison.erase();
    }
}
