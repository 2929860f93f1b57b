//! The oracle for functions that are not generic over their scalar: central differences.

use enzyme_rs::{Reverse, value_and_gradient};

use crate::support;

/// Compares the gradient of a function with central differences.
pub fn differences(function: impl Fn(&[f64]) -> f64, at: &[f64]) {
    let (value, (gradient,)) = value_and_gradient(Reverse, &function, (at,));
    let expected = support::differences(&function, at);
    close(value, function(at), 1e-12, "value");
    for (i, (ours, theirs)) in gradient.iter().zip(expected).enumerate() {
        close(*ours, theirs, 1e-7, &format!("derivative {i}"));
    }
}

pub fn close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    let scale = ours.abs().max(theirs.abs()).max(1.0);
    assert!((ours - theirs).abs() <= tolerance * scale, "{what} is {ours}, not {theirs}");
}
