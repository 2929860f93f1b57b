//! References and their shadows: added to, consumed, or left alone.

use enzyme_rs::{Differentiable, autodiff_reverse};
use ndarray::{Array1, Array2, array};

#[autodiff_reverse(d_energy, Duplicated, Const, Active)]
fn energy(q: &[f64], k: f64) -> f64 {
    q.iter().map(|v| 0.5 * k * v * v).sum()
}

#[test]
fn a_gradient_is_added_to_what_the_shadow_held() {
    let mut dq = [10.0, 0.0];
    assert_eq!(d_energy(&[1.0, 2.0], &mut dq, 3.0, 1.0), 7.5);
    assert_eq!(dq, [13.0, 6.0]);
    let mut ones = [1.0, 1.0];
    d_energy(&[1.0, 2.0], &mut ones, 3.0, 1.0);
    assert_eq!(ones, [4.0, 7.0]);
}

#[test]
fn a_second_call_adds_once_more_and_the_seed_scales() {
    let mut dq = [0.0, 0.0];
    d_energy(&[1.0, 2.0], &mut dq, 3.0, 1.0);
    d_energy(&[1.0, 2.0], &mut dq, 3.0, 2.0);
    assert_eq!(dq, [9.0, 18.0]);
}

#[autodiff_reverse(d_put, Active, Duplicated)]
fn put(x: f64, out: &mut f64) {
    *out = x.sin();
}

#[test]
fn the_shadow_of_an_overwritten_output_is_the_seed_and_then_zero() {
    let (mut out, mut dout) = (7.0, 1.0);
    assert_eq!(d_put(0.0, &mut out, &mut dout), 1.0);
    assert_eq!((out, dout), (0.0, 0.0));
}

#[autodiff_reverse(d_two, Duplicated, Duplicated)]
fn two(x: &[f64; 2], y: &mut [f64; 2]) {
    y[0] = x[0] * x[1];
    y[1] = x[0] - x[1];
}

#[test]
fn each_seed_gives_a_row_of_the_jacobian() {
    let x = [3.0, 4.0];
    let mut rows = [[0.0; 2]; 2];
    for (k, row) in rows.iter_mut().enumerate() {
        let (mut y, mut dy) = ([0.0; 2], [0.0; 2]);
        dy[k] = 1.0;
        d_two(&x, row, &mut y, &mut dy);
        assert_eq!((y, dy), ([12.0, -1.0], [0.0, 0.0]));
    }
    assert_eq!(rows, [[4.0, 3.0], [1.0, -1.0]]);
}

#[autodiff_reverse(d_fill, Duplicated, Duplicated, Const)]
fn fill(x: &[f64; 2], y: &mut [f64; 2]) -> usize {
    y[0] = x[0] * x[0];
    y[1] = x[1];
    2
}

#[test]
fn a_constant_result_is_returned_and_has_no_seed() {
    let (mut dx, mut y, mut dy) = ([0.0; 2], [0.0; 2], [1.0, 5.0]);
    assert_eq!(d_fill(&[3.0, 4.0], &mut dx, &mut y, &mut dy), 2);
    assert_eq!((dx, y, dy), ([6.0, 5.0], [9.0, 4.0], [0.0, 0.0]));
}

#[autodiff_reverse(d_rosenbrock, Active, Active, Duplicated)]
fn rosenbrock(x: f64, y: f64, out: &mut f64) {
    *out = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
}

#[test]
fn rosenbrock_in_place() {
    let (mut out, mut dout) = (0.0, 1.0);
    assert_eq!(d_rosenbrock(1.0, 3.0, &mut out, &mut dout), (-800.0, 400.0));
    assert_eq!((out, dout), (400.0, 0.0));
}

#[autodiff_reverse(d_square_all, Duplicated)]
fn square_all(x: &mut [f64]) {
    for v in x {
        *v *= *v;
    }
}

#[test]
fn memory_updated_in_place_holds_the_inputs_adjoint_afterwards() {
    let (mut x, mut dx) = ([1.0, 2.0, 3.0], [1.0, 1.0, 10.0]);
    d_square_all(&mut x, &mut dx);
    assert_eq!((x, dx), ([1.0, 4.0, 9.0], [2.0, 4.0, 60.0]));
}

#[test]
fn the_primal_stays_an_ordinary_function() {
    let mut x = [1.0, 2.0, 3.0];
    square_all(&mut x);
    assert_eq!(x, [1.0, 4.0, 9.0]);
}

#[autodiff_reverse(d_partly, Duplicated, Duplicated)]
fn partly(x: &[f64], out: &mut [f64]) {
    out[1] = x[0] * x[1];
}

