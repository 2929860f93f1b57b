//! argmin: what its solvers find, by the numbers of the problem and by the start.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::brent::BrentRoot;
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::neldermead::NelderMead;
use argmin::solver::quasinewton::LBFGS;

use crate::differences;

const POINT: [f64; 6] = [0.9, -0.7, 0.4, 2.1, -0.3, 1.6];

struct Bowl {
    center: [f64; 2],
}

impl CostFunction for Bowl {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, p: &Vec<f64>) -> Result<f64, Error> {
        let [a, b] = self.center;
        Ok(2.0 * (p[0] - a).powi(2) + (p[1] - b).powi(2) + 0.3 * p[0] * p[1])
    }
}

impl Gradient for Bowl {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, p: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let [a, b] = self.center;
        Ok(vec![4.0 * (p[0] - a) + 0.3 * p[1], 2.0 * (p[1] - b) + 0.3 * p[0]])
    }
}

#[test]
fn lbfgs_and_its_line_search() {
    differences(
        |x| {
            let solver = LBFGS::new(MoreThuenteLineSearch::new(), 4);
            let found = Executor::new(Bowl { center: [x[0], x[1]] }, solver)
                .configure(|state| state.param(vec![x[2], x[3]]).max_iters(3))
                .run()
                .unwrap();
            found.state().get_best_cost() + found.state().get_best_param().unwrap()[0]
        },
        &POINT,
    );
}

#[test]
fn steepest_descent() {
    differences(
        |x| {
            let solver = SteepestDescent::new(MoreThuenteLineSearch::new());
            let found = Executor::new(Bowl { center: [x[0], x[1]] }, solver)
                .configure(|state| state.param(vec![x[2], x[3]]).max_iters(3))
                .run()
                .unwrap();
            found.state().get_best_param().unwrap()[1]
        },
        &POINT,
    );
}

#[test]
fn the_simplex_of_nelder_and_mead() {
    differences(
        |x| {
            let corners = vec![vec![x[2], x[3]], vec![1.0, x[4]], vec![x[5], 0.0]];
            let found = Executor::new(Bowl { center: [x[0], x[1]] }, NelderMead::new(corners))
                .configure(|state| state.max_iters(10))
                .run()
                .unwrap();
            found.state().get_best_cost()
        },
        &POINT,
    );
}

struct Cube {
    volume: f64,
}

impl CostFunction for Cube {
    type Param = f64;
    type Output = f64;
    fn cost(&self, edge: &f64) -> Result<f64, Error> {
        Ok(edge.powi(3) - self.volume)
    }
}

#[test]
fn a_root_by_brent() {
    differences(
        |x| {
            let found = Executor::new(Cube { volume: x[3] }, BrentRoot::new(0.0, 3.0, 1e-13))
                .configure(|state| state.param(1.0).max_iters(60))
                .run()
                .unwrap();
            *found.state().get_best_param().unwrap()
        },
        &POINT,
    );
}
