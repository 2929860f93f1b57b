//! argmin: solvers inside of the differentiated function.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::MoreThuenteLineSearch;

use crate::differences;

struct Valley<'a> {
    data: &'a [f64],
}

impl CostFunction for Valley<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, p: &Vec<f64>) -> Result<f64, Error> {
        let off = p[1] - p[0] * self.data[2];
        Ok((p[0] - self.data[0]).powi(2) + self.data[1] * off.powi(2))
    }
}

impl Gradient for Valley<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, p: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let off = 2.0 * self.data[1] * (p[1] - p[0] * self.data[2]);
        Ok(vec![2.0 * (p[0] - self.data[0]) - off * self.data[2], off])
    }
}

#[test]
fn descends_with_a_line_search() {
    differences(
        |x| {
            let solver = SteepestDescent::new(MoreThuenteLineSearch::new());
            let result = Executor::new(Valley { data: x }, solver)
                .configure(|state| state.param(vec![0.1, 0.2]).max_iters(8))
                .run()
                .unwrap();
            let best = result.state().get_best_param().unwrap();
            best[0] * best[0] + 3.0 * best[1]
        },
        &[1.2, 0.8, 0.5],
    );
}
