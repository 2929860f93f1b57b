//! regex, serde_json: parameters that are read from texts inside of the function. No
//! derivative goes through them, and they are longer than all else.

use regex::Regex;
use serde_json::Value;

use crate::differences;

const POINT: [f64; 4] = [0.9, -1.2, 0.4, 2.1];

#[test]
fn a_factor_that_a_pattern_finds() {
    differences(
        |x| {
            let pattern = Regex::new(r"k=(\d+\.\d+)").unwrap();
            let k: f64 = pattern.captures("a b k=2.5 c").unwrap()[1].parse().unwrap();
            x.iter().map(|v| k * v * v.sin()).sum()
        },
        &POINT,
    );
}

#[test]
fn a_configuration() {
    differences(
        |x| {
            let text = r#"{"rate": 1.5, "steps": [1, 2, 3], "weights": {"a": 0.5, "b": -2.0}}"#;
            let config: Value = serde_json::from_str(text).unwrap();
            let rate = config["rate"].as_f64().unwrap();
            let steps = config["steps"].as_array().unwrap();
            let weight = |name: &str| config["weights"][name].as_f64().unwrap();
            let mut y = x[0];
            for step in steps {
                y = weight("a") * y.sin() + weight("b") * x[step.as_u64().unwrap() as usize];
            }
            rate * y
        },
        &POINT,
    );
}
