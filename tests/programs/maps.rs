//! Maps by hash: floats, control bytes and keys in one block of memory.
use std::collections::{BTreeMap, HashMap, HashSet};

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

fn formatted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: HashMap<String, T> = HashMap::new();
    for (i, &v) in x.iter().enumerate() {
        *map.entry(format!("k{}", i % 3)).or_insert(T::from(0.0)) += v * v;
    }
    let mut keys: Vec<String> = map.keys().cloned().collect();
    keys.sort();
    let mut sum = T::from(0.0);
    for (i, key) in keys.iter().enumerate() {
        sum += map[key] * map[key] * (i + 1) as f64;
    }
    sum
}

#[test]
fn a_hash_map_whose_keys_are_formatted_and_copied() {
    check!(formatted, &POINT);
}

fn grouped<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut groups: HashMap<bool, Vec<T>> = HashMap::new();
    for &v in x {
        groups.entry(v.re() > 0.0).or_insert_with(Vec::new).push(v * 1.5);
    }
    let mean = |v: &Vec<T>| v.iter().fold(T::from(0.0), |s, &a| s + a) / v.len() as f64;
    mean(&groups[&true]) * mean(&groups[&false])
}

#[test]
fn groups_in_a_hash_map() {
    check!(grouped, &POINT);
}

fn in_rows<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut rows: HashMap<u32, HashMap<u32, T>> = HashMap::new();
    for (i, a) in (0..).zip(x) {
        rows.entry(i / 2).or_default().insert(i, *a * f64::from(i + 1));
    }
    rows.values().map(|row| row.values().fold(T::from(1.0), |p, v| p * *v)).sum()
}

#[test]
fn maps_in_a_hash_map() {
    check!(in_rows, &POINT);
}

struct Group<T> {
    members: HashSet<u32>,
    weights: HashMap<u32, T>,
    score: T,
}

fn in_groups<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut groups: HashMap<u32, Group<T>> = HashMap::new();
    for (i, a) in (0..).zip(x) {
        let (members, weights) = (HashSet::new(), HashMap::new());
        let new = || Group { members, weights, score: T::from(1.0) };
        let group = groups.entry(i % 2).or_insert_with(new);
        group.members.insert(i / 3);
        group.weights.insert(i, *a * f64::from(i + 1));
        group.score *= *a;
    }
    let weight = |group: &Group<T>| group.weights.values().map(|w| *w * *w).sum::<T>();
    groups.values().map(|g| (g.score + weight(g)) * g.members.len() as f64).sum()
}

#[test]
fn structs_with_maps_and_sets_in_a_hash_map() {
    check!(in_groups, &POINT);
}

struct Trie<T> {
    children: HashMap<char, Trie<T>>,
    score: T,
}

fn in_two_orders<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut found: BTreeMap<u32, BTreeMap<u32, T>> = BTreeMap::new();
    for (i, &v) in (0u32..).zip(x) {
        found.entry(i % 2).or_default().insert(i, v);
    }
    found.values().map(|inner| inner.values().map(|&v| v * v).sum::<T>()).sum()
}

#[test]
fn ordered_maps_in_an_ordered_map() {
    check!(in_two_orders, &POINT);
}

fn by_pairs<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut found: HashMap<(u8, char), T> = HashMap::new();
    for (i, &v) in (0u8..).zip(x) {
        *found.entry((i % 2, if i % 3 == 0 { 'a' } else { 'b' })).or_insert(T::from(0.0)) += v * v;
    }
    found.iter().map(|(&(i, c), &v)| v * f64::from(i + 1) * if c == 'a' { 2.0 } else { 3.0 }).sum()
}

#[test]
fn keys_of_a_number_and_a_character() {
    check!(by_pairs, &POINT);
}

fn in_a_trie<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let empty = || Trie { children: HashMap::new(), score: T::from(0.0) };
    let mut root = empty();
    for (word, a) in ["ab", "ac", "abc", "ac", "b", ""].into_iter().zip(x) {
        let mut node = &mut root;
        for letter in word.chars() {
            node = node.children.entry(letter).or_insert_with(empty);
        }
        node.score += *a * *a;
    }
    let below = &root.children[&'a'].children;
    below.values().map(|node| node.score.sin()).sum::<T>() + root.score * root.children[&'b'].score
}

#[test]
fn a_trie_of_hash_maps() {
    check!(in_a_trie, &POINT);
}

/// Looks at the bits of floats that are the caller's, beside a map of others.
fn ordered<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let most = x.iter().max_by(|a, b| a.re().total_cmp(&b.re())).unwrap();
    let negative = x.iter().filter(|v| v.re().is_sign_negative()).count();
    let mut groups: HashMap<usize, T> = HashMap::new();
    for (i, v) in x.iter().enumerate() {
        *groups.entry(i % 2).or_insert(T::from(0.0)) += *v * *v;
    }
    *most * groups[&0] * groups[&1] + negative as f64
}

#[test]
fn floats_in_total_order_beside_a_hash_map() {
    check!(ordered, &POINT);
}

/// Sorts floats by their bits beside a map of others.
fn sorted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sorted = x.to_vec();
    sorted.sort_by(|a, b| a.re().total_cmp(&b.re()));
    let mut groups: HashMap<usize, T> = HashMap::new();
    for (i, v) in sorted.iter().enumerate() {
        *groups.entry(i % 2).or_insert(T::from(0.0)) += *v * *v;
    }
    sorted[2] + groups[&0] * groups[&1]
}

#[test]
fn floats_that_are_sorted_totally_beside_a_hash_map() {
    check!(sorted, &POINT);
}

