//! Along which values and cells a derivative may travel, as edges.

use std::collections::HashSet;

use enzyme_body::{Body, BodyId, Call, Callee, Cast, Inst, Op, Program, Ty, ValueId};
use enzyme_rules::stand_in::custom;
use enzyme_rules::{Known, for_function, hands_out};

use crate::bits::Bits;
use crate::stated::plain_reads;
use crate::steps::is_step;
use crate::types::{
    CellId, Kind, Meaning, Offset, PieceKind, RegionId, Site, Types, has_register,
    has_type_of_rule, meaning, of_registers, size,
};

/// Which ways a graph has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ways {
    /// Those that the program lets pass: it ends where what is computed from the bits of a
    /// float would be a float.
    Checked,
    /// All.
    All,
}

/// Values of all bodies, then cells, then regions, then pieces; edges in the direction of
/// the primal.
///
/// An integer that is loaded only to be stored again is a copy of its bytes: each byte
/// goes from where it lay to the same place in what is written, and to no other. So an
/// index beside a float that moves with it stays an index. Each such way has a node of its
/// own, a *piece* of the value, and the value carries what a piece of it carries.
///
/// A cell is what some instruction reads or writes. Functions that are not in the program
/// may reach more: the node of a region stands for all of its bytes that are no cells.
pub(super) struct Graph<'a> {
    program: &'a Program,
    types: &'a Types,
    ways: Ways,
    /// Number of the first value of each body.
    bases: Vec<usize>,
    first_cell: usize,
    /// The regions that the program itself writes.
    written: Bits,
    /// Mutable globals and what they hold the addresses of: all code reaches it.
    shared: Vec<RegionId>,
    /// Loads of the request's own function of what is stated to be no float.
    plain: HashSet<ValueId>,
    edges: Vec<(u32, u32)>,
    /// The values of the pieces.
    pieces: Vec<usize>,
    /// What may depend on anything: the calls that hand out memory which another one was given,
    /// and floats whose bits were computed, perhaps of a float's.
    pub of_anything: Vec<usize>,
    /// What is computed of what may be the bits of a float, and has no ways for that.
    pub cut: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// All edges of a program.
    pub fn new(program: &'a Program, types: &'a Types, ways: Ways) -> Self {
        let mut bases = Vec::new();
        let mut first_cell = 0;
        for (_, body) in program.bodies.iter() {
            bases.push(first_cell);
            first_cell += body.values.len();
        }
        let written = written(program, types);
        let shared = types.reached(types.mutable_globals());
        let plain = plain_reads(program);
        let [pieces, of_anything, cut] = [(); 3].map(|()| Vec::new());
        let edges = Vec::new();
        let mut graph = Self {
            program,
            types,
            ways,
            bases,
            first_cell,
            written,
            shared,
            plain,
            edges,
            pieces,
            of_anything,
            cut,
        };
        for (id, body) in program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                graph.instruction((id, value), body, inst);
            }
        }
        graph
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.first_piece() + self.pieces.len()
    }

    fn first_piece(&self) -> usize {
        self.first_cell + self.types.cells().len() + self.types.regions().len()
    }

    /// Adds the values of which a piece is in the set.
    pub fn with_values_of_pieces(&self, mut set: Bits) -> Bits {
        for (piece, &value) in self.pieces.iter().enumerate() {
            if set.has(self.first_piece() + piece) {
                set.add(value);
            }
        }
        set
    }

    /// The node of a value.
    pub fn value(&self, (body, value): Site) -> usize {
        self.bases[body.index()] + value.index()
    }

    /// The node of a cell.
    pub fn cell(&self, cell: CellId) -> usize {
        self.first_cell + cell.index()
    }

    /// The node of a region's bytes that the program does not touch.
    pub fn unseen(&self, region: RegionId) -> usize {
        self.first_cell + self.types.cells().len() + region.index()
    }

    /// What the seeds reach, against the edges if `backward`.
    pub fn reach(&self, seeds: &[usize], backward: bool) -> Bits {
        self.reach_until(seeds, &Bits::new(self.len()), backward)
    }

    /// What the seeds reach on ways that end at these nodes.
    pub fn reach_until(&self, seeds: &[usize], ends: &Bits, backward: bool) -> Bits {
        let turn = |&(a, b): &(u32, u32)| if backward { (b, a) } else { (a, b) };
        let mut starts = vec![0usize; self.len() + 1];
        for (from, _) in self.edges.iter().map(turn) {
            starts[from as usize + 1] += 1;
        }
        for i in 0..self.len() {
            starts[i + 1] += starts[i];
        }
        let mut targets = vec![0u32; self.edges.len()];
        let mut fill = starts.clone();
        for (from, to) in self.edges.iter().map(turn) {
            targets[fill[from as usize]] = to;
            fill[from as usize] += 1;
        }
        let mut reached = Bits::new(self.len());
        let mut stack: Vec<usize> = seeds.iter().copied().filter(|&s| reached.add(s)).collect();
        while let Some(node) = stack.pop() {
            for &next in &targets[starts[node]..starts[node + 1]] {
                if reached.add(next as usize) && !ends.has(next as usize) {
                    stack.push(next as usize);
                }
            }
        }
        reached
    }

    /// Adds a way.
    pub fn edge(&mut self, from: usize, to: usize) {
        let narrow = |n: usize| u32::try_from(n).expect("fewer than 2^32 nodes");
        self.edges.push((narrow(from), narrow(to)));
    }

    /// From an operand to the instruction's value.
    fn flow(&mut self, site: Site, body: &Body, operand: ValueId) {
        if self.may_vary(site.0, body, operand) {
            self.edge(self.value((site.0, operand)), self.value(site));
        }
    }

    /// Whether the value may be or hide bits of floats: not if all of it is known to
    /// be integers and addresses. An integer in a register may be computed from a
    /// float's bits and become a float again, whatever else it is used for.
    fn may_vary(&self, id: BodyId, body: &Body, value: ValueId) -> bool {
        let ty = &body.values[value].ty;
        if body.constant(value).is_some() || !holds_bits(ty) {
            return false;
        }
        let pieces = || self.types.register_pieces(id, value);
        let untyped = matches!(ty, Ty::Int(_)) || !has_register(ty);
        untyped || pieces().iter().any(|piece| piece.1 != PieceKind::Other)
    }

    fn flow_all(&mut self, site: Site, body: &Body, operands: &[ValueId]) {
        if holds_bits(&body.values[site.1].ty) {
            operands.iter().for_each(|&o| self.flow(site, body, o));
        }
    }

    fn instruction(&mut self, site: Site, body: &Body, inst: &Inst) {
        let ops = &inst.operands;
        match &inst.op {
            _ if self.ways == Ways::Checked && self.types.is_cut(site.0, site.1) => {
                self.cut.push(self.value(site));
            }
            Op::Load(_) if site.0 == BodyId::FIRST && self.plain.contains(&site.1) => {}
            Op::Float(_) | Op::Call(_) if is_step(body, site.1) => {}
            Op::Float(_) | Op::Int(_) | Op::Phi(_) | Op::Freeze | Op::Shuffle(_) => {
                self.flow_all(site, body, ops);
            }
            Op::Insert { .. } => self.flow_all(site, body, ops),
            Op::Cast(Cast::Bits) if self.types.checks_bits(site.0, site.1) => {
                self.of_anything.push(self.value(site));
                self.flow_all(site, body, ops);
            }
            Op::Cast(Cast::FloatToFloat | Cast::Bits | Cast::IntToInt | Cast::SignExtend) => {
                self.flow_all(site, body, ops);
            }
            Op::Select => self.flow_all(site, body, &ops[1..]),
            Op::InsertLane => self.flow_all(site, body, &ops[..2]),
            Op::ExtractLane => self.flow_all(site, body, &ops[..1]),
            Op::Extract { .. } => {
                let pieces = self.types.register_pieces(site.0, site.1);
                if pieces.iter().any(|p| p.1 != PieceKind::Other) {
                    self.flow_all(site, body, ops);
                }
            }
            Op::Load(_) => {
                let ty = &body.values[site.1].ty;
                if holds_bits(ty) && !self.only_moves(site.0, body, site.1) {
                    for cell in self.accessed((site.0, ops[0]), ty) {
                        self.edge(self.cell(cell), self.value(site));
                    }
                }
            }
            Op::Store(_) => {
                let ty = &body.values[ops[0]].ty;
                if self.only_moves(site.0, body, ops[0]) {
                    self.move_pieces(site.0, body, ops);
                } else if self.may_vary(site.0, body, ops[0]) {
                    for cell in self.accessed((site.0, ops[1]), ty) {
                        self.edge(self.value((site.0, ops[0])), self.cell(cell));
                    }
                }
            }
            Op::Copy(_) if self.types.moves_words(site.0, site.1) => {}
            Op::Copy(_) => self.copy(site, body, ops),
            Op::Call(call) | Op::Invoke(call) => self.call(site, body, call, ops),
            Op::Other(name) => self.other(site, body, name, ops),
            _ => {}
        }
    }

    /// The cells of a read or write that may hold bits of floats: integers of integers.
    fn accessed(&self, address: Site, ty: &Ty) -> Vec<CellId> {
        let mut cells = float_cells(self.types, address, Some(size(ty)));
        if matches!(ty, Ty::Int(_))
            && let Some(loc) = self.types.loc(address.0, address.1)
        {
            let all = self.types.cells_at(loc, Some(size(ty)));
            cells.extend(all.into_iter().filter(|&c| self.types.cell(c).kind == Kind::Integer));
        }
        cells
    }

    /// Whether the value is an integer that is loaded only to be stored, from and to places
    /// that are known, and may be the bits of a float.
    fn only_moves(&self, id: BodyId, body: &Body, value: ValueId) -> bool {
        let placed = |address: ValueId| {
            self.types.loc(id, address).is_some_and(|loc| loc.offset != Offset::Integers)
        };
        let stored = |&user: &ValueId| {
            body.inst(user).is_some_and(|user| {
                let [of, to] = user.operands[..] else { return false };
                matches!(user.op, Op::Store(_)) && of == value && to != value && placed(to)
            })
        };
        let data = &body.values[value];
        matches!(data.ty, Ty::Int(_))
            && !self.types.is_cut(id, value)
            && body
                .inst(value)
                .is_some_and(|inst| matches!(inst.op, Op::Load(_)) && placed(inst.operands[0]))
            && !data.uses.is_empty()
            && data.uses.iter().all(stored)
    }

    /// From each cell that is read to those that are written over the same bytes.
    fn move_pieces(&mut self, id: BodyId, body: &Body, ops: &[ValueId]) {
        let load = body.inst(ops[0]).expect("a load");
        let size = Some(size(&body.values[ops[0]].ty));
        let cells = |address| {
            let loc = self.types.loc(id, address).expect("a place");
            self.types.placed_cells(loc, size)
        };
        let (from, to) = (cells(load.operands[0]), cells(ops[1]));
        let range = |&(at, cell): &(i64, CellId)| {
            at..at.saturating_add_unsigned(self.types.cell(cell).width)
        };
        let plain = |cell: CellId| {
            let kind = self.types.cell(cell).kind;
            kind.may_be_float() || kind == Kind::Integer
        };
        let mut pairs = Vec::new();
        for read in from.iter().filter(|read| plain(read.1)) {
            for written in to.iter().filter(|written| plain(written.1)) {
                let (a, b) = (range(read), range(written));
                if a.start < b.end && b.start < a.end {
                    pairs.push((self.cell(read.1), self.cell(written.1)));
                }
            }
        }
        for (read, written) in pairs {
            let piece = self.len();
            self.pieces.push(self.value((id, ops[0])));
            self.edge(read, piece);
            self.edge(piece, written);
        }
    }

    fn copy(&mut self, (id, copy): Site, body: &Body, ops: &[ValueId]) {
        let (Some(to), Some(from)) = (self.types.loc(id, ops[0]), self.types.loc(id, ops[1]))
        else {
            return;
        };
        let len = body.int(ops[2]).map(i64::cast_unsigned);
        let mut len = len.or(self.types.room(id, copy));
        // Long copies of repeating cells: one period tells all.
        let dense = |r: RegionId| {
            let tail = self.types.region(r).repeats.tail();
            tail.is_some_and(|t| len.is_some_and(|n| n / t.period > 64))
        };
        let (dense_to, dense_from) = (dense(to.region), dense(from.region));
        if dense_to && dense_from {
            len = None;
        }
        let to = self.types.placed_cells(to, len);
        let from = self.types.placed_cells(from, len);
        let exact = dense_to == dense_from;
        for (ahead, source) in from {
            let paired: Vec<_> =
                to.iter().filter(|c| exact && ahead >= 0 && c.0 == ahead).map(|c| c.1).collect();
            let paired = if paired.is_empty() { to.iter().map(|c| c.1).collect() } else { paired };
            for target in paired {
                self.edge_of_cells(source, target);
            }
        }
    }

    fn edge_of_cells(&mut self, source: CellId, target: CellId) {
        let kind = |c: CellId| self.types.cell(c).kind;
        let both = |is: fn(Kind) -> bool| is(kind(source)) && is(kind(target));
        if both(Kind::may_be_float) || both(|kind| kind == Kind::Integer) {
            self.edge(self.cell(source), self.cell(target));
        }
    }

    fn call(&mut self, site: Site, body: &Body, call: &Call, ops: &[ValueId]) {
        let arguments = &ops[..call.arguments.min(ops.len())];
        match &call.callee {
            Callee::Body(callee) => self.known_body(site, body, *callee, arguments),
            Callee::Symbol(symbol) => match meaning(symbol) {
                Meaning::Floats(_) | Meaning::Float(_) | Meaning::Plain | Meaning::Words => {}
                Meaning::Math => self.math(site, body, symbol, arguments),
                Meaning::Known(Known::Identity { operand }) => {
                    let operand = arguments.get(usize::from(operand)).copied();
                    self.flow_all(site, body, operand.as_slice());
                }
                // Integer intrinsics compute with whatever bits they get.
                Meaning::Known(Known::Inactive { .. }) if symbol.starts_with("llvm.") => {
                    if is_integers(&body.values[site.1].ty) {
                        let ints = |v: &&ValueId| is_integers(&body.values[**v].ty);
                        let ints: Vec<_> = arguments.iter().filter(ints).copied().collect();
                        self.flow_all(site, body, &ints);
                    }
                }
                // Searches return an address of where they search. Texts and integers that others
                // return are none, whatever they are merged with.
                Meaning::Known(Known::Inactive { .. }) if body.values[site.1].ty == Ty::Ptr => {
                    let result = self.reached(site.0, &[site.1]);
                    if !result.is_empty() {
                        let inside = self.reached(site.0, arguments);
                        self.touch(site, &inside, (true, false));
                        self.touch(site, &result, (false, true));
                    }
                }
                Meaning::Known(_) => {}
                Meaning::Unknown => self.unknown(site, body, call, arguments),
            },
            Callee::Assembly(text) if of_registers(text, site.1, body, arguments) => {
                self.flow_all(site, body, arguments);
            }
            Callee::Indirect | Callee::Assembly(_) => self.unknown(site, body, call, arguments),
        }
    }

    fn known_body(&mut self, site: Site, body: &Body, callee: BodyId, arguments: &[ValueId]) {
        let target = &self.program.bodies[callee];
        for (&argument, &param) in std::iter::zip(arguments, &target.params) {
            // What might be a float's bits is none where the program checks that it is not.
            let types = self.types;
            let tells = types.is_moved(site.0, argument) || types.is_computed(site.0, argument);
            if self.ways == Ways::Checked && tells && types.checks_bits(site.0, site.1) {
                continue;
            }
            if self.may_vary(site.0, body, argument) && holds_bits(&target.values[param].ty) {
                self.edge(self.value((site.0, argument)), self.value((callee, param)));
            }
        }
        let Some(result) = target.returned() else { return };
        if target.constant(result).is_none() && holds_bits(&target.values[result].ty) {
            self.edge(self.value((callee, result)), self.value(site));
        }
    }

    fn math(&mut self, site: Site, body: &Body, symbol: &str, arguments: &[ValueId]) {
        let Some((rule, _)) = for_function(symbol) else { return };
        if !has_type_of_rule(body, site.1) {
            // Another function of that name.
            return self.flow_all(site, body, arguments);
        }
        for (i, &argument) in arguments.iter().enumerate() {
            if rule.contribution(i).is_some() {
                self.flow(site, body, argument);
            }
        }
    }

    /// Anything may flow from arguments and what they reach to the result and back.
    /// The call itself is the crossing, even if it has no value.
    ///
    /// A result that leads to memory may be an address of what the arguments reach, and
    /// the function need not touch memory for that: what is read through it comes from
    /// there, and what is written through it goes there.
    fn unknown(&mut self, site: Site, body: &Body, call: &Call, arguments: &[ValueId]) {
        if matches!(&call.callee, Callee::Symbol(name) if hands_out(name)) {
            self.of_anything.push(self.value(site));
        }
        arguments.iter().for_each(|&a| self.flow(site, body, a));
        let (reads, writes) = (call.effects.reads, call.effects.writes);
        let mut inside = self.reached(site.0, arguments);
        // A derivative that the program states is one by the arguments.
        let stated = matches!(&call.callee, Callee::Symbol(name) if custom(name).is_some());
        if let Some(names) = &call.globals {
            inside.extend(self.named(names));
        } else if !call.effects.only_arguments && !stated {
            inside.extend(&self.shared);
        }
        let result = self.reached(site.0, &[site.1]);
        let stores = !inside.is_empty() && result.iter().any(|r| self.written.has(r.index()));
        self.touch(site, &inside, (reads || !result.is_empty(), writes || stores));
        self.touch(site, &result, (stores, true));
    }

    fn other(&mut self, site: Site, body: &Body, name: &str, ops: &[ValueId]) {
        ops.iter().for_each(|&o| self.flow(site, body, o));
        if !is_atomic(name) {
            let all = self.reached(site.0, &[ops, &[site.1]].concat());
            return self.touch(site, &all, (true, true));
        }
        let size = size(&body.values[ops[1]].ty);
        for cell in float_cells(self.types, (site.0, ops[0]), Some(size)) {
            self.edge(self.cell(cell), self.value(site));
            self.edge(self.value(site), self.cell(cell));
        }
    }

    /// The regions of global variables and what they lead to.
    fn named(&self, names: &[String]) -> Vec<RegionId> {
        let globals = self.types.globals().iter();
        let named = globals.filter(|(global, _)| names.contains(&global.symbol));
        let reached = self.types.reachable(named.map(|(_, loc)| loc.region));
        self.types.regions().ids().filter(|r| reached.has(r.index())).collect()
    }

    /// The regions that values lead to.
    fn reached(&self, body: BodyId, values: &[ValueId]) -> Vec<RegionId> {
        let reached = led_to(self.types, body, values);
        self.types.regions().ids().filter(|r| reached.has(r.index())).collect()
    }

    /// An instruction reads or writes all that regions hold.
    fn touch(&mut self, site: Site, regions: &[RegionId], (reads, writes): (bool, bool)) {
        for &region in regions {
            let cells = self.types.region(region).cells.iter();
            let floats = cells.filter(|c| self.types.cell(**c).kind.may_be_float());
            let nodes: Vec<_> = floats.map(|&c| self.cell(c)).collect();
            for node in nodes.into_iter().chain([self.unseen(region)]) {
                if reads {
                    self.edge(node, self.value(site));
                }
                if writes {
                    self.edge(self.value(site), node);
                }
            }
        }
    }
}

