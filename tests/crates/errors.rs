//! anyhow, thiserror, log: functions that may fail and that tell what they do.

use crate::differences;

const POINT: [f64; 3] = [0.9, 1.2, 0.4];

fn root(of: f64) -> anyhow::Result<f64> {
    anyhow::ensure!(of >= 0.0, "{of} has no root");
    Ok(of.sqrt())
}

#[test]
fn results_of_anyhow() {
    use anyhow::Context;
    differences(
        |x| {
            let compute = || -> anyhow::Result<f64> {
                let a = root(x[0]).context("the first")?;
                let b = root(x[1] * a).with_context(|| format!("the second {}", x[1]))?;
                Ok(a * b + root(x[2] - 3.0).unwrap_or(x[2] * x[2]))
            };
            compute().unwrap_or(f64::NAN)
        },
        &POINT,
    );
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("negative: {0}")]
    Negative(f64),
    #[error("too many: {count} of {of}")]
    Many { count: usize, of: String },
}

fn checked(x: f64, count: usize) -> Result<f64, Trouble> {
    if x < 0.0 {
        return Err(Trouble::Negative(x));
    }
    if count > 5 {
        return Err(Trouble::Many { count, of: "rounds".to_string() });
    }
    Ok(x.ln())
}

#[test]
fn errors_that_are_derived() {
    differences(
        |x| {
            let mut sum = 0.0;
            for (i, v) in x.iter().enumerate() {
                sum += match checked(v - 0.5, i) {
                    Ok(v) => v * v,
                    Err(Trouble::Negative(v)) => v.exp(),
                    Err(Trouble::Many { .. }) => 0.0,
                };
            }
            sum
        },
        &POINT,
    );
}

#[test]
fn messages_of_log() {
    differences(
        |x| {
            let mut sum = 0.0;
            for v in x {
                log::debug!("adding {v} to {sum}");
                sum += v * v.sin();
            }
            log::info!("sum {sum:.3}");
            sum
        },
        &POINT,
    );
}
