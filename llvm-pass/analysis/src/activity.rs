//! What carries a derivative, and which instructions move it.
//!
//! *Computes*: for every value and memory cell whether it is *active*; for every
//! instruction whether it *moves* derivatives (has adjoint work); for every
//! region whether it needs a shadow. *From*: bodies, their [`Types`], and what
//! the caller provides for each parameter.
//!
//! # Method
//!
//! One graph: its nodes are the values that hold floats, or may hold their bits
//! (all integers; aggregates and vectors unless they are typed throughout as
//! integers and addresses), and the cells that are, or may be, floats; its edges
//! are the ways of data: operand to result, cell to load, stored value to cell,
//! cell to cell for copies, argument to parameter. Then
//!
//! ```text
//! varied = reached forward  from all float cells that duplicated parameters lead to
//! useful = reached backward from all float cells that duplicated parameters lead to
//! active = varied ∩ useful
//! ```
//!
//! Every float cell that a duplicated parameter leads to is an input at entry and
//! an output at exit, as its shadow may hold a seed; and so are the bytes there that only
//! functions touch which are not in the program. A cell that is only used as an
//! integer there is an input, too: if the program calculates a float from its bits, it
//! may have been one, and that is refused; unless the request states that it is none (`stated`).
//!
//! *moves* and *carries* are two predicates: a load of an address moves nothing,
//! but its value carries if it leads to shadowed memory; a store of a constant
//! into an active cell moves (it ends the old value's adjoint), though nothing
//! active flows.
//!
//! A region *needs a shadow* if a cell of it is active or holds an address of a
//! region that needs one; a view, if a region does that it is a view of. Addresses of other
//! regions have one where they only go from shadowed memory to such memory (`handed`).
//!
//! # Premises
//!
//! Those of [`Types`]. Calls of functions that are neither in the program nor in
//! the table of known functions pass derivatives in every possible way between what
//! their arguments reach and what their result leads to, and are refused if one flows, unless
//! the program states their derivative: that is taken to be one by the arguments and what
//! they lead to, whatever the function's body does.
//! They do not keep what they are given for a later call of another, but for those that are known
//! to hand it out (`hands_out`: a caught exception): what lies there may depend on anything.
//!
//! # Why it is sound
//!
//! If a byte of an output depends on a byte of an input with a non-zero
//! derivative, then there is a chain of the edges between their cells, and every
//! node on it is varied and useful. Comparisons, conversions to integers and
//! results of fewer than 8 bits end chains, as their derivative is zero where it
//! exists. Bytes of unknown kind are nodes like floats and are refused
//! (`UnknownType`) once they are active and moved, and so are addresses that may be the
//! bits of an active float (`addresses`), and floats that are calculated from the fraction of
//! one as an integer (`decoded`). What is read behind an address of which nothing
//! shows where it comes from ends the program if an output depends on it (`strays`).
//!
//! # Cost and limits
//!
//! Two graph searches, linear in instructions plus touched cells. Memory is
//! treated without order: a cell that is active once is active throughout.
//! Values are one node each: a structure with one active float is active. Integers that
//! are only loaded and stored are not: see [`Graph`].

mod addresses;
mod check;
mod checked;
mod decoded;
mod display;
mod graph;
mod handed;
mod unseen;

use enzyme_body::{Body, BodyId, Callee, Inst, Op, Program, Ty, ValueId};
use enzyme_diag::Diagnostic;
use enzyme_protocol::Activity as Provided;
use enzyme_rules::Known;
use enzyme_rules::stand_in::custom;

use crate::bits::Bits;
use crate::types::{CellId, Kind, Loc, Meaning, Origin, RegionId, Site, Types, meaning, size};
use crate::walk::walk_all;
pub(crate) use graph::is_atomic;
use graph::{Graph, Ways, cells_in, float_cells, led_to};

