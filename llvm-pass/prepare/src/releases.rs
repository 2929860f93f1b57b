//! Which functions may free memory that they are given.
//!
//! What the program allocates may lie in the derivative's own arena, and must not go to
//! `free` then. Where a path ends in a panic, nothing is differentiated and calls stay; but
//! what is moved before the panic is dropped there (`Solver::run(self)` that fails), by
//! functions like any other. Those that free are inlined, so that the forward sweep asks
//! whose memory it is.
//!
//! Computed from direct calls alone: a function frees if code of it that can return calls one
//! that does. Too many cost time only. Not seen are functions that free behind calls of
//! addresses alone.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use enzyme_ir::{Block, Function};
use enzyme_rules::{Known, known};

use crate::flow;

/// Functions that were asked for.
#[derive(Default)]
pub struct Releases {
    known: RefCell<HashMap<Function, bool>>,
}

impl Releases {
    /// Whether the function may free memory.
    pub fn frees(&self, function: Function) -> bool {
        let known = self.known.borrow().get(&function).copied();
        known.unwrap_or_else(|| {
            let frees = self.reaches_free(function);
            self.known.borrow_mut().insert(function, frees);
            frees
        })
    }

    fn reaches_free(&self, start: Function) -> bool {
        let mut seen = HashSet::from([start]);
        let mut pending = vec![start];
        while let Some(function) = pending.pop() {
            match (known(&function.name()), self.known.borrow().get(&function)) {
                (Some(Known::Free { .. }), _) | (None, Some(true)) => return true,
                (Some(_), _) | (None, Some(false)) => continue,
                (None, None) => {}
            }
            let insts = flow::blocks_with_reverse(function).flat_map(Block::insts);
            let callees = insts.filter(|inst| inst.is_call()).filter_map(|c| c.called_function());
            pending.extend(callees.filter(|callee| seen.insert(*callee)));
        }
        false
    }
}
