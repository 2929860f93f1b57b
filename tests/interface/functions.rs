//! What can be differentiated: items, instances, closures; and functions that panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use enzyme_rs::{Const, Reverse, gradient, jacobian, set_runtime_activity, value_and_gradient};

fn square(x: f64) -> f64 {
    x * x
}

#[test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "a reference to a function is tested")]
fn function_items_and_references_to_them() {
    assert_eq!(gradient(Reverse, square, 3.0), 6.0);
    assert_eq!(gradient(Reverse, &square, 3.0), 6.0);
    assert_eq!(gradient(Reverse, f64::sqrt, 4.0), 0.25);
    assert_eq!(gradient(Reverse, f64::mul_add, (2.0, 3.0, 4.0)), (3.0, 2.0, 1.0));
}

fn power<T: Copy + core::ops::Mul<Output = T>, const N: usize>(x: T) -> T {
    let mut y = x;
    for _ in 1..N {
        y = y * x;
    }
    y
}

#[test]
fn instances_of_generic_functions() {
    assert_eq!(gradient(Reverse, power::<f64, 3>, 2.0), 12.0);
    assert_eq!(gradient(Reverse, power::<f32, 2>, 2.0_f32), 4.0);
}

#[test]
fn closures_hold_their_captures_constant() {
    let (k, table) = (3.0, vec![1.0, 2.0]);
    assert_eq!(gradient(Reverse, |x: f64| k * x * x + table[1] * x, 2.0), 14.0);
    let owning = move |x: f64| k * x + table[0] * x * x;
    assert_eq!(gradient(Reverse, &owning, 2.0), 7.0);
    assert_eq!(gradient(Reverse, owning, 3.0), 9.0);
}

#[test]
fn a_function_may_take_a_function() {
    fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        f(f(x))
    }
    let offset = std::hint::black_box(1.0);
    assert_eq!(gradient(Reverse, |x: f64| twice(|y| y * y + offset, x), 2.0), 40.0);
    assert_eq!(gradient(Reverse, twice, (Const(|y: f64| y * y), 2.0)), ((), 32.0));
}

#[test]
fn a_second_call_gives_the_same() {
    let f = |x: &[f64]| x.iter().map(|v| v.sin() * v).sum::<f64>();
    let x = [0.5, -1.0, 2.0];
    let first = gradient(Reverse, f, &x[..]);
    assert_eq!(gradient(Reverse, f, &x[..]), first);
    for (d, v) in first.iter().zip(x) {
        assert!((d - (v.cos() * v + v.sin())).abs() < 1e-15);
    }
}

#[expect(clippy::useless_vec, reason = "an allocation that a panic would unwind is tested")]
fn checked(x: &[f64], limit: f64) -> f64 {
    let mut sum = 0.0;
    for v in x {
        let boxed = vec![*v; 3];
        assert!(*v < limit, "too large: {v}");
        sum += boxed[2] * v;
    }
    sum
}

#[test]
fn a_panic_passes_through_and_later_derivatives_are_right() {
    let x = [1.0, 2.0, 30.0];
    for _ in 0..3 {
        let call = || gradient(Reverse, checked, (&x[..], Const(10.0)));
        let message = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(*message.downcast::<String>().unwrap(), "too large: 30");
        let (dx, ()) = gradient(Reverse, checked, (&x[..2], Const(10.0)));
        assert_eq!(dx, [2.0, 4.0]);
    }
    let call = || jacobian(Reverse, |x: &[f64]| vec![x[0], x[7]], &x[..]);
    assert!(catch_unwind(call).is_err());
    let j = jacobian(Reverse, |x: &[f64]| vec![x[0], x[2] * x[2]], &x[..]);
    assert_eq!(j, [[1.0, 0.0, 0.0], [0.0, 0.0, 60.0]]);
}

#[test]
fn a_derivative_inside_of_a_differentiated_programs_thread() {
    let threads: Vec<_> = (1..5)
        .map(|k| {
            std::thread::spawn(move || {
                let x = vec![f64::from(k); 100];
                (0..20).all(|_| {
                    gradient(Reverse, |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>(), &x[..])
                        == vec![2.0 * f64::from(k); 100]
                })
            })
        })
        .collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
}

#[test]
fn run_time_activity_changes_no_number() {
    let mode = set_runtime_activity(Reverse);
    let f = |x: &[f64], c: &[f64]| x.iter().zip(c).map(|(x, c)| c * x * x).sum::<f64>();
    let (value, (dx, ())) = value_and_gradient(mode, f, (&[1.0, 2.0][..], Const(&[3.0, 4.0][..])));
    assert_eq!((value, dx), (19.0, vec![6.0, 16.0]));
}

#[test]
fn run_time_activity_tells_constant_from_differentiated_memory() {
    fn pick<'a>(x: &'a [f64], table: &'a [f64], from_table: bool) -> &'a [f64] {
        if from_table { table } else { x }
    }
    let f = |x: &[f64], table: &[f64], flags: [bool; 2]| {
        flags
            .iter()
            .map(|flag| pick(x, table, *flag).iter().map(|v| v * v).sum::<f64>())
            .product::<f64>()
    };
    let mode = set_runtime_activity(Reverse);
    let (x, table) = ([1.0, 2.0], [2.0, 3.0]);
    for (flags, expected) in [
        ([false, false], [20.0, 40.0]),
        ([true, false], [26.0, 52.0]),
        ([false, true], [26.0, 52.0]),
        ([true, true], [0.0, 0.0]),
    ] {
        let flags = std::hint::black_box(flags);
        let (dx, ..) = gradient(mode, f, (&x[..], Const(&table[..]), Const(flags)));
        assert_eq!(dx, expected);
    }
}
