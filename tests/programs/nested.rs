//! Arrays of structures of arrays, with integers beside floats; ordered maps.
use std::collections::BTreeMap;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

struct Element<T> {
    ids: [usize; 3],
    weights: [T; 3],
    tag: u32,
    mass: T,
}

fn elements<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let n = x.len();
    let mut all: Vec<Element<T>> = Vec::new();
    for i in 0..n {
        all.push(Element {
            ids: [i, (i + 1) % n, (i + 2) % n],
            weights: [x[i], x[i] * x[(i + 1) % n], x[i].sin()],
            tag: i as u32,
            mass: x[n - 1 - i],
        });
    }
    let mut total = T::from(0.0);
    for k in 0..2 * n {
        let e = &mut all[k % n];
        e.tag += 1;
        let other = e.ids[k % 3];
        let w = e.weights[(k + 1) % 3];
        e.mass += w * f64::from(e.tag);
        let m = e.mass;
        all[other].weights[k % 3] += m * 0.1;
    }
    for e in &all {
        for j in 0..3 {
            total += e.weights[j] * x[e.ids[j]] * e.mass;
        }
    }
    total
}

#[test]
fn a_list_of_structures_of_arrays() {
    check!(elements, &POINT);
}

struct Particle<T> {
    id: u32,
    alive: bool,
    pos: [T; 3],
    kind: u8,
    vel: [T; 3],
    neighbours: Vec<u32>,
}

fn particles<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut all: Vec<Particle<T>> = (0..4)
        .map(|i| Particle {
            id: i as u32,
            alive: i != 2,
            pos: [x[i], x[i + 1], x[(i + 2) % 6]],
            kind: (i % 2) as u8,
            vel: [x[5 - i]; 3],
            neighbours: (0..4).filter(|j| *j != i as u32).collect(),
        })
        .collect();
    for step in 0..3 {
        for i in 0..all.len() {
            if !all[i].alive {
                continue;
            }
            let mut force = [T::from(0.0); 3];
            for &j in &all[i].neighbours {
                let other = &all[j as usize];
                if other.kind == all[i].kind {
                    continue;
                }
                for d in 0..3 {
                    force[d] += (other.pos[d] - all[i].pos[d]) * 0.05;
                }
            }
            let p = &mut all[i];
            for d in 0..3 {
                p.vel[d] += force[d];
                let v = p.vel[d];
                p.pos[d] += v * 0.1;
            }
            p.id += step;
        }
    }
    let mut total = T::from(0.0);
    for p in &all {
        total += p.pos.iter().fold(T::from(0.0), |s, q| s + *q * *q) * f64::from(p.id);
    }
    total
}

#[test]
fn particles_with_neighbours() {
    check!(particles, &POINT);
}

#[derive(Clone, Copy)]
struct Mixed<T> {
    a: T,
    n: u16,
    b: [T; 2],
    flags: [u8; 4],
    k: i32,
}

fn mixed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut all = vec![Mixed { a: x[0], n: 1, b: [x[1], x[2]], flags: [0, 1, 2, 3], k: -1 }; 3];
    for (i, m) in all.iter_mut().enumerate() {
        m.n += i as u16;
        m.k += i as i32;
        m.flags[i % 4] += 1;
        let j = (m.flags[(i + 1) % 4] % 2) as usize;
        m.b[j] *= x[i + 3];
        m.a += m.b[1 - j];
    }
    all.swap(0, 2);
    let copy = all.clone();
    all.iter()
        .zip(&copy)
        .fold(T::from(0.0), |s, (m, c)| s + m.a * c.b[m.n as usize % 2] * f64::from(m.k))
}

#[test]
fn a_list_of_mixed_structures() {
    check!(mixed, &POINT);
}

fn grid<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut cells = vec![[[T::from(0.0); 2]; 3]; 4];
    for i in 0..4 {
        for j in 0..3 {
            for k in 0..2 {
                cells[i][j][k] = x[(i + j + k) % 6] * x[(i * j) % 6];
            }
        }
    }
    let mut s = T::from(0.0);
    for (i, row) in cells.iter().enumerate() {
        for (j, c) in row.iter().enumerate() {
            s += c[(i + j) % 2] * cells[3 - i][2 - j][1];
        }
    }
    s
}

#[test]
fn a_grid_of_arrays() {
    check!(grid, &POINT);
}

fn map<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: BTreeMap<u64, T> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        *map.entry((i * 7 % 4) as u64).or_insert(T::from(1.0)) *= *a;
    }
    let mut total = T::from(0.0);
    for (k, v) in &map {
        total += *v * *v * (*k as f64 + 1.0);
    }
    total
}

#[test]
fn a_small_map_in_order() {
    check!(map, &POINT);
}

fn large_map<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: BTreeMap<u64, T> = BTreeMap::new();
    for i in 0..60u64 {
        let a = x[i as usize % x.len()];
        map.insert(i * 37 % 61, a * a + i as f64);
    }
    map.remove(&5);
    let mut total = T::from(0.0);
    for (k, v) in map.range(3..40) {
        total += *v * *v * (*k as f64 + 1.0);
    }
    if let Some(v) = map.get(&44) {
        total += v.sin();
    }
    total
}

#[test]
fn a_map_with_inner_nodes_that_is_read_by_a_range() {
    check!(large_map, &POINT);
}

/// Refused in `dev` (LIMITATIONS.md).
#[cfg(not(debug_assertions))]
fn named<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        map.entry(format!("key{}", i % 3)).or_default().push(*a);
    }
    let mut total = T::from(0.0);
    for (k, v) in &map {
        let mut p = T::from(k.len() as f64);
        for a in v {
            p *= *a;
        }
        total += p;
    }
    total
}

#[cfg(not(debug_assertions))]
#[test]
fn a_map_of_lists_by_name() {
    check!(named, &POINT);
}

fn popped<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let place = |i: usize| (i * 7 % 5) as i32;
    let mut map: BTreeMap<i32, T> = x.iter().enumerate().map(|(i, v)| (place(i), *v)).collect();
    let mut sum = T::from(0.0);
    while let Some((key, v)) = map.pop_last() {
        sum = sum * 0.5 + v * v * f64::from(key + 1);
    }
    sum
}

#[test]
fn a_map_from_which_the_last_is_taken() {
    check!(popped, &POINT);
}
