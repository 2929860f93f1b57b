//! From instructions to facts for the [`Store`]: one pass that gives each address
//! a place, one that states what every instruction shows.

use std::collections::{BTreeMap, HashMap, HashSet};

use enzyme_body::{
    Body, BodyId, Cast, Constant, Def, Global, Inst, IntOp, Op, Program, Ty, ValueId,
};

use super::content::Evidence;
use super::cursor::{Cursors, chooses};
use super::doubt::Assumed;
use super::flow::Way;
use super::limit::Limits;
use super::offset::Chain;
use super::store::{At, Store};
use super::words::made_from;
use super::{Origin, Site};
use crate::byte_moves::shifted_bytes;
use crate::stated::plain_reads;
use crate::walk::walk;

/// The facts while they are gathered.
pub(super) struct Generator<'a> {
    pub program: &'a Program,
    pub store: Store,
    /// Where each address points.
    pub places: Vec<Vec<Option<At>>>,
    /// The pseudo-object of each value that may hold floats or addresses unseen.
    pub registers: Vec<Vec<Option<u32>>>,
    /// The addresses that only look at integers.
    pub cursors: Cursors,
    /// Copies of unknown length that move integers only.
    of_words: &'a HashSet<Site>,
    /// The ends of indices that the program checks: the bytes from the address that the
    /// index is added to.
    pub limits: &'a Limits,
    /// Addresses of bytes that are told apart while the program runs.
    mixed: &'a HashSet<Site>,
    /// How addresses are made by offsets.
    pub chains: HashMap<Site, Chain>,
    /// Loads of the request's own function of what is stated to be no float.
    plain: HashSet<ValueId>,
    /// The object of each global variable, and the variable.
    pub globals: BTreeMap<String, (u32, Global)>,
}

/// Whether values of this type get a register of cells.
pub(crate) fn has_register(ty: &Ty) -> bool {
    match ty {
        Ty::Int(bits) => *bits >= 32 && bits % 8 == 0,
        Ty::Vector(item, _) => item.float().is_none() && ty.size() >= 4 && **item != Ty::Int(1),
        Ty::Aggregate(size, _) => *size > 0,
        _ => false,
    }
}

/// The parts of a type: offset, width, and what the type itself shows.
pub(super) fn parts(ty: &Ty) -> Vec<(u64, u64, Option<Evidence>)> {
    match ty {
        Ty::Float(kind) => vec![(0, kind.size(), Some(Evidence::Float(*kind)))],
        Ty::Ptr => vec![(0, 8, Some(Evidence::Address))],
        Ty::Int(bits) if *bits < 32 => vec![(0, size(ty), Some(Evidence::Integer))],
        Ty::Vector(item, lanes) if item.float().is_some() || **item == Ty::Ptr => {
            let lane = parts(item)[0];
            (0..u64::from(*lanes)).map(|i| (i * lane.1, lane.1, lane.2)).collect()
        }
        Ty::Int(_) | Ty::Vector(..) => {
            let step = match ty {
                Ty::Vector(item, _) if item.size() >= 4 => item.size().min(8),
                _ => 8,
            };
            let size = size(ty);
            (0..size.div_ceil(step)).map(|i| (i * step, step.min(size - i * step), None)).collect()
        }
        Ty::Aggregate(_, fields) => fields
            .iter()
            .flat_map(|(at, ty)| parts(ty).into_iter().map(move |(o, w, e)| (at + o, w, e)))
            .collect(),
        Ty::Void | Ty::Other(_) => vec![],
    }
}

impl<'a> Generator<'a> {
    pub fn new(program: &'a Program, assumed: &'a Assumed) -> Self {
        let table = |body: &Body| vec![None; body.values.len()];
        let places: Vec<_> = program.bodies.iter().map(|(_, b)| table(b)).collect();
        let registers = program.bodies.iter().map(|(_, b)| vec![None; b.values.len()]).collect();
        let store = Store::default();
        let cursors = Cursors::new(program, assumed);
        let of_words = &assumed.of_words;
        let (globals, chains) = Default::default();
        let (limits, mixed) = (&assumed.limits, &assumed.mixed);
        let plain = plain_reads(program);
        Self {
            program,
            plain,
            store,
            places,
            registers,
            cursors,
            of_words,
            limits,
            mixed,
            chains,
            globals,
        }
    }

