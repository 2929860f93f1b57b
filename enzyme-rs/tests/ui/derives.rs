use enzyme_rs::Differentiable;

#[derive(Clone, Differentiable)]
enum Shape {
    Circle(f64),
}

#[derive(Clone, Copy, Differentiable)]
union Bits {
    float: f64,
    word: u64,
}

#[derive(Clone, Differentiable)]
struct Borrows<'a> {
    weights: &'a [f64],
}

fn main() {}
