//! What calls, unknown instructions and integer arithmetic show.

use std::collections::HashMap;

use enzyme_body::{Body, BodyId, Call, Callee, FloatKind, Inst, Op, Program, Ty, ValueId};
use enzyme_protocol::{
    ARENA_ALLOC, HINT_F32, HINT_F64, HINT_ONE_F32, HINT_ONE_F64, HINT_PLAIN, HINT_WORDS, MARKER,
};
use enzyme_rules::assembly::{Touches, touches};
use enzyme_rules::{Known, Operand, for_function, is_text, known};

use super::content::Evidence;
use super::flow::Way;
use super::generate::{Generator, size};
use super::store::At;
use super::{Origin, Site};

/// Whether a symbol is one of the library's markers.
pub(crate) fn is_marker(symbol: &str) -> bool {
    symbol.starts_with(MARKER)
}

/// What a called symbol means to memory.
pub(crate) enum Meaning {
    /// Its argument 0 points to floats.
    Floats(FloatKind),
    /// Its argument 0 points to one float.
    Float(FloatKind),
    /// Its argument 0 points to as many bytes as argument 1 says, no floats.
    Plain,
    /// Its argument 0 points to an array of integers.
    Words,
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
        return Meaning::Floats(FloatKind::Double);
    }
    if symbol == HINT_F32 {
        return Meaning::Floats(FloatKind::Single);
    }
    if symbol == HINT_ONE_F64 {
        return Meaning::Float(FloatKind::Double);
    }
    if symbol == HINT_ONE_F32 {
        return Meaning::Float(FloatKind::Single);
    }
    if symbol == HINT_PLAIN {
        return Meaning::Plain;
    }
    if symbol == HINT_WORDS {
        return Meaning::Words;
    }
    if symbol == ARENA_ALLOC {
        let size = enzyme_rules::Size::Argument(0);
        let arena = Known::Allocate { size, zeroed: true, align: Some(1) };
        return Meaning::Known(arena);
    }
    if for_function(symbol).is_some() {
        return Meaning::Math;
    }
    match known(symbol) {
        // The preparation writes these as calls that return the address.
        None | Some(Known::AllocateAt { .. }) => Meaning::Unknown,
        Some(known) => Meaning::Known(known),
    }
}

/// Whether a call of a function with the name of one of the table of rules has its type, too.
pub(crate) fn has_type_of_rule(body: &Body, value: ValueId) -> bool {
    let Some(inst) = body.inst(value) else { return false };
    let (Op::Call(call) | Op::Invoke(call)) = &inst.op else { return false };
    let Callee::Symbol(symbol) = &call.callee else { return false };
    let Some((rule, _)) = for_function(symbol) else { return false };
    let ty = |v: ValueId| &body.values[v].ty;
    let operand = |(i, operand): (usize, &Operand)| match (operand, inst.operands.get(i)) {
        (_, None) => false,
        (Operand::Integer, Some(&v)) => is_integer(ty(v)),
        (_, Some(&v)) => ty(v) == ty(value),
    };
    let result = ty(value).float();
    // Of other floats there is arithmetic, and no functions.
    let other = matches!(result, Some(FloatKind::Other(_))) && rule.name != "fma";
    let known = result.is_some() && !other;
    known && rule.operands.iter().enumerate().all(operand)
}

/// Whether the type is an integer or a vector of integers.
pub(crate) fn is_integer(ty: &Ty) -> bool {
    match ty {
        Ty::Int(_) => true,
        Ty::Vector(item, _) => is_integer(item),
        _ => false,
    }
}

/// What is known of a call's target.
pub(crate) fn call_kind(call: &Call) -> Option<Known> {
    let Callee::Symbol(symbol) = &call.callee else { return None };
    match meaning(symbol) {
        Meaning::Known(known) => Some(known),
        _ => None,
    }
}

/// Whether inline assembly computes integers from integers in registers, or nothing: so
/// that it touches no memory, and derivatives could only come through its operands.
pub(crate) fn of_registers(
    text: &str,
    result: ValueId,
    body: &Body,
    arguments: &[ValueId],
) -> bool {
    let ty = |value: ValueId| &body.values[value].ty;
    match touches(text) {
        Touches::Nothing => *ty(result) == Ty::Void,
        Touches::Registers => {
            is_integers(ty(result)) && arguments.iter().all(|&value| is_integers(ty(value)))
        }
        Touches::Memory => false,
    }
}

/// Whether a type consists of integers only, or of nothing.
fn is_integers(ty: &Ty) -> bool {
    match ty {
        Ty::Int(_) | Ty::Void => true,
        Ty::Aggregate(_, fields) => fields.iter().all(|(_, field)| is_integers(field)),
        _ => false,
    }
}

