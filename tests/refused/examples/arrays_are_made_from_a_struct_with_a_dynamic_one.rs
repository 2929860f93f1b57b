//! A struct with an array of dynamic dimension and a float, of which new arrays are made.
//!
//! Refused with ENZ0021: release, dev.

use enzyme_rs::{Differentiable, Reverse, gradient};
use ndarray::{ArrayD, IxDyn};

#[derive(Clone, Differentiable)]
struct Layer {
    weights: ArrayD<f64>,
    scale: f64,
}

fn loss(layer: &Layer) -> f64 {
    (&layer.weights * layer.scale).mapv(|v| v * v).sum()
}

fn main() {
    let weights = ArrayD::from_shape_fn(IxDyn(&[3, 2]), |at| (at[0] + 2 * at[1]) as f64);
    let (by_layer,) = gradient(Reverse, loss, (&Layer { weights, scale: 1.5 },));
    println!("{} {}", by_layer.weights, by_layer.scale);
}