fn frequencies<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut counts: BTreeMap<&str, T> = BTreeMap::new();
    for (i, word) in "the cat sat on the mat the end".split_whitespace().enumerate() {
        *counts.entry(word).or_insert(T::from(0.0)) += x[i % 6] * 0.1 + 1.0;
    }
    let total = counts.values().fold(T::from(0.0), |s, &v| s + v);
    let mut scores: Vec<(&str, T)> = counts.iter().map(|(w, c)| (*w, *c / total)).collect();
    scores.sort_by(|a, b| b.1.re().partial_cmp(&a.1.re()).unwrap().then(a.0.cmp(b.0)));
    scores.iter().take(3).fold(T::from(0.0), |s, (w, v)| s + *v * *v * w.len() as f64)
}

#[test]
fn words_of_a_text_in_an_ordered_map() {
    check!(frequencies, &POINT);
}

fn averages<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut found: HashMap<&str, (u32, T)> = HashMap::new();
    for (word, &v) in "so far so good so be it".split(' ').zip(x.iter().cycle()) {
        let entry = found.entry(word).or_insert((0, T::from(0.0)));
        entry.0 += 1;
        entry.1 += v * v;
    }
    found.values().map(|&(count, sum)| sum / f64::from(count)).sum()
}

#[test]
fn counts_and_sums_of_words_in_a_hash_map() {
    check!(averages, &POINT);
}

fn by_sorted_keys<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut map: HashMap<String, T> = HashMap::new();
    for (i, &v) in x.iter().enumerate() {
        *map.entry(format!("key {}", i % 4)).or_insert(T::from(0.0)) += v * v;
    }
    let mut keys: Vec<String> = map.keys().cloned().collect();
    keys.sort();
    let values = keys.iter().enumerate().map(|(i, key)| map[key] * map[key] * (i as f64 + 0.5));
    values.fold(T::from(0.0), |sum, v| sum + v)
}

#[test]
fn keys_that_are_cloned_and_sorted() {
    check!(by_sorted_keys, &POINT);
}

/// The library hands out parts of a text, in memory in which integers and floats take turns.
fn by_parts_of_keys<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut values: BTreeMap<String, T> = BTreeMap::new();
    let mut names: Vec<String> = vec![];
    for (i, &v) in x.iter().enumerate() {
        let key = format!("g.n{i}");
        let (group, _) = key.split_once(".").unwrap();
        names.push(group.to_string());
        names.push(key.clone());
        values.insert(key, v * v);
    }
    values[&names[1]] * values[&names[3]] * names[2].len() as f64
}

#[test]
fn keys_of_which_parts_are_kept() {
    check!(by_parts_of_keys, &POINT);
}

enum Command {
    Set(String, f64),
    Scale { name: String, by: f64 },
}

fn command(line: &str) -> Result<Command, String> {
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("set"), Some(name), Some(value)) => {
            let value = value.parse().map_err(|_| format!("`{name}`: {value}"))?;
            Ok(Command::Set(name.to_owned(), value))
        }
        (Some("scale"), Some(name), Some(by)) => match by.parse() {
            Ok(by) => Ok(Command::Scale { name: name.into(), by }),
            Err(error) => Err(format!("{error}: {by:?}")),
        },
        _ => Err(line.to_string()),
    }
}

fn set_by_a_script<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    const SCRIPT: &str = "set rate 0.4\nscale gain 1.5\nscale goal 0.6\nset rate x\nscale what 3\n";
    let start = [("goal", x[1]), ("gain", x[2])];
    let mut values: BTreeMap<String, T> =
        start.iter().map(|(name, value)| (name.to_string(), *value)).collect();
    let mut failures = String::new();
    for line in SCRIPT.lines() {
        match command(line) {
            Ok(Command::Set(name, value)) => _ = values.insert(name, T::from(value)),
            Ok(Command::Scale { name, by }) => match values.get_mut(&name) {
                Some(value) => *value *= T::from(by),
                None => failures += &name,
            },
            Err(message) => failures += &message,
        }
    }
    values["goal"] * values["gain"] * values["rate"] + x[0] * failures.len() as f64
}

#[test]
fn values_that_a_script_sets_by_name() {
    check!(set_by_a_script, &POINT);
}

fn rows_of_a_matrix<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut rows: HashMap<usize, BTreeMap<usize, T>> = HashMap::new();
    for (i, &a) in x.iter().enumerate() {
        for (j, &b) in x.iter().enumerate() {
            *rows.entry(i % 3).or_default().entry(j).or_insert(T::from(0.0)) += a * b * i as f64;
        }
    }
    let mut sum = T::from(0.0);
    for row in (0..3).filter_map(|i| rows.get(&i)) {
        for (&j, &value) in row {
            sum += value * x[j] * (1 + j) as f64;
        }
    }
    sum
}

#[test]
fn rows_by_number_of_items_by_number() {
    check!(rows_of_a_matrix, &POINT);
}

fn parts_of_a_map<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut items: BTreeMap<(usize, usize), T> = BTreeMap::new();
    for (i, &v) in x.iter().enumerate() {
        *items.entry((i % 4, i)).or_insert(T::from(0.0)) += v * v;
    }
    let fixed: HashSet<usize> = [0, 2].into();
    let mut sum = T::from(0.0);
    for i in (0..4).filter(|i| !fixed.contains(i)) {
        for (&(_, j), &value) in items.range((i, 0)..(i + 1, 0)) {
            sum += value * x[j];
        }
    }
    sum
}

#[test]
fn parts_of_a_map_beside_a_set() {
    check!(parts_of_a_map, &POINT);
}
