//! evalexpr: values by name, which are floats beside texts and tuples.
//!
//! Refused with ENZ0021: release.

use enzyme_rs::{Reverse, gradient};
use evalexpr::{ContextWithMutableVariables, HashMapContext, Value, eval_float_with_context};

fn total(x: &[f64]) -> f64 {
    let mut context: HashMapContext = HashMapContext::new();
    for (name, v) in ["a", "b", "c"].iter().zip(x) {
        context.set_value((*name).to_string(), Value::Float(*v)).expect("a float");
    }
    eval_float_with_context("a * b + c * c", &context).expect("a formula")
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.9, -1.2, 0.4, 2.1, -0.3, 1.6][..],));
    println!("{by_x:?}");
}
