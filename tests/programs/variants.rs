//! Enums of many kinds of variants, as programs have them: with texts, lists and flags beside
//! floats.
use std::collections::{BTreeMap, HashMap};

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 8] = [1.5, 0.3, 2.2, -0.7, 1.1, 3.0, 0.2, 0.9];

#[derive(Clone, PartialEq, PartialOrd)]
enum Item<T> {
    Number(T),
    List(Vec<T>),
    Text(String),
    Labelled(T, u8, bool),
    Nothing,
}

fn items<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let item = |(i, &v): (usize, &T)| match i % 5 {
        0 => Item::Number(v),
        1 => Item::List(vec![v; i + 1]),
        2 => Item::Text(format!("s{i}")),
        3 => Item::Labelled(v * 2.0, i as u8, true),
        _ => Item::Nothing,
    };
    let mut items: Vec<_> = x.iter().enumerate().map(item).collect();
    let copies = items.clone();
    items.extend(copies);
    items.sort_by(|a, b| b.partial_cmp(a).unwrap());
    items.dedup();
    items.retain(|item| *item != Item::Nothing);
    let value = |item: &Item<T>| match item {
        Item::Number(v) => *v * *v,
        Item::List(all) => all.iter().map(|v| v.sin()).sum(),
        Item::Text(text) => T::from(text.len() as f64),
        Item::Labelled(v, k, flag) => *v * f64::from(*k) + f64::from(u8::from(*flag)),
        Item::Nothing => T::from(0.5),
    };
    items.iter().enumerate().map(|(i, item)| value(item) * (i + 1) as f64).sum()
}

#[test]
fn items_that_are_cloned_sorted_and_removed() {
    check!(items, &POINT);
}

#[derive(Clone)]
enum Value<T> {
    Number(T),
    Text(String),
    Flag(bool),
    List(Vec<Value<T>>),
    Map(BTreeMap<String, Value<T>>),
}

impl<T: DualNum<f64> + Copy> Value<T> {
    fn total(&self) -> T {
        match self {
            Value::Number(v) => *v * *v,
            Value::Text(text) => T::from(text.len() as f64),
            Value::Flag(flag) => T::from(f64::from(u8::from(*flag))),
            Value::List(all) => all.iter().map(Value::total).sum(),
            Value::Map(all) => all.values().map(Value::total).sum(),
        }
    }
}

fn settings<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut all = HashMap::new();
    for (i, &v) in x.iter().enumerate() {
        all.insert(format!("n{i}"), Value::Number(v));
        if i % 2 == 0 {
            let list = vec![Value::Number(v.sin()), Value::Flag(true)];
            all.insert(format!("l{i}"), Value::List(list));
        }
        if i % 3 == 0 {
            all.insert(format!("t{i}"), Value::Text("abc".into()));
        }
    }
    let inner = [("a", all["n0"].clone()), ("b", all["l2"].clone())];
    let inner = inner.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
    all.insert("map".into(), Value::Map(inner));
    let copy = all.clone();
    let mut keys: Vec<_> = copy.keys().cloned().collect();
    keys.sort();
    keys.iter().enumerate().map(|(i, key)| copy[key].total() * (i + 1) as f64).sum()
}

#[test]
fn values_of_all_kinds_in_a_hash_map_that_is_cloned() {
    check!(settings, &POINT);
}

#[derive(Clone)]
enum State<T> {
    Idle,
    Running { time: T, name: String },
    Done(Result<T, String>),
    Failed { code: i32 },
}

fn step<T: DualNum<f64> + Copy>(state: State<T>, v: T) -> State<T> {
    match state {
        State::Idle => State::Running { time: v, name: "a".into() },
        State::Running { time, name } if time.re() > 2.0 => {
            State::Done(if name.len() > 3 { Err(name) } else { Ok(time * v) })
        }
        State::Running { time, name } => State::Running { time: time + v * v, name: name + "x" },
        State::Done(Ok(time)) if time.re() > 5.0 => State::Failed { code: 3 },
        State::Done(Ok(time)) => State::Running { time: time * 0.5, name: String::new() },
        State::Failed { code } if code > 0 => State::Failed { code: code - 1 },
        State::Done(Err(_)) | State::Failed { .. } => State::Idle,
    }
}

