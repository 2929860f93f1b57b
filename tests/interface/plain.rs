//! Arguments of the standard library's types, and structs.

use enzyme_rs::{Const, Differentiable, Reverse, gradient, value_and_gradient};

#[test]
fn floats_by_value_and_by_reference() {
    assert_eq!(gradient(Reverse, |x: f64| x * x * x, 2.0), 12.0);
    assert_eq!(gradient(Reverse, |x: f32| x * x, 2.0_f32), 4.0);
    assert_eq!(gradient(Reverse, |x: &f64| x * x, &3.0), 6.0);
    assert_eq!(gradient(Reverse, |x: &f32, y: f64| f64::from(*x) * y, (&3.0, 2.0)), (2.0, 3.0));
}

#[test]
fn a_result_of_less_precision() {
    let slope: f64 = gradient(Reverse, |x: f64| (x * x) as f32, 3.0);
    assert_eq!(slope, 6.0);
}

#[test]
fn eight_arguments() {
    #[allow(clippy::too_many_arguments)]
    fn f(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64) -> f64 {
        a * b + c * d + e * f + g * h
    }
    let d = gradient(Reverse, f, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0));
    assert_eq!(d, (2.0, 1.0, 4.0, 3.0, 6.0, 5.0, 8.0, 7.0));
}

#[test]
fn arrays_of_fixed_length() {
    let norm2 = |v: [f64; 3]| v.iter().map(|x| x * x).sum::<f64>();
    assert_eq!(gradient(Reverse, norm2, [1.0, 2.0, 3.0]), [2.0, 4.0, 6.0]);
    let norm2 = |v: &[f64; 3]| v.iter().map(|x| x * x).sum::<f64>();
    assert_eq!(gradient(Reverse, norm2, &[1.0, 2.0, 3.0]), [2.0, 4.0, 6.0]);
    let det = |m: &[[f64; 2]; 2]| m[0][0] * m[1][1] - m[0][1] * m[1][0];
    assert_eq!(gradient(Reverse, det, &[[1.0, 2.0], [3.0, 4.0]]), [[4.0, -3.0], [-2.0, 1.0]]);
}

#[test]
fn vectors_and_slices() {
    fn weighted(x: &[f64]) -> f64 {
        x.iter().enumerate().map(|(i, v)| i as f64 * v * v).sum()
    }
    let x = vec![5.0, 1.0, 2.0];
    assert_eq!(gradient(Reverse, weighted, &x[..]), [0.0, 2.0, 8.0]);
    assert_eq!(gradient(Reverse, weighted, &x[1..]), [0.0, 4.0]);
    assert_eq!(gradient(Reverse, |x: &Vec<f64>| weighted(x), &x), [0.0, 2.0, 8.0]);
    assert_eq!(gradient(Reverse, |x: Vec<f64>| weighted(&x), x.clone()), [0.0, 2.0, 8.0]);
    assert_eq!(x, [5.0, 1.0, 2.0]);
}

#[test]
fn empty_data_has_an_empty_gradient() {
    let sum = |x: &[f64]| x.iter().sum::<f64>();
    assert_eq!(value_and_gradient(Reverse, sum, &[][..]), (0.0, vec![]));
    assert_eq!(gradient(Reverse, |x: Vec<f64>| x.iter().product::<f64>(), vec![]), [0.0; 0]);
    let none = |_: &[f64; 0], y: f64| y;
    assert_eq!(gradient(Reverse, none, (&[], 1.0)), ([], 1.0));
}

#[test]
fn vectors_of_vectors_may_be_ragged() {
    let rows = vec![vec![1.0, 2.0], vec![3.0]];
    let f = |rows: &Vec<Vec<f64>>| rows.iter().flatten().map(|v| v * v).sum::<f64>();
    assert_eq!(gradient(Reverse, f, &rows), [vec![2.0, 4.0], vec![6.0]]);
}

#[test]
#[expect(clippy::borrowed_box, reason = "boxes as arguments are tested")]
fn boxes_and_options() {
    assert_eq!(gradient(Reverse, |x: &Box<f64>| **x * **x, &Box::new(3.0)), Box::new(6.0));
    let f = |x: &Option<f64>| x.map_or(1.0, |x| x * x);
    assert_eq!(gradient(Reverse, f, &Some(3.0)), Some(6.0));
    assert_eq!(gradient(Reverse, f, &None), None);
}

