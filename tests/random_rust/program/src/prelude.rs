//! What programs build on, for one kind of number: `F` with its single precision `H`. This
//! file is there twice, for each kind.

use super::{F, H, c, value};

/// A struct of the caller, and a local one.
#[derive(Clone)]
pub struct S {
    pub w: F,
    pub h: H,
    pub k: usize,
    pub arr: [F; 4],
    pub o: Option<F>,
}

/// Variants with payloads of different kinds.
#[derive(Clone)]
pub enum E {
    Nothing,
    One(F),
    Two(F, usize),
    Both { x: F, y: F },
    Many(Vec<F>),
}

/// A list in boxes.
pub struct List {
    x: F,
    next: Option<Box<List>>,
}

/// The list of some numbers.
pub fn list(numbers: &[F]) -> Option<Box<List>> {
    let (&x, rest) = numbers.split_first()?;
    Some(Box::new(List { x, next: list(rest) }))
}

/// Folds a list from its end.
pub fn total(list: &Option<Box<List>>, x: F) -> F {
    match list {
        None => x,
        Some(item) => (item.x * total(&item.next, x)).sin() + item.x,
    }
}

/// What is called without being known.
pub trait Act {
    fn act(&self, x: F) -> F;
}
pub struct Scale(pub F);
pub struct Shift(pub F, pub usize);
pub struct Wave {
    pub x: F,
    pub arr: [F; 2],
}
impl Act for Scale {
    fn act(&self, x: F) -> F {
        self.0 * x
    }
}
impl Act for Shift {
    fn act(&self, x: F) -> F {
        x + self.0 * float(self.1)
    }
}
impl Act for Wave {
    fn act(&self, x: F) -> F {
        (self.x * x + self.arr[0]).sin() * self.arr[1]
    }
}

/// A number that an integer decides.
pub fn float(n: usize) -> F {
    c((n & 15) as f64 * 0.125)
}
/// An integer that a number decides.
pub fn int(x: F) -> usize {
    (value(x) * 4.0).abs() as usize & 7
}
pub fn get(numbers: &[F], i: usize) -> F {
    match numbers.len() {
        0 => c(0.25),
        len => numbers[i % len],
    }
}
pub fn set(numbers: &mut [F], i: usize, x: F) {
    if !numbers.is_empty() {
        numbers[i % numbers.len()] = x;
    }
}
pub fn scale(numbers: &mut [F], i: usize, x: F) {
    if let Some(number) = numbers.get_mut(i % 5) {
        *number *= x;
    }
}
pub fn tail(numbers: &[F], k: usize) -> &[F] {
    &numbers[k % (numbers.len() + 1)..]
}
pub fn tail_mut(numbers: &mut [F], k: usize) -> &mut [F] {
    let k = k % (numbers.len() + 1);
    &mut numbers[k..]
}
pub fn swap(numbers: &mut [F], i: usize, k: usize) {
    let len = numbers.len().max(1);
    if numbers.len() > 1 {
        numbers.swap(i % len, k % len);
    }
}
pub fn rotate(numbers: &mut [F], k: usize) {
    numbers.rotate_left(k % (numbers.len() + 1));
}
pub fn copy(to: &mut [F], from: &[F]) {
    let len = to.len().min(from.len());
    to[..len].copy_from_slice(&from[..len]);
}
pub fn shift(numbers: &mut [F], k: usize) {
    let k = k % (numbers.len() + 1);
    numbers.copy_within(k.., 0);
}
pub fn same(x: F) -> F {
    x
}
pub fn bump(place: &mut F, x: F) {
    *place = *place * c(0.75) + x;
}
pub fn twice<G: Fn(F) -> F>(g: G, x: F) -> F {
    g(g(x)) + x
}
pub fn both(g: &dyn Fn(F) -> F, x: F) -> F {
    g(x) - g(x * c(0.5))
}
pub fn each(mut g: impl FnMut(F), x: F) {
    g(x);
    g(x.sin());
}
