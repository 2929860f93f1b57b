//! Needs: what the reverse sweep reads, and how it may come by it.
//!
//! Lowers a body's script to a graph for `enzyme-plan`: one node for each primal
//! value and one for each shadow, an edge for each operand that evaluating it
//! again would read, a mark on what the reverse sweep reads directly. The plan
//! that comes back says of each *item* whether it is stored, evaluated again, or
//! free; the tape layout says where stored items lie.
//!
//! What may be evaluated again: operations without effects, and loads whose
//! memory is proven unchanged (`effects`) and kept. All operands must live in a
//! loop around the operation (so that "the value of this iteration" has a
//! meaning); that rules out phis that carry a value out of a loop.
//!
//! The least set of direct needs is what makes a small tape: an adjoint reads
//! only what its rule's active contributions mention.

mod cost;

use std::collections::{BTreeSet, HashMap};

use enzyme_body::{Body, BodyId, Call, Callee, Def, Inst, LoopId, Op, Ty, ValueId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_plan::{
    Decision, DomainId, Extra, Footprint, Graph, Infeasible, Node, NodeId, Plan, TapeLayout, chaos,
    layout_with, solve,
};
use enzyme_rules::{Known, Rule, for_function};

use crate::activity::Activity;
use crate::effects::Effects;
use crate::script::{Forward, Home, ObjectSize, Reverse, Script, Shadow};
use crate::types::{Origin, Types, call_kind};

/// A value that the reverse sweep may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// The value of the primal.
    Primal(ValueId),
    /// Its shadow.
    Shadow(ValueId),
    /// The frame that the augmented primal of a called function returned, or where the tape
    /// of one lies whose derivative the program states.
    Frame(ValueId),
}

impl Item {
    /// The value that it belongs to.
    pub fn value(self) -> ValueId {
        let (Self::Primal(value) | Self::Shadow(value) | Self::Frame(value)) = self;
        value
    }
}

/// Where a stored item lies: in the record of a loop, or in the function's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The loop; none for the function's frame.
    pub record: Option<LoopId>,
    /// Bytes from the start of the record.
    pub offset: u64,
}

/// The tape of one body: decisions and places.
#[derive(Debug)]
pub struct Tape {
    graph: Graph,
    plan: Plan,
    layout: TapeLayout,
    nodes: HashMap<Item, NodeId>,
    domains: Vec<DomainId>,
    loop_bases: HashMap<LoopId, usize>,
    objects: HashMap<ValueId, (usize, usize)>,
}

/// Decides what the tape of a body holds: at the least price, or with a seed by an
/// arbitrary legal plan, which must give the same derivative.
///
/// # Errors
/// If the reverse sweep needs a value that can be neither stored nor evaluated again.
pub fn tape(
    id: BodyId,
    body: &Body,
    script: &Script,
    facts: (&Types, &Activity, &Effects),
    chaos_seed: Option<u64>,
) -> Result<Tape> {
    let mut lowering = Lowering::new(id, body, script, facts);
    lowering.nodes();
    lowering.edges();
    for item in direct_needs(body, script) {
        let node = lowering.nodes[&item];
        lowering.graph.mark_needed(node);
    }
    let Lowering { graph, nodes, domains, .. } = lowering;
    let plan = match chaos_seed {
        None => solve(&graph),
        Some(seed) => chaos(&graph, seed),
    };
    let plan = plan.map_err(|problem| Box::new(infeasible(body, &problem)))?;
    let violations = enzyme_plan::check(&graph, &plan);
    if !violations.is_empty() {
        let text = format!("the plan of `{}` does not hold: {violations:?}", body.name);
        return Diagnostic::new(Code::Internal, text).into();
    }
    let mut extras = Vec::new();
    let loop_bases = loop_extras(body, &graph, &plan, &domains, &mut extras);
    let objects = object_extras(script, &mut extras);
    let layout = layout_with(&graph, &plan, &extras);
    Ok(Tape { graph, plan, layout, nodes, domains, loop_bases, objects })
}

fn infeasible(body: &Body, problem: &Infeasible) -> Diagnostic {
    Diagnostic::new(Code::Internal, format!("no tape for `{}`: {problem}", body.name))
        .within(&body.name)
}

