//! Floats and integers that take turns in the same bytes, and both are computed with.
use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[derive(Clone, Copy)]
enum Number<T> {
    Int(i64),
    Float(T),
}
use Number::{Float, Int};

impl<T: DualNum<f64> + Copy> Number<T> {
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Int(a), Int(b)) => Int(a + b),
            (Int(a), Float(b)) => Float(b + a as f64),
            (Float(a), Int(b)) => Float(a + b as f64),
            (Float(a), Float(b)) => Float(a * b),
        }
    }

    fn value(self) -> T {
        match self {
            Int(a) => T::from(a as f64),
            Float(a) => a,
        }
    }
}

fn stack<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut stack: Vec<Number<T>> = Vec::new();
    for (i, &v) in x.iter().enumerate() {
        stack.push(if v.re() > 0.5 { Int(i as i64) } else { Float(v) });
        stack.push(Float(v * v));
    }
    while stack.len() > 1 {
        let (a, b) = (stack.pop().unwrap(), stack.pop().unwrap());
        stack.push(a.plus(b));
    }
    stack[0].value()
}

#[test]
fn a_stack_of_numbers_that_are_added() {
    check!(stack, &POINT);
}

fn sum<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = Int(1);
    for (i, &v) in x.iter().enumerate() {
        total = total.plus(if i < 2 { Int(2) } else { Float(v.sin()) });
    }
    total.value()
}

#[test]
fn a_sum_that_begins_with_integers() {
    check!(sum, &POINT);
}

enum Step<T> {
    Skip(usize),
    Value(T),
}

fn steps<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let step = |(i, v): (usize, &T)| match v.re() < 0.0 {
        true => Step::Skip(i % 2),
        false => Step::Value(v.sin()),
    };
    let steps: Vec<Step<T>> = x.iter().enumerate().map(step).collect();
    let mut sum = T::from(0.0);
    let mut i = 0;
    while i < steps.len() {
        match &steps[i] {
            Step::Skip(n) => i += n,
            Step::Value(v) => sum += *v * *v,
        }
        i += 1;
    }
    sum
}

#[test]
fn steps_that_skip() {
    check!(steps, &POINT);
}

fn pool<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    // The free places of a pool are a list in the pool.
    let mut pool: Vec<Step<T>> = vec![];
    let mut free = 0usize;
    for &v in x {
        match pool.get(free) {
            Some(place) => {
                let next = if let Step::Skip(n) = place { *n } else { 0 };
                pool[free] = Step::Value(v);
                free = next;
            }
            None => {
                pool.push(Step::Value(v * v));
                free = pool.len();
            }
        }
        if v.re() < 0.0 {
            pool[0] = Step::Skip(free);
            free = 0;
        }
    }
    let mut sum = T::from(0.0);
    for place in &pool {
        if let Step::Value(v) = place {
            sum += *v * *v;
        }
    }
    sum
}

#[test]
fn a_pool_with_a_list_of_free_places() {
    check!(pool, &POINT);
}

enum Formula<T> {
    Constant(T),
    Variable(usize),
    Sum(Box<Formula<T>>, Box<Formula<T>>),
    Product(Box<Formula<T>>, Box<Formula<T>>),
    Sine(Box<Formula<T>>),
}

impl<T: DualNum<f64> + Copy> Formula<T> {
    fn value(&self, x: &[T]) -> T {
        match self {
            Formula::Constant(v) => *v,
            Formula::Variable(i) => x[*i],
            Formula::Sum(a, b) => a.value(x) + b.value(x),
            Formula::Product(a, b) => a.value(x) * b.value(x),
            Formula::Sine(a) => a.value(x).sin(),
        }
    }
}

fn formula<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    use Formula::{Constant, Product, Sine, Sum, Variable};
    let sine = Sine(Box::new(Variable(1)));
    let first = Product(Box::new(Variable(0)), Box::new(sine));
    let second = Product(Box::new(Constant(x[2])), Box::new(Variable(3)));
    let all = Sum(Box::new(first), Box::new(second));
    all.value(x) * all.value(x)
}

#[test]
fn a_formula_of_constants_variables_and_boxes() {
    check!(formula, &POINT);
}

#[derive(Clone)]
enum Document<T> {
    Nothing,
    Truth(bool),
    Number(T),
    Text(String),
    List(Vec<Document<T>>),
    Fields(Vec<(String, Document<T>)>),
}

impl<T: DualNum<f64> + Copy> Document<T> {
    fn sum(&self) -> T {
        let zero = T::from(0.0);
        match self {
            Self::Nothing => zero,
            Self::Truth(b) => T::from(f64::from(u8::from(*b))),
            Self::Number(v) => *v * *v,
            Self::Text(s) => T::from(s.len() as f64),
            Self::List(all) => all.iter().fold(zero, |s, v| s + v.sum()),
            Self::Fields(all) => all.iter().fold(zero, |s, (k, v)| s + v.sum() * k.len() as f64),
        }
    }
}

fn document<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let list = x[..3].iter().map(|v| Document::Number(*v)).collect();
    let document = Document::Fields(vec![
        ("a".into(), Document::List(list)),
        ("bc".into(), Document::Number(x[3] * x[4])),
        ("d".into(), Document::Text("text".into())),
        ("e".into(), Document::Truth(true)),
        ("f".into(), Document::Nothing),
    ]);
    document.sum() * document.clone().sum()
}

#[test]
fn a_document_of_values_of_all_kinds_is_cloned() {
    check!(document, &POINT);
}

#[derive(Clone)]
enum Param<T> {
    Scalar(T),
    Table { rows: usize, data: Vec<T> },
    Name(String),
    Flag(bool),
}

/// The flag is one byte of the word that is a float or an address in other variants.
fn parameters<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let table = Param::Table { rows: 2, data: x[2..].to_vec() };
    let all = vec![Param::Scalar(x[0]), table, Param::Name("sin".to_string()), Param::Flag(true)];
    let all = all.clone();
    let mut sum = T::from(0.0);
    for parameter in &all {
        sum += match parameter {
            Param::Scalar(v) => *v * *v,
            Param::Table { rows, data } => {
                data.chunks(*rows).fold(T::from(0.0), |sum, r| sum + r[0] * r[1])
            }
            Param::Name(name) if name == "sin" => sum.sin(),
            Param::Name(_) => T::from(0.0),
            Param::Flag(set) => sum * if *set { x[0] } else { x[1] },
        };
    }
    sum
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "ends with ENZ0021 where it is optimised")]
fn parameters_with_flags_that_are_cloned() {
    check!(parameters, &POINT);
}

enum Event<T> {
    Arrival(T),
    Note(String),
}

/// Sorted into a map by moves: the optimiser moves both kinds of words as addresses.
fn events<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let events = x.iter().enumerate().map(|(i, v)| match i % 3 {
        0 => Event::Arrival(v.sin()),
        _ => Event::Note(format!("{i}")),
    });
    let events: Vec<_> = events.collect();
    let mut sorted = std::collections::BTreeMap::new();
    for (i, event) in events.into_iter().enumerate() {
        sorted.insert(7 * i % 5, event);
    }
    sorted.values().fold(T::from(1.0), |sum, event| match event {
        Event::Arrival(v) => sum * 0.7 + *v * 0.3,
        Event::Note(text) => sum - 0.1 * text.len() as f64,
    })
}

#[test]
fn events_that_are_sorted_into_a_map() {
    check!(events, &POINT);
}
