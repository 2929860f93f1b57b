//! Bundle adjustment: one weighted reprojection error.
//!
//! Šrajer, Kukelova and Fitzgibbon (2018), section 4.2. A camera has 11 parameters:
//! rotation r (3, an axis times an angle), centre c (3), focal length f, principal point
//! p (2), radial distortion κ (2). Of a point x (3), its weight w and the feature y (2)
//! that was measured:
//!
//! ```text
//! u = rotate(r, x - c),  v = (u₀, u₁) / u₂,  s = |v|²
//! error = w (f (1 + κ₀ s + κ₁ s²) v + p - y)
//! rotate(r, x) = cos θ x + sin θ (a × x) + (1 - cos θ) (a · x) a,  θ = |r|,  a = r / θ
//! ```

use std::hint::black_box;

use enzyme_rs::autodiff_reverse;

use crate::table::{Random, Table, assert_equal};

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn rotate(r: [f64; 3], x: [f64; 3]) -> [f64; 3] {
    let square = dot(r, r);
    if square == 0.0 {
        let crossed = cross(r, x);
        return [x[0] + crossed[0], x[1] + crossed[1], x[2] + crossed[2]];
    }
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = r.map(|r| r / angle);
    let crossed = cross(axis, x);
    let along = (1.0 - cos) * dot(axis, x);
    [0, 1, 2].map(|i| cos * x[i] + sin * crossed[i] + along * axis[i])
}

#[autodiff_reverse(d_reproject, Duplicated, Duplicated, Active, Const, Duplicated)]
fn reproject(
    camera: &[f64; 11],
    point: &[f64; 3],
    weight: f64,
    feature: &[f64; 2],
    error: &mut [f64; 2],
) {
    let [r0, r1, r2, c0, c1, c2, focal, p0, p1, k0, k1] = *camera;
    let u = rotate([r0, r1, r2], [point[0] - c0, point[1] - c1, point[2] - c2]);
    let v = [u[0] / u[2], u[1] / u[2]];
    let s = v[0] * v[0] + v[1] * v[1];
    let scale = focal * (1.0 + k0 * s + k1 * s * s);
    error[0] = weight * (scale * v[0] + p0 - feature[0]);
    error[1] = weight * (scale * v[1] + p1 - feature[1]);
}

/// Adds the adjoints of `r` and gives that of `x`, for the rotation by an angle that is
/// not 0.
fn rotate_adjoint(r: [f64; 3], x: [f64; 3], seed: [f64; 3], dr: &mut [f64]) -> [f64; 3] {
    let angle = dot(r, r).sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = r.map(|r| r / angle);
    let crossed = cross(axis, x);
    let (ax, aseed, xseed) = (dot(axis, x), dot(axis, seed), dot(x, seed));
    // The triple products: (a × x) · s = x · (s × a) = a · (x × s).
    let (dx_cross, da_cross) = (cross(seed, axis), cross(x, seed));
    let rest = 1.0 - cos;
    let dangle = -sin * xseed + cos * dot(crossed, seed) + sin * ax * aseed;
    let daxis = [0, 1, 2].map(|i| sin * da_cross[i] + rest * (aseed * x[i] + ax * seed[i]));
    let along = dot(daxis, axis);
    for i in 0..3 {
        dr[i] += dangle * axis[i] + (daxis[i] - along * axis[i]) / angle;
    }
    [0, 1, 2].map(|i| cos * seed[i] + sin * dx_cross[i] + rest * aseed * axis[i])
}

