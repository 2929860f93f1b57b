//! ode_solvers: derivatives of a solution by initial values and parameters.

use ode_solvers::{Dop853, Dopri5, Rk4, System, Vector2};

use crate::differences;

const POINT: [f64; 4] = [1.0, 0.4, 1.3, 0.2];

struct Oscillator {
    stiffness: f64,
    friction: f64,
}

impl System<f64, Vector2<f64>> for Oscillator {
    fn system(&self, _: f64, y: &Vector2<f64>, dy: &mut Vector2<f64>) {
        dy[0] = y[1];
        dy[1] = -self.stiffness * y[0] - self.friction * y[1];
    }
}

fn oscillator(x: &[f64]) -> Oscillator {
    Oscillator { stiffness: x[2], friction: x[3] }
}

#[test]
fn runge_kutta_with_fixed_steps() {
    differences(
        |x| {
            let start = Vector2::new(x[0], x[1]);
            let mut stepper = Rk4::new(oscillator(x), 0.0, start, 1.0, 0.1);
            stepper.integrate().unwrap();
            let last = stepper.y_out().last().unwrap();
            last[0] * last[0] + last[1]
        },
        &POINT,
    );
}

#[test]
fn dormand_prince_with_adapted_steps() {
    differences(
        |x| {
            let start = Vector2::new(x[0], x[1]);
            let mut stepper = Dopri5::new(oscillator(x), 0.0, 1.0, 0.1, start, 1e-12, 1e-12);
            stepper.integrate().unwrap();
            let last = stepper.y_out().last().unwrap();
            last[0] * last[0] + last[1]
        },
        &POINT,
    );
}

#[test]
fn dop853_with_adapted_steps() {
    differences(
        |x| {
            let start = Vector2::new(x[0], x[1]);
            let mut stepper = Dop853::new(oscillator(x), 0.0, 1.0, 0.1, start, 1e-12, 1e-12);
            stepper.integrate().unwrap();
            let last = stepper.y_out().last().unwrap();
            last[0] * last[0] + last[1]
        },
        &POINT,
    );
}
