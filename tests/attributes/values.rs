//! Floats by value: what is returned, in which order, for which activities.

use enzyme_rs::{autodiff, autodiff_reverse};

#[autodiff_reverse(d_area, Active, Active, Active)]
fn area(w: f64, h: f64) -> f64 {
    w * h + w
}

#[test]
fn the_value_comes_first_then_gradients_in_order() {
    assert_eq!(d_area(2.0, 5.0, 1.0), (12.0, 6.0, 2.0));
}

#[test]
fn the_seed_scales_gradients_and_not_the_value() {
    assert_eq!(d_area(2.0, 5.0, 2.0), (12.0, 12.0, 4.0));
    assert_eq!(d_area(2.0, 5.0, 0.0), (12.0, 0.0, 0.0));
}

#[test]
fn a_second_call_gives_the_same() {
    let first = d_area(1.5, -0.25, 1.0);
    assert_eq!(d_area(1.5, -0.25, 1.0), first);
}

#[autodiff_reverse(d_cube, Active, ActiveOnly)]
fn cube(t: f64) -> f64 {
    t * t * t
}

#[test]
fn active_only_drops_the_value() {
    assert_eq!(d_cube(2.0, 1.0), 12.0);
    assert_eq!(d_cube(2.0, 2.0), 24.0);
}

#[autodiff_reverse(d_ratio, Active, Active, ActiveOnly)]
fn ratio(a: f64, b: f64) -> f64 {
    a / b
}

#[test]
fn active_only_with_two_inputs_returns_two_gradients() {
    assert_eq!(d_ratio(3.0, 2.0, 1.0), (0.5, -0.75));
}

#[autodiff_reverse(d_by_w, Active, Const, Active)]
#[autodiff_reverse(d_by_h, Const, Active, ActiveOnly)]
#[autodiff(d_by_both, Reverse, Active, Active, Active)]
fn sheet(w: f64, h: f64) -> f64 {
    w * w * h
}

#[test]
fn several_attributes_on_one_function_are_independent() {
    assert_eq!(d_by_w(2.0, 5.0, 1.0), (20.0, 20.0));
    assert_eq!(d_by_h(2.0, 5.0, 1.0), 4.0);
    assert_eq!(d_by_both(2.0, 5.0, 1.0), (20.0, 20.0, 4.0));
}

#[autodiff_reverse(d_mixed, Active, Active, Active)]
fn mixed(x: f32, y: f32) -> f64 {
    f64::from(x) * f64::from(x) * f64::from(y)
}

#[test]
fn gradients_have_the_precision_of_their_inputs() {
    let (value, dx, dy): (f64, f32, f32) = d_mixed(3.0, 2.5, 1.0);
    assert_eq!((value, dx, dy), (22.5, 15.0, 9.0));
}

#[autodiff_reverse(d_narrowed, Active, Active, Active)]
fn narrowed(x: f64, y: f32) -> f32 {
    (x * x) as f32 * y
}

#[test]
fn a_float_of_less_precision_on_the_way_back() {
    let (value, dx, dy): (f32, f64, f32) = d_narrowed(3.0, 0.5, 1.0);
    assert_eq!((value, dx, dy), (4.5, 3.0, 9.0));
}

#[autodiff_reverse(d_rosenbrock, Active, Active, Active)]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[test]
fn rosenbrock_at_one_three() {
    assert_eq!(d_rosenbrock(1.0, 3.0, 1.0), (400.0, -800.0, 400.0));
}

#[autodiff_reverse(d_norm2, Active, Active)]
fn norm2(v: [f64; 3]) -> f64 {
    v.iter().map(|c| c * c).sum()
}

#[test]
fn an_array_by_value_is_active() {
    assert_eq!(d_norm2([1.0, 2.0, 3.0], 1.0), (14.0, [2.0, 4.0, 6.0]));
}

#[autodiff_reverse(d_turn, Active, Active, Active)]
fn turn(v: [f64; 2], angle: f64) -> [f64; 2] {
    let (s, c) = angle.sin_cos();
    [c * v[0] - s * v[1], s * v[0] + c * v[1]]
}

#[test]
fn an_array_as_result_has_an_array_as_seed() {
    let (value, dv, dangle) = d_turn([3.0, 4.0], 0.0, [1.0, 0.0]);
    assert_eq!((value, dv, dangle), ([3.0, 4.0], [1.0, 0.0], -4.0));
    let (_, dv, dangle) = d_turn([3.0, 4.0], 0.0, [0.0, 1.0]);
    assert_eq!((dv, dangle), ([0.0, 1.0], 3.0));
}

#[autodiff_reverse(d_power, Active, Const, Active)]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[test]
fn integers_are_constant() {
    assert_eq!(d_power(2.0, 3, 1.0), (8.0, 12.0));
}

#[autodiff_reverse(d_unit, Const, Active, Const, Active)]
fn unit(_before: (), x: f64, _after: [f64; 0]) -> f64 {
    x * x
}

#[test]
fn parameters_without_size_are_passed() {
    assert_eq!(d_unit((), 3.0, [], 1.0), (9.0, 6.0));
}

#[autodiff_reverse(d_doubled, Active, Active)]
fn doubled(mut x: f64) -> f64 {
    x *= x;
    x += x;
    x
}

#[test]
fn a_mutable_parameter_is_the_functions_own() {
    assert_eq!(d_doubled(3.0, 1.0), (18.0, 12.0));
}

// The compiler may merge equal functions; each keeps its derivative.
#[autodiff_reverse(d_first, Active, Active)]
fn first(x: f64) -> f64 {
    x * x
}

#[autodiff_reverse(d_second, Active, Active)]
fn second(x: f64) -> f64 {
    x * x
}

#[test]
fn equal_functions_have_a_derivative_each() {
    assert_eq!(d_first(3.0, 1.0), (9.0, 6.0));
    assert_eq!(d_second(4.0, 1.0), (16.0, 8.0));
}

#[rustfmt::skip]
#[autodiff_reverse(
    d_many, Active, Active, Active, Active, Active, Active, Active, Active, Active, Active, Active,
    Active, Active, Active, Active, Active, ActiveOnly
)]
#[allow(clippy::too_many_arguments)]
fn many(
    a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64,
    i: f64, j: f64, k: f64, l: f64, m: f64, n: f64, o: f64, p: f64,
) -> f64 {
    a + 2.0 * b + 3.0 * c + 4.0 * d + 5.0 * e + 6.0 * f + 7.0 * g + 8.0 * h + 9.0 * i
        + 10.0 * j + 11.0 * k + 12.0 * l + 13.0 * m + 14.0 * n + 15.0 * o + 16.0 * p * a
}

#[test]
fn sixteen_parameters() {
    let d =
        d_many(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    assert_eq!((d.0, d.1, d.2, d.14, d.15), (17.0, 2.0, 3.0, 15.0, 16.0));
}

#[autodiff_reverse(d_exported, Active, Const, Active)]
extern "C" fn exported(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[autodiff_reverse(d_unsafe_exported, Active, Active)]
unsafe extern "C" fn unsafe_exported(x: f64) -> f64 {
    x * x
}

#[test]
fn functions_of_another_convention_are_differentiated() {
    assert_eq!(d_exported(2.0, 3, 1.0), (8.0, 12.0));
    // SAFETY: it has no conditions.
    assert_eq!(unsafe { d_unsafe_exported(3.0, 1.0) }, (9.0, 6.0));
}