/// Errors and adjoints of camera, point and weight (the one that is returned).
fn hand(
    (camera, dcamera): (&[f64; 11], &mut [f64; 11]),
    (point, dpoint): (&[f64; 3], &mut [f64; 3]),
    weight: f64,
    feature: &[f64; 2],
    (error, seed): (&mut [f64; 2], &mut [f64; 2]),
) -> f64 {
    let [r0, r1, r2, c0, c1, c2, focal, p0, p1, k0, k1] = *camera;
    let (r, x) = ([r0, r1, r2], [point[0] - c0, point[1] - c1, point[2] - c2]);
    let u = rotate(r, x);
    let v = [u[0] / u[2], u[1] / u[2]];
    let s = v[0] * v[0] + v[1] * v[1];
    let radial = 1.0 + k0 * s + k1 * s * s;
    let scale = focal * radial;
    let plain = [scale * v[0] + p0 - feature[0], scale * v[1] + p1 - feature[1]];
    *error = plain.map(|e| weight * e);

    let dweight = seed[0] * plain[0] + seed[1] * plain[1];
    let dplain = seed.map(|d| weight * d);
    *seed = [0.0; 2];
    let dscale = dplain[0] * v[0] + dplain[1] * v[1];
    let dradial = dscale * focal;
    dcamera[6] += dscale * radial;
    dcamera[7] += dplain[0];
    dcamera[8] += dplain[1];
    dcamera[9] += dradial * s;
    dcamera[10] += dradial * s * s;
    let ds = dradial * (k0 + 2.0 * k1 * s);
    let dv = [0, 1].map(|i| scale * dplain[i] + 2.0 * ds * v[i]);
    let inverse = 1.0 / u[2];
    let du = [dv[0] * inverse, dv[1] * inverse, -(dv[0] * v[0] + dv[1] * v[1]) * inverse];
    let dx = rotate_adjoint(r, x, du, &mut dcamera[..3]);
    for i in 0..3 {
        dpoint[i] += dx[i];
        dcamera[3 + i] -= dx[i];
    }
    dweight
}

/// One observation, and its shadows.
#[derive(Default)]
struct Problem {
    camera: [f64; 11],
    point: [f64; 3],
    weight: f64,
    feature: [f64; 2],
    error: [f64; 2],
    dcamera: [f64; 11],
    dpoint: [f64; 3],
    dweight: f64,
    seed: [f64; 2],
}

impl Problem {
    fn new() -> Self {
        let random = &mut Random::new(3);
        let mut camera: [f64; 11] = std::array::from_fn(|_| random.uniform(-0.5, 0.5));
        camera[6] = random.uniform(1.0, 2.0);
        Self {
            camera,
            point: [random.uniform(-1.0, 1.0), random.uniform(-1.0, 1.0), 4.0],
            weight: random.uniform(0.5, 1.5),
            feature: [random.uniform(-1.0, 1.0), random.uniform(-1.0, 1.0)],
            ..Self::default()
        }
    }

    fn primal(&mut self) {
        let Self { camera, point, weight, feature, error, .. } = self;
        reproject(camera, point, *weight, feature, error);
    }

    fn engine(&mut self) {
        let Self { camera, point, weight, feature, error, dcamera, dpoint, dweight, seed } = self;
        *seed = [1.0, 0.5];
        *dweight += d_reproject(camera, dcamera, point, dpoint, *weight, feature, error, seed);
    }

    fn by_hand(&mut self) {
        let Self { camera, point, weight, feature, error, dcamera, dpoint, dweight, seed } = self;
        *seed = [1.0, 0.5];
        *dweight += hand((camera, dcamera), (point, dpoint), *weight, feature, (error, seed));
    }

    fn take_gradient(&mut self) -> Vec<f64> {
        let Self { dcamera, dpoint, dweight, .. } = self;
        let flat = [&dcamera[..], &dpoint[..], &[*dweight]].concat();
        (*dcamera, *dpoint, *dweight) = ([0.0; 11], [0.0; 3], 0.0);
        flat
    }
}

pub fn bench(table: &mut Table) {
    let name = "bundle adjustment, one reprojection";
    let mut problem = Problem::new();
    problem.engine();
    let engine = problem.take_gradient();
    problem.by_hand();
    assert_equal(name, &engine, &problem.take_gradient(), 1e-9);
    let versions = [Problem::primal, Problem::engine, Problem::by_hand];
    table.bench(name, Some(7.3), &mut black_box(problem), versions);
}
