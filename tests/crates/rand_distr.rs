//! rand and rand_distr: expectations by samples of a generator with a seed.

use rand::rngs::{SmallRng, StdRng};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1, Normal, StandardNormal, Uniform};

use crate::differences;

const POINT: [f64; 3] = [0.9, 1.2, 0.4];

#[test]
fn uniform_samples() {
    differences(
        |x| {
            let mut rng = SmallRng::seed_from_u64(7);
            (0..20).map(|_| (x[0] * rng.random::<f64>() + x[1]).sin()).sum::<f64>() * x[2]
        },
        &POINT,
    );
}

#[test]
fn normal_samples() {
    differences(
        |x| {
            let mut rng = StdRng::seed_from_u64(7);
            let mut sum = 0.0;
            for _ in 0..10 {
                let z: f64 = StandardNormal.sample(&mut rng);
                let e: f64 = Exp1.sample(&mut rng);
                sum += (x[0] + x[1] * z).tanh() * (e * x[2]).cos();
            }
            sum
        },
        &POINT,
    );
}

#[test]
fn samples_of_differentiated_distributions() {
    differences(
        |x| {
            let mut rng = StdRng::seed_from_u64(3);
            let normal = Normal::new(x[0], x[1]).unwrap();
            let uniform = Uniform::new(0.0, 2.0).unwrap();
            normal.sample_iter(&mut rng).take(8).map(|v| v * v).sum::<f64>()
                + uniform.sample(&mut rng) * x[2]
        },
        &POINT,
    );
}
