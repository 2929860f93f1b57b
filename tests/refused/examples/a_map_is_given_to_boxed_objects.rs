//! A map of texts to floats that objects of a tree are given to compute themselves.
//!
//! Refused with ENZ0021: dev.

use std::collections::BTreeMap;

use enzyme_rs::{Reverse, gradient};

trait Node {
    fn value(&self, names: &BTreeMap<&str, f64>) -> Result<f64, String>;
}
struct Constant(f64);
struct Name(String);
struct Pair(char, Box<dyn Node>, Box<dyn Node>);

impl Node for Constant {
    fn value(&self, _: &BTreeMap<&str, f64>) -> Result<f64, String> {
        Ok(self.0)
    }
}

impl Node for Name {
    fn value(&self, names: &BTreeMap<&str, f64>) -> Result<f64, String> {
        names.get(self.0.as_str()).copied().ok_or_else(|| format!("no {}", self.0))
    }
}

impl Node for Pair {
    fn value(&self, names: &BTreeMap<&str, f64>) -> Result<f64, String> {
        let (a, b) = (self.1.value(names)?, self.2.value(names)?);
        match self.0 {
            '+' => Ok(a + b),
            '*' => Ok(a * b),
            other => Err(other.to_string()),
        }
    }
}

fn total(x: &[f64]) -> f64 {
    let name = |name: &str| -> Box<dyn Node> { Box::new(Name(name.to_string())) };
    let product = Pair('*', name("a"), name("b"));
    let tree = Pair('+', Box::new(product), Box::new(Constant(2.5)));
    let names: BTreeMap<&str, f64> = ["a", "b"].into_iter().zip(x.iter().copied()).collect();
    tree.value(&names).unwrap()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 0.9][..],));
    println!("{by_x:?}");
}
