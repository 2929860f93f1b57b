//! Calls: closures, trait objects, function pointers, recursion, functions that stay calls.

use std::rc::Rc;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

trait Layer<T> {
    fn apply(&self, x: T) -> T;
    fn twice(&self, x: T) -> T {
        self.apply(self.apply(x))
    }
    fn name(&self) -> &'static str {
        "layer"
    }
}

struct Scale<T>(T);
struct Wave<T> {
    phase: T,
    factors: Vec<T>,
}
struct Identity;

impl<T: DualNum<f64> + Copy> Layer<T> for Scale<T> {
    fn apply(&self, x: T) -> T {
        self.0 * x
    }
}

impl<T: DualNum<f64> + Copy> Layer<T> for Wave<T> {
    fn apply(&self, x: T) -> T {
        self.factors.iter().fold(T::from(0.0), |sum, f| sum + (x * *f + self.phase).sin())
    }
    fn name(&self) -> &'static str {
        "wave"
    }
}

impl<T: DualNum<f64> + Copy> Layer<T> for Identity {
    fn apply(&self, x: T) -> T {
        x
    }
    fn twice(&self, x: T) -> T {
        x
    }
}

fn by_reference<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (scale, wave) = (Scale(x[0]), Wave { phase: x[1], factors: vec![x[2], x[3]] });
    let layers: [&dyn Layer<T>; 3] = [&scale, &wave, &Identity];
    layers.iter().fold(x[4], |value, layer| layer.apply(value) + x[5])
}

#[test]
fn trait_objects_by_reference() {
    check!(by_reference, &POINT);
}

fn in_boxes<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut layers: Vec<Box<dyn Layer<T>>> = Vec::new();
    for (i, a) in x.iter().enumerate() {
        layers.push(match i % 3 {
            0 => Box::new(Scale(*a)),
            1 => Box::new(Wave { phase: *a, factors: x[..i].to_vec() }),
            _ => Box::new(Identity),
        });
    }
    let mut value = x[0];
    for layer in &layers {
        value = if layer.name() == "wave" { layer.twice(value) } else { layer.apply(value) };
    }
    value
}

#[test]
fn trait_objects_in_boxes() {
    check!(in_boxes, &POINT);
}

fn pointers<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn square<T: DualNum<f64> + Copy>(a: T) -> T {
        a * a
    }
    fn wave<T: DualNum<f64> + Copy>(a: T) -> T {
        a.sin()
    }
    fn same<T: DualNum<f64> + Copy>(a: T) -> T {
        a
    }
    let table: [fn(T) -> T; 3] = [square, wave, same];
    let mut chosen: fn(T) -> T = square;
    let mut total = T::from(0.0);
    for (i, a) in x.iter().enumerate() {
        total += table[i % 3](*a) * chosen(total + *a);
        if a.re() > 0.5 {
            chosen = wave;
        }
    }
    total
}

#[test]
fn function_pointers_in_a_table_and_a_variable() {
    check!(pointers, &POINT);
}

fn closures<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let scale = x[0];
    let by_reference = |a: T| a * scale;
    let weights = x.to_vec();
    let by_move = move |a: T, i: usize| a * weights[i];
    let mut count = 0;
    let mut state = x[1];
    let mut update = |a: T| {
        count += 1;
        state = state * 0.5 + a;
        state * f64::from(count)
    };
    let mut total = T::from(0.0);
    for (i, a) in x.iter().enumerate() {
        total += update(by_reference(*a)) + by_move(*a, 5 - i);
    }
    total * state
}

#[test]
fn closures_that_capture_by_reference_by_move_and_mutably() {
    check!(closures, &POINT);
}

fn boxed_closures<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn compose<T: 'static>(f: Box<dyn Fn(T) -> T>, g: Box<dyn Fn(T) -> T>) -> Box<dyn Fn(T) -> T> {
        Box::new(move |a| g(f(a)))
    }
    let (a, b) = (x[0], x[1]);
    let f = compose(Box::new(move |v: T| v * a), Box::new(move |v: T| v.sin() + b));
    let mut steps: Vec<Box<dyn FnMut(T) -> T>> = Vec::new();
    for c in &x[2..] {
        let mut state = *c;
        steps.push(Box::new(move |v| {
            state += v;
            state * v
        }));
    }
    let mut value = f(x[5]);
    for step in &mut steps {
        value = step(value) + f(value);
    }
    value
}

#[test]
fn boxed_closures_that_are_composed() {
    check!(boxed_closures, &POINT);
}

fn recursion<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn single<T: DualNum<f64> + Copy>(x: &[T]) -> T {
        if x.is_empty() { T::from(1.0) } else { x[0] * single(&x[1..]) + x[0] }
    }
    fn double<T: DualNum<f64> + Copy>(n: usize, a: T) -> T {
        if n < 2 { a } else { double(n - 1, a * 0.5) * double(n - 2, a + 1.0) + a }
    }
    fn even<T: DualNum<f64> + Copy>(n: usize, a: T) -> T {
        if n == 0 { a } else { odd(n - 1, a.sin()) }
    }
    fn odd<T: DualNum<f64> + Copy>(n: usize, a: T) -> T {
        if n == 0 { a * a } else { even(n - 1, a * 1.5) }
    }
    single(x) + double(5, x[1]) + even(4, x[2]) * odd(4, x[3])
}

