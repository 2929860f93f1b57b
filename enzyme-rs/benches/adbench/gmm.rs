//! The log-likelihood of a Gaussian mixture with a Wishart prior.
//!
//! Šrajer, Kukelova and Fitzgibbon (2018), section 4.1: with weights α (k), means μ
//! (k × d) and the inverse covariances' factors Q, of which `icf` holds the logarithms of
//! the diagonal (d) and then the strictly lower part by columns (d (d - 1) / 2),
//!
//! ```text
//! Σ_x logsumexp_k(α_k + Σ q_k - ½ |Q_k (x - μ_k)|²) - n logsumexp(α) + prior
//! prior = Σ_k (½ γ² |Q_k|² - m Σ q_k) + terms that depend on no parameter
//! ```

use std::f64::consts::{PI, TAU};
use std::hint::black_box;

use enzyme_rs::autodiff_reverse;

use crate::table::{Random, Table, assert_equal};

/// The logarithm of the gamma function at `twice` / 2, by its recurrence.
fn ln_gamma_of_halves(twice: usize) -> f64 {
    let start = if twice.is_multiple_of(2) { 0.0 } else { 0.5 * PI.ln() };
    let first = if twice.is_multiple_of(2) { 2 } else { 1 };
    start + (first..twice).step_by(2).map(|t| (0.5 * t as f64).ln()).sum::<f64>()
}

/// What the objective adds for any parameters.
fn constant(d: usize, k: usize, n: usize, gamma: f64, m: usize) -> f64 {
    let freedom = d + m + 1;
    let ln_gamma = 0.25 * (d * (d - 1)) as f64 * PI.ln()
        + (0..d).map(|j| ln_gamma_of_halves(freedom - j)).sum::<f64>();
    let normal = (freedom * d) as f64 * (gamma.ln() - 0.5 * 2f64.ln()) - ln_gamma;
    -((n * d) as f64) * 0.5 * TAU.ln() - k as f64 * normal
}

fn log_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + terms.iter().map(|v| (v - largest).exp()).sum::<f64>().ln()
}

fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum()
}

/// The product of a lower triangular matrix, its strict part by columns, and a vector.
fn multiply(diagonal: &[f64], strict: &[f64], vector: &[f64], product: &mut [f64]) {
    for ((p, q), v) in product.iter_mut().zip(diagonal).zip(vector) {
        *p = q * v;
    }
    let mut strict = strict;
    for (i, v) in vector.iter().enumerate() {
        let below = &mut product[i + 1..];
        let (column, rest) = strict.split_at(below.len());
        for (p, l) in below.iter_mut().zip(column) {
            *p += l * v;
        }
        strict = rest;
    }
}

#[expect(clippy::too_many_arguments, reason = "the published signature")]
#[autodiff_reverse(
    d_objective,
    Const,
    Duplicated,
    Duplicated,
    Duplicated,
    Const,
    Const,
    Const,
    Const,
    Active
)]
fn objective(
    d: usize,
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    points: &[f64],
    gamma: f64,
    m: usize,
    constant: f64,
) -> f64 {
    let k = alphas.len();
    let size = d * (d + 1) / 2;
    let mut diagonals = vec![0.0; k * d];
    let mut sums = vec![0.0; k];
    for j in 0..k {
        let logarithms = &icf[j * size..][..d];
        sums[j] = logarithms.iter().sum();
        for (q, l) in diagonals[j * d..][..d].iter_mut().zip(logarithms) {
            *q = l.exp();
        }
    }
    let (mut centred, mut product) = (vec![0.0; d], vec![0.0; d]);
    let mut terms = vec![0.0; k];
    let mut total = constant;
    for x in points.chunks_exact(d) {
        for j in 0..k {
            for ((c, x), mean) in centred.iter_mut().zip(x).zip(&means[j * d..][..d]) {
                *c = x - mean;
            }
            let strict = &icf[j * size..][d..size];
            multiply(&diagonals[j * d..][..d], strict, &centred, &mut product);
            terms[j] = alphas[j] + sums[j] - 0.5 * sum_of_squares(&product);
        }
        total += log_sum_exp(&terms);
    }
    total -= (points.len() / d) as f64 * log_sum_exp(alphas);
    for j in 0..k {
        let strict = &icf[j * size..][d..size];
        let square = sum_of_squares(&diagonals[j * d..][..d]) + sum_of_squares(strict);
        total += 0.5 * gamma * gamma * square - m as f64 * sums[j];
    }
    total
}

/// One problem, its shadows and what the adjoint by hand works on.
struct Problem {
    d: usize,
    gamma: f64,
    m: usize,
    constant: f64,
    points: Vec<f64>,
    parameters: [Vec<f64>; 3],
    gradient: [Vec<f64>; 3],
}

impl Problem {
    fn new(d: usize, k: usize, n: usize) -> Self {
        let random = &mut Random::new((d * k * n) as u64);
        let parameters = [
            random.vector(k, -1.0, 1.0),
            random.vector(k * d, -1.0, 1.0),
            random.vector(k * d * (d + 1) / 2, -0.5, 0.5),
        ];
        let (gamma, m) = (1.0, 0);
        Self {
            d,
            gamma,
            m,
            constant: constant(d, k, n, gamma, m),
            points: random.vector(n * d, -2.0, 2.0),
            gradient: parameters.each_ref().map(|p| vec![0.0; p.len()]),
            parameters,
        }
    }

