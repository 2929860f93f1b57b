//! Why a request cannot be differentiated: one pass over instructions, one over regions.

use enzyme_body::{
    Access, Body, Call, Callee, Cast, Constant, Inst, Location, Op, Program, Ty, ValueId,
};
use enzyme_diag::{Code, Diagnostic};
use enzyme_protocol::Activity as Provided;
use enzyme_rules::stand_in::custom;
use enzyme_rules::{Known, for_function, returns_twice};

use super::Activity;
use super::graph::{float_cells, is_atomic};
use super::unseen::may_carry;
use crate::bits::Bits;
use crate::byte_moves::moved_floats;
use crate::types::{
    Cell, CellId, Kind, Meaning, Origin, PieceKind, RegionId, Site, Types, has_type_of_rule,
    made_from, meaning, of_registers, size,
};
use crate::walk::walk;

/// What the activity was computed from.
pub(super) struct Input<'a> {
    pub program: &'a Program,
    pub types: &'a Types,
    pub provided: &'a [Provided],
    /// The regions that parameters with shadows lead to.
    pub inputs: &'a Bits,
    pub runtime_activity: bool,
    /// What moves addresses that may be the bits of active floats.
    pub addresses: &'a [Site],
    /// What calculates floats from the fractions of floats, as integers.
    pub decoded: &'a [Site],
}

/// All refusals, in the order of instructions, then of regions; each once. And all calls of
/// code that is not seen among what is refused.
pub(super) fn check(activity: &Activity, input: &Input) -> (Vec<Diagnostic>, Vec<Site>) {
    let mut check = Check { activity, input, found: Vec::new(), unseen: Vec::new() };
    for (id, body) in input.program.bodies.iter() {
        for (value, inst) in body.live_insts() {
            check.instruction((id, value), body, inst);
            check.unknown_type((id, value), body, inst);
        }
    }
    for &site in input.addresses {
        let message = "the bits of a float move as an address".into();
        check.report(Code::FloatBits, Some(site), message, vec![]);
    }
    for &site in input.decoded {
        let message = "a float is calculated from the fraction in the bits of a float".into();
        check.report(Code::FloatBits, Some(site), message, vec![]);
    }
    for region in input.types.regions().ids() {
        if activity.needs_shadow(region) {
            check.region(region);
        }
    }
    check.cells();
    (check.found, check.unseen)
}

struct Check<'a> {
    activity: &'a Activity,
    input: &'a Input<'a>,
    found: Vec<Diagnostic>,
    unseen: Vec<Site>,
}

