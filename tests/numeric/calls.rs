//! Functions that are not inlined: recursion of every shape.

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 5] = [0.9, -1.2, 0.4, 1.1, -0.3];

fn product<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    match x {
        [] => T::from(1.0),
        [first, rest @ ..] => (*first * product(rest)).sin() + *first,
    }
}

#[test]
fn recursion_with_work_after_the_call() {
    check!(product, &POINT);
}

fn tree<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    if x.len() <= 1 {
        return x.first().map_or(T::from(0.5), |v| v.exp());
    }
    let (left, right) = x.split_at(x.len() / 2);
    let (left, right) = (tree(left), tree(right));
    left * right + left.sin()
}

#[test]
fn recursion_with_two_calls() {
    check!(tree, &POINT);
}

fn even<T: DualNum<f64> + Copy>(x: &[T], depth: usize) -> T {
    if depth == 0 { x[0] } else { odd(x, depth - 1) * x[depth % x.len()] }
}

fn odd<T: DualNum<f64> + Copy>(x: &[T], depth: usize) -> T {
    if depth == 0 { x[1].cos() } else { even(x, depth - 1) + x[depth % x.len()].sin() }
}

fn mutual<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    even(x, 7) + odd(x, 4)
}

#[test]
fn mutual_recursion() {
    check!(mutual, &POINT);
}

fn fill<T: DualNum<f64> + Copy>(out: &mut [T], x: &[T]) {
    if let ([slot, out @ ..], [v, x @ ..]) = (out, x) {
        *slot = *slot * *v + v.sin();
        fill(out, x);
        *slot = *slot * *slot;
    }
}

fn in_place<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut out = vec![T::from(0.7); x.len()];
    for _ in 0..3 {
        fill(&mut out, x);
    }
    out.iter().fold(T::from(0.0), |sum, v| sum + *v)
}

#[test]
fn recursion_that_writes_through_references_in_a_loop() {
    check!(in_place, &POINT);
}

fn scaled<T: DualNum<f64> + Copy>(value: T, by: T, depth: u32) -> T {
    if depth == 0 { value } else { scaled(value * by, by + 0.1, depth - 1) }
}

fn by_value<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    scaled(x[0], x[1], 6) + scaled(x[2], T::from(2.0), 3)
}

#[test]
fn recursion_on_floats_by_value() {
    check!(by_value, &POINT);
}
