//! Kinds of data: tuples, structs that drop, enums, options, statics, integers of all widths.

use std::cell::{Cell, RefCell};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn tuples<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn pair<T: DualNum<f64> + Copy>(a: T, k: u8) -> (T, u8, (T, bool)) {
        (a * a, k + 1, (a.sin(), k % 2 == 0))
    }
    let mut total = T::from(0.0);
    for (i, a) in x.iter().enumerate() {
        let (b, k, (c, even)) = pair(*a, i as u8);
        total += if even { b * f64::from(k) } else { b * c };
    }
    total
}

#[test]
fn tuples_of_floats_and_integers() {
    check!(tuples, &POINT);
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

struct Guard<T> {
    value: T,
    scratch: Vec<T>,
}

impl<T> Drop for Guard<T> {
    fn drop(&mut self) {
        DROPPED.fetch_add(self.scratch.len(), Ordering::Relaxed);
    }
}

fn dropped<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for a in x {
        let mut guard = Guard { value: *a, scratch: Vec::new() };
        guard.scratch.push(guard.value * *a);
        guard.value += guard.scratch[0];
        total += guard.value * guard.scratch[0];
    }
    total
}

#[test]
fn a_struct_that_counts_its_drops() {
    check!(dropped, &POINT);
}

#[derive(Clone, Copy)]
enum Term<T> {
    Constant(T),
    Power(u64),
    Product(T, T),
    Nothing,
}

fn enums<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut terms = [Term::Nothing; 6];
    for (i, a) in x.iter().enumerate() {
        terms[i] = match i % 4 {
            0 => Term::Constant(*a),
            1 => Term::Power(i as u64 + 2),
            2 => Term::Product(*a, x[0]),
            _ => Term::Nothing,
        };
    }
    let mut total = T::from(1.0);
    for term in terms {
        match term {
            Term::Constant(a) => total += a * a,
            Term::Power(n) => total *= x[1].powi(n as i32),
            Term::Product(a, b) => total += a * b * total,
            Term::Nothing => {}
        }
    }
    total
}

#[test]
fn an_enum_of_floats_and_integers_at_one_offset() {
    check!(enums, &POINT);
}

#[derive(Clone)]
enum Shape<T> {
    Circle { radius: T },
    Polygon(Vec<(T, T)>),
    Unit,
}

impl<T: DualNum<f64> + Copy> Shape<T> {
    fn area(&self) -> T {
        match self {
            Shape::Circle { radius } => *radius * *radius * std::f64::consts::PI,
            Shape::Polygon(corners) => {
                let next = corners.iter().cycle().skip(1);
                let cross = corners.iter().zip(next).map(|(p, q)| p.0 * q.1 - p.1 * q.0);
                cross.fold(T::from(0.0), |sum, c| sum + c) * 0.5
            }
            Shape::Unit => T::from(1.0),
        }
    }
}

fn shapes<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let corners = vec![(x[0], x[1]), (x[2], x[3]), (x[4], x[5])];
    let shapes = vec![Shape::Circle { radius: x[0] }, Shape::Polygon(corners), Shape::Unit];
    shapes.iter().fold(T::from(1.0), |product, s| product * (s.area() + 1.0))
}

#[test]
fn an_enum_with_a_vec_in_one_variant() {
    check!(shapes, &POINT);
}

fn options<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn root<T: DualNum<f64> + Copy>(a: T) -> Option<T> {
        (a.re() >= 0.0).then(|| a.sqrt())
    }
    let mut best: Option<T> = None;
    let mut total = T::from(0.0);
    for a in x {
        total += root(*a).unwrap_or(*a * 3.0);
        best = match best {
            Some(b) if b.re() >= a.re() => Some(b),
            _ => Some(*a),
        };
    }
    total * best.unwrap() + root(x[1]).map_or(x[2], |a| a * a)
}

#[test]
fn options_of_floats() {
    check!(options, &POINT);
}

#[derive(Debug)]
enum Failure {
    Negative(f64),
    TooLong(usize),
}

