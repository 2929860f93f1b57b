//! indexmap: maps in the order of insertion.

use indexmap::IndexMap;

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn parameters_by_name() {
    differences(
        |x| {
            let names = ["a", "b", "c", "d", "e", "f"];
            let map: IndexMap<&str, f64> = names.into_iter().zip(x.iter().copied()).collect();
            map["a"] * map["b"].sin() + map["f"] / map["d"] + map.values().sum::<f64>()
        },
        &POINT,
    );
}

#[test]
fn sums_by_key() {
    differences(
        |x| {
            let mut map: IndexMap<usize, f64> = IndexMap::new();
            for (i, v) in x.iter().enumerate() {
                *map.entry(i % 3).or_insert(0.0) += v * v;
            }
            map.into_iter().map(|(k, v)| v.sqrt() * (k + 1) as f64).sum()
        },
        &POINT,
    );
}
