use enzyme_rs::{autodiff, autodiff_reverse};

#[autodiff_reverse(d1, Active)]
struct Point(f64);

#[autodiff]
const FACTOR: f64 = 2.0;

#[autodiff_reverse(d2, Active, Active)]
async fn waits(x: f64) -> f64 { x }

#[autodiff_reverse(d3, Active, Active)]
fn pattern((x, y): (f64, f64)) -> f64 { x * y }

#[autodiff_reverse(d4, Active, Active)]
fn wildcard(_: f64) -> f64 { 1.0 }

trait Law {
    #[autodiff_reverse(d5, Const, Active, Active)]
    fn without_body(&self, x: f64) -> f64;
}

#[autodiff]
async fn also_waits(x: f64) -> f64 { x }

fn main() {}