/// Which values, cells and regions carry derivatives. Immutable; prints itself.
#[derive(Debug)]
pub struct Activity {
    bases: Vec<usize>,
    labels: Vec<Vec<String>>,
    active: Bits,
    varied: Bits,
    /// What an output depends on.
    useful: Bits,
    first_cell: usize,
    cells: usize,
    moves: Bits,
    body_moves: Vec<bool>,
    shadowed: Bits,
    shadowed_values: Bits,
    /// Integers that have a shadow only to be stored.
    handed: Bits,
    guarded: Bits,
    optional: Bits,
    kept: Bits,
    hidden: Bits,
    /// What is on a way that ends where integers turn out to be of a float's bits.
    checked: Bits,
    unseen: Vec<Site>,
    first_unseen: Vec<Site>,
    errors: Vec<Diagnostic>,
}

impl Activity {
    /// Analyses a request; `provided` has one entry for each parameter of body 0.
    pub fn new(
        program: &Program,
        types: &Types,
        provided: &[Provided],
        runtime_activity: bool,
    ) -> Self {
        let graph = Graph::new(program, types, Ways::Checked);
        let inputs =
            parameter_regions(types, |i| provided.get(i as usize) == Some(&Provided::Duplicated));
        let inputs = &types.reachable(inputs);
        let nodes =
            |cells: Vec<CellId>| -> Vec<_> { cells.into_iter().map(|c| graph.cell(c)).collect() };
        let mut seeds = nodes(cells_in(types, inputs, Kind::may_be_float));
        let inside = types.regions().ids().filter(|region| inputs.has(region.index()));
        seeds.extend(inside.map(|region| graph.unseen(region)));
        let integers = nodes(cells_in(types, inputs, |kind| kind == Kind::Integer));
        let sources = [&seeds[..], &integers, &graph.of_anything].concat();
        let varied = graph.reach(&sources, false);
        let useful = graph.reach(&seeds, true);
        let active = graph.with_values_of_pieces(varied.and(&useful));
        let varied = graph.with_values_of_pieces(varied);
        let bodies = || program.bodies.iter().map(|(_, body)| body);
        let mut activity = Self {
            bases: program.bodies.ids().map(|b| graph.value((b, ValueId::new(0)))).collect(),
            labels: bodies()
                .map(|b| b.values.iter().map(|v| v.1.label.clone()).collect())
                .collect(),
            first_cell: graph.cell(CellId::new(0)),
            cells: types.cells().len(),
            moves: Bits::new(graph.cell(CellId::new(0))),
            body_moves: vec![false; program.bodies.len()],
            shadowed: Bits::default(),
            shadowed_values: Bits::new(graph.cell(CellId::new(0))),
            handed: Bits::new(graph.cell(CellId::new(0))),
            guarded: Bits::new(types.regions().len()),
            optional: Bits::new(types.regions().len()),
            kept: Bits::new(types.regions().len()),
            hidden: Bits::new(types.regions().len()),
            checked: checked::on_the_way(program, types, &graph, (&sources, &seeds)),
            unseen: Vec::new(),
            first_unseen: Vec::new(),
            errors: Vec::new(),
            active,
            varied,
            useful,
        };
        activity.find_shadows(program, types);
        let params = &types.reachable(parameter_regions(types, |_| true));
        activity.find_constants(types, params, runtime_activity);
        activity.find_moves(program, types);
        let addresses = &addresses::moved(program, types, (&sources, &seeds));
        let decoded = &decoded::decoded(program, types, &graph, (&seeds, &activity.useful));
        (activity.errors, activity.unseen) = check::check(
            &activity,
            &check::Input {
                program,
                types,
                provided,
                inputs,
                runtime_activity,
                addresses,
                decoded,
            },
        );
        activity.find_first_unseen(&graph, &sources);
        activity
    }

    /// Which of the calls of code that is not seen are given a derivative by what is seen.
    fn find_first_unseen(&mut self, graph: &Graph, sources: &[usize]) {
        if self.unseen.is_empty() {
            return;
        }
        let mut ends = Bits::new(graph.len());
        for &site in &self.unseen {
            ends.add(graph.value(site));
        }
        let reached = graph.reach_until(sources, &ends, false);
        let unseen = self.unseen.iter().copied();
        self.first_unseen = unseen.filter(|&site| reached.has(graph.value(site))).collect();
    }