    /// Gathers everything and solves.
    pub fn solve(&mut self) {
        for (id, body) in self.program.bodies.iter() {
            self.declare_params(id, body);
            for (value, inst) in body.live_insts() {
                self.declare_register((id, value), body);
                if body.values[value].ty == Ty::Ptr && !self.is_cursor((id, value)) {
                    let place = self.place_of((id, value), body, inst);
                    self.places[id.index()][value.index()] = place;
                    if let Some(at) = place.filter(|_| self.mixed.contains(&(id, value))) {
                        self.store.mix(at);
                    }
                }
            }
        }
        for (id, body) in self.program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                self.instruction((id, value), body, inst);
            }
        }
        self.floats_among_addresses();
        self.settle();
        self.store.cover();
        self.settle();
        self.store.tidy();
    }

    /// Draws all conclusions, evidence before guesses.
    fn settle(&mut self) {
        let mut changed = true;
        while changed {
            self.store.run();
            while self.store.unify_next() {
                self.store.run();
            }
            changed = self.store.merge_floats();
            self.connect_hidden_addresses();
            self.integers();
            while self.store.guess_floats() {
                self.store.merge_floats();
                changed = true;
            }
            changed |= self.store.merge_integers();
            changed |= self.store.guess_addresses();
        }
    }

    fn declare_params(&mut self, id: BodyId, body: &Body) {
        for (index, &param) in body.params.iter().enumerate() {
            self.declare_register((id, param), body);
            if body.values[param].ty == Ty::Ptr && !self.is_cursor((id, param)) {
                let node = self.store.object();
                if id.index() == 0 {
                    let origin = Origin::Param(u32::try_from(index).expect("few parameters"));
                    self.store.region(At::start(node)).origins.insert(origin);
                }
                self.places[id.index()][param.index()] = Some(At::start(node));
            }
        }
    }

    fn declare_register(&mut self, (id, value): Site, body: &Body) {
        let ty = &body.values[value].ty;
        if !has_register(ty) {
            return;
        }
        let node = self.store.object();
        self.registers[id.index()][value.index()] = Some(node);
        self.store.region(At::start(node)).register = true;
        self.note_parts(At::start(node), ty, (id, value));
        self.demand_parts(At::start(node), ty);
    }

    /// The place an operand points to; none for null and for numbers made into addresses.
    pub fn place(&mut self, id: BodyId, value: ValueId) -> Option<At> {
        match &self.program.bodies[id].values[value].def {
            Def::Constant(Constant::Global(global)) => {
                let known = self.globals.get(&global.symbol).map(|known| known.0);
                let node = known.unwrap_or_else(|| {
                    let node = self.store.object();
                    let origin = Origin::Global(global.symbol.clone(), global.mutable);
                    self.store.region(At::start(node)).origins.insert(origin);
                    self.globals.insert(global.symbol.clone(), (node, global.clone()));
                    node
                });
                Some(At { node, offset: global.offset })
            }
            Def::Constant(Constant::Opaque(text)) if !is_dangling(text) => {
                let place = &mut self.places[id.index()][value.index()];
                if place.is_none() {
                    let node = self.store.object();
                    let origin = Origin::Unknown((id, value));
                    self.store.region(At::start(node)).origins.insert(origin);
                    *place = Some(At::start(node));
                }
                *place
            }
            Def::Constant(_) => None,
            _ => self.places[id.index()][value.index()],
        }
    }

    /// Whether the value is an address that only looks at integers.
    pub fn is_cursor(&self, site: Site) -> bool {
        self.cursors.group(site).is_some()
    }

    /// An address, or those that it is chosen from, however often.
    pub fn chosen_from(&self, (id, address): Site) -> Vec<ValueId> {
        let body = &self.program.bodies[id];
        let choices = |value: ValueId| {
            let inst = body.inst(value).filter(|inst| chooses(inst));
            inst.map(|inst| &inst.operands[usize::from(inst.op == Op::Select)..])
        };
        walk(address, |value| choices(value).unwrap_or_default().iter().copied()).collect()
    }

    /// The block that an address may be that of.
    pub fn block_behind(&self, (id, address): Site) -> Option<Site> {
        let mut from = self.chosen_from((id, address)).into_iter().map(|value| (id, value));
        from.find(|&site| self.cursors.is_block(site))
    }

    /// Whether a copy moves integers only, whatever lies around them.
    pub fn moves_words(&self, site: Site, copy: &Inst) -> bool {
        let mut ends = copy.operands[..2].iter();
        self.of_words.contains(&site) || ends.any(|&end| self.is_cursor((site.0, end)))
    }

    /// The register of a value; constants have none.
    pub fn register(&self, id: BodyId, value: ValueId) -> Option<At> {
        self.registers[id.index()][value.index()].map(At::start)
    }

    /// A new object with an origin.
    pub fn made(&mut self, origin: Origin) -> At {
        let at = At::start(self.store.object());
        self.store.region(at).origins.insert(origin);
        at
    }

    fn place_of(&mut self, site: Site, body: &Body, inst: &Inst) -> Option<At> {
        let ops = &inst.operands;
        match &inst.op {
            Op::Alloca { .. } => Some(self.made(Origin::Alloca(site))),
            Op::Offset { .. } => self.offset(site, body, inst),
            Op::Freeze | Op::Cast(Cast::Bits) if body.values[ops[0]].ty == Ty::Ptr => {
                self.place(site.0, ops[0])
            }
            Op::Select => self.lowest(site, &ops[1..]),
            Op::Phi(_) if is_header(inst) => {
                // The entry's address; the latch's is defined later.
                let known: Vec<_> = ops.iter().filter_map(|&o| self.place(site.0, o)).collect();
                Some(known.first().copied().unwrap_or_else(|| At::start(self.store.object())))
            }
            Op::Phi(_) => self.lowest(site, ops),
            _ => Some(At::start(self.store.object())),
        }
    }

    /// Of places in one region the lowest, so that walking down shows at the loop header.
    fn lowest(&mut self, (id, _): Site, operands: &[ValueId]) -> Option<At> {
        let places: Vec<_> = operands.iter().filter_map(|&o| self.place(id, o)).collect();
        let first = *places.first()?;
        let (root, _) = self.store.find(first);
        let same = places.into_iter().filter(|&at| self.store.find(at).0 == root);
        let same: Vec<_> = same.collect();
        same.into_iter().min_by_key(|&at| self.store.find(at).1)
    }

    fn instruction(&mut self, site: Site, body: &Body, inst: &Inst) {
        let (id, value) = site;
        let ops = &inst.operands;
        match &inst.op {
            Op::Phi(_) => self.same(site, body, inst, ops),
            Op::Select => self.same(site, body, inst, &ops[1..]),
            Op::Freeze => self.same(site, body, inst, &ops[..1]),
            Op::Load(_) => self.access(site, body, (value, Way::Read), ops[0]),
            Op::Store(_) => self.access(site, body, (ops[0], Way::Write), ops[1]),
            Op::Copy(_) if self.moves_words(site, inst) => self.counts(site, ops[2]),
            Op::Copy(_) => {
                let rooms = ops[..2].iter().filter_map(|&end| self.room(site, end));
                let len = body.int(ops[2]).map(i64::cast_unsigned).or(rooms.min());
                if let (Some(a), Some(b)) = (self.place(id, ops[0]), self.place(id, ops[1])) {
                    self.store.copy(b, a, len, Way::Copy);
                    self.store.touch(a, len);
                    self.store.touch(b, len);
                }
                ops[..2].iter().for_each(|&address| self.reaches(site, address, len));
                self.counts(site, ops[2]);
            }
            Op::Fill => self.fill(site, body, ops),
            Op::Call(call) | Op::Invoke(call) => self.call(site, body, call, ops),
            Op::Cast(cast) => self.cast(site, body, *cast, ops[0]),
            Op::Int(op) => self.arithmetic(site, body, *op, ops),
            Op::IntCompare | Op::Switch => {
                ops.iter().for_each(|&o| self.show(site, o, Evidence::Compared));
            }
            // An offset from nothing may be an address.
            Op::Offset { .. } if !self.is_cursor(site) && self.place(id, ops[0]).is_none() => {
                ops[1..].iter().for_each(|&o| self.integer(site, o));
            }
            Op::Offset { .. } => ops[1..].iter().for_each(|&o| self.counts(site, o)),
            Op::Alloca { .. } => self.counts(site, ops[0]),
            Op::Extract { offset } => {
                self.part(site, body, (ops[0], *offset), (value, Way::Read));
            }
            Op::Insert { offset } => {
                let len = size(&body.values[ops[1]].ty);
                self.around(site, body, ops[0], (*offset, len));
                self.part(site, body, (value, *offset), (ops[1], Way::Write));
            }
            Op::ExtractLane => self.lane(site, body, (ops[0], ops[1]), (value, Way::Read)),
            Op::InsertLane => {
                self.join_registers(site, value, ops[0], Way::Read);
                self.lane(site, body, (value, ops[2]), (ops[1], Way::Write));
            }
            Op::Shuffle(mask) => self.shuffle(site, body, mask, ops),
            Op::Other(name) => self.other(site, body, name, ops),
            _ => {}
        }
    }

    /// The value is one of the operands.
    fn same(&mut self, site: Site, body: &Body, inst: &Inst, operands: &[ValueId]) {
        let (id, value) = site;
        let moving = operands.iter().any(|&operand| self.moves((id, operand)));
        for &operand in operands {
            let way = if inst.op == Op::Freeze { Way::Read } else { Way::Merge };
            self.join_registers(site, value, operand, way);
            if body.values[value].ty != Ty::Ptr {
                continue;
            }
            let (Some(a), Some(b)) = (self.place(id, value), self.place(id, operand)) else {
                continue;
            };
            // An address that moves down in a loop reaches any lower offset, as far
            // as nothing says where it stops.
            self.store.run();
            let ((ra, oa), (rb, ob)) = (self.store.find(a), self.store.find(b));
            if ra == rb && ob < oa && is_header(inst) && is_made_from(body, operand, value) {
                match self.walk_ends(id, body, value, b) {
                    Some(end) => self.store.walk(end, false, oa.abs_diff(ob)),
                    None => self.store.walk(a, true, oa.abs_diff(ob)),
                }
            }
            if moving {
                self.store.unify_later(a, b, site);
            } else {
                self.store.unify(a, b, Some(site));
            }
            self.keeps(id, operand);
        }
    }

    fn join_registers(&mut self, site: Site, to: ValueId, from: ValueId, way: Way) {
        let ty = &self.program.bodies[site.0].values[to].ty;
        if let (Some(from), Some(to)) = (self.register(site.0, from), self.register(site.0, to)) {
            self.store.copy(from, to, Some(size(ty)), way);
        }
    }

    /// All of an aggregate but a part goes to the site's value.
    fn around(&mut self, site: Site, body: &Body, from: ValueId, (at, len): (u64, u64)) {
        let (Some(from), Some(to)) = (self.register(site.0, from), self.register(site.0, site.1))
        else {
            return;
        };
        let rest = size(&body.values[site.1].ty).saturating_sub(at + len);
        self.store.copy(from, to, Some(at), Way::Read);
        let behind = (at + len).cast_signed();
        self.store.copy(from.plus(behind), to.plus(behind), Some(rest), Way::Read);
    }

    /// A load or store of `value` at `address`.
    fn access(&mut self, site: Site, body: &Body, value: (ValueId, Way), address: ValueId) {
        let plain =
            site.0 == BodyId::FIRST && value.1 == Way::Read && self.plain.contains(&value.0);
        if plain || self.is_cursor((site.0, address)) {
            return self.show(site, value.0, Evidence::Compared);
        }
        let Some(at) = self.place(site.0, address) else { return };
        self.reaches(site, address, Some(size(&body.values[value.0].ty)));
        self.note(site, body, value, at);
    }

    /// The bytes at a place are those of a value.
    pub fn note(&mut self, site: Site, body: &Body, (value, way): (ValueId, Way), at: At) {
        let ty = &body.values[value].ty;
        if let Some(constant) = body.constant(value)
            && !matches!(constant, Constant::Global(_) | Constant::Function(_))
        {
            return self.note_constant(site, ty, constant, at);
        }
        if let Some(register) = self.register(site.0, value) {
            let (from, to) = if way == Way::Read { (at, register) } else { (register, at) };
            self.store.copy(from, to, Some(size(ty)), way);
        } else {
            self.note_parts(at, ty, site);
            if way == Way::Read {
                self.demand_parts(at, ty);
            }
        }
        if *ty == Ty::Ptr
            && let Some(target) = self.place(site.0, value)
        {
            self.store.points_to(at, target);
            if way == Way::Write {
                self.keeps(site.0, value);
                let cell = self.store.cell(at, 8);
                self.store.addresses.push((cell, site));
            }
        }
        if let Some(block) = self.block_behind((site.0, value)).filter(|_| way == Way::Write) {
            let cell = self.store.cell(at, 8);
            self.store.blocks.push((cell, block));
        }
    }

    /// The addresses in these bytes are used.
    fn demand_parts(&mut self, at: At, ty: &Ty) {
        for (offset, width, shown) in parts(ty) {
            if shown == Some(Evidence::Address) {
                self.store.demand(at.plus(offset.cast_signed()), width);
            }
        }
    }

    pub(super) fn note_parts(&mut self, at: At, ty: &Ty, site: Site) {
        for (offset, width, shown) in parts(ty) {
            let at = at.plus(offset.cast_signed());
            self.store.cell(at, width);
            if let Some(shown) = shown {
                self.store.evidence(at, width, shown, site);
            }
        }
    }

    /// Zeros and undefined bytes show nothing; small integers are hardly floats.
    fn note_constant(&mut self, site: Site, ty: &Ty, constant: &Constant, at: At) {
        for (offset, width, shown) in parts(ty) {
            let at = at.plus(offset.cast_signed());
            self.store.cell(at, width);
            let shown = match (constant, shown) {
                (Constant::Undef, _) => None,
                (Constant::Float(x), Some(Evidence::Float(kind)))
                    if *x == 0.0 || matches!(ty, Ty::Vector(..)) =>
                {
                    Some(Evidence::GuessFloat(kind))
                }
                (Constant::Data, Some(Evidence::Float(kind))) => Some(Evidence::GuessFloat(kind)),
                (Constant::Int(-4096..=-2 | 1..=4096), None) => Some(Evidence::GuessInteger),
                (_, shown) => shown,
            };
            if let Some(shown) = shown {
                self.store.evidence(at, width, shown, site);
            }
        }
    }

    fn fill(&mut self, site: Site, body: &Body, ops: &[ValueId]) {
        self.counts(site, ops[2]);
        let zero = matches!(body.constant(ops[1]), Some(Constant::Int(0) | Constant::Undef));
        let Some(at) = self.place(site.0, ops[0]) else { return };
        let len = body.int(ops[2]).map(i64::cast_unsigned).or(self.room(site, ops[0]));
        self.store.touch(at, len);
        self.reaches(site, ops[0], len);
        if !zero {
            self.store.evidence(at, 1, Evidence::Integer, site);
        }
    }

    /// The value is used as an integer.
    pub fn integer(&mut self, site: Site, value: ValueId) {
        self.show(site, value, Evidence::Integer);
    }

    /// The value is used as an integer, and as no address can be.
    pub fn counts(&mut self, site: Site, value: ValueId) {
        self.integer(site, value);
        self.never_address(site, value);
    }

    /// The value is no address.
    pub fn never_address(&mut self, site: Site, value: ValueId) {
        let Some(register) = self.register(site.0, value) else { return };
        for (offset, width, _) in parts(&self.program.bodies[site.0].values[value].ty) {
            self.store.never_address(register.plus(offset.cast_signed()), width);
        }
    }

    /// All parts of a value show the same.
    pub fn show(&mut self, site: Site, value: ValueId, evidence: Evidence) {
        let body = &self.program.bodies[site.0];
        let Some(register) = self.register(site.0, value) else { return };
        for (offset, width, _) in parts(&body.values[value].ty) {
            let at = register.plus(offset.cast_signed());
            self.store.evidence(at, width, evidence, site);
        }
    }
}