/// What is known of the function that an instruction calls.
pub(super) fn known_call(inst: &Inst) -> Option<Known> {
    match &inst.op {
        Op::Call(call) | Op::Invoke(call) => call_kind(call),
        _ => None,
    }
}

/// The calls of each body of a program.
pub(crate) type CallsOfBodies = HashMap<BodyId, Vec<Site>>;

/// Finds them.
pub(crate) fn calls_of_bodies(program: &Program) -> CallsOfBodies {
    let mut calls = CallsOfBodies::new();
    for (id, body) in program.bodies.iter() {
        for (value, inst) in body.live_insts() {
            if let Op::Call(call) | Op::Invoke(call) = &inst.op
                && let Callee::Body(callee) = call.callee
            {
                calls.entry(callee).or_default().push((id, value));
            }
        }
    }
    calls
}

impl Generator<'_> {
    pub(super) fn call(&mut self, site: Site, body: &Body, call: &Call, ops: &[ValueId]) {
        let arguments = &ops[..call.arguments.min(ops.len())];
        match &call.callee {
            Callee::Body(callee) => self.known_body(site, *callee, arguments),
            Callee::Symbol(symbol) if intrinsic(symbol).is_some() => {
                if intrinsic(symbol) == Some(Computes::Product) {
                    let ints = arguments.iter().copied().chain([site.1]);
                    ints.for_each(|v| self.never_address(site, v));
                }
            }
            Callee::Symbol(symbol) => match meaning(symbol) {
                Meaning::Floats(kind) => {
                    let address = self.first(site, arguments);
                    self.floats(site, kind, address);
                }
                Meaning::Float(kind) => {
                    if let Some(at) = self.first(site, arguments) {
                        self.store.evidence(at, kind.size(), Evidence::Float(kind), site);
                    }
                }
                Meaning::Plain => self.plain(site, body, arguments),
                Meaning::Known(known) => {
                    self.known_function(site, body, known, arguments);
                    if matches!(known, Known::Inactive { .. }) {
                        let text = is_text(symbol);
                        let origin = if text { Origin::Text(site) } else { Origin::Unknown(site) };
                        self.handed_out(site, body, &origin);
                    }
                    if symbol == ARENA_ALLOC {
                        self.outputs(site, body, arguments);
                    }
                }
                Meaning::Math | Meaning::Words => {}
                Meaning::Unknown => self.unknown(site, body, arguments),
            },
            Callee::Assembly(text)
                if body.values[site.1].ty == Ty::Void
                    && of_registers(text, site.1, body, arguments) => {}
            Callee::Indirect | Callee::Assembly(_) => self.unknown(site, body, arguments),
        }
    }

    /// Where the first argument points.
    fn first(&mut self, site: Site, arguments: &[ValueId]) -> Option<At> {
        self.place(site.0, *arguments.first()?)
    }

    /// As many bytes as the second argument says are no floats.
    fn plain(&mut self, site: Site, body: &Body, arguments: &[ValueId]) {
        let Some(at) = self.first(site, arguments) else { return };
        let len = arguments.get(1).and_then(|&len| body.int(len)).unwrap_or(0);
        for offset in (0..len).step_by(8) {
            let width = (len - offset).min(8).unsigned_abs();
            self.store.evidence(at.plus(offset), width, Evidence::Compared, site);
        }
    }

    /// From the address on there are floats.
    fn floats(&mut self, site: Site, kind: FloatKind, address: Option<At>) {
        if let Some(at) = address {
            self.store.repeat(at, kind.size());
            self.store.evidence(at, kind.size(), Evidence::Float(kind), site);
        }
    }

    /// The elements of the outputs: floats as large as their alignment.
    fn outputs(&mut self, site: Site, body: &Body, arguments: &[ValueId]) {
        let kind = match arguments.get(1).and_then(|&align| body.int(align)) {
            Some(4) => FloatKind::Single,
            Some(8) => FloatKind::Double,
            _ => return,
        };
        let address = self.place(site.0, site.1);
        self.floats(site, kind, address);
    }

    fn known_body(&mut self, site: Site, callee: BodyId, arguments: &[ValueId]) {
        let target = &self.program.bodies[callee];
        for (&argument, &param) in std::iter::zip(arguments, &target.params) {
            self.equal(site, (site.0, argument), (callee, param), Way::Copy);
        }
        if let Some(result) = target.returned() {
            self.equal(site, (callee, result), site, Way::Copy);
        }
    }

    /// A value goes from one body to another.
    fn equal(&mut self, site: Site, a: Site, b: Site, way: Way) {
        if let (Some(x), Some(y)) = (self.place(a.0, a.1), self.place(b.0, b.1)) {
            self.store.unify(x, y, Some(site));
            self.keeps(a.0, a.1);
        }
        if let (Some(x), Some(y)) = (self.register(a.0, a.1), self.register(b.0, b.1)) {
            let len = size(&self.program.bodies[b.0].values[b.1].ty);
            self.store.copy(x, y, Some(len), way);
        }
    }

    fn known_function(&mut self, site: Site, body: &Body, known: Known, arguments: &[ValueId]) {
        match known {
            Known::Allocate { .. } => {
                if let Some(object) = self.place(site.0, site.1) {
                    self.store.region(object).origins.insert(Origin::Allocation(site));
                }
            }
            Known::Reallocate { pointer, .. } => {
                let old = arguments.get(usize::from(pointer)).copied();
                let old = old.and_then(|old| self.place(site.0, old));
                if let (Some(old), Some(new)) = (old, self.place(site.0, site.1)) {
                    self.store.region(new).origins.insert(Origin::Allocation(site));
                    self.store.unify(old, new, Some(site));
                    self.reaches(site, site.1, None);
                }
            }
            Known::Identity { operand } => {
                if let Some(&operand) = arguments.get(usize::from(operand)) {
                    self.equal(site, (site.0, operand), site, Way::Read);
                }
                return;
            }
            Known::Free { .. } | Known::AllocateAt { .. } | Known::Inactive { .. } => {}
        }
        let inactive = matches!(known, Known::Inactive { .. });
        for &argument in arguments {
            if !matches!(body.values[argument].ty, Ty::Int(_)) {
                continue;
            }
            match inactive {
                true => self.integer(site, argument),
                false => self.counts(site, argument),
            }
        }
        self.integer(site, site.1);
    }

    /// What a function returns the address of that is known not to differentiate, or that is not
    /// seen.
    fn handed_out(&mut self, site: Site, body: &Body, origin: &Origin) {
        if let Some(at) = self.place(site.0, site.1) {
            self.store.region(at).origins.insert(origin.clone());
        } else if let Ty::Aggregate(_, fields) = &body.values[site.1].ty
            && let Some(register) = self.register(site.0, site.1)
        {
            // A text with its length, an object with its table.
            for (offset, _) in fields.iter().filter(|field| field.1 == Ty::Ptr) {
                let at = self.made(origin.clone());
                self.store.points_to(register.plus(offset.cast_signed()), at);
            }
        }
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
        self.handed_out(site, body, &Origin::Unknown(site));
    }

    pub(super) fn other(&mut self, site: Site, body: &Body, name: &str, ops: &[ValueId]) {
        let address = ops.first().and_then(|&o| self.place(site.0, o));
        match (name, address) {
            ("atomicrmw", Some(at)) => {
                self.note(site, body, (ops[1], Way::Write), at);
                self.note(site, body, (site.1, Way::Read), at);
                self.integer(site, ops[1]);
                self.integer(site, site.1);
            }
            ("cmpxchg" | "atomiccmpxchg", Some(at)) => {
                for &value in &ops[1..] {
                    self.note(site, body, (value, Way::Write), at);
                }
                if let Some(register) = self.register(site.0, site.1) {
                    let len = size(&body.values[ops[1]].ty);
                    self.store.copy(at, register, Some(len), Way::Read);
                }
            }
            _ => self.unknown(site, body, ops),
        }
    }
}

/// What an intrinsic computes from integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Computes {
    /// A product or a number of bits: no address takes part.
    Product,
    /// Another integer.
    Integer,
    /// The same bits in another order.
    Bits,
}

/// Intrinsics that are integer arithmetic.
pub(super) fn intrinsic(symbol: &str) -> Option<Computes> {
    let name = symbol.strip_prefix("llvm.")?;
    let starts = |list: &[&str]| {
        let head = |h: &str| name.strip_prefix(h).is_some_and(|r| r.starts_with('.'));
        list.iter().any(|h| head(h))
    };
    if starts(&["bswap", "bitreverse", "fshl", "fshr"]) {
        Some(Computes::Bits)
    } else if starts(&["smul", "umul", "sdiv", "udiv", "ctpop", "ctlz", "cttz", "clmul"]) {
        Some(Computes::Product)
    } else if starts(&[
        "abs", "smax", "smin", "umax", "umin", "scmp", "ucmp", "sadd", "uadd", "ssub", "usub",
        "sshl", "ushl",
    ]) {
        Some(Computes::Integer)
    } else {
        None
    }
}
