//! Arrays and views of `ndarray` as arguments, in every memory layout.

use enzyme_rs::{Const, Reverse, gradient, jacobian};
use ndarray::{
    Array, Array1, Array2, Array3, ArrayD, ArrayView, ArrayView1, ArrayView2, ArrayView3, Axis,
    Dimension, IxDyn, ShapeBuilder, Zip, array, s,
};

fn base() -> Array2<f64> {
    Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as f64)
}

/// The sum of the squares has the gradient 2 x, whatever the layout of x.
fn assert_squares<D: Dimension>(view: ArrayView<f64, D>) {
    let expected = view.mapv(|v| 2.0 * v);
    let by_value = |x: ArrayView<f64, D>| x.iter().map(|v| v * v).sum::<f64>();
    let d = gradient(Reverse, by_value, view.clone());
    assert_eq!(d, expected, "view by value of strides {:?}", view.strides());
    let by_reference = |x: &ArrayView<f64, D>| x.fold(0.0, |sum, v| sum + v * v);
    let d = gradient(Reverse, by_reference, &view);
    assert_eq!(d, expected, "view by reference of strides {:?}", view.strides());
}

#[test]
fn views_of_any_strides() {
    let base = base();
    assert_squares(base.view());
    assert_squares(base.t());
    assert_squares(base.slice(s![1..3, ..;2]));
    assert_squares(base.slice(s![..;-2, ..;-3]));
    assert_squares(base.slice(s![.., 2]));
    assert_squares(base.slice(s![1, ..;-1]));
    assert_squares(base.slice(s![2..2, ..]));
    assert_squares(base.slice(s![..;-1, 1..4]).reversed_axes());
}

/// As above, for owned arrays.
fn assert_owned<D: Dimension>(x: &Array<f64, D>) {
    let expected = x.mapv(|v| 2.0 * v);
    let d = gradient(Reverse, |x: &Array<f64, D>| x.iter().map(|v| v * v).sum::<f64>(), x);
    assert_eq!(d, expected, "by reference, strides {:?}", x.strides());
    let d = gradient(Reverse, |x: Array<f64, D>| x.mapv(|v| v * v).sum(), x.clone());
    assert_eq!(d, expected, "by value, strides {:?}", x.strides());
}

#[test]
fn owned_arrays_of_any_layout() {
    let base = base();
    assert_owned(&base);
    assert_owned(&base.clone().reversed_axes());
    assert_owned(&Array2::from_shape_fn((3, 2).f(), |(i, j)| (i + 5 * j) as f64));
    let mut collapsed = base.clone();
    collapsed.slice_collapse(s![1..3, 1..5;-2]);
    assert_owned(&collapsed);
    let mut inverted = base.clone();
    inverted.invert_axis(Axis(0));
    assert_owned(&inverted);
    assert_owned(&Array3::<f64>::zeros((2, 0, 3)));
}

#[test]
fn the_gradient_is_placed_logically() {
    let base = base();
    let first_last = |x: ArrayView2<f64>| {
        let (rows, columns) = x.dim();
        x[[0, 0]] * x[[rows - 1, columns - 1]]
    };
    let view = base.slice(s![1..;-1, 2..;2]);
    let mut expected = Array2::zeros((3, 2));
    expected[[0, 0]] = base[[1, 4]];
    expected[[2, 1]] = base[[3, 2]];
    assert_eq!(gradient(Reverse, first_last, view), expected);
}

#[test]
fn arrays_of_f32() {
    let x = array![[1.0_f32, 2.0], [3.0, 4.0]];
    let view = x.slice(s![..;-1, 1]);
    assert_eq!(gradient(Reverse, |x: ArrayView1<f32>| x[0] * x[1], view), array![2.0, 4.0]);
}

#[test]
fn operators_make_new_arrays() {
    let (a, b) = (array![1.0, 2.0], array![3.0, 5.0]);
    let f = |a: &Array1<f64>, b: &Array1<f64>| ((a * b - a) / b + 1.0).sum();
    let (da, db) = gradient(Reverse, f, (&a, &b));
    for i in 0..2 {
        assert!((da[i] - (1.0 - 1.0 / b[i])).abs() < 1e-15);
        assert!((db[i] - a[i] / (b[i] * b[i])).abs() < 1e-15);
    }
}

#[test]
fn a_matrix_times_a_vector() {
    fn product(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
        a.rows().into_iter().map(|row| row.iter().zip(x).map(|(a, x)| a * x).sum()).collect()
    }
    let (a, x) = (array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], array![7.0, 8.0, 9.0]);
    let (da, dx) = jacobian(Reverse, product, (&a, &x));
    assert_eq!(dx, a.into_dyn());
    let entry = |i: &IxDyn| if i[0] == i[1] { x[i[2]] } else { 0.0 };
    assert_eq!(da, ArrayD::from_shape_fn(IxDyn(&[2, 2, 3]), |i| entry(&i)));
}

#[test]
fn arrays_are_updated_in_place() {
    fn f(x: &Array2<f64>) -> Array2<f64> {
        let mut y = x.clone();
        y *= x;
        y.row_mut(0).assign(&x.row(1));
        y.mapv_inplace(|v| 3.0 * v);
        y
    }
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    let j = jacobian(Reverse, f, &x);
    let entry = |i: &IxDyn| match (i[0], i[2]) {
        _ if i[1] != i[3] => 0.0,
        (0, 1) => 3.0,
        (1, 1) => 6.0 * x[[1, i[1]]],
        _ => 0.0,
    };
    assert_eq!(j, ArrayD::from_shape_fn(IxDyn(&[2, 2, 2, 2]), |i| entry(&i)));
}

#[test]
fn several_arrays_at_once() {
    fn f(x: ArrayView2<f64>, y: ArrayView2<f64>) -> f64 {
        let mut sum = 0.0;
        Zip::from(x).and(y).for_each(|x, y| sum += x * x * y);
        sum
    }
    let base = base();
    let (x, y) = (base.slice(s![..2, ..3]), base.slice(s![2.., ..;-2]));
    let (dx, dy) = gradient(Reverse, f, (x, y));
    assert_eq!((dx, dy), (&x * &y * 2.0, &x * &x));
    let (dx, ()) = gradient(Reverse, f, (x, Const(y)));
    assert_eq!(dx, &x * &y * 2.0);
}

#[test]
fn sums_along_an_axis() {
    let f = |x: &Array3<f64>| x.mapv(|v| v * v).sum_axis(Axis(1));
    let x = Array3::from_shape_fn((2, 3, 2), |(i, j, k)| (1 + i + 2 * j + 6 * k) as f64);
    let j = jacobian(Reverse, f, &x);
    let entry = |i: &IxDyn| {
        if (i[0], i[1]) == (i[2], i[4]) { 2.0 * x[[i[2], i[3], i[4]]] } else { 0.0 }
    };
    assert_eq!(j, ArrayD::from_shape_fn(IxDyn(&[2, 2, 2, 3, 2]), |i| entry(&i)));
}

#[test]
fn a_view_of_a_view_inside_of_the_function() {
    let f = |x: ArrayView3<f64>| {
        x.axis_iter(Axis(2)).map(|plane| plane.t().row(1).iter().product::<f64>()).sum::<f64>()
    };
    let x = Array3::from_shape_fn((2, 2, 3), |(i, j, k)| (1 + i + 2 * j + 4 * k) as f64);
    let d = gradient(Reverse, f, x.view());
    let expected =
        Array3::from_shape_fn((2, 2, 3), |(i, j, k)| if j == 1 { x[[1 - i, 1, k]] } else { 0.0 });
    assert_eq!(d, expected);
}
