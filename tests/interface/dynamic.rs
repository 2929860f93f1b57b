//! Arrays of which the number of axes is only known while running, as arguments: up to
//! four lengths lie in the array's header, more in memory of their own.

use enzyme_rs::{Differentiable, Reverse, gradient, jacobian};
use ndarray::{ArrayD, ArrayViewD, Axis, Dimension, Ix2, IxDyn, ShapeBuilder, Zip};

/// Row-major, column-major, reversed, and with five axes.
fn arrays() -> [ArrayD<f64>; 4] {
    let numbers = |shape: &[usize]| {
        let mut next = 0.0;
        ArrayD::from_shape_simple_fn(IxDyn(shape), || {
            next += 0.5;
            next
        })
    };
    let mut columns = ArrayD::zeros(IxDyn(&[2, 3]).f());
    columns.assign(&numbers(&[2, 3]));
    let mut reversed = numbers(&[3, 2]);
    reversed.invert_axis(Axis(0));
    [numbers(&[2, 3]), columns, reversed, numbers(&[1, 2, 1, 3, 2])]
}

/// The gradient of the sum of squares, however it is written.
fn check_squares(f: impl Fn(&ArrayD<f64>) -> f64) {
    for x in arrays() {
        assert_eq!(gradient(Reverse, &f, &x), 2.0 * &x, "shape {:?}", x.shape());
    }
}

#[test]
fn elements_in_order() {
    check_squares(|x| x.iter().map(|v| v * v).sum());
}

#[test]
fn a_map_makes_another_array() {
    check_squares(|x| x.mapv(|v| v * v).sum());
}

#[test]
fn operators_make_other_arrays() {
    check_squares(|x| (x * x).sum());
}

#[test]
fn two_arrays_in_step() {
    check_squares(|x| {
        let mut sum = 0.0;
        Zip::from(x).and(x).for_each(|a, b| sum += a * b);
        sum
    });
}

#[test]
fn a_product_by_folding() {
    for x in arrays() {
        let product = x.product();
        let found = gradient(Reverse, |x: &ArrayD<f64>| x.fold(1.0, |all, v| all * v), &x);
        assert!((found * &x - product).iter().all(|error| error.abs() <= 1e-12 * product));
    }
}

#[test]
fn the_number_of_axes_is_asserted_inside() {
    let f = |x: &ArrayD<f64>| {
        let x = x.view().into_dimensionality::<Ix2>().expect("two axes");
        x[[0, 1]] * x[[1, 0]]
    };
    let [x, ..] = arrays();
    let found = gradient(Reverse, f, &x);
    let mut expected = ArrayD::zeros(x.raw_dim());
    expected[[0, 1]] = x[[1, 0]];
    expected[[1, 0]] = x[[0, 1]];
    assert_eq!(found, expected);
}

#[test]
fn a_scan_in_place() {
    fn step(state: &mut ArrayD<f64>, x: ArrayViewD<'_, f64>) {
        state.zip_mut_with(&x, |state, v| *state += v * v);
    }
    let scan = |a: &ArrayD<f64>| {
        let mut state = ArrayD::zeros(IxDyn(&a.shape()[1..]));
        a.axis_iter(Axis(0)).for_each(|x| step(&mut state, x));
        state
    };
    let a =
        ArrayD::from_shape_fn(IxDyn(&[2, 2, 3, 1]), |i| (1 + i[0] * 6 + i[1] * 3 + i[2]) as f64);
    let found = jacobian(Reverse, scan, &a);
    assert_eq!(found.shape(), [2, 3, 1, 2, 2, 3, 1]);
    for (i, entry) in found.indexed_iter() {
        let (to, from) = (&i.slice()[..3], &i.slice()[4..]);
        let expected = if to == from { 2.0 * a[&i.slice()[3..]] } else { 0.0 };
        assert_eq!(*entry, expected, "at {i:?}");
    }
}

#[derive(Clone, Differentiable)]
struct Layer {
    weights: ArrayD<f64>,
    scale: f64,
}

fn loss(layer: &Layer) -> f64 {
    (&layer.weights * layer.scale).mapv(|v| v * v).sum()
}

#[test]
fn new_arrays_are_made_from_one_in_a_struct() {
    let weights = ArrayD::from_shape_fn(IxDyn(&[3, 2]), |at| (at[0] + 2 * at[1]) as f64);
    let squares: f64 = weights.iter().map(|v| v * v).sum();
    let expected = &weights * (2.0 * 1.5 * 1.5);
    let (by_layer,) = gradient(Reverse, loss, (&Layer { weights, scale: 1.5 },));
    assert_eq!((by_layer.weights, by_layer.scale), (expected, 2.0 * 1.5 * squares));
}
