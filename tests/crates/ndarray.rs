//! ndarray: views, traversal in lock step, broadcasting, products.

use ndarray::{Array, Array1, Array2, Array3, ArrayView2, Axis, Zip, array, azip, s};
use num_dual::DualNum;

use crate::differences;
use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

/// A sum in which each place counts differently.
fn weighted<'a, T: DualNum<f64> + Copy>(values: impl IntoIterator<Item = &'a T>) -> T {
    let values = values.into_iter().enumerate();
    values.fold(T::zero(), |sum, (i, v)| sum + *v * *v * (i as f64 + 0.5))
}

fn table<T: DualNum<f64> + Copy>(x: &[T]) -> Array2<T> {
    Array::from_shape_vec((2, 3), x.to_vec()).unwrap()
}

fn sliced<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut a = table(x);
    let corner = a.slice(s![.., 1..]).to_owned();
    a.slice_mut(s![..;-1, ..2]).zip_mut_with(&corner, |a, b| *a = *a * *b);
    a.row_mut(1).mapv_inplace(|v| v.sin());
    a.swap([0, 0], [1, 2]);
    weighted(a.t()) + weighted(a.column(1)) + weighted(a.slice(s![1, ..;2]))
}

#[test]
fn slices_that_are_read_and_written() {
    check!(sliced, &POINT);
}

fn viewed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let view = ArrayView2::from_shape((3, 2), x).unwrap();
    let rows = view.rows().into_iter().fold(T::one(), |p, row| p * (row[0] * row[1] + 2.0));
    let windows =
        view.windows((2, 2)).into_iter().fold(T::zero(), |s, w| s + w[[0, 0]] * w[[1, 1]]);
    rows + windows + weighted(view.diag()) + weighted(view.reversed_axes().iter())
}

#[test]
fn views_of_a_slice() {
    check!(viewed, &POINT);
}

fn zipped<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let a = table(x);
    let b = a.mapv(|v| v * v + 1.0);
    let mut c = Array2::from_elem((2, 3), T::zero());
    Zip::from(&mut c).and(&a).and(&b).for_each(|c, a, b| *c = *a / *b);
    azip!((c in &mut c, a in a.slice(s![..;-1, ..])) *c *= *a);
    Zip::indexed(&mut c).for_each(|(i, k), c| *c = *c * (i + 2 * k) as f64);
    let sum = Zip::from(&a).and(&c).fold(T::zero(), |sum, a, c| sum + *a * *c);
    sum + weighted(Zip::from(&a).and(&c).map_collect(|a, c| *a - *c).iter())
}

#[test]
fn arrays_in_lock_step() {
    check!(zipped, &POINT);
}

#[test]
fn arithmetic_with_broadcasting() {
    differences(
        |x| {
            let a = table(x);
            let row = array![x[0], x[2], x[4]];
            let column = array![[x[1]], [x[3]]];
            let mut b = &a * &row + &column - 0.5 * &a / (&row * &row + 1.0);
            b += &row;
            b *= x[5];
            b -= &column.broadcast((2, 3)).unwrap();
            weighted(&b)
        },
        &POINT,
    );
}

#[test]
fn reductions() {
    differences(
        |x| {
            let a = table(x);
            let rows = a.sum_axis(Axis(0)) * a.mean_axis(Axis(0)).unwrap();
            let columns = a.map_axis(Axis(1), |row| row.iter().map(|v| v * v).sum::<f64>().sqrt());
            let folded = a.fold_axis(Axis(1), 1.0, |p, v| p * v);
            weighted(&rows)
                + weighted(&columns)
                + weighted(&folded)
                + a.product()
                + a.var(1.0)
                + a.sum()
        },
        &POINT,
    );
}

#[test]
fn dot_of_vectors() {
    differences(
        |x| {
            let a = Array1::from_vec(x.to_vec());
            let even = a.slice(s![..;2]);
            a.dot(&a.mapv(f64::sin)) + even.dot(&a.slice(s![1..;2])) + even.dot(&even) * x[0]
        },
        &POINT,
    );
}

#[test]
fn dot_of_a_matrix_and_a_vector() {
    differences(
        |x| {
            let a = table(x);
            let v = array![x[0], x[2] * x[3], x[5]];
            weighted(&a.dot(&v)) + weighted(&a.t().dot(&a.dot(&v))) + weighted(&v.dot(&a.t()))
        },
        &POINT,
    );
}

#[test]
fn dot_of_small_matrices() {
    differences(
        |x| {
            let a = table(x);
            weighted(&a.dot(&a.t())) + weighted(&a.t().dot(&a))
        },
        &POINT,
    );
}

#[test]
fn dot_of_large_matrices() {
    differences(
        |x| {
            let a = Array2::from_shape_fn((12, 10), |(i, k)| x[(i + 2 * k) % 6] + i as f64);
            let b = Array2::from_shape_fn((10, 9), |(i, k)| x[(3 * i + k) % 6] * 0.1);
            weighted(&a.dot(&b))
        },
        &POINT,
    );
}

#[test]
fn three_dimensions() {
    differences(
        |x| {
            let mut a = Array3::zeros((3, 2, 2));
            for (mut plane, v) in a.outer_iter_mut().zip(x.windows(4)) {
                plane.assign(&ArrayView2::from_shape((2, 2), v).unwrap());
            }
            a.axis_iter(Axis(1)).map(|part| weighted(part.iter()) * part[[0, 1]]).sum::<f64>()
                + a.lanes(Axis(0)).into_iter().map(|lane| lane.product()).sum::<f64>()
        },
        &POINT,
    );
}

#[test]
fn a_stencil_in_place() {
    differences(
        |x| {
            let mut u = Array1::from_vec(x.to_vec());
            for _ in 0..5 {
                let flow = &u.slice(s![2..]) + &u.slice(s![..-2]) - 2.0 * &u.slice(s![1..-1]);
                let mut inner = u.slice_mut(s![1..-1]);
                inner.scaled_add(0.3, &flow);
            }
            weighted(&u)
        },
        &POINT,
    );
}

#[test]
fn arrays_that_are_joined() {
    differences(
        |x| {
            let a = Array1::from_vec(x.to_vec());
            let b = &a * 2.0;
            let joined = ndarray::concatenate![Axis(0), a, b];
            let stacked = ndarray::stack![Axis(1), a, b];
            (&joined * &joined).sum() + stacked.row(2).dot(&stacked.row(3))
        },
        &POINT,
    );
}
