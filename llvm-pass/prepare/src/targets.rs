//! Calls through pointers and `dyn`, as choices between direct calls.
//!
//! The program is whole when this stage sees it, so a call of an address can only
//! reach functions whose address is *taken* somewhere: stored in a virtual table, in
//! another constant, or handed on by code. Such a call becomes
//!
//! ```text
//! if address = f { f(…) } else if address = g { g(…) } … else { call address }
//! ```
//!
//! over the functions taken that have the call's type. Where the address is loaded at
//! a constant distance from a table, only functions at that place of a virtual table
//! count. First choice are functions that code within reach of the request takes; if
//! there are none, those of the whole program; if those are many, methods of the traits
//! whose tables are taken by code around the request: what its callers reach, and theirs.
//! What is inlined later often knows the address, and then the choice folds away.
//!
//! What the last call reaches is not known, and it stays only where no derivative goes
//! through it, whatever it does. That is decided from the activity (`analysed`), so this
//! stage may run twice: the calls that stay have names, and those that are named to
//! [`Elsewhere`] become an end of the program with a message.
//!
//! Sound because nothing is assumed: an address that is none of these (one that a
//! foreign library made, or that came from where the request does not reach) is called as
//! the program would, or ends the program before a number is computed.
//!
//! Calls with more candidates than [`MOST`] stay calls of an address at first: most are of
//! code that no derivative goes through, as that which writes messages. Each has a note
//! that names the crowd; where a derivative goes through it, the crowd is named to
//! [`Choices`], and it and all methods of its virtual tables are chosen from.
//!
//! Not done: calls with more candidates than [`MOST_OF_CROWD`], and those without any, stay
//! calls of an address; they are refused later if a derivative goes through them.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use enzyme_diag::{Code, Result};
use enzyme_ir::{
    Block, Builder, Function, Module, Opcode, Type, Value, affine_offset, end_unreachable,
    promote_call,
};
use enzyme_protocol::MARKER;
use enzyme_rules::{for_function, known};

use crate::aligned::all_follow;
use crate::aside::{Aside, Entered};
use crate::flow;
use crate::processor::Processor;
use crate::shared::{SharedChoices, keep_whole, passes_memory};

/// Calls with more candidates stay as they are, unless a derivative goes through them.
const MOST: usize = 32;
/// Calls with more candidates stay as they are.
const MOST_OF_CROWD: usize = 512;
/// Functions to choose from that together have more instructions are not copied to each call.
const LONG: usize = 2000;
/// What is called instead of a function that nobody took the address of.
const ELSEWHERE: &str = "enzyme.elsewhere";
/// The note on a call that stays behind the choices, with its name.
const NOTE: &str = "enzyme-elsewhere";
/// The note on a call with many candidates, with the name of their crowd.
const CROWD: &str = "enzyme-crowd";
/// Where the functions of a virtual table may stand: the first word drops, then come
/// the size and the alignment.
pub const SIZE_AND_ALIGN: std::ops::Range<u64> = 8..24;
/// What stands in a virtual table of C++ before the place that objects point to takes so much
/// at least.
const BEFORE_THE_FUNCTIONS: i64 = 16;

/// What is chosen from, and what becomes of the rest.
#[derive(Clone, Debug)]
pub struct Choices {
    /// What becomes of calls of functions that are not among the choices.
    pub elsewhere: Elsewhere,
    /// The crowds of functions that are chosen from, though they are large.
    pub crowds: HashSet<String>,
    /// The large functions that are looked into (`aside`).
    pub entered: Entered,
}

impl Choices {
    /// What is tried before anything is known.
    pub fn at_first() -> Self {
        let (elsewhere, entered) =
            (Elsewhere::EndsAt(HashSet::new()), Entered::Only(HashSet::new(), 0));
        Self { elsewhere, crowds: HashSet::new(), entered }
    }
}

/// What becomes of calls of functions that are not among the choices.
#[derive(Clone, Debug)]
pub enum Elsewhere {
    /// All end the program.
    Ends,
    /// Those of these names do, and the others stay.
    EndsAt(HashSet<String>),
}

/// The name of the crowd of functions that a call may reach, if it is large.
pub fn crowd(call: Value) -> Option<String> {
    call.is_call().then(|| call.note_of_call(CROWD)).flatten()
}