    /// Whether the value carries an adjoint.
    pub fn active(&self, body: BodyId, value: ValueId) -> bool {
        self.active.has(self.node((body, value)))
    }

    /// Whether the value may be the bits of a float that has a derivative, or would have one if
    /// the program did not end where they become another.
    pub fn may_be_bits(&self, body: BodyId, value: ValueId) -> bool {
        self.active(body, value) || self.checked.has(self.node((body, value)))
    }

    /// Whether the cell carries an adjoint.
    pub fn active_cell(&self, cell: CellId) -> bool {
        self.active.has(self.first_cell + cell.index())
    }

    /// Whether the value depends on an input that is differentiated.
    pub fn varied_value(&self, body: BodyId, value: ValueId) -> bool {
        self.varied.has(self.node((body, value)))
    }

    /// Whether the instruction has adjoint work. Allocations of active memory have
    /// (the new object's adjoints end there); frees have not.
    pub fn moves(&self, body: BodyId, inst: ValueId) -> bool {
        self.moves.has(self.node((body, inst)))
    }

    /// Whether some instruction of the body has adjoint work, or one that it calls.
    pub fn body_moves(&self, body: BodyId) -> bool {
        self.body_moves[body.index()]
    }

    /// Whether the value is active, or leads to memory with a shadow.
    pub fn carries(&self, body: BodyId, value: ValueId) -> bool {
        self.active(body, value) || self.has_shadow(body, value) && !self.is_handed(body, value)
    }

    /// Whether the value is an integer that is only handed on from shadow to shadow.
    pub fn is_handed(&self, body: BodyId, value: ValueId) -> bool {
        self.handed.has(self.node((body, value)))
    }

    /// Whether the value is or holds an address of a region that needs a shadow, or is handed
    /// on.
    pub fn has_shadow(&self, body: BodyId, value: ValueId) -> bool {
        self.shadowed_values.has(self.node((body, value)))
    }

    /// Whether the region needs a shadow.
    pub fn needs_shadow(&self, region: RegionId) -> bool {
        self.shadowed.has(region.index())
    }

    /// Whether a shadow in the region may be the primal itself, which marks a constant.
    pub fn guarded(&self, region: RegionId) -> bool {
        self.guarded.has(region.index())
    }

    /// Whether the caller may mark memory of the region as constant (run-time activity).
    pub fn optional(&self, region: RegionId) -> bool {
        self.optional.has(region.index())
    }

    /// Whether mutable globals may lead to the region: its memory may be there from before
    /// the call, and then it is constant and must not be written with what is not.
    pub fn kept(&self, region: RegionId) -> bool {
        self.kept.has(region.index())
    }

    /// Whether a range of bytes has an active cell.
    pub fn active_at(&self, types: &Types, loc: Loc, len: Option<u64>) -> bool {
        types.cells_at(loc, len).into_iter().any(|c| self.active_cell(c))
    }

    /// Whether bytes from a place on depend on an input that is differentiated.
    pub fn varied_at(&self, types: &Types, loc: Loc) -> bool {
        let cells = types.cells_at(loc, None).into_iter();
        let mut nodes = cells.map(|cell| self.first_cell + cell.index());
        nodes.any(|node| self.varied.has(node))
    }

    /// Whether what is read from a place may be a float that an output depends on, and nothing
    /// shows where that place is: if anything is read there, it may have a derivative.
    pub fn strays(&self, types: &Types, loc: Loc, len: Option<u64>) -> bool {
        let useful = |cell: CellId| {
            types.cell(cell).kind.may_be_float() && self.useful.has(self.first_cell + cell.index())
        };
        let lost = types.regions_at(loc).into_iter().any(|region| types.region(region).lost);
        lost && types.cells_at(loc, len).into_iter().any(useful)
    }

    /// The calls of code that is not seen through which a derivative may go.
    pub fn unseen_calls(&self) -> &[Site] {
        &self.unseen
    }

