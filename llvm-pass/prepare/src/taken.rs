//! The functions whose address is taken, by whom, and where they stand in virtual tables.
//!
//! Three circles around a request: what its code reaches, what its callers and theirs reach,
//! and all of the module. Found by a walk over code and the constants that it mentions, and over
//! what is written, anywhere, to global variables among these; what code that cannot return
//! mentions does not count for what is reached. A place in a table is counted from where objects
//! point to, which in C++ is behind the table's start.

use std::collections::{HashMap, HashSet};

use enzyme_ir::{Block, Function, Module, Opcode, Type, Value, affine_offset};
use enzyme_protocol::MARKER;
use enzyme_rules::{for_function, known};

use crate::copies::is_common_copy;
use crate::flow;
use crate::targets::SIZE_AND_ALIGN;

/// What stands in a virtual table of C++ before the place that objects point to takes so much
/// at least.
const BEFORE_THE_FUNCTIONS: i64 = 16;

/// What functions are given to that the library alone calls.
const CALLED_BY_THE_LIBRARY: [&str; 4] =
    ["__cxa_throw", "__cxa_atexit", "__cxa_thread_atexit", "atexit"];

/// Where a function's address is taken.
#[derive(Clone, Debug, Default)]
struct Taken {
    /// Places in virtual tables, in bytes.
    slots: HashSet<u64>,
    /// In another way.
    plainly: bool,
}

/// The functions in a virtual table, each with its place.
pub type Table = Vec<(u64, Function)>;

/// The functions whose addresses are taken.
#[derive(Default)]
pub struct Candidates {
    functions: HashMap<Function, Taken>,
    /// What stands in the virtual tables.
    pub tables: Vec<Table>,
}

impl Candidates {
    /// Those of the type, and of the place in a virtual table if one is known; by name.
    pub fn fitting(&self, ty: Type, slot: Option<u64>) -> Vec<Function> {
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
    pub fn methods_like(&self, models: &Self, ty: Type, slot: u64) -> Vec<Function> {
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
    pub fn is_of(&self, crowds: &HashSet<String>, ty: Type, slot: u64) -> bool {
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
pub fn crowd_name(ty: Type, slot: Option<u64>) -> String {
    format!("{ty} {slot:?}")
}

/// Functions that the code reachable from `root` takes the address of, or calls that.
pub fn near(root: Function) -> Candidates {
    within_reach(&[root])
}

/// Functions that the request's callers, and all that call these, take the address of,
/// or calls of theirs. Callers are those that name the function they call.
pub fn around(root: Function) -> Candidates {
    let mut callers: HashMap<Function, Vec<Function>> = HashMap::new();
    for function in of_the_program(root.module()) {
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
pub fn reached(root: Function) -> Vec<Function> {
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
pub fn all(module: Module) -> Candidates {
    let mut walk = Walk::default();
    for global in module.globals() {
        walk.constant(global);
    }
    for inst in of_the_program(module).flat_map(Function::insts) {
        walk.instruction(inst);
    }
    walk.finish()
}

/// All functions but the copies that requests share.
fn of_the_program(module: Module) -> impl Iterator<Item = Function> {
    module.functions().into_iter().filter(|function| !is_common_copy(*function))
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
        let asks = called.is_some_and(|called| {
            let name = called.name();
            name.starts_with(MARKER) || CALLED_BY_THE_LIBRARY.contains(&&name[..])
        });
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
        self.written(global);
        let Some(content) = global.initializer() else { return };
        let functions = content.functions_in(global.module_of_global());
        for (_, function) in &functions {
            self.taken(*function);
        }
        self.tables.push((global, functions));
        self.parts(content);
    }

    /// The constants that any function of the module writes to a global variable: what it holds
    /// when it is read may have been written long before, as is a logger that a program installs.
    fn written(&mut self, address: Value) {
        for user in address.users() {
            if user.opcode() == Some(Opcode::LLVMStore) && user.operand(1) == address {
                let stored = Some(user.operand(0)).filter(|value| value.is_constant());
                stored.into_iter().for_each(|value| self.constant(value));
            } else if user.constant_opcode() == Some(Opcode::LLVMGetElementPtr) {
                self.written(user);
            }
        }
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