/// A slot for the address of the records of each loop that has any.
fn loop_extras(
    body: &Body,
    graph: &Graph,
    plan: &Plan,
    domains: &[DomainId],
    extras: &mut Vec<Extra>,
) -> HashMap<LoopId, usize> {
    let stored: BTreeSet<_> = graph
        .nodes()
        .filter(|(id, _)| plan.decision(*id) == Decision::Store)
        .map(|(_, node)| node.domain)
        .collect();
    let mut with_records = BTreeSet::new();
    for lp in body.loops.ids().filter(|l| stored.contains(&domains[l.index() + 1])) {
        // An outer loop's record holds the address of the inner loop's records.
        with_records.extend(std::iter::successors(Some(lp), |&l| body.loops[l].parent));
    }
    let mut bases = HashMap::new();
    for lp in with_records {
        let domain = domains[body.loops[lp].parent.map_or(0, |p| p.index() + 1)];
        bases.insert(lp, extras.len());
        extras.push(Extra {
            label: format!("records of {lp}"),
            domain,
            footprint: Footprint::new(8, 8),
        });
    }
    bases
}

/// Room in the frame for objects and their shadows.
fn object_extras(script: &Script, extras: &mut Vec<Extra>) -> HashMap<ValueId, (usize, usize)> {
    let mut objects: Vec<_> = script
        .forward
        .iter()
        .filter_map(|(value, forward)| match forward {
            Forward::Object(object) if object.home == Home::Frame => Some((*value, object)),
            _ => None,
        })
        .collect();
    objects.sort_by_key(|(value, _)| *value);
    let mut places = HashMap::new();
    for (value, object) in objects {
        let ObjectSize::Fixed(size) = object.size else { continue };
        places.insert(value, (extras.len(), extras.len() + 1));
        for label in ["object", "shadow of object"] {
            extras.push(Extra {
                label: format!("{label} {value}"),
                domain: DomainId::FUNCTION,
                footprint: Footprint::new(size.max(1), object.align),
            });
        }
    }
    places
}

impl Tape {
    /// How the reverse sweep comes by an item.
    pub fn decision(&self, item: Item) -> Decision {
        self.nodes.get(&item).map_or(Decision::Unneeded, |n| self.plan.decision(*n))
    }

    /// Where a stored item lies.
    pub fn place(&self, item: Item) -> Option<Place> {
        let (domain, slot) = self.layout.of_node(*self.nodes.get(&item)?)?;
        Some(Place { record: self.lp(domain), offset: slot.offset })
    }

    /// Where the address of a loop's records lies, if it has any.
    pub fn records(&self, lp: LoopId) -> Option<Place> {
        let (domain, slot) = self.layout.of_extra(*self.loop_bases.get(&lp)?);
        Some(Place { record: self.lp(domain), offset: slot.offset })
    }

    /// Frame offsets of an object and of its shadow.
    pub fn object(&self, value: ValueId) -> Option<(u64, u64)> {
        let (primal, shadow) = self.objects.get(&value)?;
        Some((self.layout.of_extra(*primal).1.offset, self.layout.of_extra(*shadow).1.offset))
    }

    /// Size of a loop's record, or of the function's frame, a multiple of its alignment.
    pub fn record_size(&self, lp: Option<LoopId>) -> u64 {
        let domain = self.domains[lp.map_or(0, |l| l.index() + 1)];
        self.layout.record(domain).size()
    }

    /// Alignment of the function's frame: at least that of every allocator.
    pub fn frame_align(&self) -> u64 {
        self.layout.record(self.domains[0]).align().max(16)
    }

    /// The loops that have records.
    pub fn loops(&self) -> impl Iterator<Item = LoopId> + '_ {
        self.loop_bases.keys().copied()
    }

    fn lp(&self, domain: DomainId) -> Option<LoopId> {
        let index = self.domains.iter().position(|d| *d == domain).expect("a domain of this body");
        index.checked_sub(1).map(LoopId::new)
    }
}

impl std::fmt::Display for Tape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.plan.display(&self.graph), self.layout)
    }
}

struct Lowering<'a> {
    id: BodyId,
    body: &'a Body,
    script: &'a Script,
    types: &'a Types,
    activity: &'a Activity,
    effects: &'a Effects,
    graph: Graph,
    nodes: HashMap<Item, NodeId>,
    domains: Vec<DomainId>,
}

/// Loops whose count is not constant are taken to run this often.
const GUESSED_TRIPS: u64 = 64;

