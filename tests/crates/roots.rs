//! roots: zeros of polynomials, and of functions between two ends.

use roots::{SimpleConvergency, find_root_brent, find_root_newton_raphson, find_roots_cubic};

use crate::differences;

const POINT: [f64; 3] = [0.9, 2.2, 0.4];

#[test]
fn of_a_cubic() {
    differences(
        |x| {
            find_roots_cubic(1.0, x[0], -5.0 * x[1], x[2])
                .as_ref()
                .iter()
                .enumerate()
                .map(|(i, r)| r * (i as f64 + 1.0))
                .sum()
        },
        &POINT,
    );
}

#[test]
fn by_newton() {
    differences(
        |x| {
            let mut convergence = SimpleConvergency { eps: 1e-13, max_iter: 50 };
            let f = |t: f64| t * t * x[0] - x[1];
            let slope = |t: f64| 2.0 * t * x[0];
            find_root_newton_raphson(1.0, f, slope, &mut convergence).unwrap_or(0.0)
        },
        &POINT,
    );
}

#[test]
fn by_brent() {
    differences(
        |x| {
            let mut convergence = SimpleConvergency { eps: 1e-15, max_iter: 100 };
            let f = |t: f64| (t * x[0]).exp() - 2.0 - x[1];
            find_root_brent(0.0, 4.0, f, &mut convergence).unwrap()
        },
        &POINT,
    );
}
