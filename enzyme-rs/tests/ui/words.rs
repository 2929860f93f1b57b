use enzyme_rs::{autodiff, autodiff_forward, autodiff_reverse};

#[autodiff_reverse]
fn nothing(x: f64) -> f64 { x }

#[autodiff_reverse()]
fn empty(x: f64) -> f64 { x }

#[autodiff_reverse(itself, Active, Active)]
fn itself(x: f64) -> f64 { x }

#[autodiff_reverse("d1", Active, Active)]
fn name_is_no_identifier(x: f64) -> f64 { x }

#[autodiff_reverse(fn, Active, Active)]
fn name_is_a_keyword(x: f64) -> f64 { x }

#[autodiff_reverse(d2, 0, Active, Active)]
fn width_zero(x: f64) -> f64 { x }

#[autodiff_reverse(d3, 4, Active, Active)]
fn width_four(x: f64) -> f64 { x }

#[autodiff_reverse(d4, 4294967296, Active, Active)]
fn width_does_not_fit(x: f64) -> f64 { x }

#[autodiff_reverse(d5, 1.5, Active, Active)]
fn width_is_no_integer(x: f64) -> f64 { x }

#[autodiff_reverse(d6 Active, Active)]
fn comma_missing(x: f64) -> f64 { x }

#[autodiff_reverse(d7, Active, 3)]
fn literal_among_activities(x: f64) -> f64 { x }

#[autodiff_forward(d8, Dual, Dual)]
fn forward_attribute(x: f64) -> f64 { x }

#[autodiff(d9, Forward, Dual, Dual)]
fn forward_mode(x: f64) -> f64 { x }

#[autodiff(d10, Active, Active)]
fn mode_missing(x: f64) -> f64 { x }

#[autodiff(d11)]
fn only_a_name(x: f64) -> f64 { x }

#[autodiff_reverse(d12, Active, Active)]
#[autodiff_reverse(d12, Active, Const)]
fn same_name_twice(x: f64) -> f64 { x }

fn main() {}
