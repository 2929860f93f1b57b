//! average: moments of data, by updates.

use average::{Kurtosis, Max, Mean, Min, Skewness, Variance, WeightedMean};

use crate::differences;

const POINT: [f64; 5] = [0.9, -0.7, 0.4, 2.1, -0.3];

#[test]
fn means_and_variance() {
    differences(
        |x| {
            let mean: Mean = x.iter().collect();
            let variance: Variance = x.iter().collect();
            let weighted: WeightedMean = x.iter().map(|v| (*v, 1.0 + v * v)).collect();
            mean.mean() * variance.sample_variance() + weighted.mean() + variance.error()
        },
        &POINT,
    );
}

#[test]
fn higher_moments_and_extremes() {
    differences(
        |x| {
            let skewness: Skewness = x.iter().collect();
            let kurtosis: Kurtosis = x.iter().collect();
            let (least, most): (Min, Max) = (x.iter().collect(), x.iter().collect());
            skewness.skewness() + kurtosis.kurtosis() * least.min() + most.max().powi(2)
        },
        &POINT,
    );
}