impl Check<'_> {
    fn report(&mut self, code: Code, site: Option<Site>, message: String, notes: Vec<String>) {
        let mut diagnostic = Diagnostic::new(code, message)
            .at(site.and_then(|site| self.location(site)))
            .within(&self.input.program.bodies[enzyme_body::BodyId::new(0)].name);
        diagnostic.notes = notes;
        if !self.found.contains(&diagnostic) {
            self.found.push(diagnostic);
        }
    }

    fn location(&self, (body, value): Site) -> Option<Location> {
        self.input.program.bodies[body].values[value].location.clone()
    }

    /// A site as words: its place in the source, or its name in the mirror.
    fn place(&self, site: Site) -> String {
        match self.location(site) {
            Some(at) => format!("{}:{}, in `{}`", at.file, at.line, at.function),
            None => format!("`{}`", self.input.types.site(site)),
        }
    }

    fn active(&self, site: Site, value: ValueId) -> bool {
        self.activity.active(site.0, value)
    }

    fn instruction(&mut self, site: Site, body: &Body, inst: &Inst) {
        let ops = &inst.operands;
        match &inst.op {
            Op::Store(_) => self.blocks(site, body, (ops[1], Some(size(&body.values[ops[0]].ty)))),
            Op::Copy(_) => {
                self.blocks(site, body, (ops[0], body.int(ops[2]).map(i64::cast_unsigned)));
            }
            Op::Call(call) | Op::Invoke(call) => {
                self.signature(site, body, call, ops);
                self.returns_once(site, call);
            }
            Op::Cast(Cast::Bits) if self.active(site, site.1) => {
                let kinds = [site.1, ops[0]].map(|v| body.values[v].ty.float());
                if let [Some(to), Some(from)] = kinds
                    && to != from
                {
                    let message = format!("the bits of {from} become those of {to}");
                    self.report(Code::FloatBits, Some(site), message, vec![]);
                }
            }
            _ => {}
        }
        match &inst.op {
            Op::Int(_) | Op::Cast(Cast::IntToInt | Cast::SignExtend)
                if self.active(site, site.1)
                    && moved_floats(self.input.types, self.activity, site, body).is_none() =>
            {
                let message = match &inst.op {
                    Op::Int(op) => format!("an integer operation ({op:?}) on a float's bits"),
                    _ => "a part of a float's bits becomes another integer".into(),
                };
                self.report(Code::FloatBits, Some(site), message, vec![]);
            }
            Op::Shuffle(_)
                if self.active(site, site.1)
                    && ops
                        .iter()
                        .chain([&site.1])
                        .any(|&v| self.cuts_floats((site.0, v), body)) =>
            {
                let message = "the bits of floats move as lanes of another type".into();
                self.report(Code::FloatBits, Some(site), message, vec![]);
            }
            Op::ExtractLane | Op::InsertLane
                if self.active(site, site.1)
                    && ops.iter().take(1).chain([&site.1]).any(|&v| hides_lanes(body, v)) =>
            {
                let message = "the bits of floats move as lanes of another type".into();
                self.report(Code::FloatBits, Some(site), message, vec![]);
            }
            Op::Load(access) => {
                let size = size(&body.values[site.1].ty);
                let moved = self.activity.moves(site.0, site.1);
                self.access(site, *access, (ops[0], size), (site.1, body), moved);
            }
            Op::Store(access) => {
                let size = size(&body.values[ops[0]].ty);
                let moved = self.activity.moves(site.0, site.1);
                self.access(site, *access, (ops[1], size), (ops[0], body), moved);
                self.hidden_float(site, (ops[0], ops[1]));
            }
            Op::Copy(_) | Op::Fill if self.activity.moves(site.0, site.1) => {
                let len = body.int(ops[2]).map(i64::cast_unsigned);
                self.untyped(site, &float_cells(self.input.types, (site.0, ops[0]), len));
            }
            Op::Call(call) | Op::Invoke(call)
                if self.active(site, site.1) || self.is_given(site, call, ops) =>
            {
                self.call(site, call);
            }
            Op::Other(name) if self.active(site, site.1) => {
                let code = if is_atomic(name) { Code::AtomicAccess } else { Code::NoRule };
                let message = format!("a derivative flows through `{name}`");
                self.report(code, Some(site), message, vec![]);
            }
            _ => {}
        }
    }

    /// What is inside of such values (vectors whose length the processor knows, tiles) nobody
    /// sees here, so none of them may come from memory, or go there.
    fn unknown_type(&mut self, site: Site, body: &Body, inst: &Inst) {
        let stored = matches!(inst.op, Op::Store(_)).then(|| inst.operands[0]);
        for value in stored.into_iter().chain([site.1]) {
            if let Ty::Other(text) = &body.values[value].ty
                && !["token", "metadata", "label"].contains(&text.as_str())
            {
                let message = format!("values of type `{text}` have no rule");
                self.report(Code::NoRule, Some(site), message, vec![]);
            }
        }
    }

    /// Whether unknown code is given memory that is differentiated.
    fn is_given(&self, site: Site, call: &Call, ops: &[ValueId]) -> bool {
        let arguments = &ops[..call.arguments.min(ops.len())];
        let body = &self.input.program.bodies[site.0];
        let unknown = match &call.callee {
            Callee::Symbol(symbol) => {
                !symbol.starts_with("llvm.") && matches!(meaning(symbol), Meaning::Unknown)
            }
            Callee::Indirect => true,
            Callee::Assembly(text) => !of_registers(text, site.1, body, arguments),
            Callee::Body(_) => false,
        };
        unknown && may_carry(self.input, site, (call, arguments))
    }

    fn call(&mut self, site: Site, call: &Call) {
        match &call.callee {
            Callee::Symbol(symbol) => self.symbol(site, symbol),
            Callee::Indirect => {
                let message = "a derivative flows through a call of an address".into();
                self.report(Code::IndirectCall, Some(site), message, vec![]);
                self.unseen.push(site);
            }
            Callee::Assembly(text) => {
                let message = format!("a derivative flows through `{text}`");
                self.report(Code::Assembly, Some(site), message, vec![]);
            }
            Callee::Body(_) => {}
        }
    }

    /// A function that has the name of one of the table, and not its type, is another. It is
    /// not asked for a derivative where none goes in or comes out.
    fn signature(&mut self, site: Site, body: &Body, call: &Call, ops: &[ValueId]) {
        let Callee::Symbol(symbol) = &call.callee else { return };
        if for_function(symbol).is_none() || has_type_of_rule(body, site.1) {
            return;
        }
        let crosses = |&v: &ValueId| body.values[v].ty == Ty::Ptr || self.active(site, v);
        let operands = &ops[..call.arguments.min(ops.len())];
        let other = body.values[site.1].ty.float().is_none();
        if other || operands.iter().chain([&site.1]).any(crosses) {
            let message = format!(
                "`{symbol}` does not have the type of the function of that name in the table \
                 of rules (f32 or f64, or vectors of them)"
            );
            self.report(Code::NoRule, Some(site), message, vec![]);
        }
    }

    /// What runs between two returns of one call is done twice, and would be undone once.
    fn returns_once(&mut self, site: Site, call: &Call) {
        if let Callee::Symbol(symbol) = &call.callee
            && returns_twice(symbol)
            && self.activity.body_moves(site.0)
        {
            let message = format!("`{symbol}` may return more than once");
            self.report(Code::ControlFlow, Some(site), message, vec![]);
        }
    }

    fn symbol(&mut self, site: Site, symbol: &str) {
        match meaning(symbol) {
            Meaning::Unknown if custom(symbol).is_some() => self.custom(site, symbol),
            Meaning::Unknown => {
                let threads = ["__kmpc_", "GOMP_", "pthread_create", "thrd_create"];
                let code = match () {
                    () if symbol.starts_with("llvm.") => Code::NoRule,
                    () if threads.iter().any(|name| symbol.starts_with(name)) => Code::Threads,
                    () => Code::MissingBody,
                };
                let message = format!("a derivative flows through a call of `{symbol}`");
                self.report(code, Some(site), message, vec![]);
                self.unseen.push(site);
            }
            Meaning::Known(Known::Inactive { .. }) => {
                let message = format!("`{symbol}` on a float's bits");
                self.report(Code::FloatBits, Some(site), message, vec![]);
            }
            _ => {}
        }
    }

    /// A derivative that the program states is given what it needs: shadows of all
    /// addresses, and nothing else that hides floats.
    fn custom(&mut self, site: Site, symbol: &str) {
        let body = &self.input.program.bodies[site.0];
        let inst = body.inst(site.1).expect("a call");
        let (Op::Call(call) | Op::Invoke(call)) = &inst.op else { return };
        for (index, &argument) in inst.operands[..call.arguments].iter().enumerate() {
            let ty = &body.values[argument].ty;
            let plain = body.constant(argument).is_some_and(|constant| {
                matches!(constant, Constant::Null | Constant::Undef | Constant::Function(_))
            });
            let missing = match ty {
                Ty::Ptr => !plain && !self.activity.has_shadow(site.0, argument),
                _ => ty.float().is_none() && self.active(site, argument),
            };
            if missing {
                let name = custom(symbol).map_or(symbol, |custom| custom.name);
                let what = if *ty == Ty::Ptr { "has no shadow" } else { "hides bits of floats" };
                let message = format!("argument {index} of `{name}` {what}");
                self.report(Code::Custom, Some(site), message, vec![]);
            }
        }
    }

    /// A load or store of `size` bytes at an address.
    fn access(
        &mut self,
        site: Site,
        access: Access,
        (address, size): (ValueId, u64),
        (value, body): (ValueId, &Body),
        moved: bool,
    ) {
        if !moved {
            return;
        }
        let cells = float_cells(self.input.types, (site.0, address), Some(size));
        if access.volatile || access.atomic && !self.is_private((site.0, address)) {
            let which = if access.atomic { "an atomic" } else { "a volatile" };
            let message = format!("{which} access to memory that carries a derivative");
            self.report(Code::AtomicAccess, Some(site), message, vec![]);
        }
        let narrow = |c: &CellId| match self.input.types.cell(*c) {
            Cell { kind: Kind::Float(kind), conflict: None, .. } => kind.size() > size,
            _ => false,
        };
        if self.active(site, value) && cells.iter().any(narrow) {
            let ty = &body.values[value].ty;
            let message = format!("a part of a float is accessed as {ty}");
            self.report(Code::FloatBits, Some(site), message, vec![]);
        }
        self.untyped(site, &cells);
    }

    /// Where bytes are told apart while the program runs, what may be a float's bits is known
    /// as such.
    fn hidden_float(&mut self, site: Site, (value, address): (ValueId, ValueId)) {
        let types = self.input.types;
        let mixed = types.mixed_at(site.0, address).is_some();
        if mixed
            && self.active(site, value)
            && !types.register_pieces(site.0, value).iter().any(|(_, piece)| piece.is_float())
        {
            let message = "an integer that may be the bits of a float is stored among floats";
            self.report(Code::MixedType, Some(site), message.into(), vec![]);
        }
    }

    /// Whether shadows at an address are this thread's own: those of global variables are,
    /// and those of what the function allocates.
    fn is_private(&self, (body, address): Site) -> bool {
        let types = self.input.types;
        let own = |o: &Origin| !o.is_anywhere() && !matches!(o, Origin::Param(_));
        let regions = types.loc(body, address).into_iter().flat_map(|loc| types.regions_at(loc));
        regions.map(|id| types.region(id)).all(|r| !r.escapes && r.origins.iter().all(own))
    }

    /// Addresses of blocks of integers that the function allocates must not be seen
    /// outside: the caller's shadow would have the block of the primal.
    fn blocks(&mut self, site: Site, body: &Body, (to, len): (ValueId, Option<u64>)) {
        let types = self.input.types;
        let Some(loc) = types.loc(site.0, to) else { return };
        let outside = types.region(loc.region).external && self.activity.needs_shadow(loc.region);
        if !outside || is_in_variable(body, to) {
            return;
        }
        let mut cells = types.cells_at(loc, len).into_iter();
        if let Some(block) = cells.find_map(|cell| types.cell(cell).block) {
            let message = "this memory is also reachable outside of the differentiated function";
            let notes = vec![format!("its address is stored at {}", self.place(site))];
            self.report(Code::EscapingAllocation, Some(block), message.into(), notes);
        }
    }

    /// Moves of bytes that nothing types.
    fn untyped(&mut self, site: Site, cells: &[CellId]) {
        for &id in cells {
            let cell = self.input.types.cell(id);
            if cell.kind == Kind::Unknown && self.activity.active_cell(id) {
                let message = format!(
                    "bytes from offset {} of the object on may carry a derivative, \
                     but nothing in the program reads or writes them as a float",
                    cell.offset
                );
                return self.report(Code::UnknownType, Some(site), message, vec![]);
            }
        }
    }

    fn region(&mut self, id: RegionId) {
        let region = self.input.types.region(id);
        for origin in &region.origins {
            match origin {
                Origin::Param(i) => {
                    let constant =
                        self.input.provided.get(*i as usize) != Some(&Provided::Duplicated);
                    if constant && !self.input.runtime_activity {
                        let message = format!(
                            "parameter {i} is `Const`, but its memory is or leads to memory \
                             that needs a derivative"
                        );
                        let notes = self.merge_notes(id);
                        let site = self.mixing_site(id);
                        self.report(Code::MixedActivity, site, message, notes);
                    }
                }
                Origin::Global(symbol, _) => self.global(id, symbol),
                Origin::Unknown(site) => {
                    let message = "where this address points is not known".into();
                    self.report(Code::UnknownMemory, Some(*site), message, vec![]);
                }
                _ => {}
            }
        }
    }

    fn global(&mut self, id: RegionId, symbol: &str) {
        let mut globals = self.input.types.globals().iter();
        if !globals.any(|(global, _)| global.symbol == symbol && global.size.is_some()) {
            let message = format!("`{symbol}` needs a derivative, and its size is not known");
            self.report(Code::ActiveGlobal, self.moving_site(id), message, vec![]);
        }
    }

    fn merge_notes(&self, id: RegionId) -> Vec<String> {
        let merged = self.input.types.region(id).merged_at.iter();
        merged.map(|&site| format!("addresses are mixed at {}", self.place(site))).take(3).collect()
    }

    /// The best place to show for mixed memory: where addresses meet, else where it is used.
    fn mixing_site(&self, id: RegionId) -> Option<Site> {
        let merged = &self.input.types.region(id).merged_at;
        let placed = merged.iter().copied().find(|&site| self.location(site).is_some());
        placed.or_else(|| self.moving_site(id)).or_else(|| merged.first().copied())
    }

    /// The first instruction with adjoint work on the region, or any access to it.
    fn moving_site(&self, id: RegionId) -> Option<Site> {
        let mut other = None;
        for (body_id, body) in self.input.program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let address = match &inst.op {
                    Op::Load(_) | Op::Copy(_) | Op::Fill => inst.operands[0],
                    Op::Store(_) => inst.operands[1],
                    _ => continue,
                };
                if self.input.types.loc(body_id, address).is_some_and(|l| l.region == id) {
                    if self.activity.moves(body_id, value) {
                        return Some((body_id, value));
                    }
                    other.get_or_insert((body_id, value));
                }
            }
        }
        other
    }

    /// Whether the value has lanes of integers that are not whole floats, all of them.
    fn cuts_floats(&self, (id, value): Site, body: &Body) -> bool {
        let Ty::Vector(item, _) = &body.values[value].ty else { return false };
        let width = item.size().max(1);
        let cut = |(offset, kind): (u64, PieceKind)| match kind {
            PieceKind::Float(kind) => offset % width + kind.size() > width,
            PieceKind::Other | PieceKind::Unknown => true,
        };
        let types = self.input.types;
        let pieces = || types.register_pieces(id, value);
        hides_lanes(body, value) && (types.is_dynamic() || pieces().into_iter().any(cut))
    }

    fn cells(&mut self) {
        for (id, cell) in self.input.types.cells().iter() {
            if let (Some((a, b)), true) = (cell.conflict, self.activity.active_cell(id)) {
                let message = format!(
                    "the bytes from offset {} of the object on are used in two ways",
                    cell.offset
                );
                let places = [a, b].map(|site| self.place(site));
                let notes = places.map(|place| format!("used at {place}")).to_vec();
                self.report(Code::MixedType, Some(b), message, notes);
            }
        }
    }
}

/// Whether the value is a vector of other items than floats and addresses.
fn hides_lanes(body: &Body, value: ValueId) -> bool {
    matches!(&body.values[value].ty, Ty::Vector(item, _) if matches!(**item, Ty::Int(_)))
}

/// Whether an address lies in a variable of the function.
fn is_in_variable(body: &Body, address: ValueId) -> bool {
    let is_variable =
        |v: ValueId| body.inst(v).is_some_and(|inst| matches!(inst.op, Op::Alloca { .. }));
    let mut all = walk(address, |v| made_from(body, v).unwrap_or_default().iter().copied());
    all.all(|v| is_variable(v) || made_from(body, v).is_some())
}
