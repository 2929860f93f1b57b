//! Crates that scientific programs use, unmodified.
//!
//! One module for each crate, one test for each fact. Where a crate is generic over its
//! scalar, dual numbers are the oracle, else central differences alone. A package of its
//! own, so that these crates are built by those who ask for them:
//! `cargo enzyme test --release --package enzyme-crates`.

#![allow(clippy::all, reason = "programs as people write them")]

mod arenas;
mod argmin;
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
mod oracle;
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
mod smartcore;
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
use oracle::{close, differences};

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
