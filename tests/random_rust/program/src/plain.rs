//! Numbers as programs use them, for doubles.

pub use prelude::*;

#[path = "prelude.rs"]
mod prelude;

pub type F = f64;
pub type H = f32;

pub fn c(v: f64) -> F {
    v
}
pub fn value(x: F) -> f64 {
    x
}
pub fn single(x: F) -> H {
    x as f32
}
pub fn double(h: H) -> F {
    f64::from(h)
}
