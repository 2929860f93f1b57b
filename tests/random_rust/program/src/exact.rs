//! Numbers as programs use them, for dual numbers.

pub use crate::dual::{Dual as F, Single as H};
pub use prelude::*;

#[path = "prelude.rs"]
mod prelude;

pub fn c(v: f64) -> F {
    F { v, d: 0.0 }
}
pub fn value(x: F) -> f64 {
    x.v
}
pub fn single(x: F) -> H {
    H::made(x.v as f32, x.d)
}
pub fn double(h: H) -> F {
    F::made(f64::from(h.v), h.d)
}
