//! ordered-float: floats that are keys.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use ordered_float::{NotNan, OrderedFloat};

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn values_in_order() {
    differences(
        |x| {
            let mut v: Vec<_> = x.iter().map(|v| OrderedFloat(v * v)).collect();
            v.sort();
            let largest = v.iter().max().unwrap();
            v.iter().enumerate().map(|(i, v)| v.0 * (i as f64 + 0.5)).sum::<f64>() * largest.0
        },
        &POINT,
    );
}

#[test]
fn values_that_are_numbers() {
    differences(
        |x| {
            let v: Vec<NotNan<f64>> = x.iter().map(|v| NotNan::new(v.sin()).unwrap()).collect();
            let least = v.iter().min().unwrap();
            let sum: NotNan<f64> = v.iter().copied().sum();
            (sum * *least).into_inner() + v[0].max(v[1]).exp()
        },
        &POINT,
    );
}

#[test]
fn a_heap() {
    differences(
        |x| {
            let mut heap: BinaryHeap<_> = x.iter().map(|v| Reverse(OrderedFloat(*v))).collect();
            let mut sum = 0.0;
            let mut weight = 1.0;
            while let Some(Reverse(OrderedFloat(v))) = heap.pop() {
                sum += weight * v * v;
                weight *= 0.7;
            }
            sum
        },
        &POINT,
    );
}

#[test]
fn a_map_by_value() {
    differences(
        |x| {
            let map: BTreeMap<OrderedFloat<f64>, usize> =
                x.iter().enumerate().map(|(i, v)| (OrderedFloat(*v), i)).collect();
            map.iter().enumerate().map(|(rank, (k, i))| k.0 * k.0 * (rank + i) as f64).sum()
        },
        &POINT,
    );
}
