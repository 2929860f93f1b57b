//! Objects behind `dyn` of traits that nothing in the program implements: lists of observers
//! that are empty, hooks that nobody has set.

use std::hint::black_box;

use num_dual::DualNum;

use crate::support::check;

/// What a solver knows, some of which only observers would read.
#[derive(Clone, Default)]
struct State<T> {
    at: Option<T>,
    before: Option<T>,
    best: Option<T>,
    rounds: usize,
}

trait Observe<T> {
    fn begins(&mut self, name: &str, state: &State<T>) -> Result<(), String>;
    fn goes_on(&mut self, state: &State<T>) -> Result<(), String>;
}

struct Solver<T> {
    observers: Vec<Box<dyn Observe<T>>>,
    state: Option<State<T>>,
}

impl<T: DualNum<f64> + Copy> Solver<T> {
    fn new() -> Self {
        Self {
            observers: black_box(Vec::new()),
            state: Some(State { at: None, before: None, best: None, rounds: 0 }),
        }
    }

    #[inline(never)]
    fn run(mut self, goal: T, scale: T) -> Result<State<T>, String> {
        let mut state = self.state.take().ok_or("no state")?;
        for observer in &mut self.observers {
            observer.begins("fixed point", &state)?;
        }
        while state.rounds < 4 {
            let at = state.at.unwrap_or(scale);
            state.before = state.best.replace(at);
            state.at = Some((at * goal).cos() + at / scale);
            state.rounds += 1;
            for observer in &mut self.observers {
                observer.goes_on(&state)?;
            }
        }
        Ok(state)
    }
}

fn observed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let state = Solver::new().run(x[0], x[1]).unwrap();
    state.at.unwrap() * x[0] + state.best.unwrap()
}

#[test]
fn a_solver_whose_observers_nobody_implements() {
    check!(observed, &[0.9, 1.4]);
}