#[test]
fn the_shadow_of_what_is_not_overwritten_stays() {
    let (mut dx, mut out, mut dout) = ([0.0; 2], [9.0; 3], [5.0; 3]);
    d_partly(&[2.0, 3.0], &mut dx, &mut out, &mut dout);
    assert_eq!((dx, out, dout), ([15.0, 10.0], [9.0, 6.0, 9.0], [5.0, 0.0, 5.0]));
}

#[autodiff_reverse(d_accumulate, Duplicated, Duplicated)]
fn accumulate(x: &[f64], out: &mut f64) {
    *out += x.iter().map(|v| v * v * v).sum::<f64>();
}

#[test]
fn the_shadow_of_an_output_that_is_added_to_stays() {
    let (mut dx, mut out, mut dout) = ([0.0; 2], 100.0, 1.0);
    d_accumulate(&[1.0, 2.0], &mut dx, &mut out, &mut dout);
    assert_eq!((dx, out, dout), ([3.0, 12.0], 109.0, 1.0));
}

#[autodiff_reverse(d_only, Duplicated, DuplicatedOnly)]
fn only(x: &f64, out: &mut f64) {
    *out = x * x;
}

#[test]
fn duplicated_only_is_unsafe_and_has_the_same_gradient() {
    let (mut dx, mut out, mut dout) = (0.0, 0.0, 1.0);
    // SAFETY: the value of `out` is not used.
    unsafe { d_only(&3.0, &mut dx, &mut out, &mut dout) };
    assert_eq!((dx, dout), (6.0, 0.0));
}

#[autodiff_reverse(d_raw, Duplicated, Const, Duplicated)]
unsafe fn raw(x: *const f64, len: usize, out: *mut f64) {
    // SAFETY: the caller passes `len` floats and a place for one.
    unsafe {
        *out = 0.0;
        for i in 0..len {
            *out += *x.add(i) * *x.add(i);
        }
    }
}

#[test]
fn raw_pointers_are_duplicated() {
    let (x, mut dx, mut out, mut dout) = ([1.0, 2.0], [0.0; 2], 0.0, 1.0);
    // SAFETY: two floats each, and one.
    unsafe { d_raw(x.as_ptr(), dx.as_mut_ptr(), 2, &mut out, &mut dout) };
    assert_eq!((dx, out, dout), ([2.0, 4.0], 5.0, 0.0));
}

#[autodiff_reverse(d_total, Duplicated, Active)]
#[allow(clippy::ptr_arg)]
fn total(v: &Vec<f64>) -> f64 {
    v.iter().map(|x| x.exp()).sum()
}

#[test]
fn the_shadow_of_a_vec_is_a_vec() {
    let mut dv = vec![0.0, 1.0];
    assert_eq!(d_total(&vec![0.0, 0.0], &mut dv, 1.0), 2.0);
    assert_eq!(dv, [1.0, 2.0]);
}

#[autodiff_reverse(d_product, Duplicated, Duplicated, Duplicated)]
fn product(a: &Array2<f64>, x: &Array1<f64>, out: &mut Array1<f64>) {
    for (row, y) in a.rows().into_iter().zip(out.iter_mut()) {
        *y = row.iter().zip(x).map(|(a, x)| a * x).sum();
    }
}

#[test]
fn arrays_are_duplicated() {
    let (a, x) = (array![[1.0, 2.0], [3.0, 4.0]], array![5.0, 6.0]);
    let (mut da, mut dx) = (Array2::zeros((2, 2)), Array1::zeros(2));
    let (mut out, mut dout) = (Array1::zeros(2), array![1.0, 10.0]);
    d_product(&a, &mut da, &x, &mut dx, &mut out, &mut dout);
    assert_eq!(out, array![17.0, 39.0]);
    assert_eq!(da, array![[5.0, 6.0], [50.0, 60.0]]);
    assert_eq!(dx, array![31.0, 42.0]);
    assert_eq!(dout, array![0.0, 0.0]);
}

#[test]
#[should_panic(expected = "`q` has 2 elements, its shadow has 3")]
fn a_shadow_of_another_length_is_refused() {
    d_energy(&[1.0, 2.0], &mut [0.0; 3], 1.0, 1.0);
}

/// All that it does to the floats is to look at their bits and to move them.
#[autodiff_reverse(d_sort, Duplicated)]
fn sort(x: &mut [f64]) {
    for i in 1..x.len() {
        let mut j = i;
        while j > 0 && x[j].total_cmp(&x[j - 1]).is_lt() {
            x.swap(j, j - 1);
            j -= 1;
        }
    }
}

