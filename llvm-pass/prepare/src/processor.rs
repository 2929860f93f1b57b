//! For which processor the program runs its code.
//!
//! Libraries look, while they run, at what the processor has and choose among versions of
//! their code. What they find is in a record of the standard library
//! (`is_x86_feature_detected!`): words that are zero before anyone has looked, and then have
//! their highest bit set and one bit for each feature that is there. A version for the
//! processor that is found cannot be differentiated if it is written in assembly; the one for
//! any processor of the architecture can. So where a request reaches assembly, its copies
//! find a record in which nothing is there.
//!
//! Many look only once and keep the decision in a global variable: whether a version fits, or
//! the address of its function. Where all that write the variable look at the record, and
//! write the same constant if nothing is there, the copies read that constant, once something
//! is decided, and decide nothing for the program.
//!
//! *Why it is sound*: the program has to compute the same, but for rounding, on a processor
//! without these features, and all processors can run what it runs there. There the variable
//! could hold nothing else.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use enzyme_diag::Result;
use enzyme_ir::{Builder, Function, Opcode, Order, Value};
use enzyme_rules::assembly::{Touches, touches};

use crate::{SIMPLIFY, run};

/// Part of the record's name, mangled either way.
const RECORD: &str = "10std_detect6detect5cache5CACHE";
/// A word of it if there are no features.
const NOTHING: i64 = i64::MIN;
/// What the names of our own copies begin with.
const OURS: &str = "enzyme.";

/// The processor that a request is differentiated for.
#[derive(Default)]
pub struct Processor {
    /// Whether that is any one of the architecture; if not, the one that is found.
    any: OnceCell<bool>,
    decisions: Decisions,
}

impl Processor {
    /// Lets the function find the processor that it is differentiated for; whether it asks.
    /// `reached` are the functions that the request reaches.
    pub fn choose(&self, function: Function, reached: &dyn Fn() -> Vec<Function>) -> Result<bool> {
        let mut asks = false;
        for inst in function.insts() {
            asks |= looks(inst) || self.decisions.read_by(inst)?.is_some();
        }
        let runs_assembly = || reached().into_iter().any(runs_assembly);
        if asks && *self.any.get_or_init(runs_assembly) {
            self.decisions.forget_processor(function)?;
        }
        Ok(asks)
    }
}

/// Whether a function runs assembly of which nothing is known.
fn runs_assembly(function: Function) -> bool {
    let unknown = |inst: Value| {
        let assembly = inst.is_call() && inst.called().is_assembly();
        assembly && touches(&inst.called().to_string()) == Touches::Memory
    };
    function.insts().into_iter().any(unknown)
}

/// What the program would decide on a processor that has nothing that not all have.
#[derive(Default)]
struct Decisions {
    /// By global variable; none while it is being found.
    known: RefCell<HashMap<Value, Option<Value>>>,
}

impl Decisions {
    /// Lets the function find such a processor.
    fn forget_processor(&self, function: Function) -> Result<()> {
        let builder = Builder::new(function.module());
        let nothing = builder.module.i64(NOTHING);
        for inst in function.insts() {
            if looks(inst) && inst.ty() == nothing.ty() {
                inst.replace_uses(nothing);
                inst.erase();
            } else if let Some((undecided, decided)) = self.read_by(inst)? {
                builder.after(inst);
                let users = inst.users();
                let is_decided = builder.compare(Order::NotEqual, inst, undecided);
                let read = builder.select(is_decided, decided, inst);
                for user in users {
                    let uses = (0..user.operand_count()).filter(|i| user.operand(*i) == inst);
                    uses.collect::<Vec<_>>().into_iter().for_each(|i| user.set_operand(i, read));
                }
            } else if let Some(variable) = written_by(inst)
                && self.of(variable)?.is_some()
            {
                inst.erase();
            }
        }
        Ok(())
    }

    /// What a decision's variable holds before and after, if the instruction reads one.
    fn read_by(&self, inst: Value) -> Result<Option<(Value, Value)>> {
        if inst.opcode() != Some(Opcode::LLVMLoad) || !inst.operand(0).is_global_variable() {
            return Ok(None);
        }
        let variable = inst.operand(0);
        let Some(undecided) = variable.initializer().filter(|held| held.ty() == inst.ty()) else {
            return Ok(None);
        };
        Ok(self.of(variable)?.filter(|v| v.ty() == inst.ty()).map(|decided| (undecided, decided)))
    }

    /// The constant that all write to the variable, if that is decided by the processor.
    fn of(&self, variable: Value) -> Result<Option<Value>> {
        if let Some(known) = self.known.borrow().get(&variable) {
            return Ok(*known);
        }
        self.known.borrow_mut().insert(variable, None);
        let mut decided = HashSet::new();
        for function in deciding(variable) {
            decided.extend(self.written(function, variable)?);
        }
        let mut decided = decided.into_iter();
        let only = match (decided.next(), decided.next()) {
            (Some(only), None) => only,
            _ => None,
        };
        self.known.borrow_mut().insert(variable, only);
        Ok(only)
    }

    /// What the function writes to the variable; none for what is no constant.
    fn written(&self, function: Function, variable: Value) -> Result<HashSet<Option<Value>>> {
        let copy = function.clone_private("enzyme.deciding");
        self.forget_processor(copy)?;
        run(copy, SIMPLIFY)?;
        let writes = copy.insts().into_iter().filter(|inst| written_by(*inst) == Some(variable));
        let values = writes.map(|write| write.operand(0));
        let values = values.map(|value| value.is_constant().then_some(value)).collect();
        copy.delete_if_unused();
        Ok(values)
    }
}

/// The functions that write a variable which only functions read and write that are in view,
/// if all that write it look at the processor.
fn deciding(variable: Value) -> Vec<Function> {
    if !variable.is_internal() || variable.is_constant_global() {
        return vec![];
    }
    let mut functions = vec![];
    for user in variable.users() {
        let reads = user.opcode() == Some(Opcode::LLVMLoad);
        if !reads && written_by(user) != Some(variable) {
            return vec![];
        }
        let function = user.block().function();
        if reads || function.name().starts_with(OURS) || functions.contains(&function) {
            continue;
        }
        if !function.insts().into_iter().any(looks) {
            return vec![];
        }
        functions.push(function);
    }
    functions
}

/// Whether an instruction reads the record.
fn looks(inst: Value) -> bool {
    if inst.opcode() != Some(Opcode::LLVMLoad) {
        return false;
    }
    let address = inst.operand(0);
    let base = match address.constant_opcode() {
        Some(Opcode::LLVMGetElementPtr) => address.operand(0),
        _ => address,
    };
    base.is_global_variable() && base.name().contains(RECORD)
}

/// The global variable that an instruction writes.
fn written_by(inst: Value) -> Option<Value> {
    let writes = inst.opcode() == Some(Opcode::LLVMStore);
    writes.then(|| inst.operand(1)).filter(|address| address.is_global_variable())
}
