//! Where an attribute may stand: methods, traits, generic and nested functions.

use core::ops::{Add, Mul};

use enzyme_rs::{autodiff, autodiff_reverse};

trait Law {
    fn w(&self, s: f64) -> f64;
    fn dw(&self, s: f64, seed: f64) -> (f64, f64);

    #[autodiff_reverse(d_twice, Const, Active, Active)]
    fn twice(&self, s: f64) -> f64 {
        2.0 * self.w(s)
    }
}

struct Quad {
    c: f64,
}

impl Law for Quad {
    #[autodiff_reverse(dw, Const, Active, Active)]
    fn w(&self, s: f64) -> f64 {
        self.c * s * s
    }
}

#[test]
fn a_method_of_a_trait_implementation() {
    assert_eq!(Quad { c: 2.0 }.dw(3.0, 1.0), (18.0, 12.0));
}

#[test]
fn a_default_method_of_a_trait() {
    assert_eq!(Quad { c: 2.0 }.d_twice(3.0, 1.0), (36.0, 24.0));
}

impl Quad {
    #[autodiff_reverse(d_w2, Duplicated, Active, Active)]
    fn w2(&self, s: f64) -> f64 {
        self.c * s * s
    }

    #[autodiff_reverse(d_grow, Duplicated, Active)]
    fn grow(&mut self, by: f64) {
        self.c *= by;
    }

    #[autodiff_reverse(d_unit, Active, Active)]
    fn unit(s: f64) -> f64 {
        Self { c: 1.0 }.w(s)
    }
}

#[test]
fn a_receiver_with_a_shadow() {
    let (quad, mut shadow) = (Quad { c: 2.0 }, Quad { c: 0.0 });
    assert_eq!(quad.d_w2(&mut shadow, 3.0, 1.0), (18.0, 12.0));
    assert_eq!(shadow.c, 9.0);
}

#[test]
fn a_receiver_that_is_updated() {
    let (mut quad, mut shadow) = (Quad { c: 2.0 }, Quad { c: 1.0 });
    assert_eq!(quad.d_grow(&mut shadow, 5.0), 2.0);
    assert_eq!((quad.c, shadow.c), (10.0, 5.0));
}

#[test]
fn a_function_of_a_type_without_receiver() {
    assert_eq!(Quad::d_unit(3.0, 1.0), (9.0, 6.0));
}

#[autodiff_reverse(d_dot, Duplicated, Duplicated, Active)]
fn dot<T: Copy + Default + Add<Output = T> + Mul<Output = T>, const N: usize>(
    a: &[T; N],
    b: &[T; N],
) -> T {
    let mut sum = T::default();
    for i in 0..N {
        sum = sum + a[i] * b[i];
    }
    sum
}

#[test]
fn instances_of_a_generic_function() {
    let (mut da, mut db) = ([0.0; 3], [0.0; 3]);
    let value = d_dot::<f64, 3>(&[1.0, 2.0, 3.0], &mut da, &[4.0, 5.0, 6.0], &mut db, 1.0);
    assert_eq!((value, da, db), (32.0, [4.0, 5.0, 6.0], [1.0, 2.0, 3.0]));
    let (mut da, mut db) = ([0.0_f32], [0.0_f32]);
    assert_eq!(d_dot(&[2.0_f32], &mut da, &[3.0], &mut db, 2.0), 6.0);
    assert_eq!((da, db), ([6.0], [4.0]));
}

#[autodiff_reverse(d_product, Active, Active, Active)]
fn product<T: Mul<Output = T>>(a: T, b: T) -> T {
    a * b
}

#[test]
fn generic_floats_are_active() {
    assert_eq!(d_product(2.0_f64, 3.0, 1.0), (6.0, 3.0, 2.0));
    assert_eq!(d_product(2.0_f32, 3.0, 1.0), (6.0, 3.0, 2.0));
}

#[autodiff_reverse(d_apply, Const, Active, Active)]
fn apply<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}

#[test]
fn a_closure_is_a_constant_parameter() {
    let k = std::hint::black_box(3.0);
    assert_eq!(d_apply(|x| k * x * x, 1.0, 1.0), (27.0, 108.0));
}

#[test]
fn a_function_nested_in_a_function() {
    #[autodiff_reverse(d_inner, Active, Active)]
    fn inner(x: f64) -> f64 {
        x.exp()
    }
    assert_eq!(d_inner(0.0, 1.0), (1.0, 1.0));
}

macro_rules! scaled {
    ($name:ident, $derivative:ident, $factor:expr, $ty:ty) => {
        #[autodiff_reverse($derivative, Active, Active)]
        fn $name(x: $ty) -> $ty {
            $factor * x * x
        }
    };
}
scaled!(tripled, d_tripled, 3.0, f64);
scaled!(halved, d_halved, 0.5, f32);

#[test]
fn functions_made_by_a_macro() {
    assert_eq!(d_tripled(2.0, 1.0), (12.0, 12.0));
    assert_eq!(d_halved(2.0, 1.0), (2.0, 2.0));
}

#[autodiff(d_old, Reverse, Duplicated, Const, Active)]
fn old(x: &f64, y: f64) -> f64 {
    x * y
}

#[test]
fn the_older_form_means_the_same() {
    let mut dx = 0.5;
    assert_eq!(d_old(&2.0, &mut dx, 3.0, 1.0), 6.0);
    assert_eq!(dx, 3.5);
}

mod elsewhere {
    use enzyme_rs::autodiff_reverse;

    #[autodiff_reverse(d_public, Active, Active)]
    pub fn public(x: f64) -> f64 {
        x.sqrt()
    }
}

#[test]
fn the_derivative_is_as_visible_as_the_function() {
    assert_eq!(elsewhere::d_public(4.0, 1.0), (2.0, 0.25));
}

#[autodiff_reverse(d_falling, Active, Const, Active)]
fn falling(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * falling(x - 1.0, n - 1) }
}

#[test]
fn a_recursive_function() {
    // x (x-1) (x-2) = x^3 - 3x^2 + 2x
    assert_eq!(d_falling(5.0, std::hint::black_box(3), 1.0), (60.0, 47.0));
}

#[autodiff_reverse(d_const, Active, Active)]
const fn constant(x: f64) -> f64 {
    x * x * x
}

#[test]
fn a_const_function() {
    assert_eq!(d_const(3.0, 1.0), (27.0, 27.0));
}

#[test]
fn derivatives_are_computed_on_several_threads_at_once() {
    let threads = (0..4).map(|k| {
        std::thread::spawn(move || {
            for i in 0..50 {
                let x = f64::from(k * 100 + i);
                let root = x * x + 1.0;
                assert_eq!(elsewhere::d_public(root, 2.0).1, 1.0 / root.sqrt());
                assert_eq!(d_product(x, 3.0, 1.0), (3.0 * x, 3.0, x));
            }
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn recursion_on_several_threads_at_once() {
    let threads = (0..4).map(|k| {
        std::thread::spawn(move || {
            for i in 0..50 {
                let x = f64::from(k * 100 + i);
                assert_eq!(d_falling(x, 2, 1.0), (x * (x - 1.0), 2.0 * x - 1.0));
            }
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
}
