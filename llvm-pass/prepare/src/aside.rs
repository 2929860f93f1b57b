//! Large functions that stay calls as long as no derivative is seen to go through them.
//!
//! Much of what a program calls has nothing to do with its derivative: it plans a
//! transform, reads a text, fills a table. Where that is long, copying it into the function
//! costs more than the derivative. So a call of a function that is [`LARGE`] with all that
//! it calls is left as it is at first, and has a note. The analyses take such a call for one
//! of unknown code, which may do anything to what its arguments and global variables lead
//! to. Where a derivative may go through it, it is refused, named to [`Entered`], and the
//! request is prepared again with the function's code in view.
//!
//! Sound because nothing is assumed of the code: what the analyses accept of a function
//! without body holds for any body.
//!
//! Functions that hold choices (`shared`) are entered at once; what they choose from is not.
//! So are those that a short body stands for (`bodies`).
//!
//! Not done: calls of addresses do not count as long, whatever they reach.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use enzyme_ir::{Block, Function, Value};

use crate::bodies::has_short_body;
use crate::flow;
use crate::inline::in_tables;
use crate::shared::CHOICE;

/// Functions that together with what they call have more instructions stay aside.
const LARGE: usize = 1000;
/// Each round prepares the request again, so that more cost more than they save; but if all
/// are entered, so are those that no derivative goes through.
const MOST_ROUNDS: usize = 4;
/// The note on a call of a function that stays aside, with its name.
const NOTE: &str = "enzyme-aside";

/// Which large functions are looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// All.
    All,
    /// Those of these names, which were found in so many rounds.
    Only(HashSet<String>, usize),
}

impl Entered {
    /// Adds functions; whether one was not entered before. If it took many rounds to come
    /// so deep, all are entered.
    pub fn enter(&mut self, names: HashSet<String>) -> bool {
        let Self::Only(entered, rounds) = self else { return false };
        if names.is_subset(entered) {
            return false;
        }
        entered.extend(names);
        *rounds += 1;
        if *rounds > MOST_ROUNDS {
            *self = Self::All;
        }
        true
    }
}

/// The name of the function that a call leaves aside.
pub fn left_aside(call: Value) -> Option<String> {
    call.is_call().then(|| call.note_of_call(NOTE)).flatten()
}

/// How large functions are, and which stay aside.
pub struct Aside {
    entered: Entered,
    asked: RefCell<HashMap<Function, bool>>,
    known: RefCell<HashMap<Function, (usize, Vec<Function>)>>,
}

impl Aside {
    /// Without those that are entered.
    pub fn new(entered: Entered) -> Self {
        Self { entered, asked: RefCell::default(), known: RefCell::default() }
    }

    /// Whether a call of the function stays as it is; the call has a note then.
    pub fn leaves(&self, call: Value, callee: Function) -> bool {
        let stays = self.holds(callee);
        if stays {
            call.note_on_call(NOTE, &callee.name());
        }
        stays
    }

    /// Whether calls of the function stay as they are.
    pub fn holds(&self, function: Function) -> bool {
        let Entered::Only(entered, _) = &self.entered else { return false };
        self.is_asked_of(function) && !entered.contains(&function.name())
    }

    /// Whether calls of the function stay as they are unless it is entered.
    pub fn is_asked_of(&self, function: Function) -> bool {
        let known = self.asked.borrow().get(&function).copied();
        known.unwrap_or_else(|| {
            let name = function.name();
            let short = name.starts_with(CHOICE) || has_short_body(&name);
            let asked = !short && self.is_large(function);
            self.asked.borrow_mut().insert(function, asked);
            asked
        })
    }

    /// Whether the function and what it calls have many instructions.
    fn is_large(&self, start: Function) -> bool {
        let mut seen = HashSet::from([start]);
        let mut pending = vec![start];
        let mut sum = 0;
        while let Some(function) = pending.pop() {
            let mut known = self.known.borrow_mut();
            let (own, callees) = known.entry(function).or_insert_with(|| with_reverse(function));
            sum += *own;
            if sum > LARGE {
                return true;
            }
            pending.extend(callees.iter().copied().filter(|callee| seen.insert(*callee)));
        }
        false
    }
}

/// How many instructions of a function may be copied, and which functions they call that
/// may be copied, too.
fn with_reverse(function: Function) -> (usize, Vec<Function>) {
    let insts: Vec<_> = flow::blocks_with_reverse(function).flat_map(Block::insts).collect();
    let callees = insts.iter().filter_map(|inst| inst.called_function());
    let copied =
        |callee: &Function| !callee.is_declaration() && !in_tables(*callee, &callee.name());
    let callees = callees.filter(copied).collect();
    (insts.len(), callees)
}
