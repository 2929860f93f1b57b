//! An `Rc<dyn Trait>` of a type that is aligned to more than the counts before it.
//!
//! Refused with ENZ0021: release.

use std::rc::Rc;

use enzyme_rs::{Reverse, gradient};

trait Law {
    fn of(&self, x: f64) -> f64;
}

#[repr(align(64))]
struct Wide(f64);

impl Law for Wide {
    fn of(&self, x: f64) -> f64 {
        self.0 * x
    }
}

struct Narrow(f64);

impl Law for Narrow {
    fn of(&self, x: f64) -> f64 {
        self.0 + x
    }
}

fn total(x: &[f64]) -> f64 {
    let laws = x.iter().enumerate().map(|(i, &v)| match i % 2 {
        0 => Rc::new(Wide(v)) as Rc<dyn Law>,
        _ => Rc::new(Narrow(v)),
    });
    let laws: Vec<_> = laws.collect();
    laws.iter().map(|law| law.of(x[0])).sum()
}

fn main() {
    let (by_x,) = gradient(Reverse, total, (&[0.5, 1.5, 2.5][..],));
    println!("{by_x:?}");
}