impl<'a> Lowering<'a> {
    fn new(
        id: BodyId,
        body: &'a Body,
        script: &'a Script,
        (types, activity, effects): (&'a Types, &'a Activity, &'a Effects),
    ) -> Self {
        let mut graph = Graph::new();
        let mut domains = vec![DomainId::FUNCTION];
        for (_, lp) in body.loops.iter() {
            let count = lp.count.and_then(|c| body.int(c)).and_then(|n| u64::try_from(n).ok());
            let trips = count.map_or(GUESSED_TRIPS, |n| n.saturating_add(1));
            let parent = domains[lp.parent.map_or(0, |p| p.index() + 1)];
            domains.push(graph.add_domain(parent, trips));
        }
        let nodes = HashMap::new();
        Self { id, body, script, types, activity, effects, graph, nodes, domains }
    }

    fn domain(&self, value: ValueId) -> DomainId {
        self.domains[self.body.loop_of(value).map_or(0, |l| l.index() + 1)]
    }

    fn nodes(&mut self) {
        for value in self.body.values.ids() {
            let primal = self.primal(value);
            let node = self.graph.add_node(primal);
            self.nodes.insert(Item::Primal(value), node);
            if self.script.shadow(value) != Shadow::None {
                let shadow = self.shadow(value);
                let node = self.graph.add_node(shadow);
                self.nodes.insert(Item::Shadow(value), node);
            }
            let leaves = self.script.forward.get(&value);
            if matches!(leaves, Some(Forward::Call(_) | Forward::Custom { taped: true })) {
                let label = format!("frame of {}", self.body.label(value));
                let address = Some(Footprint::new(8, 8));
                let frame = Node::value(label, self.domain(value), address, None);
                let node = self.graph.add_node(frame);
                self.nodes.insert(Item::Frame(value), node);
            }
        }
    }

    /// A called function finds its parameters on its own tape: its caller need
    /// not have them any more.
    fn on_own_tape(&self, value: ValueId) -> bool {
        self.id != BodyId::FIRST && matches!(self.body.values[value].def, Def::Param(_))
    }

    fn primal(&self, value: ValueId) -> Node {
        let label = self.body.label(value).to_owned();
        let domain = self.domain(value);
        let size = self.body.values[value].ty.size();
        let store = (size > 0).then(|| Footprint::new(size, size.next_power_of_two().min(16)));
        let Def::Inst(inst) = &self.body.values[value].def else {
            return match self.on_own_tape(value) {
                true => Node::value(label, domain, store, None),
                false => Node::free(label, domain),
            };
        };
        let counts = self.body.loops.iter().any(|(_, l)| l.counter == value);
        let in_frame = matches!(
            self.script.forward.get(&value),
            Some(Forward::Object(object)) if object.home == Home::Frame
        );
        if counts || in_frame {
            return Node::free(label, domain);
        }
        Node::value(label, domain, store, self.repeat_cost(value, inst))
    }

    fn shadow(&self, value: ValueId) -> Node {
        let label = format!("shadow {}", self.body.label(value));
        let domain = self.domain(value);
        let size = self.body.values[value].ty.size();
        let store = (size > 0).then(|| Footprint::new(size, size.next_power_of_two().min(16)));
        let cost = match self.script.shadow(value) {
            Shadow::Given if self.on_own_tape(value) => None,
            Shadow::Given => return Node::free(label, domain),
            Shadow::Object if self.in_frame(value) => return Node::free(label, domain),
            Shadow::Load => self.shadow_load_cost(value),
            // An exchange of addresses has happened on the shadow; once. So has a call.
            Shadow::Derived if self.exchanges(value) || self.calls(value) => None,
            Shadow::Derived if self.sees_operands(value) => Some(cost::PLAIN),
            Shadow::Phi => self.single_phi_cost(value),
            _ => None,
        };
        Node::value(label, domain, store, cost)
    }

    fn in_frame(&self, value: ValueId) -> bool {
        matches!(self.script.forward.get(&value), Some(Forward::Object(o)) if o.home == Home::Frame)
    }

    /// Whether all operands live in loops around the operation.
    fn sees_operands(&self, value: ValueId) -> bool {
        let Some(inst) = self.body.inst(value) else { return true };
        let own = self.body.loop_of(value);
        inst.operands.iter().all(|&o| self.body.within(own, self.body.loop_of(o)))
    }

    fn repeat_cost(&self, value: ValueId, inst: &Inst) -> Option<u64> {
        if !self.sees_operands(value) {
            return None;
        }
        match &inst.op {
            Op::Load(_) => self.load_cost(value),
            Op::Phi(_) => self.single_phi_cost(value),
            Op::Call(call) if self.is_half_done(value, inst, call) => Some(cost::OTHER_HALF),
            Op::Call(call) => call_cost(call),
            op => cost::of(op),
        }
    }

    /// Whether the adjoint evaluates the other half of a pair of functions anyway, at the same
    /// operand and in the block where the value is needed: LLVM makes one call of the two.
    fn is_half_done(&self, value: ValueId, inst: &Inst, call: &Call) -> bool {
        let half = match self.script.reverse.get(&value) {
            Some(Reverse::Rule(rule)) => rule.is_half_of_a_pair(),
            _ => false,
        };
        let here = |user: &ValueId| self.body.inst(*user).is_some_and(|u| u.block == inst.block);
        half && !call.effects.writes
            && self.script.graph.visits(inst.block)
            && self.script.has_adjoint(inst.operands[0])
            && self.body.values[value].uses.iter().all(here)
    }

    fn exchanges(&self, value: ValueId) -> bool {
        self.body.inst(value).is_some_and(|inst| matches!(inst.op, Op::Other(_)))
    }

    /// Whether an instruction is a call that may see or change memory.
    fn calls(&self, value: ValueId) -> bool {
        self.body.inst(value).is_some_and(|inst| match &inst.op {
            Op::Call(call) | Op::Invoke(call) => call_cost(call).is_none(),
            _ => false,
        })
    }

    fn single_phi_cost(&self, value: ValueId) -> Option<u64> {
        let inst = self.body.inst(value)?;
        (inst.operands.len() == 1 && self.sees_operands(value)).then_some(0)
    }

    fn load_cost(&self, value: ValueId) -> Option<u64> {
        let address = self.body.inst(value)?.operands[0];
        // Objects without a shadow end with the forward sweep.
        let own = |origin: &Origin| matches!(origin, Origin::Alloca(..) | Origin::Allocation(..));
        let loc = self.types.loc(self.id, address)?;
        let regions = self.types.regions_at(loc).into_iter();
        let kept = !self.types.region(loc.region).blocks
            && regions.into_iter().all(|region| {
                self.activity.needs_shadow(region)
                    || !self.types.region(region).origins.iter().any(own)
            });
        (kept && self.effects.repeatable(self.id, value) && self.sees_operands(value))
            .then(|| cost::load(self.body.values[value].ty.size()))
    }

    /// Where an address is a float by turns, the reverse sweep overwrites its shadow.
    fn shadow_load_cost(&self, value: ValueId) -> Option<u64> {
        let address = self.body.inst(value)?.operands[0];
        let loc = self.types.loc(self.id, address)?;
        let size = self.body.values[value].ty.size();
        let cells = self.types.cells_at(loc, Some(size)).into_iter();
        let lasts = !cells.map(|c| self.types.cell(c)).any(|cell| cell.by_turns);
        self.load_cost(value).filter(|_| lasts)
    }

    fn edges(&mut self) {
        for value in self.body.values.ids() {
            let Some(inst) = self.body.inst(value) else { continue };
            let primal = self.nodes[&Item::Primal(value)];
            if self.graph.node(primal).evaluation().is_some() {
                for &operand in &inst.operands {
                    self.graph.add_operand(primal, self.nodes[&Item::Primal(operand)]);
                }
            }
            let Some(&shadow) = self.nodes.get(&Item::Shadow(value)) else { continue };
            if self.graph.node(shadow).evaluation().is_some() {
                for &operand in &inst.operands {
                    if let Some(item) = shadow_in(self.script, value, operand) {
                        self.graph.add_operand(shadow, self.nodes[&item]);
                    }
                }
            }
        }
    }
}

/// What a derived shadow reads in place of an operand.
pub fn shadow_operand(script: &Script, operand: ValueId) -> Item {
    match script.shadow(operand) {
        Shadow::None => Item::Primal(operand),
        _ => Item::Shadow(operand),
    }
}

/// What the derived shadow of a value reads in place of an operand; none if zeros.
pub fn shadow_in(script: &Script, user: ValueId, operand: ValueId) -> Option<Item> {
    if script.bases.get(&user).is_some_and(|base| *base != operand) {
        return Some(Item::Primal(operand));
    }
    let of_own = script.handed.contains(&operand) && !hands_on(script, user);
    let zeros = (of_own || script.shadow(operand) == Shadow::None)
        && script.by_turns.contains(&user)
        && !script.deciding.contains(&(user, operand))
        && !script.integers.contains(&operand);
    let item = if of_own { Item::Primal(operand) } else { shadow_operand(script, operand) };
    (!zeros).then_some(item)
}

/// Whether an instruction chooses among integers that are handed on, or stores one.
fn hands_on(script: &Script, user: ValueId) -> bool {
    let stores = matches!(script.forward.get(&user), Some(Forward::MirrorStore(_)));
    script.handed.contains(&user) || stores && !script.by_turns.contains(&user)
}

fn call_cost(call: &Call) -> Option<u64> {
    let Callee::Symbol(name) = &call.callee else { return None };
    if for_function(name).is_some() {
        return Some(cost::FUNCTION);
    }
    let pure = !call.effects.reads && !call.effects.writes && call.effects.returns;
    let plain =
        matches!(call_kind(call), Some(Known::Inactive { writes: false } | Known::Identity { .. }));
    (pure && plain && !call.effects.unwinds).then_some(cost::PLAIN)
}

/// What the adjoints and the reverse graph read.
pub fn direct_needs(body: &Body, script: &Script) -> BTreeSet<Item> {
    let mut needs: BTreeSet<_> =
        script.graph.needs().into_iter().map(|(_, v)| Item::Primal(v)).collect();
    for (&value, reverse) in &script.reverse {
        let inst = body.inst(value).expect("only instructions have a reverse");
        if script.graph.visits(inst.block) {
            reads((body, script), (value, inst), reverse, &mut needs);
        }
    }
    needs
}

fn reads(
    (body, script): (&Body, &Script),
    (value, inst): (ValueId, &Inst),
    reverse: &Reverse,
    needs: &mut BTreeSet<Item>,
) {
    let operand = |i: usize| inst.operands[i];
    let mut address = |at: ValueId, guarded: bool| {
        needs.insert(shadow_operand(script, at));
        if guarded {
            needs.insert(Item::Primal(at));
        }
    };
    match reverse {
        Reverse::Load(access) => address(operand(0), access.guarded),
        Reverse::Store(access) => address(operand(1), access.guarded),
        Reverse::Copy(transfer) => {
            address(operand(0), transfer.guarded);
            if transfer.to_source {
                address(operand(1), transfer.guarded_source);
            }
            needs.insert(Item::Primal(operand(2)));
        }
        Reverse::Fill { guarded, .. } => {
            address(operand(0), *guarded);
            needs.insert(Item::Primal(operand(2)));
        }
        Reverse::Clear(object, bytes) => {
            if bytes.has_floats() {
                address(value, false);
                needs.extend(size_reads(object.size));
            }
        }
        Reverse::Reallocate { pointer, old_size, object, bytes, guarded } => {
            if bytes.has_floats() {
                address(value, false);
                address(*pointer, *guarded || object.home == Home::Kept);
                needs.extend(size_reads(object.size));
                needs.extend(old_size.iter().flat_map(|size| size_reads(*size)));
            }
        }
        Reverse::Rule(rule) => rule_reads(script, value, inst, rule, needs),
        Reverse::Select => {
            needs.insert(Item::Primal(operand(0)));
        }
        Reverse::Bits => needs.extend([Item::Primal(operand(0)), Item::Shadow(operand(0))]),
        Reverse::ExtractLane => {
            needs.insert(Item::Primal(operand(1)));
        }
        Reverse::InsertLane => {
            needs.insert(Item::Primal(operand(2)));
        }
        Reverse::Call(_) => {
            needs.insert(Item::Frame(value));
        }
        Reverse::Custom { taped } => {
            needs.extend(taped.then_some(Item::Frame(value)));
            // What the program's function looks at is not known.
            for &argument in custom_arguments(inst) {
                needs.insert(Item::Primal(argument));
                if body.values[argument].ty == Ty::Ptr {
                    needs.insert(shadow_operand(script, argument));
                }
            }
        }
        Reverse::Convert
        | Reverse::Return
        | Reverse::Phi
        | Reverse::Same(_)
        | Reverse::Shuffle(_)
        | Reverse::Extract(_)
        | Reverse::Insert(_)
        | Reverse::Bytes(_) => {}
    }
}

/// The arguments of a call whose derivative the program states.
pub fn custom_arguments(inst: &Inst) -> &[ValueId] {
    match &inst.op {
        Op::Call(call) | Op::Invoke(call) => &inst.operands[..call.arguments],
        _ => &[],
    }
}

fn size_reads(size: ObjectSize) -> Vec<Item> {
    match size {
        ObjectSize::Fixed(_) => vec![],
        ObjectSize::Operand(size) => vec![Item::Primal(size)],
        ObjectSize::Product(a, b) => vec![Item::Primal(a), Item::Primal(b)],
    }
}

fn rule_reads(
    script: &Script,
    value: ValueId,
    inst: &Inst,
    rule: &Rule,
    needs: &mut BTreeSet<Item>,
) {
    for (i, &operand) in inst.operands.iter().enumerate().take(rule.arity) {
        if !script.has_adjoint(operand) {
            continue;
        }
        let uses = rule.uses(i);
        let read = (0..rule.arity).filter(|&k| uses.operand(k));
        needs.extend(read.map(|k| Item::Primal(inst.operands[k])));
        if uses.result {
            needs.insert(Item::Primal(value));
        }
    }
}