/// The bytes that a load or store of the type touches.
pub(crate) fn size(ty: &Ty) -> u64 {
    match ty {
        Ty::Int(bits) => u64::from(*bits).div_ceil(8),
        _ => ty.size(),
    }
}

/// By how many whole bytes a shift moves.
pub(super) fn byte_shift(body: &Body, op: IntOp, ops: &[ValueId]) -> Option<u64> {
    match op {
        IntOp::ShiftLeft | IntOp::ShiftRight | IntOp::ShiftRightSigned => {
            shifted_bytes(body, ops[1])
        }
        _ => None,
    }
}

/// The integer behind an address that is only compared: enums carry the fields of all their
/// variants in words that have the type of one. (What is only stored was made an integer
/// before: see `prepare`.)
pub(super) fn carried_integer(body: &Body, value: ValueId) -> Option<ValueId> {
    let inst = body.inst(value).filter(|inst| inst.op == Op::Cast(Cast::IntToAddress))?;
    let mut users = body.values[value].uses.iter().filter_map(|&user| body.inst(user));
    users.all(|user| user.op == Op::IntCompare).then(|| inst.operands[0])
}

/// Whether an address is another one, or at a distance from it, or may be.
fn is_made_from(body: &Body, address: ValueId, other: ValueId) -> bool {
    let from = |value: ValueId| {
        let inst = body.inst(value).filter(|_| body.values[value].ty == Ty::Ptr)?;
        match &inst.op {
            Op::Cast(_) => Some(&inst.operands[..]),
            _ => made_from(body, value),
        }
    };
    walk(address, |value| from(value).unwrap_or_default().iter().copied()).any(|v| v == other)
}

/// Whether the phi is at the head of a loop.
pub(super) fn is_header(inst: &Inst) -> bool {
    let own = inst.block;
    matches!(&inst.op, Op::Phi(from) if from.iter().any(|b| b.index() >= own.index()))
}

/// Whether a constant is an address that nothing lies at, as empty vectors have.
fn is_dangling(text: &str) -> bool {
    let small = |rest: &str| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().is_ok_and(|n| n <= 1 << 20)
    };
    let number = text.split_once("inttoptr (i64 ").map(|(_, rest)| rest);
    let null = text.split_once("ptr null, i64 ").map(|(_, rest)| rest);
    number.or(null).is_some_and(small)
}
