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