/// The name of a call that stays behind choices.
pub fn behind_choices(call: Value) -> Option<String> {
    call.is_call().then(|| call.note_of_call(NOTE)).flatten()
}

/// Where a function's address is taken.
#[derive(Clone, Debug, Default)]
struct Taken {
    /// Places in virtual tables, in bytes.
    slots: HashSet<u64>,
    /// In another way.
    plainly: bool,
}

/// The functions in a virtual table, each with its place.
type Table = Vec<(u64, Function)>;

/// The functions whose addresses are taken.
#[derive(Default)]
struct Candidates {
    functions: HashMap<Function, Taken>,
    /// What stands in the virtual tables.
    tables: Vec<Table>,
}

impl Candidates {
    /// Those of the type, and of the place in a virtual table if one is known; by name.
    fn fitting(&self, ty: Type, slot: Option<u64>) -> Vec<Function> {
        let fits = |function: &Function, taken: &Taken| {
            let placed = taken.plainly || slot.is_none_or(|slot| taken.slots.contains(&slot));
            function.ty() == ty && !function.is_variadic() && placed
        };
        let found = self.functions.iter().filter(|(function, taken)| fits(function, taken));
        let mut found: Vec<_> = found.map(|(function, _)| *function).collect();
        found.sort_by_key(|function| function.name());
        found
    }

    /// Those of the type at the place of virtual tables that have the form of one of these
    /// `models` which has such a function, too; by name.
    fn methods_like(&self, models: &Self, ty: Type, slot: u64) -> Vec<Function> {
        let form = |table: &Table| -> Vec<(u64, Type)> {
            let methods = table.iter().filter(|(at, _)| *at != 0);
            methods.map(|(at, function)| (*at, function.ty())).collect()
        };
        let holds = |table: &&Table| method(table, ty, slot).is_some();
        let models: HashSet<_> = models.tables.iter().filter(holds).map(form).collect();
        let like = self.tables.iter().filter(|table| models.contains(&form(table)));
        let mut found: Vec<_> = like.filter_map(|table| method(table, ty, slot)).collect();
        found.sort_by_key(|function| function.name());
        found.dedup();
        found
    }

    /// Whether one of the virtual tables with a function of the type at the place has
    /// functions of a crowd that is among these: other methods of their trait.
    fn is_of(&self, crowds: &HashSet<String>, ty: Type, slot: u64) -> bool {
        let holds = |table: &&Table| method(table, ty, slot).is_some();
        let mut members = self.tables.iter().filter(holds).flatten();
        members.any(|(at, function)| crowds.contains(&crowd_name(function.ty(), Some(*at))))
    }
}

/// The function of the type at the place, if it stands in the table.
fn method(table: &Table, ty: Type, slot: u64) -> Option<Function> {
    let found = table.iter().find(|(at, function)| *at == slot && function.ty() == ty);
    found.map(|(_, function)| *function)
}

/// A name for all functions of a type, and of a place in virtual tables.
fn crowd_name(ty: Type, slot: Option<u64>) -> String {
    format!("{ty} {slot:?}")
}

/// Who may be called through a pointer in the program of a request.
pub struct Targets {
    root: Function,
    choices: Choices,
    /// Which large functions stay aside.
    pub aside: Aside,
    processor: Processor,
    /// How many choices there are in each function.
    named: RefCell<HashMap<String, usize>>,
    shared: SharedChoices,
    /// Functions that ask for derivatives themselves, or call one that does.
    asking: RefCell<HashSet<Function>>,
    near: OnceCell<Candidates>,
    around: OnceCell<Candidates>,
    all: OnceCell<Candidates>,
    /// Whether data behind headers follows them at once, as all virtual tables say.
    follows: OnceCell<bool>,
}

impl Targets {
    /// For the request that differentiates `root`; looks at nothing before it is asked.
    pub fn new(root: Function, choices: Choices) -> Self {
        let (near, around, all) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (shared, asking, named) =
            (SharedChoices::new(root), RefCell::default(), RefCell::default());
        let aside = Aside::new(choices.entered.clone());
        Self {
            root,
            choices,
            aside,
            processor: Processor::default(),
            named,
            shared,
            asking,
            near,
            around,
            all,
            follows: OnceCell::new(),
        }
    }