#[test]
fn recursion_single_double_and_mutual() {
    check!(recursion, &POINT);
}

#[inline(never)]
fn quiet<T: DualNum<f64> + Copy>(out: &mut [T], x: &[T], k: usize) {
    for (o, a) in out.iter_mut().zip(x) {
        *o = *o * *a + k as f64;
    }
}

fn not_inlined<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut out = x.to_vec();
    for k in 0..3 {
        quiet(&mut out, x, k);
        let (first, second) = out.split_at_mut(3);
        quiet(first, second, k + 1);
    }
    out.iter().fold(T::from(0.0), |sum, a| sum + *a * *a)
}

#[test]
fn functions_that_are_never_inlined() {
    check!(not_inlined, &POINT);
}

fn dynamic_iterators<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let forward: Box<dyn Iterator<Item = &T>> =
        if x.len() > 3 { Box::new(x.iter()) } else { Box::new(x.iter().rev()) };
    forward.enumerate().fold(T::from(0.0), |sum, (i, a)| sum * 0.5 + *a * *a * i as f64)
}

#[test]
fn an_iterator_behind_a_box() {
    check!(dynamic_iterators, &POINT);
}

struct State<T> {
    at: T,
    past: Vec<T>,
}

trait Step<T> {
    fn step(&self, state: &mut State<T>);
}

struct Decay<T>(T);

struct Drive<T> {
    size: T,
    often: T,
}

impl<T: DualNum<f64> + Copy> Step<T> for Decay<T> {
    fn step(&self, state: &mut State<T>) {
        state.at -= state.at * self.0 * 0.05;
    }
}

impl<T: DualNum<f64> + Copy> Step<T> for Drive<T> {
    fn step(&self, state: &mut State<T>) {
        state.at += self.size * (self.often * state.past.len() as f64).sin() * 0.05;
        state.past.push(state.at);
    }
}

fn counted_objects<T: DualNum<f64> + Copy + 'static>(x: &[T]) -> T {
    let steps: Vec<Rc<dyn Step<T>>> =
        vec![Rc::new(Decay(x[0])), Rc::new(Drive { size: x[1], often: x[2] })];
    let again = Rc::clone(&steps[0]);
    let mut state = State { at: x[3], past: vec![x[4]] };
    for k in 0..8 {
        steps.iter().for_each(|step| step.step(&mut state));
        if k % 3 == 0 {
            again.step(&mut state);
        }
    }
    state.past.iter().fold(state.at, |s, &v| s + v * v)
}

#[test]
fn trait_objects_that_are_counted() {
    check!(counted_objects, &POINT);
}

trait Stage<T> {
    fn forward(&self, x: &[T]) -> Vec<T>;
}

struct Dense<T> {
    weights: Vec<T>,
    shift: Vec<T>,
}

impl<T: DualNum<f64> + Copy> Stage<T> for Dense<T> {
    fn forward(&self, x: &[T]) -> Vec<T> {
        let row = |(w, b): (&[T], &T)| w.iter().zip(x).fold(*b, |sum, (w, x)| sum + *w * *x);
        self.weights.chunks(x.len()).zip(&self.shift).map(row).collect()
    }
}

struct Gain<T>(T);

impl<T: DualNum<f64> + Copy> Stage<T> for Gain<T> {
    fn forward(&self, x: &[T]) -> Vec<T> {
        x.iter().map(|v| *v * self.0).collect()
    }
}

struct Tanh;

impl<T: DualNum<f64> + Copy> Stage<T> for Tanh {
    fn forward(&self, x: &[T]) -> Vec<T> {
        x.iter().map(|v| v.tanh()).collect()
    }
}

struct Relu;

impl<T: DualNum<f64> + Copy> Stage<T> for Relu {
    fn forward(&self, x: &[T]) -> Vec<T> {
        x.iter().map(|v| if v.re() > 0.0 { *v } else { T::from(0.0) }).collect()
    }
}

fn layers<T: DualNum<f64> + Copy + 'static>(x: &[T]) -> T {
    let mut layers: Vec<Box<dyn Stage<T>>> = Vec::new();
    layers.push(Box::new(Dense { weights: x.to_vec(), shift: vec![T::from(0.1), x[0]] }));
    layers.push(Box::new(Tanh));
    layers.push(Box::new(Gain(x[1])));
    layers.push(Box::new(Dense { weights: x[..4].to_vec(), shift: vec![x[4], T::from(0.1)] }));
    layers.push(Box::new(Relu));
    let mut state = vec![T::from(0.3), x[2], T::from(0.9)];
    for layer in &layers {
        state = layer.forward(&state);
    }
    state.iter().fold(T::from(0.0), |sum, v| sum + *v * *v)
}

#[test]
fn layers_of_four_kinds() {
    check!(layers, &POINT);
}