/// The regions that instructions of the program write, or code that is not seen and is given them.
fn written(program: &Program, types: &Types) -> Bits {
    let mut written = Bits::new(types.regions().len());
    let mut given = Vec::new();
    for (id, body) in program.bodies.iter() {
        for (_, inst) in body.live_insts() {
            let address = match &inst.op {
                Op::Store(_) => inst.operands[1],
                Op::Copy(_) | Op::Fill => inst.operands[0],
                Op::Other(name) if is_atomic(name) => inst.operands[0],
                Op::Call(call) | Op::Invoke(call) if may_write(call) => {
                    let arguments = &inst.operands[..call.arguments.min(inst.operands.len())];
                    let pointees = arguments.iter().flat_map(|&v| types.pointees(id, v));
                    given.extend(pointees.map(|pointee| pointee.1.region));
                    continue;
                }
                _ => continue,
            };
            if let Some(loc) = types.loc(id, address) {
                written.add(loc.region.index());
            }
        }
    }
    written.or(&types.reachable(given))
}

/// Whether a call may write floats and is no function of the program.
fn may_write(call: &Call) -> bool {
    let writes = match &call.callee {
        Callee::Body(_) => false,
        Callee::Symbol(symbol) => matches!(meaning(symbol), Meaning::Unknown | Meaning::Math),
        Callee::Indirect | Callee::Assembly(_) => true,
    };
    writes && call.effects.writes
}

