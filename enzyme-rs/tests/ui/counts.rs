use enzyme_rs::autodiff_reverse;

#[autodiff_reverse(d1, Active)]
fn too_few(x: f64, y: f64) -> f64 { x * y }

#[autodiff_reverse(d2, Active, Active, Const)]
fn too_many(x: f64) -> f64 { x }

#[autodiff_reverse(d3)]
fn none(x: f64) -> f64 { x }

#[autodiff_reverse(d4, Duplicated, Active)]
fn no_result(x: &mut f64) -> () { *x *= 2.0; }

#[autodiff_reverse(autodiff_reverse)]
fn named_like_the_attribute(x: f64) -> f64 { x }

fn main() {}