    /// Whether data behind headers follows them at once, as all virtual tables say.
    pub fn data_follows_headers(&self) -> bool {
        *self.follows.get_or_init(|| all_follow(self.root.module()))
    }

    /// Lets the function find the processor that it is differentiated for.
    pub fn choose_processor(&self, function: Function) -> Result<()> {
        self.processor.choose(function, &|| reached(self.root))
    }

    /// The functions that hold choices which several calls share.
    pub fn shared(self) -> Vec<Function> {
        self.shared.functions()
    }

    /// Makes calls of addresses in these blocks choices; whether any was one. How long a
    /// function is when it is inlined tells `length`.
    pub fn resolve(
        &self,
        blocks: Vec<Block>,
        length: &mut dyn FnMut(Function) -> Result<usize>,
    ) -> Result<bool> {
        let calls = blocks.into_iter().flat_map(Block::insts).filter(|inst| {
            let unknown = inst.is_call() && inst.called_function().is_none();
            unknown && !inst.called().is_assembly() && behind_choices(*inst).is_none()
        });
        let calls: Vec<_> = calls.collect();
        let mut changed = false;
        let mut never = Vec::new();
        for call in calls {
            let Some(mut candidates) = self.candidates(call) else { continue };
            if candidates.len() > MOST && !self.is_wanted_crowd(call, candidates.len()) {
                continue;
            }
            let long = self.total(&mut candidates, length)? > LONG;
            if candidates.is_empty() {
                never.push(call);
                continue;
            }
            changed |= match long {
                false => self.choose(call, &candidates),
                true => self.choose_among_whole(call, &candidates),
            };
        }
        // Backward, as the end of the program erases what is behind it.
        for call in never.into_iter().rev() {
            changed |= self.choose(call, &[]);
        }
        Ok(changed)
    }

    /// Whether a call of many candidates is to become a choice; if not, it says of which.
    fn is_wanted_crowd(&self, call: Value, count: usize) -> bool {
        let (ty, slot) = (call.called_type(), table_slot(call.called()));
        let name = crowd_name(ty, slot);
        let crowds = &self.choices.crowds;
        let of_table = |slot| {
            [&self.near, &self.all]
                .iter()
                .any(|found| found.get().is_some_and(|found| found.is_of(crowds, ty, slot)))
        };
        let wanted = crowds.contains(&name) || slot.is_some_and(of_table);
        if !wanted {
            call.note_on_call(CROWD, &name);
        }
        wanted && count <= MOST_OF_CROWD
    }

    /// Replaces a call of an address by a choice of functions that stay whole: by a call
    /// of the function that chooses among them, where the address is all that it needs.
    fn choose_among_whole(&self, call: Value, candidates: &[Function]) -> bool {
        if passes_memory(call) {
            let function = call.block().function();
            let before: HashSet<_> = function.insts().into_iter().collect();
            let changed = self.choose(call, candidates);
            let new = function.insts().into_iter().filter(|inst| !before.contains(inst));
            new.filter(|inst| inst.is_call()).for_each(keep_whole);
            return changed;
        }
        let choose = |call| {
            self.choose(call, candidates);
        };
        self.shared.call(call, candidates, choose);
        true
    }

    /// Replaces a call of an address by a choice.
    fn choose(&self, call: Value, candidates: &[Function]) -> bool {
        let name = self.name(call);
        call.note_on_call(NOTE, &name);
        let promoted = candidates.iter().filter(|target| promote_call(call, **target)).count();
        let ends = match &self.choices.elsewhere {
            Elsewhere::Ends => promoted > 0 || candidates.is_empty(),
            // There is nothing to drop.
            Elsewhere::EndsAt(_) if candidates.is_empty() => true,
            Elsewhere::EndsAt(names) => promoted > 0 && names.contains(&name),
        };
        if ends {
            end_program(call);
        }
        ends || promoted > 0
    }

    /// A name for a call that is the same whenever the program is prepared.
    fn name(&self, call: Value) -> String {
        let function = call.block().function().name();
        let mut named = self.named.borrow_mut();
        let count = named.entry(function.clone()).or_default();
        *count += 1;
        format!("{function} {count}")
    }

