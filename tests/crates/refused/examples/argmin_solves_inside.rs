//! argmin: a solver inside of the differentiated function.
//!
//! Refused with ENZ0030: release.

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::HagerZhangLineSearch;
use enzyme_rs::{Reverse, gradient};

struct Bowl(f64);

impl CostFunction for Bowl {
    type Param = f64;
    type Output = f64;

    fn cost(&self, at: &f64) -> Result<f64, Error> {
        Ok((at - self.0).powi(2) + at.powi(4))
    }
}

impl Gradient for Bowl {
    type Param = f64;
    type Gradient = f64;

    fn gradient(&self, at: &f64) -> Result<f64, Error> {
        Ok(2.0 * (at - self.0) + 4.0 * at.powi(3))
    }
}

fn total(x: f64) -> f64 {
    let solver = SteepestDescent::new(HagerZhangLineSearch::new());
    let executor = Executor::new(Bowl(x), solver).configure(|state| state.param(0.0).max_iters(20));
    let result = executor.run().expect("a minimum");
    result.state.best_cost
}

fn main() {
    println!("{:?}", gradient(Reverse, total, 0.9));
}