/// Whether an unknown instruction is an atomic change of memory: `[address, value, …]`.
pub(crate) fn is_atomic(name: &str) -> bool {
    matches!(name, "atomicrmw" | "cmpxchg" | "atomiccmpxchg")
}

/// Whether values of the type may be or hide bits of floats.
pub(super) fn holds_bits(ty: &Ty) -> bool {
    match ty {
        Ty::Int(bits) => *bits >= 8,
        Ty::Vector(item, _) => holds_bits(item),
        Ty::Float(_) | Ty::Aggregate(..) => true,
        Ty::Ptr | Ty::Void | Ty::Other(_) => false,
    }
}

/// Whether the type is made of integers that are wide enough for a float.
fn is_integers(ty: &Ty) -> bool {
    match ty {
        Ty::Int(bits) => *bits >= 16,
        Ty::Vector(item, _) => is_integers(item),
        Ty::Aggregate(_, fields) => fields.iter().any(|(_, ty)| is_integers(ty)),
        _ => false,
    }
}

/// The cells at an address that are or may be floats.
pub(super) fn float_cells(types: &Types, address: Site, len: Option<u64>) -> Vec<CellId> {
    let Some(loc) = types.loc(address.0, address.1) else { return vec![] };
    if loc.offset == Offset::Integers {
        return vec![];
    }
    let mut cells = types.cells_at(loc, len);
    cells.retain(|&c| types.cell(c).kind.may_be_float());
    cells
}

/// The regions that values lead to, and those that addresses there lead to.
pub(super) fn led_to(types: &Types, body: BodyId, values: &[ValueId]) -> Bits {
    let addresses = values.iter().flat_map(|&v| types.pointees(body, v));
    types.reachable(addresses.map(|p| p.1.region))
}

/// The cells of some kinds in these regions.
pub(super) fn cells_in(types: &Types, regions: &Bits, is: fn(Kind) -> bool) -> Vec<CellId> {
    let inside = types.cells().iter().filter(|(_, cell)| regions.has(cell.region.index()));
    inside.filter(|(_, cell)| is(cell.kind)).map(|(id, _)| id).collect()
}
