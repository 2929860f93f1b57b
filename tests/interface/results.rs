//! Every kind of result: shape and entries of the Jacobian.

use enzyme_rs::{Const, Differentiable, Reverse, jacobian, value_and_jacobian};
use ndarray::{Array0, Array1, Array2, ArrayD, IxDyn, arr0, array};

#[test]
fn one_float_gives_the_gradient() {
    assert_eq!(jacobian(Reverse, |x: f64| x * x, 3.0), 6.0);
    let j = jacobian(Reverse, |x: &[f64]| x[0] * x[1], &[2.0, 3.0][..]);
    assert_eq!(j, [3.0, 2.0]);
}

#[test]
fn arrays_of_fixed_length_give_arrays_of_rows() {
    let polar = |r: f64, t: f64| [r * t.cos(), r * t.sin()];
    let (dr, dt): ([f64; 2], [f64; 2]) = jacobian(Reverse, polar, (2.0, 0.0));
    assert_eq!((dr, dt), ([1.0, 0.0], [0.0, 2.0]));
    let j = jacobian(Reverse, |x: &[f64; 3]| [x[0] * x[1], x[2]], &[2.0, 3.0, 4.0]);
    assert_eq!(j, [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]);
}

#[test]
fn vectors_give_vectors_of_rows() {
    let squares = |x: &[f64], k: f64| x.iter().map(|v| k * v * v).collect::<Vec<_>>();
    let x = [1.0, 2.0, 3.0];
    let (value, (j, dk)) = value_and_jacobian(Reverse, squares, (&x[..], 10.0));
    assert_eq!(value, [10.0, 40.0, 90.0]);
    assert_eq!(j, [[20.0, 0.0, 0.0], [0.0, 40.0, 0.0], [0.0, 0.0, 60.0]]);
    assert_eq!(dk, [1.0, 4.0, 9.0]);
}

#[test]
fn the_length_of_the_result_may_depend_on_the_data() {
    let positive = |x: &[f64]| x.iter().filter(|v| **v > 0.0).map(|v| v * v).collect::<Vec<_>>();
    let j = jacobian(Reverse, positive, &[1.0, -2.0, 3.0][..]);
    assert_eq!(j, [[2.0, 0.0, 0.0], [0.0, 0.0, 6.0]]);
    assert!(jacobian(Reverse, positive, &[-1.0][..]).is_empty());
}

#[test]
fn tuples_give_tuples() {
    let f = |x: f64, y: f64| (x * y, [x, y * y], vec![x * x]);
    let (dx, dy) = jacobian(Reverse, f, (2.0, 3.0));
    assert_eq!(dx, (3.0, [1.0, 0.0], vec![4.0]));
    assert_eq!(dy, (2.0, [0.0, 6.0], vec![0.0]));
}

#[test]
fn an_array_of_outputs_and_inputs_has_both_shapes() {
    let outer = |x: &Array1<f64>, y: &Array1<f64>| {
        Array2::from_shape_fn((x.len(), y.len()), |(i, j)| x[i] * y[j])
    };
    let (x, y) = (array![2.0, 3.0], array![4.0, 5.0, 6.0]);
    let (dx, dy) = jacobian(Reverse, outer, (&x, &y));
    assert_eq!((dx.shape(), dy.shape()), (&[2, 3, 2][..], &[2, 3, 3][..]));
    let ex = |i: &IxDyn| if i[0] == i[2] { y[i[1]] } else { 0.0 };
    let ey = |i: &IxDyn| if i[1] == i[2] { x[i[0]] } else { 0.0 };
    assert_eq!(dx, ArrayD::from_shape_fn(IxDyn(&[2, 3, 2]), |i| ex(&i)));
    assert_eq!(dy, ArrayD::from_shape_fn(IxDyn(&[2, 3, 3]), |i| ey(&i)));
}

#[test]
fn an_array_as_result_of_plain_arguments() {
    let j = jacobian(Reverse, |x: f64| array![x, x * x], 3.0);
    assert_eq!(j, array![1.0, 6.0].into_dyn());
    let j = jacobian(Reverse, |x: &[f64]| array![[x[0] * x[1]], [x[1]]], &[2.0, 3.0][..]);
    assert_eq!(j, array![[[3.0, 2.0]], [[0.0, 1.0]]].into_dyn());
}

#[test]
fn plain_results_of_an_array() {
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    let j = jacobian(Reverse, |x: &Array2<f64>| [x[[0, 1]], x[[1, 1]] * x[[0, 0]]], &x);
    assert_eq!(j, array![[[0.0, 1.0], [0.0, 0.0]], [[4.0, 0.0], [0.0, 1.0]]].into_dyn());
    let j = jacobian(Reverse, |x: &Array2<f64>| x[[0, 0]] * x[[1, 1]], &x);
    assert_eq!(j, array![[4.0, 0.0], [0.0, 1.0]].into_dyn());
}

#[test]
fn a_result_in_another_layout_is_read_in_logical_order() {
    let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let transposed = |x: &Array2<f64>| (x * x).reversed_axes();
    let (value, j) = value_and_jacobian(Reverse, transposed, &x);
    assert_eq!(value, (&x * &x).reversed_axes());
    let entry = |i: &IxDyn| if (i[0], i[1]) == (i[3], i[2]) { 2.0 * x[[i[2], i[3]]] } else { 0.0 };
    assert_eq!(j, ArrayD::from_shape_fn(IxDyn(&[3, 2, 2, 3]), |i| entry(&i)));
}

