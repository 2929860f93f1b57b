//! Maps by hash: floats, control bytes and keys in one block of memory.
use std::collections::HashMap;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn counts<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: HashMap<u64, T> = HashMap::new();
    for (i, &v) in x.iter().enumerate() {
        *map.entry(i as u64 % 4).or_insert(T::from(1.0)) *= v;
    }
    let mut sum = T::from(0.0);
    for k in 0..4 {
        if let Some(v) = map.get(&k) {
            sum += v.sin() * k as f64;
        }
    }
    sum
}
#[test]
fn a_hash_map() {
    check!(counts, &POINT);
}

fn many<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: HashMap<(u32, u32), T> = HashMap::new();
    for i in 0..40u32 {
        map.insert((i, i * i), x[i as usize % x.len()] * f64::from(i));
    }
    for i in 0..10 {
        map.remove(&(i * 3, i * i * 9));
    }
    let mut sum = T::from(0.0);
    for (k, v) in &map {
        sum += *v * *v * f64::from(k.0);
    }
    sum
}
#[test]
fn a_hash_map_that_grows() {
    check!(many, &POINT);
}

fn names<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: HashMap<String, Vec<T>> = HashMap::new();
    for (i, &v) in x.iter().enumerate() {
        map.entry(format!("name {}", i % 3)).or_default().push(v * v);
    }
    let mut sum = T::from(0.0);
    for (name, values) in &map {
        for (i, v) in values.iter().enumerate() {
            sum += *v * (name.len() + i) as f64;
        }
    }
    for v in map["name 1"].iter() {
        sum += v.exp();
    }
    sum
}
#[test]
fn lists_in_a_hash_map_by_name() {
    check!(names, &POINT);
}
