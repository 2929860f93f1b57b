//! What calls, unknown instructions and integer arithmetic show.

use enzyme_body::{Body, BodyId, Call, Callee, Cast, FloatKind, IntOp, Op, Ty, ValueId};
use enzyme_protocol::{ARENA_ALLOC, HINT_F32, HINT_F64, MARKER};
use enzyme_rules::{Known, for_function, known};

use super::generate::{Generator, byte_shift};
use super::index::divisor;
use super::store::Evidence;
use super::{Origin, Site};

/// Whether a symbol is one of the library's markers.
pub(crate) fn is_marker(symbol: &str) -> bool {
    symbol.starts_with(MARKER)
}

/// What a called symbol means to memory.
pub(crate) enum Meaning {
    /// Its argument 0 points to floats.
    Hint(FloatKind),
    /// A function of the table of known functions.
    Known(Known),
    /// Mathematics: touches no memory.
    Math,
    /// Anything.
    Unknown,
}

/// Looks a symbol up.
pub(crate) fn meaning(symbol: &str) -> Meaning {
    if symbol == HINT_F64 {
        return Meaning::Hint(FloatKind::Double);
    }
    if symbol == HINT_F32 {
        return Meaning::Hint(FloatKind::Single);
    }
    if symbol == ARENA_ALLOC {
        let size = enzyme_rules::Size::Argument(0);
        let arena = Known::Allocate { size, zeroed: true, align: Some(1), stored_to: None };
        return Meaning::Known(arena);
    }
    if for_function(symbol).is_some() {
        return Meaning::Math;
    }
    known(symbol).map_or(Meaning::Unknown, Meaning::Known)
}