    fn primal(&mut self) {
        let [alphas, means, icf] = &self.parameters;
        black_box(objective(
            self.d,
            alphas,
            means,
            icf,
            &self.points,
            self.gamma,
            self.m,
            self.constant,
        ));
    }

    fn engine(&mut self) {
        let [alphas, means, icf] = &self.parameters;
        let [dalphas, dmeans, dicf] = &mut self.gradient;
        black_box(d_objective(
            self.d,
            alphas,
            dalphas,
            means,
            dmeans,
            icf,
            dicf,
            &self.points,
            self.gamma,
            self.m,
            self.constant,
            1.0,
        ));
    }

    fn by_hand(&mut self) {
        black_box(self.hand());
    }

    /// Value and gradient: each point's share at once, so that it needs no tape.
    fn hand(&mut self) -> f64 {
        let [alphas, means, icf] = &self.parameters;
        let [dalphas, dmeans, dicf] = &mut self.gradient;
        let (d, k) = (self.d, alphas.len());
        let size = d * (d + 1) / 2;
        let diagonals: Vec<f64> =
            icf.chunks_exact(size).flat_map(|icf| icf[..d].iter().map(|l| l.exp())).collect();
        let sums: Vec<f64> = icf.chunks_exact(size).map(|icf| icf[..d].iter().sum()).collect();
        let (mut centred, mut products) = (vec![0.0; k * d], vec![0.0; k * d]);
        let (mut terms, mut dcentred) = (vec![0.0; k], vec![0.0; d]);
        let mut total = self.constant;
        for x in self.points.chunks_exact(d) {
            for j in 0..k {
                let centred = &mut centred[j * d..][..d];
                for ((c, x), mean) in centred.iter_mut().zip(x).zip(&means[j * d..][..d]) {
                    *c = x - mean;
                }
                let product = &mut products[j * d..][..d];
                let strict = &icf[j * size..][d..size];
                multiply(&diagonals[j * d..][..d], strict, centred, product);
                terms[j] = alphas[j] + sums[j] - 0.5 * sum_of_squares(product);
            }
            let value = log_sum_exp(&terms);
            total += value;
            for j in 0..k {
                let share = (terms[j] - value).exp();
                dalphas[j] += share;
                let (dlog, mut dstrict) = dicf[j * size..][..size].split_at_mut(d);
                let mut strict = &icf[j * size..][d..size];
                let (centred, product) = (&centred[j * d..][..d], &products[j * d..][..d]);
                let diagonal = &diagonals[j * d..][..d];
                for i in 0..d {
                    dlog[i] += share * (1.0 - product[i] * centred[i] * diagonal[i]);
                    let below = &product[i + 1..];
                    let (column, rest) = strict.split_at(below.len());
                    let (dcolumn, drest) = dstrict.split_at_mut(below.len());
                    let scale = share * centred[i];
                    let mut sum = product[i] * diagonal[i];
                    for ((dl, l), p) in dcolumn.iter_mut().zip(column).zip(below) {
                        *dl -= scale * p;
                        sum += l * p;
                    }
                    dcentred[i] = share * sum;
                    (strict, dstrict) = (rest, drest);
                }
                for (dmean, dc) in dmeans[j * d..][..d].iter_mut().zip(&dcentred) {
                    *dmean += dc;
                }
            }
        }
        let n = (self.points.len() / d) as f64;
        let value = log_sum_exp(alphas);
        total -= n * value;
        let (square, m) = (self.gamma * self.gamma, self.m as f64);
        for j in 0..k {
            dalphas[j] -= n * (alphas[j] - value).exp();
            let (diagonal, strict) = (&diagonals[j * d..][..d], &icf[j * size..][d..size]);
            let (dlog, dstrict) = dicf[j * size..][..size].split_at_mut(d);
            for (dl, q) in dlog.iter_mut().zip(diagonal) {
                *dl += square * q * q - m;
            }
            for (dl, l) in dstrict.iter_mut().zip(strict) {
                *dl += square * l;
            }
            total += 0.5 * square * (sum_of_squares(diagonal) + sum_of_squares(strict));
            total -= m * sums[j];
        }
        total
    }

    fn take_gradient(&mut self) -> Vec<f64> {
        let flat = self.gradient.concat();
        self.gradient.iter_mut().for_each(|g| g.fill(0.0));
        flat
    }
}

pub fn bench(table: &mut Table) {
    let sizes = [(2, 5, 1000, 3.6), (10, 25, 1000, 11.3), (20, 50, 1000, 9.6), (64, 25, 1000, 7.7)];
    for (d, k, n, peer) in sizes {
        let mut problem = Problem::new(d, k, n);
        problem.engine();
        let engine = problem.take_gradient();
        problem.by_hand();
        let hand = problem.take_gradient();
        let name = format!("GMM d={d} k={k} n={n}");
        assert_equal(&name, &engine, &hand, 1e-9);
        let versions = [Problem::primal, Problem::engine, Problem::by_hand];
        table.bench(&name, Some(peer), &mut problem, versions);
    }
}
