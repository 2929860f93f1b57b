//! The scan over an array in its three forms; `examples/scan.rs` prints it.

use enzyme_rs::{Const, Reverse, gradient, jacobian, set_runtime_activity};
use ndarray::{Array3, Array4, ArrayD, ArrayView3, Axis, IxDyn, s};

fn by_fold(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    a.axis_iter(Axis(0)).fold(init.clone(), |acc, x| acc + &x.mapv(|v| v * v))
}

fn scan<S, X>(f: impl Fn(S, X) -> S, init: S, xs: impl IntoIterator<Item = X>) -> S {
    let mut acc = init;
    for x in xs {
        acc = f(acc, x);
    }
    acc
}

fn by_scan(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    let step = |acc: Array3<f64>, x: ArrayView3<f64>| acc + &x.mapv(|v| v * v);
    scan(step, init.clone(), a.axis_iter(Axis(0)))
}

fn add_squares(acc: &mut Array3<f64>, x: ArrayView3<f64>) {
    acc.zip_mut_with(&x, |acc, v| *acc += v * v);
}

fn in_place(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    let mut acc = init.clone();
    for x in a.axis_iter(Axis(0)) {
        add_squares(&mut acc, x);
    }
    acc
}

fn data(steps: usize) -> (Array4<f64>, Array3<f64>) {
    let a = Array4::from_shape_fn((steps, 2, 3, 1), |(t, i, j, _)| (1 + j + 3 * i + 6 * t) as f64);
    (a, Array3::from_elem((2, 3, 1), 0.5))
}

/// At (output…, step, input…): 2 a where output and input agree.
fn slopes(a: &Array4<f64>) -> ArrayD<f64> {
    let shape = [&[2, 3, 1], a.shape()].concat();
    ArrayD::from_shape_fn(IxDyn(&shape), |i| {
        if (i[0], i[1], i[2]) == (i[4], i[5], i[6]) {
            2.0 * a[[i[3], i[4], i[5], i[6]]]
        } else {
            0.0
        }
    })
}

#[test]
fn the_fold_has_the_exact_jacobian_twice() {
    let (a, init) = data(2);
    for _ in 0..2 {
        let (j, ()) = jacobian(Reverse, by_fold, (&a, Const(&init)));
        assert_eq!(j, slopes(&a));
    }
}

#[test]
fn the_generic_scan_has_the_exact_jacobian() {
    let (a, init) = data(2);
    let (j, ()) = jacobian(Reverse, by_scan, (&a, Const(&init)));
    assert_eq!(j, slopes(&a));
}

#[test]
fn the_scan_in_place_has_the_exact_jacobian_twice() {
    let (a, init) = data(2);
    for _ in 0..2 {
        let (j, ()) = jacobian(Reverse, in_place, (&a, Const(&init)));
        assert_eq!(j, slopes(&a));
    }
}

#[test]
fn any_number_of_steps() {
    for steps in [0, 1, 5] {
        let (a, init) = data(steps);
        let (j, ()) = jacobian(Reverse, in_place, (&a, Const(&init)));
        assert_eq!(j, slopes(&a), "{steps} steps in place");
        let (j, ()) = jacobian(Reverse, by_fold, (&a, Const(&init)));
        assert_eq!(j, slopes(&a), "{steps} steps by fold");
    }
}

#[test]
fn the_jacobian_with_respect_to_init_is_the_identity() {
    let (a, init) = data(2);
    let identity = ArrayD::from_shape_fn(IxDyn(&[2, 3, 1, 2, 3, 1]), |i| {
        f64::from(u8::from((i[0], i[1], i[2]) == (i[3], i[4], i[5])))
    });
    let mode = set_runtime_activity(Reverse);
    let ((), j) = jacobian(mode, in_place, (Const(&a), &init));
    assert_eq!(j, identity);
    let ((), j) = jacobian(Reverse, in_place, (Const(&a), &init));
    assert_eq!(j, identity);
    let (da, dinit) = jacobian(Reverse, by_fold, (&a, &init));
    assert_eq!((da, dinit), (slopes(&a), identity));
}

#[test]
fn memory_chosen_while_the_program_runs() {
    fn mixed(a: &Array3<f64>, init: &Array3<f64>, from_a: bool) -> Array3<f64> {
        let source = if from_a { a } else { init };
        source.mapv(|v| v * v)
    }
    let (a, init) = data(1);
    let a = a.index_axis_move(Axis(0), 0);
    let mode = set_runtime_activity(Reverse);
    for from_a in [true, false] {
        let (j, ..) = jacobian(mode, mixed, (&a, Const(&init), Const(from_a)));
        let entry = |i: &IxDyn| {
            let same = from_a && (i[0], i[1], i[2]) == (i[3], i[4], i[5]);
            if same { 2.0 * a[[i[0], i[1], i[2]]] } else { 0.0 }
        };
        assert_eq!(j, ArrayD::from_shape_fn(IxDyn(&[2, 3, 1, 2, 3, 1]), |i| entry(&i)));
    }
}

#[test]
fn a_scan_whose_states_are_needed_with_respect_to_both_arguments() {
    fn nonlinear(a: &Array4<f64>, init: &Array3<f64>) -> f64 {
        a.axis_iter(Axis(0)).fold(init.clone(), |acc, x| acc.mapv(f64::sin) * x + &(&x * &x)).sum()
    }
    let (a, init) = data(3);
    let (da, dinit) = gradient(Reverse, nonlinear, (&a, &init));
    for ((i, j, k), &start) in init.indexed_iter() {
        // By hand: the states, then the adjoint backward.
        let mut states = vec![start];
        for x in a.slice(s![.., i, j, k]) {
            let state = states.last().expect("at least the first");
            states.push(state.sin() * x + x * x);
        }
        let mut adjoint = 1.0;
        for t in (0..a.len_of(Axis(0))).rev() {
            let (x, state) = (a[[t, i, j, k]], states[t]);
            let slope = adjoint * (state.sin() + 2.0 * x);
            assert!((da[[t, i, j, k]] - slope).abs() <= 1e-13 * (1.0 + slope.abs()));
            adjoint *= state.cos() * x;
        }
        assert!((dinit[[i, j, k]] - adjoint).abs() <= 1e-13 * (1.0 + adjoint.abs()));
    }
}
