//! statrs: densities, distribution functions, special functions, statistics.

use statrs::distribution::{
    Beta, Continuous, ContinuousCDF, Discrete, Exp, Gamma, LogNormal, Normal, Poisson, StudentsT,
    Weibull,
};
use statrs::function::{beta, erf, gamma, logistic};
use statrs::statistics::Statistics;

use crate::differences;

const POINT: [f64; 4] = [0.9, 1.7, 2.6, 0.4];

#[test]
fn densities() {
    differences(
        |x| {
            let normal = Normal::new(x[0], x[1]).unwrap();
            let exponential = Exp::new(x[2]).unwrap();
            let weibull = Weibull::new(x[1], x[2]).unwrap();
            normal.pdf(x[3]) + normal.ln_pdf(x[2]) + exponential.ln_pdf(x[3]) + weibull.pdf(x[0])
        },
        &POINT,
    );
}

#[test]
fn densities_with_gamma_functions() {
    differences(
        |x| {
            let gamma = Gamma::new(x[0], x[1]).unwrap();
            let beta = Beta::new(x[1], x[2]).unwrap();
            let student = StudentsT::new(x[0], x[1], x[2]).unwrap();
            gamma.ln_pdf(x[2]) + beta.ln_pdf(x[3]) + student.pdf(x[3])
        },
        &POINT,
    );
}

#[test]
fn masses() {
    differences(
        |x| {
            let poisson = Poisson::new(x[1]).unwrap();
            (0..4).map(|k| poisson.ln_pmf(k) * x[0] + poisson.pmf(k)).sum()
        },
        &POINT,
    );
}

#[test]
fn distribution_functions() {
    differences(
        |x| {
            let normal = Normal::new(x[0], x[1]).unwrap();
            let log_normal = LogNormal::new(x[0], x[1]).unwrap();
            normal.cdf(x[3]) + normal.sf(x[2]) + log_normal.cdf(x[2])
        },
        &POINT,
    );
}

#[test]
fn the_error_function() {
    differences(|x| erf::erf(x[0]) * erf::erfc(x[2]) + erf::erf(x[3] * 0.1), &POINT);
}

#[test]
fn the_inverse_error_function() {
    differences(|x| erf::erf_inv(x[3]) + erf::erfc_inv(x[0]), &POINT);
}

#[test]
fn quantiles() {
    differences(|x| Normal::new(x[0], x[1]).unwrap().inverse_cdf(x[3]), &POINT);
}

#[test]
fn the_gamma_function() {
    differences(
        |x| {
            gamma::gamma(x[1])
                + gamma::ln_gamma(x[2])
                + gamma::ln_gamma(x[3])
                + gamma::digamma(x[2])
        },
        &POINT,
    );
}

#[test]
fn the_beta_function() {
    differences(|x| beta::beta(x[0], x[1]) + beta::ln_beta(x[1], x[2]), &POINT);
}

#[test]
fn the_incomplete_gamma_function() {
    differences(|x| gamma::gamma_lr(1.7, x[2]) + gamma::gamma_ur(2.5, x[1]), &POINT);
}

#[test]
fn the_incomplete_beta_function() {
    differences(|x| beta::beta_reg(1.7, 2.4, x[3]), &POINT);
}

#[test]
fn the_logistic_function() {
    differences(|x| logistic::logistic(x[0]) + logistic::logit(x[3]), &POINT);
}

#[test]
fn statistics_of_a_sample() {
    let sample = [1.0, -0.5, 0.7, 0.2];
    differences(
        |x| {
            let values = || x.iter().map(|v| v * v);
            values().mean() * values().std_dev()
                + x.variance()
                + values().geometric_mean()
                + x.covariance(&sample)
                + x.quadratic_mean()
                + x.max() * x.min()
        },
        &POINT,
    );
}

#[test]
fn a_likelihood() {
    let sample = [0.3, 1.1, 2.2, -0.4, 0.9];
    differences(
        |x| {
            let normal = Normal::new(x[0], x[1].exp()).unwrap();
            sample.iter().map(|at| normal.ln_pdf(*at)).sum()
        },
        &POINT,
    );
}
