use enzyme_rs::autodiff_reverse;

#[autodiff_reverse(d1, Active, Actve)]
fn unknown_word(x: f64) -> f64 { x }

#[autodiff_reverse(d2, Dual, Active)]
fn forward_word(x: f64) -> f64 { x }

#[autodiff_reverse(d3, Active, Active)]
fn active_reference(x: &f64) -> f64 { *x }

#[autodiff_reverse(d4, Duplicated, Active)]
fn duplicated_value(x: f64) -> f64 { x }

#[autodiff_reverse(d5, ActiveOnly, Active)]
fn only_for_results(x: f64) -> f64 { x }

#[autodiff_reverse(d6, Active, Active)]
fn active_integer(n: usize) -> f64 { n as f64 }

#[autodiff_reverse(d7, Active, Duplicated)]
fn duplicated_result(x: f64) -> f64 { x }

#[autodiff_reverse(d8, Duplicated, Active)]
fn result_by_reference(x: &f64) -> &f64 { x }

#[autodiff_reverse(d9, Active, Active)]
fn result_without_floats(x: f64) -> bool { x > 0.0 }

#[autodiff_reverse(d10, Active, ActiveOnly)]
fn unnamed_result(x: f64) -> impl Copy { x }

#[autodiff_reverse(d11, Active, Active)]
fn active_vector(x: Vec<f64>) -> f64 { x[0] }

struct Point(f64);
impl Point {
    #[autodiff_reverse(d12, Active, Active)]
    fn active_receiver(&self) -> f64 { self.0 }
}

fn main() {}