impl Generator<'_> {
    pub(super) fn call(&mut self, site: Site, body: &Body, call: &Call, ops: &[ValueId]) {
        let arguments = &ops[..call.arguments.min(ops.len())];
        match &call.callee {
            Callee::Body(callee) => self.known_body(site, *callee, arguments),
            Callee::Symbol(symbol) => match meaning(symbol) {
                Meaning::Hint(kind) => self.hint(site, kind, arguments),
                Meaning::Known(known) => self.known_function(site, body, known, arguments),
                Meaning::Math => {}
                Meaning::Unknown => self.unknown(site, body, arguments),
            },
            Callee::Indirect | Callee::Assembly(_) => self.unknown(site, body, arguments),
        }
    }

    fn hint(&mut self, site: Site, kind: FloatKind, arguments: &[ValueId]) {
        if let Some(&address) = arguments.first()
            && let Some(at) = self.place(site.0, address)
        {
            self.store.repeat(at, false, kind.size());
            self.store.evidence(at, kind.size(), Evidence::Float(kind), site);
        }
    }

    fn known_body(&mut self, site: Site, callee: BodyId, arguments: &[ValueId]) {
        let target = &self.program.bodies[callee];
        for (&argument, &param) in std::iter::zip(arguments, &target.params) {
            self.equal(site, (site.0, argument), (callee, param));
        }
        let result = target.return_block().and_then(|block| {
            let last = target.blocks[block].insts.last()?;
            target.inst(*last)?.operands.first().copied()
        });
        if let Some(result) = result {
            self.equal(site, site, (callee, result));
        }
    }

    /// Two values of different bodies are the same.
    fn equal(&mut self, site: Site, a: Site, b: Site) {
        if let (Some(x), Some(y)) = (self.place(a.0, a.1), self.place(b.0, b.1)) {
            self.store.unify(x, y, Some(site));
        }
        if let (Some(x), Some(y)) = (self.register(a.0, a.1), self.register(b.0, b.1)) {
            self.store.unify(x, y, None);
        }
    }

    fn known_function(&mut self, site: Site, body: &Body, known: Known, arguments: &[ValueId]) {
        match known {
            Known::Allocate { stored_to, .. } => {
                let object = match stored_to {
                    None => self.place(site.0, site.1),
                    Some(slot) => self.store_result(site, arguments.get(usize::from(slot))),
                };
                if let Some(object) = object {
                    self.store.region(object).origins.insert(Origin::Allocation(site));
                }
            }
            Known::Reallocate { pointer, .. } => {
                let old = arguments.get(usize::from(pointer)).copied();
                let old = old.and_then(|old| self.place(site.0, old));
                if let (Some(old), Some(new)) = (old, self.place(site.0, site.1)) {
                    self.store.region(new).origins.insert(Origin::Allocation(site));
                    self.store.unify(old, new, Some(site));
                }
            }
            Known::Identity { operand } => {
                if let Some(&operand) = arguments.get(usize::from(operand)) {
                    self.equal(site, site, (site.0, operand));
                }
                return;
            }
            Known::Free { .. } => {}
            Known::Inactive { .. } => {
                if let Some(at) = self.place(site.0, site.1) {
                    self.store.region(at).origins.insert(Origin::Unknown(site));
                }
            }
        }
        for &argument in arguments {
            if matches!(body.values[argument].ty, Ty::Int(_)) {
                self.integer(site, argument);
            }
        }
        self.integer(site, site.1);
    }

    /// The address of a new object is stored where the argument points.
    fn store_result(&mut self, site: Site, slot: Option<&ValueId>) -> Option<super::store::At> {
        let slot = self.place(site.0, *slot?)?;
        let object = super::store::At::start(self.store.object());
        self.store.evidence(slot, 8, Evidence::Address, site);
        self.store.points_to(slot, object);
        Some(object)
    }

    fn unknown(&mut self, site: Site, body: &Body, arguments: &[ValueId]) {
        for &argument in arguments {
            if let Some(at) = self.place(site.0, argument) {
                self.store.region(at).escapes = true;
            }
            // An integer or aggregate may carry an address.
            if let Some(register) = self.register(site.0, argument) {
                self.store.region(register).escapes = true;
            }
        }
        if body.values[site.1].ty == Ty::Ptr
            && let Some(at) = self.place(site.0, site.1)
        {
            self.store.region(at).origins.insert(Origin::Unknown(site));
        }
    }

    pub(super) fn other(&mut self, site: Site, body: &Body, name: &str, ops: &[ValueId]) {
        let address = ops.first().and_then(|&o| self.place(site.0, o));
        match (name, address) {
            ("atomicrmw", Some(at)) => {
                self.note(site, body, ops[1], at);
                self.integer(site, ops[1]);
                self.integer(site, site.1);
            }
            ("cmpxchg" | "atomiccmpxchg", Some(at)) => {
                for &value in &ops[1..] {
                    self.note(site, body, value, at);
                }
                if let Some(register) = self.register(site.0, site.1) {
                    self.store.copy(register, at, Some(body.values[ops[1]].ty.size()));
                }
            }
            _ => self.unknown(site, body, ops),
        }
    }

    /// Integers that become addresses after arithmetic belong to the same regions
    /// as the integers that they were computed from.
    pub(super) fn connect_hidden_addresses(&mut self) {
        for (id, body) in self.program.bodies.iter() {
            let mut slice: Vec<ValueId> = body
                .live_insts()
                .filter(|(_, inst)| inst.op == Op::Cast(Cast::IntToAddress))
                .map(|(_, inst)| inst.operands[0])
                .collect();
            let mut next = 0;
            while next < slice.len() {
                let value = slice[next];
                next += 1;
                for source in self.address_sources(id, body, value) {
                    if !slice.contains(&source) {
                        slice.push(source);
                    }
                }
            }
        }
        self.store.run();
    }

    fn address_sources(&mut self, id: BodyId, body: &Body, value: ValueId) -> Vec<ValueId> {
        let Some(inst) = body.inst(value) else { return vec![] };
        let ops = &inst.operands;
        match &inst.op {
            Op::Phi(_) => ops.clone(),
            Op::Select => ops[1..].to_vec(),
            Op::Freeze | Op::Cast(Cast::Bits | Cast::IntToInt) => vec![ops[0]],
            Op::Int(op @ (IntOp::Add | IntOp::Sub | IntOp::And | IntOp::Or | IntOp::Xor)) => {
                self.hidden_sum(id, body, (value, *op), ops)
            }
            _ => vec![],
        }
    }

    /// The operands of a sum that are addresses, joined with the sum.
    fn hidden_sum(
        &mut self,
        id: BodyId,
        body: &Body,
        (sum, op): (ValueId, IntOp),
        ops: &[ValueId],
    ) -> Vec<ValueId> {
        self.store.run();
        let variable = |v: &ValueId| body.int(*v).is_none() && body.constant(*v).is_none();
        let mut sources: Vec<_> = ops.iter().copied().filter(variable).collect();
        let mut addresses = Vec::new();
        for &source in &sources {
            let Some(register) = self.register(id, source) else { continue };
            if self.store.peek(register).is_some_and(|c| c.pointee.is_some()) {
                addresses.push(source);
            }
        }
        if !addresses.is_empty() {
            sources = addresses;
        }
        let Some(result) = self.register(id, sum) else { return vec![] };
        for &source in &sources {
            let Some(register) = self.register(id, source) else { continue };
            let other = if ops[0] == source { ops[1] } else { ops[0] };
            let known = self.store.peek(register).and_then(|c| c.pointee);
            let at = known.unwrap_or_else(|| super::store::At::start(self.store.object()));
            self.store.points_to(register, at);
            match (op, body.int(other)) {
                (IntOp::Add, Some(n)) => self.store.points_to(result, at.plus(n)),
                (IntOp::Sub, Some(n)) if ops[0] == source => {
                    self.store.points_to(result, at.plus(n.wrapping_neg()));
                }
                // Setting and clearing low bits: a tag or an alignment.
                (IntOp::And | IntOp::Or | IntOp::Xor, Some(_)) => {
                    self.store.points_to(result, at);
                }
                _ => {
                    self.store.repeat(at, true, divisor(body, other).max(1));
                    self.store.points_to(result, at);
                }
            }
        }
        sources
    }

    /// Integer arithmetic whose result is not a float's bits is on integers.
    ///
    /// Bit operations pass the property on; sums and products have it.
    pub(super) fn integers(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for (id, body) in self.program.bodies.iter() {
                let live: Vec<_> = body.live_insts().collect();
                for &(value, inst) in live.iter().rev() {
                    if let Op::Int(op) = inst.op
                        && byte_shift(body, op, &inst.operands).is_none()
                    {
                        changed |= self.integer_operands((id, value), op, &inst.operands);
                    }
                }
            }
            self.store.run();
        }
    }

    fn integer_operands(&mut self, site: Site, op: IntOp, ops: &[ValueId]) -> bool {
        let mut result_integer = self.program.bodies[site.0].values[site.1].ty.size() < 4;
        if let Some(register) = self.register(site.0, site.1)
            && let Some(content) = self.store.peek(register)
        {
            if content.float.is_some() {
                return false;
            }
            result_integer |= content.integer.is_some();
        }
        let arithmetic =
            matches!(op, IntOp::Add | IntOp::Sub | IntOp::Mul | IntOp::Div | IntOp::Rem);
        if !arithmetic && !result_integer {
            return false;
        }
        let mut changed = false;
        for value in ops.iter().copied().chain([site.1]) {
            let Some(register) = self.register(site.0, value) else { continue };
            if self.store.peek(register).is_some_and(|c| c.integer.is_none()) {
                self.integer(site, value);
                changed = true;
            }
        }
        changed
    }
}