fn machine<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut state = State::Idle;
    let mut log = vec![];
    for &v in x.iter().chain(x).chain(x) {
        state = step(state, v);
        log.push(state.clone());
    }
    let value = |(i, state): (usize, &State<T>)| match state {
        State::Idle => T::from(0.0),
        State::Running { time, .. } => *time * i as f64,
        State::Done(Ok(time)) => *time * *time,
        State::Done(Err(name)) => T::from(name.len() as f64),
        State::Failed { code } => T::from(f64::from(*code)),
    };
    log.iter().enumerate().map(value).sum()
}

#[test]
fn a_machine_of_states_in_which_a_text_grows() {
    check!(machine, &POINT);
}

#[derive(Clone, Copy)]
enum Operation<T> {
    Variable(T),
    Add(usize, usize),
    Multiply(usize, usize),
    Sine(usize),
    Power(usize, i32),
}

fn program<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut tape: Vec<_> = x.iter().map(|&v| Operation::Variable(v)).collect();
    for i in 1..x.len() {
        tape.push(Operation::Multiply(i - 1, i));
        tape.push(Operation::Sine(tape.len() - 1));
    }
    tape.push(Operation::Add(tape.len() - 1, tape.len() - 2));
    tape.push(Operation::Power(tape.len() - 1, 3));
    let mut values: Vec<T> = vec![];
    for operation in &tape {
        values.push(match *operation {
            Operation::Variable(v) => v,
            Operation::Add(a, b) => values[a] + values[b],
            Operation::Multiply(a, b) => values[a] * values[b],
            Operation::Sine(a) => values[a].sin(),
            Operation::Power(a, n) => values[a].powi(n),
        });
    }
    values.into_iter().sum()
}

#[test]
fn a_program_of_operations_that_name_others_by_their_place() {
    check!(program, &POINT);
}

#[derive(Debug)]
enum Failure {
    Full,
    Unordered,
}

struct Mesh<T> {
    vertices: Vec<T>,
    faces: Vec<u32>,
}

impl<T: DualNum<f64> + Copy + PartialOrd> Mesh<T> {
    fn insert(&mut self, v: T) -> Result<u32, Failure> {
        if self.vertices.len() > 100 {
            return Err(Failure::Full);
        }
        let mesh = &*self;
        let count = mesh.vertices.len() as u32;
        let mut sorted: Vec<(&Self, u32)> = (0..count).map(|i| (mesh, i)).collect();
        let vertex = |&(mesh, i): &(&Self, u32)| mesh.vertices[i as usize];
        sorted.sort_by(|a, b| vertex(a).partial_cmp(&vertex(b)).unwrap());
        if sorted.windows(2).any(|pair| vertex(&pair[0]) > vertex(&pair[1])) {
            return Err(Failure::Unordered);
        }
        self.vertices.push(v);
        Ok(self.vertices.len() as u32)
    }

    fn of(vertices: Vec<T>) -> Result<Self, Failure> {
        let mut mesh = Self { vertices: vec![], faces: vec![7] };
        for v in vertices {
            let last = mesh.insert(v)?;
            mesh.faces.push(last);
        }
        Ok(mesh)
    }
}

fn mesh<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let mesh = Mesh::of(x.to_vec()).unwrap();
    let factor = f64::from(mesh.faces.iter().sum::<u32>());
    mesh.vertices.iter().map(|v| *v * *v).sum::<T>() * factor
}

#[test]
fn a_mesh_or_a_failure_in_a_byte_of_its_address() {
    check!(mesh, &POINT);
}
