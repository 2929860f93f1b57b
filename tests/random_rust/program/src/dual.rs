//! Dual numbers that notice where there is nothing to compare.
//!
//! A number carries its derivative in one direction; single precision rounds the value and
//! keeps the derivative. A computation is left off ([`Strange`]) if it takes long, if
//! numbers grow (rounding would hide what is wrong, or look like it), or at a kink, where
//! there is no derivative. With `ENZYME_RANDOM_PLANTED` one rule is wrong: the tests must
//! notice.

use std::cell::Cell;
use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use std::sync::LazyLock;

/// After so many operations a program is left out.
const STEPS: u32 = 200_000;
/// Values and derivatives beyond these leave a program out.
const LARGEST: (f64, f64) = (1e3, 1e4);
/// So close to where a decision changes there is no derivative.
const CLOSE: f64 = 1e-6;

/// What a computation that is left off panics with.
#[derive(Debug)]
pub struct Strange;

/// The rule that is wrong on purpose.
static PLANTED: LazyLock<Option<String>> =
    LazyLock::new(|| std::env::var("ENZYME_RANDOM_PLANTED").ok());

fn planted(rule: &str) -> bool {
    PLANTED.as_deref() == Some(rule)
}

thread_local! {
    static TAKEN: Cell<u32> = const { Cell::new(0) };
    static SCALE: Cell<f64> = const { Cell::new(1.0) };
}

/// Begins a computation.
pub fn begin() {
    TAKEN.set(0);
    SCALE.set(1.0);
}

/// The largest derivative since [`begin`].
pub fn scale() -> f64 {
    SCALE.get()
}

fn strange() -> ! {
    std::panic::panic_any(Strange)
}

/// Two values are compared, or one with a bound.
fn decide(difference: f64, derivative: f64) {
    if difference.abs() < CLOSE && derivative != 0.0 {
        strange();
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $float:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name {
            pub v: $float,
            pub d: f64,
        }

        impl $name {
            /// A value and a derivative that were computed.
            pub fn made(v: $float, d: f64) -> Self {
                TAKEN.set(TAKEN.get() + 1);
                SCALE.set(SCALE.get().max(d.abs()));
                let fits = f64::from(v.abs()) < LARGEST.0 && d.abs() < LARGEST.1;
                if TAKEN.get() > STEPS || !fits {
                    strange();
                }
                Self { v, d }
            }
            fn with(self, value: impl Fn($float) -> $float, slope: f64) -> Self {
                Self::made(value(self.v), slope * self.d)
            }
            pub fn sin(self) -> Self {
                self.with($float::sin, f64::from(self.v.cos()))
            }
            pub fn cos(self) -> Self {
                self.with($float::cos, -f64::from(self.v.sin()))
            }
            pub fn exp(self) -> Self {
                self.with($float::exp, f64::from(self.v.exp()))
            }
            pub fn ln(self) -> Self {
                self.with($float::ln, 1.0 / f64::from(self.v))
            }
            pub fn sqrt(self) -> Self {
                self.with($float::sqrt, 0.5 / f64::from(self.v.sqrt()))
            }
            pub fn recip(self) -> Self {
                let v = f64::from(self.v);
                self.with($float::recip, -1.0 / (v * v))
            }
            pub fn tanh(self) -> Self {
                let tanh = f64::from(self.v).tanh();
                let slope = 1.0 - if planted("tanh") { tanh } else { tanh * tanh };
                self.with($float::tanh, slope)
            }
            pub fn powi(self, n: i32) -> Self {
                let slope = f64::from(n) * f64::from(self.v).powi(n - 1);
                self.with(|v| v.powi(n), slope)
            }
            pub fn abs(self) -> Self {
                decide(f64::from(self.v), self.d);
                self.with($float::abs, f64::from(self.v.signum()))
            }
            pub fn max(self, other: Self) -> Self {
                if self > other { self } else { other }
            }
            pub fn min(self, other: Self) -> Self {
                if self < other { self } else { other }
            }
            pub fn clamp(self, least: Self, most: Self) -> Self {
                self.max(least).min(most)
            }
            pub fn mul_add(self, factor: Self, term: Self) -> Self {
                let d = f64::from(self.v) * factor.d + f64::from(factor.v) * self.d + term.d;
                Self::made(self.v.mul_add(factor.v, term.v), d)
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self::made(self.v + other.v, self.d + other.d)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self::made(self.v - other.v, self.d - other.d)
            }
        }
        impl Mul for $name {
            type Output = Self;
            fn mul(self, other: Self) -> Self {
                let d = f64::from(self.v) * other.d + f64::from(other.v) * self.d;
                Self::made(self.v * other.v, d)
            }
        }
        impl Div for $name {
            type Output = Self;
            fn div(self, other: Self) -> Self {
                let (a, b) = (f64::from(self.v), f64::from(other.v));
                Self::made(self.v / other.v, (self.d - a / b * other.d) / b)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self::made(-self.v, -self.d)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }
        impl MulAssign for $name {
            fn mul_assign(&mut self, other: Self) {
                let old = self.d;
                *self = *self * other;
                if planted("scale") {
                    self.d -= f64::from(other.v) * old;
                }
            }
        }
        impl DivAssign for $name {
            fn div_assign(&mut self, other: Self) {
                *self = *self / other;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
                let mut sum = Self::default();
                for (index, number) in numbers.enumerate() {
                    let old = sum.d;
                    sum += number;
                    if planted("sum") && index == 1 {
                        sum.d = old;
                    }
                }
                sum
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.partial_cmp(other) == Some(Ordering::Equal)
            }
        }
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                decide(f64::from(self.v - other.v), self.d - other.d);
                self.v.partial_cmp(&other.v)
            }
        }
    )*};
}

numbers! {
    /// A double.
    Dual: f64;
    /// A float.
    Single: f32;
}

impl Dual {
    /// `ln(self)·exponent`, as an exponential.
    pub fn powf(self, exponent: Self) -> Self {
        let v = self.v.powf(exponent.v);
        let slope = exponent.v * self.v.powf(exponent.v - 1.0);
        Self::made(v, slope * self.d + v * self.v.ln() * exponent.d)
    }
    /// The root of the sum of squares.
    pub fn hypot(self, other: Self) -> Self {
        let v = self.v.hypot(other.v);
        Self::made(v, (self.v * self.d + other.v * other.d) / v)
    }
    /// The angle of a point.
    pub fn atan2(self, x: Self) -> Self {
        let square = self.v * self.v + x.v * x.v;
        Self::made(self.v.atan2(x.v), (x.v * self.d - self.v * x.d) / square)
    }
}