fn results<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn logarithm<T: DualNum<f64> + Copy>(a: T) -> Result<T, Failure> {
        if a.re() < 0.0 { Err(Failure::Negative(a.re())) } else { Ok(a.ln()) }
    }
    fn both<T: DualNum<f64> + Copy>(x: &[T]) -> Result<T, Failure> {
        if x.len() > 4 {
            return Err(Failure::TooLong(x.len()));
        }
        let a = logarithm(x[0])?;
        let b = logarithm(x[1])?;
        Ok(a * b)
    }
    let mut total = both(x).unwrap_or(x[3]);
    for pair in x.windows(2) {
        total += match both(pair) {
            Ok(a) => a * 2.0,
            Err(Failure::Negative(r)) => pair[0] * r.signum(),
            Err(Failure::TooLong(n)) => pair[0] * n as f64,
        };
    }
    let all: Result<Vec<T>, String> =
        x.iter().map(|a| logarithm(*a * *a).map_err(|e| format!("{e:?}"))).collect();
    total + all.unwrap().into_iter().fold(T::from(0.0), |s, a| s + a)
}

#[test]
fn results_and_the_question_mark() {
    check!(results, &POINT);
}

struct Filter<T, const N: usize> {
    taps: [T; N],
}

impl<T: DualNum<f64> + Copy, const N: usize> Filter<T, N> {
    fn apply(&self, x: &[T]) -> T {
        let at = |window: &[T]| (0..N).fold(T::from(0.0), |sum, i| sum + window[i] * self.taps[i]);
        x.windows(N).map(|w| at(w).sin()).fold(T::from(0.0), |sum, a| sum + a)
    }
}

fn generics<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    Filter::<T, 2> { taps: [x[0], x[1]] }.apply(x)
        + Filter::<T, 3> { taps: std::array::from_fn(|i| x[i] * x[5 - i]) }.apply(x)
}

#[test]
fn constant_generics() {
    check!(generics, &POINT);
}

fn integers<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    let mut random: u128 = 0x1234_5678_9abc_def0;
    let (mut a, mut b, mut c, mut d) = (1i8, 2u16, 3i32, 4i64);
    for v in x {
        random = random.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).rotate_left(7) ^ 3;
        a = a.wrapping_mul(3);
        b = b.rotate_left(3) ^ 5;
        c = (c * 7) % 11;
        d -= i64::from(c);
        let k = (random >> 64) as usize % x.len();
        total += *v * x[k] * f64::from(a) + *v * f64::from(b) * 0.01 + x[k].sin() * d as f64;
    }
    total
}

#[test]
fn integers_of_every_width() {
    check!(integers, &POINT);
}

static TABLE: [f64; 4] = [0.5, 1.5, -2.0, 3.0];
static NAMES: [(&str, f64); 2] = [("half", 0.5), ("double", 2.0)];

fn constants<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let scale = NAMES.iter().find(|(name, _)| *name == "double").map_or(1.0, |(_, s)| *s);
    let terms = x.iter().zip(TABLE.iter().cycle()).map(|(a, t)| *a * *a * *t);
    terms.fold(T::from(0.0), |sum, a| sum + a) * scale
}

#[test]
fn constant_statics() {
    check!(constants, &POINT);
}

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LOG: Mutex<Vec<usize>> = Mutex::new(Vec::new());

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static SEEN: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

fn counters<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(1.0);
    for (i, a) in x.iter().enumerate() {
        CALLS.fetch_add(1, Ordering::Relaxed);
        DEPTH.set(i as u32);
        LOG.lock().unwrap().push(i);
        total += total * *a;
    }
    SEEN.with_borrow_mut(|seen| seen.push(DEPTH.get()));
    total
}

#[test]
fn statics_that_count() {
    check!(counters, &POINT);
}

fn single<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    x[0] * x[1]
}

#[test]
fn a_product_for_comparison() {
    check!(single, &POINT);
}

#[repr(C)]
union Bits {
    float: f64,
    bits: u64,
}

fn bits<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for a in x {
        let negative = a.re().to_bits() >> 63 == 1;
        // SAFETY: Every pattern of bits is a float and an integer.
        let exponent = unsafe { Bits { float: a.re() }.bits } >> 52 & 0x7ff;
        total += if negative { *a * *a } else { *a * exponent as f64 };
    }
    total
}

#[test]
fn bits_that_are_looked_at() {
    check!(bits, &POINT);
}