#[test]
fn a_result_that_borrows_from_the_argument() {
    let x = array![1.0, 2.0, 3.0];
    let last = |x: &'static Array1<f64>| x.slice(ndarray::s![1..]);
    let x: &'static _ = Box::leak(Box::new(x));
    let (value, j) = value_and_jacobian(Reverse, last, x);
    assert_eq!(value, array![2.0, 3.0]);
    assert_eq!(j, array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].into_dyn());
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Line {
    slope: f64,
    offset: f64,
}

#[test]
fn structs_are_the_elements_of_rows() {
    let at = |line: &Line, x: &[f64]| -> Vec<f64> {
        x.iter().map(|x| line.slope * x + line.offset).collect()
    };
    let line = Line { slope: 2.0, offset: 1.0 };
    let (rows, ()) = jacobian(Reverse, at, (&line, Const(&[5.0, 7.0][..])));
    assert_eq!(rows, [Line { slope: 5.0, offset: 1.0 }, Line { slope: 7.0, offset: 1.0 }]);
    let as_array = |line: &Line, x: f64| array![line.slope * x + line.offset];
    let (rows, dx) = jacobian(Reverse, as_array, (&line, 5.0));
    assert_eq!(rows, array![Line { slope: 5.0, offset: 1.0 }].into_dyn());
    assert_eq!(dx, array![2.0].into_dyn());
}

#[test]
fn precisions_may_differ() {
    let f = |x: &Array1<f32>, y: f64| x.mapv(|v| f64::from(v) * y);
    let (dx, dy) = jacobian(Reverse, f, (&array![2.0_f32, 3.0], 0.5));
    assert_eq!(dx, array![[0.5_f32, 0.0], [0.0, 0.5]].into_dyn());
    assert_eq!(dy, array![2.0, 3.0].into_dyn());
}

#[test]
fn entries_far_from_the_start() {
    let prefix = |x: &[f64]| {
        let mut sum = 0.0;
        x.iter()
            .map(|v| {
                sum += v * v;
                sum
            })
            .collect::<Vec<_>>()
    };
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let j = jacobian(Reverse, prefix, &x[..]);
    for (i, row) in j.iter().enumerate() {
        for (k, entry) in row.iter().enumerate() {
            assert_eq!(*entry, if k <= i { 2.0 * x[k] } else { 0.0 }, "{i}, {k}");
        }
    }
}

#[test]
fn floats_that_share_a_word_are_told_apart() {
    let j: [f32; 2] = jacobian(Reverse, |x: f32| [x, x * x], 3.0_f32);
    assert_eq!(j, [1.0, 6.0]);
    let j = jacobian(Reverse, |x: f32, y: f32| [y, x, x * y], (2.0_f32, 3.0_f32));
    assert_eq!(j, ([0.0, 1.0, 3.0], [1.0, 0.0, 2.0]));
}

/// The standard library takes zeroed memory where the repeated value is zero.
#[test]
#[expect(clippy::useless_vec, reason = "how a `Vec` is filled is what is tested")]
fn a_repeated_value_has_a_derivative_at_zero() {
    for x in [0.0, -0.0, 2.0] {
        assert_eq!(jacobian(Reverse, |x: f64| vec![x; 2], x), [1.0, 1.0]);
        let filled = |x: f64| Array1::from_elem(3, x);
        assert_eq!(jacobian(Reverse, filled, x), array![1.0, 1.0, 1.0].into_dyn());
        let pairs = |x: &[f64; 2]| vec![*x; 3].iter().map(|p| p[0] + 2.0 * p[1]).sum::<f64>();
        assert_eq!(jacobian(Reverse, pairs, &[x, x]), [3.0, 6.0]);
        let slices =
            |x: &[f64]| vec![[x[0], x[1]]; 3].iter().map(|p| p[0] + 2.0 * p[1]).sum::<f64>();
        let j: Vec<f64> = jacobian(Reverse, slices, &[x, x][..]);
        assert_eq!(j, [3.0, 6.0]);
        let options = |x: f64| vec![Some(x); 3].iter().flatten().sum::<f64>();
        assert_eq!(jacobian(Reverse, options, x), 3.0);
    }
}

#[test]
fn results_without_axes_or_without_elements() {
    let j = jacobian(Reverse, |x: &Array0<f64>| x * x, &arr0(3.0));
    assert_eq!(j, arr0(6.0).into_dyn());
    let j: Vec<f64> = jacobian(Reverse, |_: f64| Vec::<f64>::new(), 1.0);
    assert!(j.is_empty());
    let j = jacobian(Reverse, |_: &Array1<f64>| Array2::<f64>::zeros((0, 2)), &array![1.0, 2.0]);
    assert_eq!(j.shape(), [0, 2, 2]);
    let j = jacobian(Reverse, |_: &Array1<f64>| Array1::<f64>::zeros(2), &array![1.0, 2.0]);
    assert_eq!(j, array![[0.0, 0.0], [0.0, 0.0]].into_dyn());
}
