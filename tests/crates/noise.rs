//! noise: coherent noise and its combinations.

use noise::{NoiseFn, OpenSimplex, Perlin};

use crate::differences;

const POINT: [f64; 3] = [0.93, -1.21, 0.47];

#[test]
fn perlin() {
    let noise = Perlin::new(7);
    differences(|x| noise.get([x[0], x[1]]) + noise.get([x[0], x[1], x[2]]), &POINT);
}

#[test]
fn simplex() {
    differences(|x| OpenSimplex::new(3).get([x[0], x[1]]), &POINT);
}
