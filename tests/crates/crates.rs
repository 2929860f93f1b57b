//! Crates that scientific programs use, unmodified.
//!
//! One module for each crate, one test for each fact. Where a crate is generic over its
//! scalar, dual numbers are the oracle, else central differences alone. A package of its
//! own, so that these crates are built by those who ask for them:
//! `cargo enzyme test --release --package enzyme-crates`.

#![allow(clippy::all, reason = "programs as people write them")]

mod arenas;
mod arrayvec;
mod average;
mod cgmath;
mod delaunator;
mod either;
mod enterpolation;
mod errors;
mod euclid;
mod generic_floats;
mod glam;
mod heapless;
mod indexmap;
mod itertools;
mod kdtree;
mod kurbo;
mod libm;
mod nalgebra;
mod nalgebra_glm;
mod nalgebra_sparse;
mod ndarray;
mod noise;
mod num_complex;
mod ode_solvers;
mod ordered_float;
mod palette;
mod petgraph;
mod puruspe;
mod quadrature;
mod quaternion_core;
mod rand_distr;
mod roots;
mod rstar;
mod rustdct;
mod rustfft;
mod smallvec;
mod splines;
mod sprs;
mod statrs;
#[allow(unused, reason = "other tests use the rest of it")]
#[path = "../support/mod.rs"]
mod support;
mod texts;
mod tinyvec;
mod ultraviolet;
mod uom;
mod wide;

use enzyme_rs::{Reverse, value_and_gradient};

/// Compares the gradient of a function with central differences.
fn differences(function: impl Fn(&[f64]) -> f64, at: &[f64]) {
    let (value, (gradient,)) = value_and_gradient(Reverse, &function, (at,));
    let expected = support::differences(&function, at);
    close(value, function(at), 1e-12, "value");
    for (i, (ours, theirs)) in gradient.iter().zip(expected).enumerate() {
        close(*ours, theirs, 1e-7, &format!("derivative {i}"));
    }
}

/// The same in single precision, where differences know few digits.
fn single(function: impl Fn(&[f32]) -> f32, at: &[f32]) {
    let (value, (gradient,)) = value_and_gradient(Reverse, &function, (at,));
    close(value.into(), function(at).into(), 1e-6, "value");
    for (i, ours) in gradient.iter().enumerate() {
        let slope = |h: f32| {
            let mut point = at.to_vec();
            point[i] = at[i] + h;
            let above = function(&point);
            point[i] = at[i] - h;
            f64::from(above - function(&point)) / f64::from(2.0 * h)
        };
        let theirs = (4.0 * slope(0.01) - slope(0.02)) / 3.0;
        close((*ours).into(), theirs, 2e-3, &format!("derivative {i}"));
    }
}

fn close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    let scale = ours.abs().max(theirs.abs()).max(1.0);
    assert!((ours - theirs).abs() <= tolerance * scale, "{what} is {ours}, not {theirs}");
}