#[test]
fn tuples_are_arguments() {
    let f = |p: &(f64, [f64; 2])| p.0 * p.1[0] + p.1[1];
    assert_eq!(gradient(Reverse, f, &(2.0, [3.0, 4.0])), (3.0, [2.0, 1.0]));
    let f = |p: (f64, f64), q: f64| p.0 * p.1 * q;
    assert_eq!(gradient(Reverse, f, ((2.0, 3.0), 5.0)), ((15.0, 10.0), 6.0));
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    turns: u32,
    rest: f64,
}

fn energy(spring: &Spring, x: f64) -> f64 {
    0.5 * spring.stiffness * (x - spring.rest).powi(2) / f64::from(spring.turns)
}

#[test]
fn structs_by_reference_and_by_value() {
    let spring = Spring { stiffness: 4.0, turns: 2, rest: 1.0 };
    let expected = Spring { stiffness: 1.0, turns: 2, rest: -4.0 };
    assert_eq!(gradient(Reverse, energy, (&spring, 3.0)), (expected.clone(), 4.0));
    let by_value = |spring: Spring, x: f64| energy(&spring, x);
    assert_eq!(gradient(Reverse, by_value, (spring, 3.0)), (expected, 4.0));
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Layer<T> {
    weights: Vec<Vec<T>>,
    bias: [T; 2],
    name: String,
    scale: (T, bool),
}

#[test]
fn structs_with_vectors_strings_and_parameters() {
    let layer = Layer {
        weights: vec![vec![1.0, 2.0], vec![3.0, 4.0]],
        bias: [0.5, 0.25],
        name: "first".to_owned(),
        scale: (10.0, true),
    };
    let apply = |layer: &Layer<f64>, x: &[f64]| {
        let row = |i: usize| layer.weights[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        let sign = if layer.scale.1 { 1.0 } else { -1.0 };
        sign * layer.scale.0 * (row(0) + layer.bias[0] + row(1) * layer.bias[1])
    };
    let (value, (d, dx)) = value_and_gradient(Reverse, apply, (&layer, &[5.0, 6.0][..]));
    assert_eq!(value, 10.0 * (17.0 + 0.5 + 39.0 * 0.25));
    assert_eq!(d.weights, [[50.0, 60.0], [12.5, 15.0]]);
    assert_eq!(d.bias, [10.0, 390.0]);
    assert_eq!((&*d.name, d.scale), ("first", (27.25, true)));
    assert_eq!(dx, [17.5, 30.0]);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Meters(f64);

#[test]
fn a_struct_may_have_one_field_without_a_name() {
    assert_eq!(gradient(Reverse, |m: Meters| m.0 * m.0, Meters(3.0)), Meters(6.0));
}

#[test]
fn constants_by_value_and_by_reference_give_nothing() {
    let f = |x: f64, n: i32, table: &[f64], scale: f64| scale * x.powi(n) * table[0];
    let table = [5.0];
    let (dx, (), (), ()) = gradient(Reverse, f, (2.0, Const(3), Const(&table[..]), Const(10.0)));
    assert_eq!(dx, 600.0);
    let ((), (), (), dscale) = gradient(Reverse, f, (Const(2.0), Const(3), Const(&table[..]), 1.0));
    assert_eq!(dscale, 40.0);
    let owned = vec![2.0, 3.0];
    let by_value = |x: f64, c: Vec<f64>| x * x * c[1];
    assert_eq!(gradient(Reverse, by_value, (1.0, Const(owned))), (6.0, ()));
}

#[test]
fn a_function_of_constants_only() {
    assert_eq!(gradient(Reverse, |x: f64| x * x, (Const(2.0),)), ((),));
}

#[test]
fn a_single_argument_needs_no_tuple() {
    assert_eq!(gradient(Reverse, |x: f64| x * x, 3.0), 6.0);
    assert_eq!(gradient(Reverse, |x: f64| x * x, (3.0,)), (6.0,));
}
