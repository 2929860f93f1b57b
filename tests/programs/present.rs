//! What is there but is not differentiated: output, time, text, panics that are caught.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn printed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::from(0.0);
    for (i, a) in x.iter().enumerate() {
        sum += *a * *a;
        println!("{i}: {:.3} {:?}", sum.re(), a.re());
        eprintln!("{}", i + 1);
    }
    sum
}

#[test]
fn a_line_for_each_round() {
    check!(printed, &POINT);
}

fn formatted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut text = String::new();
    let mut sum = T::from(0.0);
    for a in x {
        write!(text, "{:.2};", a.re()).unwrap();
        sum += *a * text.len() as f64;
    }
    let words: Vec<&str> = text.split(';').collect();
    sum * words.len() as f64
}

#[test]
fn text_that_is_written_and_counted() {
    check!(formatted, &POINT);
}

fn parsed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let factors = "1.5, 2, -0.25";
    let factors: Vec<f64> = factors.split(", ").map(|f| f.parse().unwrap()).collect();
    let count: usize = "3".parse().unwrap();
    x.iter().take(count).zip(&factors).fold(T::from(1.0), |p, (a, f)| p * (*a * *f + 1.0))
}

#[test]
fn numbers_that_are_parsed() {
    check!(parsed, &POINT);
}

struct Terms<T>(Vec<T>);

impl<T: DualNum<f64>> std::str::FromStr for Terms<T> {
    type Err = std::num::ParseFloatError;

    #[inline(never)]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split(' ').map(|number| number.parse().map(|n: f64| T::from(n)));
        Ok(Self(numbers.collect::<Result<_, _>>()?))
    }
}

fn grown<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut terms: Terms<T> = "0.5 2 -1".parse().unwrap();
    terms.0.push(x[1] * x[1]);
    terms.0.iter().zip(x.iter().cycle()).map(|(&term, &v)| term * v).sum()
}

#[test]
fn a_type_with_floats_that_is_parsed() {
    check!(grown, &POINT);
}

fn timed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let start = Instant::now();
    let product = x.iter().fold(T::from(1.0), |p, a| p * *a + 1.0);
    let elapsed = start.elapsed();
    if elapsed.as_secs() > 1000 { x[0] } else { product }
}

#[test]
fn a_clock_that_runs() {
    check!(timed, &POINT);
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn random<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut random = Random(42);
    let mut order: Vec<usize> = (0..x.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, (random.next() * (i + 1) as f64) as usize);
    }
    order.iter().fold(T::from(0.0), |sum, i| sum * random.next() + x[*i] * x[*i])
}

#[test]
fn random_numbers() {
    check!(random, &POINT);
}

fn caught<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let count = x.len();
    let outcome = std::panic::catch_unwind(|| {
        assert!(count < 1000, "too many");
        count * 2
    });
    x[0] * x[1] * outcome.unwrap_or(0) as f64
}

#[test]
fn a_panic_that_might_be_caught() {
    check!(caught, &POINT);
}

fn sets<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut seen = HashSet::new();
    let mut sum = T::from(0.0);
    for i in 0..12 {
        let k = i * i % x.len();
        if seen.insert(k) {
            sum += x[k] * x[k] * i as f64;
        }
    }
    sum
}

#[test]
fn a_set_of_indices() {
    check!(sets, &POINT);
}

fn asserted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    assert_eq!(x.len(), 6, "the point has {} places", x.len());
    debug_assert!(x.iter().all(|a| a.re().is_finite()));
    let half = x.len().checked_div(2).expect("two is not zero");
    let index = half.saturating_sub(1);
    x[index] * *x.get(half).unwrap() + x.first().copied().unwrap_or(T::from(0.0))
}

#[test]
fn checks_that_panic() {
    check!(asserted, &POINT);
}

fn boxed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let x = black_box(x);
    let squares: Vec<T> = x.iter().map(|a| *a * *black_box(a)).collect();
    black_box(&squares).iter().fold(black_box(x[0]), |sum, a| sum * 0.5 + *a)
}

#[test]
fn values_that_the_optimiser_must_not_see() {
    check!(boxed, &POINT);
}

#[cfg(target_arch = "x86_64")]
fn asked<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let vendor = std::arch::x86_64::__cpuid(0);
    let fused = std::arch::is_x86_feature_detected!("fma");
    let places = usize::try_from(vendor.ebx % 2).unwrap();
    let sum = x
        .iter()
        .fold(T::from(0.0), |sum, a| if fused { a.mul_add(*a, sum) } else { *a * *a + sum });
    sum * x[places] / x[places]
}

#[cfg(target_arch = "x86_64")]
#[test]
fn the_processor_is_asked_what_it_can() {
    check!(asked, &POINT);
}

/// What programs log to: set once, and found through a variable.
trait Logger {
    fn log(&self, text: std::fmt::Arguments);
}

struct Nowhere;

impl Logger for Nowhere {
    fn log(&self, _: std::fmt::Arguments) {}
}

struct Screen;

impl Logger for Screen {
    fn log(&self, text: std::fmt::Arguments) {
        black_box(text.to_string());
    }
}

static mut LOGGER: &dyn Logger = &Nowhere;

fn logged<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::from(0.0);
    for (i, a) in x.iter().enumerate() {
        sum += *a * *a;
        // SAFETY: nothing writes to the variable any more.
        unsafe { LOGGER }.log(format_args!("{i}: {} {:?}", sum.re(), a.re()));
    }
    sum * x[0]
}

#[test]
fn values_are_given_to_a_logger_that_was_set_before() {
    // SAFETY: no other test uses the variable.
    unsafe { LOGGER = &Screen };
    check!(logged, &POINT);
}