#[test]
fn floats_that_are_only_moved_take_their_adjoints_along() {
    let (mut x, mut dx) = ([3.0, 1.0, 2.0], [1.0, 10.0, 100.0]);
    d_sort(&mut x, &mut dx);
    assert_eq!((x, dx), ([1.0, 2.0, 3.0], [100.0, 1.0, 10.0]));
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Key(f64);

/// Nothing but the order says that the fields are floats.
#[autodiff_reverse(d_sort_keys, Duplicated)]
fn sort_keys(keys: &mut [Key]) {
    keys.sort_by(|a, b| a.0.total_cmp(&b.0));
}

/// # Safety
/// There are `n` floats behind `x`.
#[autodiff_reverse(d_bubble, Duplicated, Const)]
unsafe fn bubble(x: *mut f32, n: usize) {
    for last in (1..n).rev() {
        for i in 0..last {
            // SAFETY: both are below `n`.
            unsafe {
                let (a, b) = (x.add(i), x.add(i + 1));
                if (*a).total_cmp(&*b).is_gt() {
                    a.swap(b);
                }
            }
        }
    }
}

#[test]
fn what_is_put_in_the_order_of_floats_is_a_float() {
    let keys = |keys: [f64; 3]| keys.map(Key);
    let (mut x, mut dx) = (keys([3.0, 1.0, 2.0]), keys([1.0, 10.0, 100.0]));
    d_sort_keys(&mut x, &mut dx);
    assert_eq!((x, dx), (keys([1.0, 2.0, 3.0]), keys([100.0, 1.0, 10.0])));

    let (mut x, mut dx) = ([3.0, 1.0, 2.0], [1.0, 10.0, 100.0]);
    // SAFETY: three floats, twice.
    unsafe { d_bubble(x.as_mut_ptr(), dx.as_mut_ptr(), 3) };
    assert_eq!((x, dx), ([1.0, 2.0, 3.0], [100.0, 1.0, 10.0]));
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Item {
    key: f64,
    id: u32,
    weight: f32,
    place: [f32; 2],
}

/// Nothing but the type of the items says that there are floats.
#[autodiff_reverse(d_sort_items, Duplicated)]
fn sort_items(items: &mut [Item]) {
    items.sort_by_key(|item| item.key.to_bits());
}

#[autodiff_reverse(d_exchange, Duplicated, Duplicated)]
fn exchange(a: &mut (Item, u8), b: &mut (Item, u8)) {
    if a.0.id > b.0.id {
        std::mem::swap(a, b);
    }
}

/// More than are told one by one.
#[autodiff_reverse(d_greatest_last, Duplicated)]
fn greatest_last(x: &mut [f64; 20]) {
    for i in 1..x.len() {
        if x[i - 1].to_bits() > x[i].to_bits() {
            x.swap(i - 1, i);
        }
    }
}

/// # Safety
/// There are three floats behind `x`.
#[autodiff_reverse(d_rotate, Duplicated)]
unsafe fn rotate(x: *mut f64) {
    // SAFETY: the caller's promise.
    let x = unsafe { std::slice::from_raw_parts_mut(x, 3) };
    while x.windows(2).any(|pair| pair[0].to_bits() > pair[1].to_bits()) {
        x.rotate_left(1);
    }
}

#[test]
fn what_the_types_of_arguments_say_is_a_float_takes_its_adjoint_along() {
    let item = |[a, b, c, d]: [f32; 4], id| Item { key: a.into(), id, weight: b, place: [c, d] };
    let small = item([1.0, 2.0, 3.0, 4.0], 5);
    let great = item([2.0, 4.0, 6.0, 8.0], 9);
    let (one, two) = (item([1e1, 1e2, 1e3, 1e4], 9), item([2e1, 2e2, 2e3, 2e4], 5));

    let (mut x, mut dx) = ([great, small], [one, two]);
    d_sort_items(&mut x, &mut dx);
    assert_eq!((x, dx), ([small, great], [two, one]));

    let (mut a, mut b, mut da, mut db) = ((great, 1), (small, 2), (one, 1), (two, 2));
    d_exchange(&mut a, &mut da, &mut b, &mut db);
    assert_eq!((a, b, da, db), ((small, 2), (great, 1), (two, 2), (one, 1)));

    let (mut x, mut dx) = ([1.0; 20], [1.0; 20]);
    (x[0], dx[19]) = (2.0, 7.0);
    d_greatest_last(&mut x, &mut dx);
    assert_eq!((x[19], dx[0], dx[19]), (2.0, 7.0, 1.0));

    let (mut x, mut dx) = ([3.0, 1.0, 2.0], [1.0, 10.0, 100.0]);
    // SAFETY: three floats, twice.
    unsafe { d_rotate(x.as_mut_ptr(), dx.as_mut_ptr()) };
    assert_eq!((x, dx), ([1.0, 2.0, 3.0], [100.0, 1.0, 10.0]));
}
