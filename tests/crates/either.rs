//! either: one of two iterators, one of two values.

use either::Either;

use crate::differences;

const POINT: [f64; 4] = [0.9, -1.2, 0.4, 2.1];

#[test]
fn one_of_two_iterators() {
    differences(
        |x| {
            let values = |back: bool| {
                if back { Either::Left(x.iter().rev()) } else { Either::Right(x.iter()) }
            };
            let sum =
                |back| values(back).enumerate().map(|(i, v)| v * v * (i as f64 + 0.5)).sum::<f64>();
            sum(x[0] > 0.0) * sum(x[1] > 0.0)
        },
        &POINT,
    );
}

#[test]
fn one_of_two_values() {
    differences(
        |x| {
            let sides = x
                .iter()
                .map(|v| if *v > 0.0 { Either::Left(*v) } else { Either::Right([v * v, v.exp()]) });
            sides.map(|side| side.either(|v| v.sin(), |[a, b]| a * b)).sum()
        },
        &POINT,
    );
}
