//! heapless: collections of fixed size.

use heapless::{Deque, LinearMap, Vec};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn a_vector() {
    differences(
        |x| {
            let mut v: Vec<f64, 16> = Vec::new();
            for a in x {
                v.push(a.sin()).unwrap();
                v.extend_from_slice(&[*a, a * a]).ok();
            }
            v.iter().enumerate().map(|(i, v)| v * v * (i as f64 + 0.5)).sum()
        },
        &POINT,
    );
}

#[test]
fn a_window() {
    differences(
        |x| {
            let mut window: Deque<f64, 4> = Deque::new();
            let mut sum = 0.0;
            for a in x {
                if window.is_full() {
                    sum += window.pop_front().unwrap().exp();
                }
                window.push_back(a * a).unwrap();
                sum += window.iter().sum::<f64>() * a;
            }
            sum
        },
        &POINT,
    );
}

#[test]
fn a_map() {
    differences(
        |x| {
            let mut map: LinearMap<u8, f64, 8> = LinearMap::new();
            for (i, a) in x.iter().enumerate() {
                map.insert(i as u8 % 4, a.cos()).unwrap();
            }
            map.iter().map(|(k, v)| v * v * f64::from(*k + 1)).sum()
        },
        &POINT,
    );
}
