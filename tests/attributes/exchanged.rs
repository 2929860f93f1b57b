//! Structures that change their places: the shadow's change theirs, with all that they own,
//! whatever length the shadow's vectors and texts have. Adjoints of floats in the structures
//! themselves belong to the places: they are of what was there before.

use enzyme_rs::{Differentiable, autodiff_reverse};

#[derive(Clone, Debug, PartialEq)]
struct Named {
    name: String,
    value: f64,
}

#[autodiff_reverse(d_order, Duplicated, Duplicated)]
fn order(a: &mut Named, b: &mut Named) {
    if a.name.capacity() >= a.name.len() && a.name > b.name && b.name.capacity() > 0 {
        a.value *= 2.0;
        std::mem::swap(a, b);
    }
}

#[test]
fn texts_of_structs_that_are_exchanged_have_one_owner_each() {
    let named = |name: &str, value| Named { name: name.to_string(), value };
    let (mut a, mut b) = (named("b", 1.0), named("a", 2.0));
    let (mut da, mut db) = (named("", 10.0), named("longer", 20.0));
    d_order(&mut a, &mut da, &mut b, &mut db);
    assert_eq!((a, b), (named("a", 2.0), named("b", 2.0)));
    assert_eq!((da, db), (named("longer", 40.0), named("", 10.0)));
}

#[autodiff_reverse(d_swap_first, Duplicated, Active)]
fn swap_first(lists: &mut [Vec<f64>]) -> f64 {
    lists.swap(0, 1);
    lists[0].iter().zip([1.0, 2.0, 3.0]).map(|(v, k)| v * v * k).sum::<f64>() + lists[1][0]
}

#[test]
fn vectors_that_are_exchanged_take_their_capacities_along() {
    let mut lists = [vec![1.0, 2.0, 3.0], Vec::with_capacity(100)];
    lists[1].extend([4.0, 5.0]);
    let mut shadow = [Vec::with_capacity(7), vec![0.0; 2]];
    shadow[0].extend([0.0; 3]);
    assert_eq!(d_swap_first(&mut lists, &mut shadow, 1.0), 67.0);
    assert_eq!(shadow, [vec![8.0, 20.0], vec![1.0, 0.0, 0.0]]);
    assert_eq!(shadow.map(|list| list.capacity()), [2, 7]);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Reading {
    label: String,
    values: Vec<f64>,
    weight: f64,
    key: u64,
    note: Option<Box<u8>>,
}

#[autodiff_reverse(d_sorted, Duplicated, Active)]
fn sorted(readings: &mut [Reading]) -> f64 {
    readings.sort_by(|a, b| a.weight.total_cmp(&b.weight));
    let value = |reading: &Reading| reading.values.iter().sum::<f64>() * reading.key as f64;
    let ranked = (1..)
        .zip(readings)
        .map(|(i, reading)| reading.weight * reading.weight * f64::from(i) + value(reading));
    ranked.sum()
}

#[test]
fn readings_that_are_sorted_keep_what_is_theirs() {
    let reading = |label: &str, weight, key| Reading {
        label: label.into(),
        values: vec![weight; 3],
        weight,
        key,
        note: (key > 5).then(|| Box::new(7)),
    };
    let zero = |label: &str, key| Reading {
        label: label.into(),
        values: vec![0.0; 3],
        weight: 0.0,
        key,
        note: None,
    };
    let mut readings = [reading("long label", 3.0, 5), reading("b", 1.0, 6), reading("", 2.0, 7)];
    let mut shadow = [zero("", 1), zero("of a shadow", 2), zero("s", 3)];
    assert_eq!(d_sorted(&mut readings, &mut shadow, 1.0), 141.0);
    let expected = [("of a shadow", 6.0, 18.0, 2), ("s", 7.0, 2.0, 3), ("", 5.0, 8.0, 1)];
    let expected = expected.map(|(label, each, weight, key)| Reading {
        values: vec![each; 3],
        weight,
        ..zero(label, key)
    });
    assert_eq!(shadow, expected);
}

#[derive(Clone, Differentiable)]
struct Place {
    label: Box<str>,
    value: f64,
}

/// Puts a value where it belongs, and those behind it one further.
fn insert(places: &mut [Place], label: Box<str>, value: f64) -> (Box<str>, f64) {
    let Some((first, rest)) = places.split_first_mut() else { return (label, value) };
    if first.value > value {
        let label = std::mem::replace(&mut first.label, label);
        let value = std::mem::replace(&mut first.value, value);
        return insert(rest, label, value);
    }
    insert(rest, label, value)
}

#[autodiff_reverse(d_shift, Duplicated, Duplicated, Active)]
fn shift(places: &mut [Place], new: &mut Place) -> f64 {
    let label = std::mem::take(&mut new.label);
    (new.label, new.value) = insert(places, label, new.value);
    places.iter().zip([1.0, 10.0, 100.0]).map(|(place, k)| place.value * k).sum()
}

#[test]
fn texts_that_go_through_a_recursive_function_have_one_owner_each() {
    let place = |label: &str, value| Place { label: label.into(), value };
    let mut places = [place("a", 1.0), place("long", 3.0), place("c", 5.0)];
    let mut shadow = [place("", 0.0), place("of", 0.0), place("shadow", 0.0)];
    let (mut new, mut new_shadow) = (place("new", 2.0), place("other", 0.0));
    assert_eq!(d_shift(&mut places, &mut shadow, &mut new, &mut new_shadow, 1.0), 321.0);
    let labels = |places: &[Place]| places.iter().map(|p| p.label.to_string()).collect::<Vec<_>>();
    assert_eq!(labels(&places), ["a", "new", "long"]);
    assert_eq!(labels(&shadow), ["", "other", "of"]);
    assert_eq!([&*new.label, &*new_shadow.label], ["c", "shadow"]);
    assert_eq!(shadow.map(|place| place.value), [1.0, 100.0, 0.0]);
    assert_eq!((new.value, new_shadow.value), (5.0, 10.0));
}

#[autodiff_reverse(d_rename, Duplicated, Active)]
fn rename(places: &mut [Place]) -> f64 {
    let mut labels: Vec<_> = places.iter_mut().map(|p| std::mem::take(&mut p.label)).collect();
    labels.rotate_left(1);
    places.iter_mut().zip(labels).for_each(|(place, label)| place.label = label);
    places.iter().map(|place| place.value * place.label.len() as f64).sum()
}

#[test]
fn texts_that_wait_in_a_list_have_one_owner_each() {
    let place = |label: &str, value| Place { label: label.into(), value };
    let mut places = [place("a", 1.0), place("long", 3.0), place("c", 5.0)];
    let mut shadow = [place("", 0.0), place("of", 0.0), place("shadow", 0.0)];
    assert_eq!(d_rename(&mut places, &mut shadow, 1.0), 12.0);
    let parts = shadow.map(|place| (place.label.to_string(), place.value));
    let expected = [("of", 4.0), ("shadow", 1.0), ("", 1.0)];
    assert_eq!(parts, expected.map(|(label, value)| (label.to_string(), value)));
}
