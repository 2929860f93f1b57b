//! Alias scopes of what is written: tape, objects, and their shadows.
//!
//! The tape is the records of loops and the places of stored items in the frame. Nobody but
//! the code that is written here has their addresses; they are taken before the forward
//! sweep writes them and kept until the last reverse sweep is over. So nothing that is not
//! the tape touches it. Which objects and shadows are separate is looked up
//! (`enzyme_analysis::separate`).
//!
//! Each function that is written has scopes of its own, declared at its beginning: the
//! arena gives the same memory out again in the next derivative, as something else.

use std::cell::RefCell;

use enzyme_analysis::separate::{Part, Separate, Side};
use enzyme_body::{BodyId, ValueId};
use enzyme_ir::{Domain, Function, Module, Scope, Value};

/// The scopes of one function.
pub(crate) struct Scopes<'a> {
    separate: &'a Separate,
    body: BodyId,
    tape: Scope,
    sides: [Vec<Scope>; 2],
    used: RefCell<Vec<Scope>>,
}

impl<'a> Scopes<'a> {
    /// New scopes.
    pub fn new(module: Module, separate: &'a Separate, body: BodyId) -> Self {
        let domain = Domain::new(module);
        let side = || separate.parts().map(|_| domain.scope()).collect();
        let sides = [side(), side()];
        Self { separate, body, tape: domain.scope(), sides, used: RefCell::default() }
    }

    /// An access to the tape.
    pub fn tape(&self, access: Value) -> Value {
        self.add(access, &[self.tape], &[]);
        access
    }

    /// What the arena does to take memory: it looks at its own counters only.
    pub fn arena(&self, access: Value) -> Value {
        let all = self.all().map(|place| self.scope(place));
        self.add(access, &[], &all.chain([self.tape]).collect::<Vec<_>>());
        access
    }

    /// An access to no part of the tape.
    pub fn elsewhere(&self, access: Value) -> Value {
        self.objects(access, &[])
    }

    /// An access to objects at these addresses of the body, or to their shadows.
    pub fn objects(&self, access: Value, places: &[(Side, ValueId)]) -> Value {
        let parts = places.iter().map(|&(side, address)| {
            let parts = self.separate.at(self.body, address)?;
            Some(parts.iter().map(|&part| (part, side)).collect::<Vec<_>>())
        });
        let found = parts.collect::<Option<Vec<_>>>().unwrap_or_default().concat();
        let of: Vec<_> = found.iter().map(|&place| self.scope(place)).collect();
        let mut no = vec![self.tape];
        if !found.is_empty() {
            let apart = |other| found.iter().all(|&place| self.separate.apart(place, other));
            no.extend(self.all().filter(|&other| apart(other)).map(|other| self.scope(other)));
        }
        self.add(access, &of, &no);
        access
    }

    fn all(&self) -> impl Iterator<Item = (Part, Side)> {
        let parts = || self.separate.parts();
        parts().map(|part| (part, Side::Primal)).chain(parts().map(|part| (part, Side::Shadow)))
    }

    fn scope(&self, (part, side): (Part, Side)) -> Scope {
        self.sides[usize::from(side == Side::Shadow)][part.index()]
    }

    fn add(&self, access: Value, of: &[Scope], no: &[Scope]) {
        // A function whose effects are known needs no scopes, and a folded value has none.
        if !access.accesses_memory() {
            return;
        }
        access.add_scopes(of, no);
        let mut used = self.used.borrow_mut();
        for &scope in of {
            if !used.contains(&scope) {
                used.push(scope);
            }
        }
    }

    /// Declares what was used.
    pub fn declare(&self, function: Function) {
        let start = function.blocks()[0].first().expect("a finished block");
        self.used.borrow().iter().for_each(|scope| scope.declare(start));
    }
}