    /// The functions that the call may reach; none if nothing is known about it.
    fn candidates(&self, call: Value) -> Option<Vec<Function>> {
        let (ty, slot) = (call.called_type(), table_slot(call.called()));
        let near = self.near.get_or_init(|| near(self.root));
        let found = near.fitting(ty, slot);
        // Tables near by, but none with a destructor: there is nothing to drop.
        if !found.is_empty() || slot == Some(0) && !near.tables.is_empty() {
            return Some(found);
        }
        let all = self.all.get_or_init(|| all(self.root.module()));
        let found = all.fitting(ty, slot);
        if let Some(slot) = slot.filter(|_| found.len() > MOST) {
            let around = self.around.get_or_init(|| around(self.root));
            let of_traits = all.methods_like(around, ty, slot);
            if !of_traits.is_empty() {
                return Some(of_traits);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// How many instructions a choice of these adds where each is inlined. Functions that ask
    /// for derivatives themselves are taken out: they are of the program around.
    fn total(
        &self,
        candidates: &mut Vec<Function>,
        length: &mut dyn FnMut(Function) -> Result<usize>,
    ) -> Result<usize> {
        let mut sum = 0;
        let mut kept = Vec::new();
        candidates.retain(|candidate| !self.asking.borrow().contains(candidate));
        for candidate in std::mem::take(candidates) {
            match length(candidate) {
                Ok(own) => {
                    sum += own;
                    kept.push(candidate);
                }
                Err(refused) if refused.code == Code::Nested => {
                    self.asking.borrow_mut().insert(candidate);
                }
                Err(refused) => return Err(refused),
            }
        }
        *candidates = kept;
        Ok(sum)
    }
}

/// The distance from a table that an address is loaded at.
fn table_slot(callee: Value) -> Option<u64> {
    if callee.opcode() != Some(Opcode::LLVMLoad) {
        return None;
    }
    let from = callee.operand(0);
    match from.opcode() {
        Some(Opcode::LLVMGetElementPtr) => {
            let (at, terms) = affine_offset(from)?;
            u64::try_from(at).ok().filter(|_| terms.is_empty())
        }
        // A choice of tables, if not of places in them.
        Some(Opcode::LLVMPHI | Opcode::LLVMSelect) => {
            let place = |v: &Value| v.constant_opcode().or(v.opcode()).is_some();
            (!from.operands().iter().any(|choice| choice.ty() == from.ty() && place(choice)))
                .then_some(0)
        }
        _ => Some(0),
    }
}

/// A function of the runtime library that ends the program, with a message.
pub fn ending(module: Module, name: &str) -> Function {
    let function = module.declare(name, Type::function(Type::void(module), &[]));
    for attribute in ["noreturn", "nounwind", "cold"] {
        function.add_attribute(attribute);
    }
    function
}

/// Ends the program in place of a call, with a message.
fn end_program(call: Value) {
    let module = call.block().function().module();
    let elsewhere = ending(module, ELSEWHERE);
    let builder = Builder::new(module);
    builder.before(call);
    builder.call(elsewhere, &[]);
    end_unreachable(call);
}

/// Functions that the code reachable from `root` takes the address of, or calls that.
fn near(root: Function) -> Candidates {
    within_reach(&[root])
}

/// Functions that the request's callers, and all that call these, take the address of,
/// or calls of theirs. Callers are those that name the function they call.
fn around(root: Function) -> Candidates {
    let mut callers: HashMap<Function, Vec<Function>> = HashMap::new();
    for function in root.module().functions() {
        for call in function.insts().into_iter().filter(|inst| inst.is_call()) {
            // The request itself names what it differentiates.
            let named = call.operands().into_iter().filter_map(Value::as_function);
            named.for_each(|callee| callers.entry(callee).or_default().push(function));
        }
    }
    let mut found = vec![root];
    let mut seen = HashSet::from([root]);
    let mut next = 0;
    while let Some(function) = found.get(next).copied() {
        let above = callers.get(&function).into_iter().flatten();
        found.extend(above.copied().filter(|caller| seen.insert(*caller)));
        next += 1;
    }
    within_reach(&found)
}

/// The functions that the code reachable from `root` calls or takes the address of.
fn reached(root: Function) -> Vec<Function> {
    walk_from(&[root]).functions.into_iter().collect()
}

fn within_reach(roots: &[Function]) -> Candidates {
    walk_from(roots).finish()
}

fn walk_from(roots: &[Function]) -> Walk {
    let mut walk = Walk::default();
    roots.iter().for_each(|root| walk.visit(*root));
    while let Some(function) = walk.pending.pop() {
        let name = function.name();
        if known(&name).is_some() || for_function(&name).is_some() {
            continue;
        }
        for inst in flow::blocks_with_reverse(function).flat_map(Block::insts) {
            walk.instruction(inst);
        }
    }
    walk
}

/// Functions that anything in the module takes the address of.
fn all(module: Module) -> Candidates {
    let mut walk = Walk::default();
    for global in module.globals() {
        walk.constant(global);
    }
    for inst in module.functions().into_iter().flat_map(Function::insts) {
        walk.instruction(inst);
    }
    walk.finish()
}

/// A walk over code and the constants that it mentions.
#[derive(Default)]
struct Walk {
    found: Candidates,
    pending: Vec<Function>,
    functions: HashSet<Function>,
    constants: HashSet<Value>,
    /// Which places of a global variable are mentioned.
    places: HashMap<Value, HashSet<i64>>,
    /// The functions in global variables.
    tables: Vec<(Value, Table)>,
}

impl Walk {
    fn visit(&mut self, function: Function) {
        if !function.is_declaration() && self.functions.insert(function) {
            self.pending.push(function);
        }
    }

    fn instruction(&mut self, inst: Value) {
        let called = if inst.is_call() { inst.called().as_function() } else { None };
        let asks = called.is_some_and(|called| called.name().starts_with(MARKER));
        if let Some(called) = called {
            self.visit(called);
        }
        let mut itself = called.is_some();
        for operand in inst.operands().into_iter().rev().filter(|o| o.is_constant()) {
            // The function called is the last operand.
            if std::mem::take(&mut itself) && operand.as_function() == called || asks {
                continue;
            }
            self.constant(operand);
        }
    }

    fn taken(&mut self, function: Function) -> &mut Taken {
        self.visit(function);
        self.found.functions.entry(function).or_default()
    }

    fn constant(&mut self, constant: Value) {
        if let Some(function) = constant.as_function() {
            self.taken(function).plainly = true;
            return;
        }
        if constant.is_global_variable() {
            self.mention(constant, 0);
            return;
        }
        if !self.constants.insert(constant) {
            return;
        }
        if constant.constant_opcode() == Some(Opcode::LLVMGetElementPtr) {
            let table = constant.operand(0);
            let place = affine_offset(constant).filter(|(_, terms)| terms.is_empty());
            if let Some((at, _)) = place.filter(|_| table.is_global_variable()) {
                self.mention(table, at);
                return;
            }
        }
        for operand in constant.operands().into_iter().filter(|o| o.is_constant()) {
            self.constant(operand);
        }
    }

    /// A place in a global variable.
    fn mention(&mut self, global: Value, at: i64) {
        self.places.entry(global).or_default().insert(at);
        if !self.constants.insert(global) {
            return;
        }
        let Some(content) = global.initializer() else { return };
        let functions = content.functions_in(global.module_of_global());
        for (_, function) in &functions {
            self.taken(*function);
        }
        self.tables.push((global, functions));
        self.parts(content);
    }

    /// What a table holds beside functions.
    fn parts(&mut self, content: Value) {
        for part in content.operands().into_iter().filter(|o| o.as_function().is_none()) {
            match part.constant_opcode().is_some() || part.is_global_variable() {
                true => self.constant(part),
                false => self.parts(part),
            }
        }
    }

    /// What was found, with the places of functions in tables.
    fn finish(mut self) -> Candidates {
        for (global, functions) in std::mem::take(&mut self.tables) {
            let mut points: Vec<i64> = self.places[&global].iter().copied().collect();
            let of_objects = points.iter().all(|&at| at >= BEFORE_THE_FUNCTIONS);
            let of_traits = functions.iter().all(|(at, _)| !SIZE_AND_ALIGN.contains(at));
            if of_traits && !of_objects && !functions.is_empty() {
                self.found.tables.push(functions.clone());
            }
            if !of_objects {
                points = vec![0];
            }
            for (at, function) in functions {
                let taken = self.found.functions.entry(function).or_default();
                taken.plainly |= !of_objects && !of_traits;
                let distances = points.iter().filter_map(|&point| at.checked_sub(point as u64));
                taken.slots.extend(distances);
            }
        }
        self.found
    }
}
