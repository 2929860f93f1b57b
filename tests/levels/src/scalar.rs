//! What the programs ask of a number, so that they run with dual numbers too.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

/// A real number.
pub trait Scalar:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + MulAssign
    + 'static
{
    /// A constant.
    fn of(value: f64) -> Self;
    /// Its value, for decisions.
    fn value(self) -> f64;
    /// Sine.
    fn sin(self) -> Self;
    /// Exponential.
    fn exp(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// Power.
    fn powi(self, exponent: i32) -> Self;
}

impl Scalar for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
    fn sin(self) -> Self {
        self.sin()
    }
    fn exp(self) -> Self {
        self.exp()
    }
    fn ln(self) -> Self {
        self.ln()
    }
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    fn tanh(self) -> Self {
        self.tanh()
    }
    fn powi(self, exponent: i32) -> Self {
        self.powi(exponent)
    }
}
