//! The calls that users write type-check, and their results have the documented
//! types. Nothing here runs: the functions are never called, so that this test
//! links without the plugin.
#![cfg(feature = "ndarray")]
#![expect(dead_code, reason = "type-checked only")]

use enzyme_rs::{
    Const, Reverse, gradient, jacobian, set_runtime_activity, value_and_gradient,
    value_and_jacobian,
};
use ndarray::prelude::*;

fn step(acc: &mut Array2<f32>, x: ArrayView2<f32>) {
    *acc += &(&x * &x);
}

fn scan(a: &Array3<f32>, init: &Array2<f32>) -> Array2<f32> {
    let mut acc = init.clone();
    for x in a.axis_iter(Axis(0)) {
        step(&mut acc, x);
    }
    acc
}

fn arrays(a: &Array3<f32>, init: &Array2<f32>) {
    let (j, none): (ArrayD<f32>, ()) = jacobian(Reverse, scan, (a, Const(init)));
    let (_, _): (ArrayD<f32>, ArrayD<f32>) =
        jacobian(set_runtime_activity(Reverse), scan, (a, init));
    let _: (Array2<f32>, (ArrayD<f32>, ())) = value_and_jacobian(Reverse, scan, (a, Const(init)));
    let total = |a: &Array3<f32>, scale: f32| a.sum() * scale;
    let (_, _): (Array3<f32>, f32) = gradient(Reverse, total, (a, 2.0_f32));
    let _: (f32, (Array3<f32>, ())) = value_and_gradient(Reverse, total, (a, Const(2.0)));
    let _: Array2<f32> = gradient(Reverse, |v: ArrayView2<f32>| v.sum(), init.view());
    let _: Array2<f32> = gradient(Reverse, |v: &ArrayView2<f32>| v.sum(), &init.view());
    let _: Array2<f32> = gradient(Reverse, |v: Array2<f32>| v.sum(), init.clone());
    let _: ArrayD<f32> = jacobian(Reverse, |x: f32| Array2::from_elem((2, 2), x), 1.0_f32);
    let _: ArrayD<f64> = jacobian(Reverse, |x: &[f64; 3]| Array1::from_elem(2, x[0]), &[1.0; 3]);
    let _: ArrayD<f64> = jacobian(Reverse, |x: Array1<f64>| vec![x[0]; 3], (array![1.0],)).0;
    let _: (&[usize], ()) = (j.shape(), none);
}

fn generic<T: num::Real>(x: T, y: T) -> T {
    x * y
}

mod num {
    pub trait Real: Copy + core::ops::Mul<Output = Self> {}
    impl Real for f64 {}
}

fn plain() {
    let _: (f64, f64) = gradient(Reverse, generic::<f64>, (2.0, 3.0));
    let _: (f64, ()) = gradient(Reverse, f64::powi, (2.0, Const(3)));
    let _: f64 = gradient(Reverse, |x: f64| x.sin(), 1.0);
    let factor = 3.0;
    let _: (Vec<f64>,) = gradient(Reverse, |x: &[f64]| factor * x[0], (&[1.0, 2.0][..],));
    let _: Vec<f64> = gradient(Reverse, |x: &Vec<f64>| factor * x[0], &vec![1.0]);
    let _: [f64; 2] = gradient(Reverse, |x: [f64; 2]| x[0] * x[1], [1.0, 2.0]);
    let _: [[f64; 2]; 3] = jacobian(Reverse, |x: [f64; 2]| [x[0], x[1], x[0]], [1.0, 2.0]);
    let _: Vec<Vec<f64>> = jacobian(Reverse, |x: &[f64]| x.to_vec(), &[1.0, 2.0][..]);
    let _: (f64, [Vec<f32>; 2]) = {
        let f = |x: &[f32]| (f64::from(x[0]), [x[0], x[1]]);
        let (rows, pairs): (Vec<f32>, [Vec<f32>; 2]) = jacobian(Reverse, f, &[1.0, 2.0][..]);
        (f64::from(rows[0]), pairs)
    };
    let _: (f64, [f64; 2]) = gradient(Reverse, |p: &(f64, [f64; 2])| p.0, (&(1.0, [2.0; 2]),)).0;
}
