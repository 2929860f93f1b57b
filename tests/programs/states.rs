//! Enums as states: of machines that step from one to the next, with floats, counts, texts and
//! lists by turns in the same bytes, and of programs that are cloned while they run.
use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 4] = [0.5, 0.6, 0.3, 0.8];

enum Phase<T> {
    Idle { since: u32 },
    Heating { temperature: T, power: T },
    Holding(T, Vec<T>),
    Cooling { temperature: T, rate: T, log: String },
    Done,
}

impl<T: DualNum<f64> + Copy + PartialOrd> Phase<T> {
    fn step(self, x: &[T], time: u32, heat: &mut T) -> Self {
        match self {
            Self::Idle { since } if time - since < 2 => Self::Idle { since },
            Self::Idle { .. } => Self::Heating { temperature: x[0], power: x[1] },
            Self::Heating { temperature, power } if temperature < T::from(3.0) => {
                *heat += power * power;
                let temperature = temperature * 0.95 + power;
                Self::Heating { temperature, power: power * 0.98 }
            }
            Self::Heating { temperature, .. } => Self::Holding(temperature, vec![]),
            Self::Holding(temperature, mut levels) if levels.len() < 4 => {
                levels.push(temperature * (x[2] * 0.1 * levels.len() as f64 + 1.0));
                *heat += temperature * 0.1;
                Self::Holding(temperature, levels)
            }
            Self::Holding(_, levels) => {
                let count = levels.len();
                let temperature = levels.into_iter().sum::<T>() / count as f64;
                Self::Cooling { temperature, rate: x[2], log: format!("{count}") }
            }
            Self::Cooling { temperature, rate, mut log } if temperature > T::from(1.0) => {
                log.push('.');
                Self::Cooling { temperature: temperature * (-rate).exp(), rate, log }
            }
            Self::Cooling { temperature, log, .. } => {
                *heat += temperature * log.len() as f64;
                Self::Done
            }
            Self::Done => Self::Done,
        }
    }
}

fn oven<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let mut phase = Phase::Idle { since: 0 };
    let (mut heat, mut time) = (T::from(0.0), 0);
    while !matches!(phase, Phase::Done) && time < 60 {
        phase = phase.step(x, time, &mut heat);
        time += 1;
    }
    heat + f64::from(time)
}

#[test]
fn an_oven_with_a_clock_lists_and_a_log() {
    check!(oven, &POINT);
}

enum Batch<T> {
    Filling(T, Vec<T>),
    Emptying { level: T, rate: T, log: String },
    Empty,
}

impl<T: DualNum<f64> + Copy + PartialOrd> Batch<T> {
    fn step(self, x: &[T]) -> Self {
        match self {
            Self::Filling(level, mut parts) if parts.len() < 4 => {
                parts.push(level * x[0]);
                Self::Filling(level, parts)
            }
            Self::Filling(_, parts) => {
                let level = parts.iter().copied().sum();
                Self::Emptying { level, rate: x[1], log: String::new() }
            }
            Self::Emptying { level, rate, mut log } if level > T::from(0.1) => {
                log.push('.');
                Self::Emptying { level: level * rate, rate, log }
            }
            _ => Self::Empty,
        }
    }
}

fn batches<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let mut batch = Batch::Filling(x[0], vec![]);
    let mut sum = T::from(0.0);
    while !matches!(batch, Batch::Empty) {
        batch = batch.step(x);
        if let Batch::Emptying { level, .. } = &batch {
            sum += *level;
        }
    }
    sum
}

#[test]
fn a_length_and_a_float_in_one_register() {
    check!(batches, &POINT);
}

enum Scan<T> {
    Start,
    Number { digits: u32, value: T },
    Word(char, u8),
    End(T),
}

fn scanned<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let mut state = Scan::Start;
    let mut total = T::from(0.0);
    for letter in "12a345bc6".chars() {
        state = match (state, letter.to_digit(10)) {
            (Scan::Number { digits, value }, Some(digit)) => {
                let digits = digits + 1;
                Scan::Number { digits, value: value * x[0] + x[digits as usize] * digit as f64 }
            }
            (_, Some(digit)) => Scan::Number { digits: 1, value: x[1] * digit as f64 },
            (Scan::Number { digits, value }, None) => {
                total += value * digits as f64;
                Scan::Word(letter, 1)
            }
            (Scan::Word(first, count), None) => {
                total += x[3] * (f64::from(count) + f64::from(first as u32 - 96));
                Scan::Word(letter, count + 1)
            }
            (other, None) => other,
        };
    }
    if let Scan::Number { value, .. } = state {
        state = Scan::End(value.sin());
    }
    match state {
        Scan::End(last) => total + last,
        _ => total,
    }
}

#[test]
fn a_scanner_of_digits_and_letters() {
    check!(scanned, &POINT);
}

#[derive(Clone)]
enum Step<T> {
    Push(T),
    Take(usize),
    Times,
    Either(Vec<Step<T>>, Vec<Step<T>>),
    Again(u32),
}

struct Machine<'a, T> {
    program: Vec<Step<T>>,
    stack: Vec<T>,
    inputs: &'a [T],
}

impl<T: DualNum<f64> + Copy + PartialOrd> Machine<'_, T> {
    fn run(&mut self, steps: &[Step<T>], depth: u32) {
        for step in steps {
            match step {
                Step::Push(value) => self.stack.push(*value),
                Step::Take(index) => self.stack.push(self.inputs[*index]),
                Step::Times => {
                    let (b, a) = (self.stack.pop().unwrap(), self.stack.pop().unwrap());
                    self.stack.push(a * b);
                }
                Step::Either(a, b) => {
                    let top = self.stack.pop().unwrap();
                    self.run(if top > T::from(0.4) { a } else { b }, depth);
                }
                Step::Again(most) if depth < *most => {
                    let program = self.program.clone();
                    self.run(&program, depth + 1);
                }
                Step::Again(_) => {}
            }
        }
    }
}

fn cloned<T: DualNum<f64> + Copy + PartialOrd>(x: &[T]) -> T {
    let first = vec![Step::Take(0), Step::Push(x[3] * 2.0), Step::Times];
    let second = vec![Step::Take(1), Step::Again(2)];
    let choice = |index| [Step::Take(index), Step::Either(first.clone(), second.clone())];
    let program = [choice(0), choice(2)].concat();
    let mut machine = Machine { program: program.clone(), stack: vec![], inputs: x };
    machine.run(&program, 0);
    machine.stack.iter().map(|value| *value * *value).sum()
}

#[test]
fn a_program_that_is_cloned_while_it_runs() {
    check!(cloned, &POINT);
}

enum Drive<T> {
    Ramp { power: T, growth: Option<T> },
    Fault(u32),
}

fn counts_beside_choices<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut heat = x[0];
    let mut drive = Drive::Ramp { power: x[0], growth: None };
    for i in 0..20 {
        drive = match drive {
            Drive::Ramp { power, growth } => {
                heat += power * x[1] + growth.unwrap_or(T::from(0.0));
                match i % 7 {
                    3 => Drive::Fault(0),
                    _ => Drive::Ramp { power, growth: Some(power * 0.1) },
                }
            }
            Drive::Fault(rounds) if rounds > 2 => Drive::Ramp { power: heat, growth: None },
            Drive::Fault(rounds) => {
                heat *= T::from(0.5);
                Drive::Fault(rounds + 1)
            }
        };
    }
    heat
}

#[test]
fn a_count_in_the_place_of_an_optional_float() {
    check!(counts_beside_choices, &POINT);
}