    /// Those of them that are given a derivative by what is seen, rather than by another one.
    pub fn first_unseen_calls(&self) -> &[Site] {
        &self.first_unseen
    }

    /// Why the request cannot be differentiated; empty if it can.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    fn node(&self, (body, value): Site) -> usize {
        self.bases[body.index()] + value.index()
    }

    /// Finds what needs shadows: what is active, and what checks ask for.
    fn find_shadows(&mut self, program: &Program, types: &Types) {
        let asked = |cell: CellId| self.checked.has(self.first_cell + cell.index());
        let cells = types.cells().iter().filter(|&(id, _)| self.active_cell(id) || asked(id));
        let mut stack = self.given_to_the_program(program, types);
        stack.extend(cells.map(|(_, cell)| cell.region.index()));
        let mut leads_to = vec![Vec::new(); types.regions().len()];
        for (_, cell) in types.cells().iter() {
            if let Some(loc) = cell.pointee {
                leads_to[loc.region.index()].push(cell.region.index());
            }
        }
        self.shadowed = Bits::new(types.regions().len());
        let handed = loop {
            self.shadow_regions(types, stack, &leads_to);
            let handed = handed::handed(program, types, self);
            stack = handed.regions.iter().map(|region| region.index()).collect();
            if stack.is_empty() {
                break handed;
            }
        };
        for &site in handed.addresses.iter().chain(&handed.integers) {
            self.shadowed_values.add(self.node(site));
        }
        for (id, body) in program.bodies.iter() {
            for value in body.values.ids() {
                let leads = types.pointees(id, value).iter();
                let leads = leads.into_iter().any(|(_, loc)| self.needs_shadow(loc.region));
                let shadowed = leads || self.tells_what_it_is(types, (id, value), body);
                if shadowed && !reads_floats(types, (id, value), body) {
                    self.shadowed_values.add(self.node((id, value)));
                }
            }
        }
        for site in handed.integers {
            self.handed.add(self.node(site));
        }
    }

    /// Notes that regions need shadows, and those that lead to them.
    fn shadow_regions(&mut self, types: &Types, regions: Vec<usize>, leads_to: &[Vec<usize>]) {
        for region in walk_all(regions, |region| leads_to[region].iter().copied()) {
            self.shadowed.add(region);
        }
        for (id, region) in types.regions().iter() {
            if region.views.iter().any(|&viewed| self.needs_shadow(viewed)) {
                self.shadowed.add(id.index());
            }
        }
    }

    /// Whether the shadow of an integer tells if it is the bits of a float.
    fn tells_what_it_is(&self, types: &Types, (id, value): Site, body: &Body) -> bool {
        let tells = types.is_moved(id, value) || types.is_computed(id, value);
        let Some(inst) = body.inst(value).filter(|_| tells) else { return false };
        let Op::Load(_) = inst.op else { return true };
        let loc = types.loc(id, inst.operands[0]);
        loc.is_some_and(|loc| self.needs_shadow(loc.region))
    }

    /// What calls lead to through which a derivative goes as the program states it: the
    /// program is given a shadow for each address.
    fn given_to_the_program(&self, program: &Program, types: &Types) -> Vec<usize> {
        let mut given = Bits::new(types.regions().len());
        for (id, body) in program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let (Op::Call(call) | Op::Invoke(call)) = &inst.op else { continue };
                let Callee::Symbol(symbol) = &call.callee else { continue };
                if custom(symbol).is_some() && self.active(id, value) {
                    given = given.or(&led_to(types, id, &inst.operands[..call.arguments]));
                }
            }
        }
        types.regions().ids().map(|id| id.index()).filter(|&region| given.has(region)).collect()
    }

    /// Whether nobody but mutable globals leads to the region from outside.
    pub fn hidden(&self, region: RegionId) -> bool {
        self.hidden.has(region.index())
    }

    /// Where shadows may be the primals themselves: where the caller may say so, and in
    /// what the addresses lead to that globals hold when the function is called.
    fn find_constants(&mut self, types: &Types, params: &Bits, runtime_activity: bool) {
        let holds = |name: &str| {
            let mut named = types.globals().iter().filter(|(global, _)| global.symbol == name);
            named.any(|(global, _)| global.mutable || global.addresses)
        };
        let behind = |wanted: &dyn Fn(&Origin) -> bool| {
            let globals = types
                .regions()
                .iter()
                .filter(|(id, region)| self.needs_shadow(*id) && region.origins.iter().any(wanted));
            let cells = globals.flat_map(|(_, region)| &region.cells);
            let behind = cells.filter_map(|&cell| types.cell(cell).pointee);
            types.reachable(behind.map(|loc| loc.region)).and(&self.shadowed)
        };
        let kept = behind(&|origin| matches!(origin, Origin::Global(_, true)));
        let held = behind(&|origin| matches!(origin, Origin::Global(name, _) if holds(name)));
        if runtime_activity {
            self.optional = params.and(&self.shadowed);
        }
        self.guarded = held.or(&self.optional);
        for region in types.regions().ids().filter(|r| !params.has(r.index())) {
            if kept.has(region.index()) {
                self.hidden.add(region.index());
            }
        }
        self.kept = kept;
    }

    /// Calls move if their bodies do, so bodies are visited until nothing changes.
    fn find_moves(&mut self, program: &Program, types: &Types) {
        let mut changed = true;
        while changed {
            changed = false;
            for (id, body) in program.bodies.iter() {
                for (value, inst) in body.live_insts() {
                    if self.decide_moves((id, value), types, body, inst)
                        && self.moves.add(self.node((id, value)))
                    {
                        self.body_moves[id.index()] = true;
                        changed = true;
                    }
                }
            }
        }
    }

    fn decide_moves(&self, site: Site, types: &Types, body: &Body, inst: &Inst) -> bool {
        let (id, value) = site;
        let active = |v: ValueId| self.active(id, v);
        let touches = |address: ValueId, len: Option<u64>| {
            float_cells(types, (id, address), len).into_iter().any(|c| self.active_cell(c))
        };
        let ops = &inst.operands;
        match &inst.op {
            Op::Load(_) => active(value) && touches(ops[0], Some(size(&body.values[value].ty))),
            Op::Store(_) => touches(ops[1], Some(size(&body.values[ops[0]].ty))),
            Op::Copy(_) if types.moves_words(id, value) => false,
            Op::Copy(_) | Op::Fill => touches(ops[0], body.int(ops[2]).map(i64::cast_unsigned)),
            Op::Alloca { .. } => touches(value, None),
            Op::Call(call) | Op::Invoke(call) => match &call.callee {
                Callee::Body(callee) => active(value) || self.body_moves(*callee),
                Callee::Symbol(symbol) => match meaning(symbol) {
                    Meaning::Known(Known::Allocate { .. } | Known::Reallocate { .. }) => {
                        touches(value, None)
                    }
                    _ => active(value),
                },
                _ => active(value),
            },
            Op::Return | Op::Branch | Op::Switch | Op::Jump => false,
            _ => active(value) && ops.iter().any(|&o| active(o)),
        }
    }
}

/// Whether an integer is read from where floats lie and nothing else: the shadow of what is a
/// float anyway holds its adjoint.
fn reads_floats(types: &Types, (id, value): Site, body: &Body) -> bool {
    let ty = &body.values[value].ty;
    let load = body.inst(value).filter(|inst| matches!(inst.op, Op::Load(_)));
    *ty != Ty::Ptr
        && load.is_some_and(|load| types.holds_only_floats(id, load.operands[0], size(ty)))
}

/// The regions of the parameters that `which` selects.
fn parameter_regions(types: &Types, which: impl Fn(u32) -> bool) -> Vec<RegionId> {
    let selected = |origin: &Origin| matches!(origin, Origin::Param(i) if which(*i));
    let regions = types.regions().iter().filter(|(_, r)| r.origins.iter().any(selected));
    regions.map(|(id, _)| id).collect()
}
