//! itertools: adaptors over floats.

use itertools::{Either, Itertools, MinMaxResult, iproduct, izip};
use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn windows<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let pairs = x.iter().tuple_windows().map(|(a, b)| *a * *b * *a);
    let triples = x.iter().copied().tuples().map(|(a, b, c): (T, T, T)| a * b.sin() * c);
    pairs.interleave(triples).enumerate().fold(T::zero(), |sum, (i, v)| sum + v * i as f64)
}

#[test]
fn windows_tuples_and_interleaving() {
    check!(windows, &POINT);
}

fn products<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let all =
        x.iter().cartesian_product(&x[..3]).fold(T::zero(), |sum, (a, b)| sum * 0.5 + *a * *b);
    let some = iproduct!(0..2, 0..3).fold(T::zero(), |sum, (i, k)| sum + x[i] * x[k] * x[k]);
    all + some + izip!(x, &x[1..], &x[2..]).fold(T::zero(), |sum, (a, b, c)| sum + *a * *b / *c)
}

#[test]
fn cartesian_products_and_zips() {
    check!(products, &POINT);
}

fn combinations<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    x.iter().tuple_combinations().fold(T::zero(), |sum, (a, b)| sum * 0.9 + *a * b.exp())
}

#[test]
fn pairs_that_differ() {
    check!(combinations, &POINT);
}

fn combinations_of_any_length<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let triples = x.iter().copied().combinations(3);
    triples.fold(T::zero(), |sum, v| sum * 0.9 + v.iter().fold(T::one(), |p, a| p * *a))
}

#[test]
fn combinations_in_vectors() {
    check!(combinations_of_any_length, &POINT);
}

fn permutations<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let orders = (0..4).permutations(3);
    orders.fold(T::zero(), |sum, k| sum * 0.9 + x[k[0]] * x[k[1]] / x[k[2]])
}

#[test]
fn permutations_of_indices() {
    check!(permutations, &POINT);
}

fn grouped<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let squares = x.iter().map(|a| *a * *a).collect_vec();
    let runs = squares.iter().chunk_by(|a| a.re() > 1.0);
    let mut sum = T::zero();
    for (large, run) in &runs {
        let product = run.fold(T::one(), |p, a| p * *a);
        sum += if large { product } else { product.sin() };
    }
    sum
}

#[test]
fn runs_of_large_and_small() {
    check!(grouped, &POINT);
}

fn chunked<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::zero();
    for chunk in &x.iter().chunks(4) {
        sum = sum * x[0] + chunk.fold(T::one(), |p, a| p * *a);
    }
    sum
}

#[test]
fn chunks() {
    check!(chunked, &POINT);
}

fn extremes<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let order = |a: &&T, b: &&T| a.re().partial_cmp(&b.re()).unwrap();
    let MinMaxResult::MinMax(low, high) = x.iter().minmax_by(order) else { return T::zero() };
    let at = x.iter().position_max_by(order).unwrap();
    *low * *high + x[at].exp()
}

#[test]
fn extremes_and_their_places() {
    check!(extremes, &POINT);
}

fn sorted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let sorted = x.iter().map(|a| *a * x[0]).sorted_by(|a, b| a.re().partial_cmp(&b.re()).unwrap());
    sorted.enumerate().fold(T::zero(), |sum, (i, v)| sum + v * v * i as f64)
}

#[test]
fn floats_that_are_sorted() {
    check!(sorted, &POINT);
}

fn merged<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (low, high) = x.split_at(3);
    let merged = low.iter().merge_by(high, |a, b| a.re() < b.re());
    merged
        .coalesce(|a, b| if a.re() > b.re() { Ok(a) } else { Err((a, b)) })
        .enumerate()
        .fold(T::zero(), |sum, (i, v)| sum + *v * *v * i as f64)
}

#[test]
fn lists_that_are_merged() {
    check!(merged, &POINT);
}

fn multipeek<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut values = x.iter().copied().multipeek();
    let mut sum = T::zero();
    while let Some(a) = values.next() {
        let b = values.peek().copied().unwrap_or(a);
        let c = values.peek().copied().unwrap_or(b);
        sum += a * b * c;
    }
    sum
}

#[test]
fn looking_ahead() {
    check!(multipeek, &POINT);
}

fn together<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let pairs: T = x.iter().tuple_windows().map(|(a, b)| *a * *b).sum();
    let order = |a: &&T, b: &&T| a.partial_cmp(b).unwrap();
    let (least, most) = x.iter().minmax_by(order).into_option().unwrap();
    let numbered = x.iter().enumerate().map(|(i, v)| (i % 2, *v));
    let groups = numbered.into_grouping_map().fold(T::zero(), |a, _, v| a + v * v);
    let powers: T = x.iter().cartesian_product(1..3).map(|(v, k)| v.powi(k)).sum();
    let others = [T::from(0.5), T::from(0.25)];
    let larger = |a, b| if a < b { Ok(b) } else { Err((a, b)) };
    let joined: T = x.iter().interleave(others.iter()).coalesce(larger).copied().sum();
    let side = |v: &T| match *v > T::from(0.8) {
        true => Either::Left(*v * 2.0),
        false => Either::Right(v.exp()),
    };
    let (left, right): (Vec<T>, Vec<T>) = x.iter().partition_map(side);
    let doubled: T = left.iter().copied().sum();
    pairs + *least * *most + groups[&0] * groups[&1] + powers + joined + doubled * right[0]
}

#[test]
fn many_adaptors_and_groups_in_a_map() {
    check!(together, &POINT);
}
