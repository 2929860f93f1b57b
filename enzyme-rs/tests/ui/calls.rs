use enzyme_rs::{Const, Reverse, gradient, jacobian};

struct Opaque;

fn main() {
    let opaque = Opaque;
    gradient(Reverse, |x: f64| [x, x], (1.0,));
    gradient(Reverse, |x: f64, n: i32| x.powi(n), (1.0, 2));
    gradient(Reverse, |o: &Opaque, x: f64| x, (&opaque, 1.0));
    gradient("Reverse", |x: f64| x, 1.0);
    gradient(Reverse, |x: f64, y: f64| x * y, (1.0,));
    jacobian(Reverse, |x: f64| x.to_string(), 1.0);
    jacobian(Reverse, |x: f32| x, (1.0_f64,));
    jacobian(Reverse, |x: f64| x, (Const("1"), 2.0));
}
