//! What a call says: the function, the words and the values.
//!
//! Compilers without optimisation pass everything through stack slots, so a load is
//! looked through if it reads a slot that is written once, or a global that never
//! changes. A word is a load from its global variable, the variable itself, or a
//! metadata string.

use std::collections::HashSet;

use enzyme_convention::{Description, Given, Hook, Param, Passing, Role, Signature, word};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Opcode, Type, Value};

use crate::register::StandIn;
use crate::site::TAPE_SIZE;

/// One call of the convention.
pub(crate) struct Asked {
    /// What it asks for.
    pub hook: Hook,
    /// The call.
    pub call: Value,
    /// The function to differentiate.
    pub primal: Function,
    /// The same, or what stands for it.
    pub called: Function,
    /// Its types.
    pub signature: Signature,
    /// The arguments behind the function.
    pub given: Vec<Given>,
    /// The same, as LLVM's values.
    pub values: Vec<Value>,
    /// Where what comes back is written, and its type, if it is returned through memory.
    pub memory: Option<(Value, Type)>,
}

impl Asked {
    /// The caller's memory for a tape is large enough, and both are given.
    pub(crate) fn check_tape(&self, description: &Description) -> Result<()> {
        let Some(size) = description.allocated else {
            let spare = self.hook == Hook::Augmented && description.tape.is_some();
            return if spare {
                self.refuse("a tape without its size (`enzyme_allocated`)")
            } else {
                Ok(())
            };
        };
        match through_slots(self.values[size]).int() {
            Some(size) if size < TAPE_SIZE => {
                self.refuse(&format!("{size} bytes for a tape, which needs {TAPE_SIZE}"))
            }
            None => self.refuse("the size of the memory for a tape is no constant"),
            Some(_) if description.tape.is_none() => self.refuse("memory for a tape without it"),
            Some(_) => Ok(()),
        }
    }

    /// For each parameter the function that is its argument, if it is known and constant.
    pub(crate) fn functions(&self, description: &Description) -> Vec<Option<Function>> {
        let constant =
            |param: &Param| param.role == Role::Const && param.passing == Passing::Address;
        let params = description.params.iter();
        params
            .map(|param| {
                let value = constant(param).then(|| self.values[param.value])?;
                function_behind(value)
            })
            .collect()
    }

    /// For each parameter the declared type of the variable whose address is its argument.
    /// Both directions of split sweeps must agree, whatever each call shows: there is none.
    pub(crate) fn declared(&self, description: &Description) -> Vec<Option<Type>> {
        let shows =
            |param: &Param| self.hook == Hook::Autodiff && param.passing == Passing::Address;
        let params = description.params.iter();
        params
            .map(|param| {
                let value = shows(param).then(|| through_slots(self.values[param.value]))?;
                match value.opcode() {
                    Some(Opcode::LLVMAlloca) => {
                        (value.operand(0).int() == Some(1)).then(|| value.allocated_type())
                    }
                    _ => value.is_global_variable().then(|| value.value_type()),
                }
            })
            .collect()
    }

    fn refuse(&self, text: &str) -> Result<()> {
        let diagnostic = Diagnostic::new(Code::BadCall, text).at(self.call.location());
        diagnostic.within(&self.signature.name).into()
    }
}

/// Reads a call.
pub(crate) fn read(hook: Hook, call: Value, stand_ins: &[StandIn]) -> Result<Asked> {
    let refuse = |code, text: String| Diagnostic::new(code, text).at(call.location()).into();
    let arguments = call.arguments();
    let memory = call.argument_type(0, "sret").map(|ty| (arguments[0], ty));
    let first = usize::from(memory.is_some());
    let Some(&function) = arguments.get(first) else {
        return refuse(Code::BadCall, "the function to differentiate is missing".into());
    };
    let Some(primal) = function_behind(function) else {
        return refuse(Code::UnknownPrimal, "the first argument is no function".into());
    };
    let behind = stand_ins.iter().find_map(|stand_in| stand_in.behind(primal));
    let (primal, called) = behind.unwrap_or((primal, primal));
    if primal.is_declaration() && primal == called {
        let text = format!("`{}` has no body in this program", primal.name());
        return refuse(Code::MissingBody, text);
    }
    let values = arguments[first + 1..].to_vec();
    let copies = (first + 1..).map(|index| call.argument_type(index, "byval").is_some());
    let module = primal.module();
    let given =
        std::iter::zip(&values, copies).map(|(&value, copied)| given(module, value, copied));
    let signature = signature(primal);
    Ok(Asked { hook, call, primal, called, signature, given: given.collect(), values, memory })
}

fn signature(primal: Function) -> Signature {
    let module = primal.module();
    let returned = primal.param_type(0, "sret");
    let params = primal.params();
    let mirrored = params.iter().enumerate().map(|(index, param)| {
        let copied = primal.param_type(index, "byval").map(|ty| ty.mirrored(module));
        (param.ty().mirrored(module), copied)
    });
    Signature {
        name: primal.name(),
        params: mirrored.skip(usize::from(returned.is_some())).collect(),
        result: returned.unwrap_or_else(|| primal.result_type()).mirrored(module),
        unusual: primal.is_variadic().then_some("a variadic function"),
    }
}

fn given(module: Module, value: Value, copied: bool) -> Given {
    match word_behind(value).and_then(|name| Some((word(&name)?, name))) {
        Some((word, name)) => Given::Word(word, name),
        None => Given::Value(value.ty().mirrored(module), copied),
    }
}

/// The name that stands behind a word's argument.
fn word_behind(value: Value) -> Option<String> {
    if let Some(text) = value.metadata_text() {
        return Some(text);
    }
    let value = through_slots(value);
    let global = match value.opcode() {
        Some(Opcode::LLVMLoad) => value.operand(0),
        _ => value,
    };
    global.is_global_variable().then(|| global.name())
}

/// The function behind a value.
fn function_behind(value: Value) -> Option<Function> {
    let mut value = through_slots(value);
    while let Some(next) = value.aliased() {
        value = next;
    }
    if value.opcode() == Some(Opcode::LLVMLoad) && value.operand(0).is_constant_global() {
        value = value.operand(0).initializer()?;
    }
    value.as_function().or_else(|| returned_by(value))
}

/// The function that a call returns, if it is always the same: lambdas become addresses by calls.
fn returned_by(call: Value) -> Option<Function> {
    let callee = if call.is_call() { call.called_function()? } else { return None };
    let returns = callee.insts().into_iter();
    let returns = returns.filter(|inst| inst.opcode() == Some(Opcode::LLVMRet));
    let mut found = None;
    for inst in returns {
        let returned = through_slots(*inst.operands().first()?).as_function()?;
        if found.replace(returned).is_some_and(|other| other != returned) {
            return None;
        }
    }
    found
}

/// Without optimisation functions that ask for the derivative of what they are given do not know
/// it: they are inlined where they are called directly, which shows it.
pub(crate) fn inline_askers(module: Module) {
    const MOST_ROUNDS: usize = 8;
    for _ in 0..MOST_ROUNDS {
        let calls = crate::calls(module).into_iter();
        let askers: HashSet<_> = calls.filter_map(asks_for_parameter).collect();
        let mut changed = false;
        for asker in askers {
            let calls = asker.0.users().into_iter();
            let calls = calls.filter(|user| user.is_call() && user.called() == asker.0);
            for call in calls.filter(|call| call.block().function() != asker) {
                changed |= enzyme_ir::inline(call).is_ok();
            }
            if asker.is_discardable() {
                asker.delete_if_unused();
            }
        }
        if !changed {
            return;
        }
    }
}

/// The function around a call that asks for the derivative of one of its parameters.
fn asks_for_parameter((hook, call): (Hook, Value)) -> Option<Function> {
    if !matches!(hook, Hook::Autodiff | Hook::Augmented | Hook::Reverse) {
        return None;
    }
    let first = usize::from(call.argument_type(0, "sret").is_some());
    let value = through_slots(*call.arguments().get(first)?);
    let around = call.block().function();
    around.params().contains(&value).then_some(around)
}

/// The value that a load from a stack slot reads, if only one is ever written there.
fn through_slots(mut value: Value) -> Value {
    const MOST_SLOTS: usize = 32;
    for _ in 0..MOST_SLOTS {
        match only_stored(value) {
            Some(stored) => value = stored,
            None => break,
        }
    }
    value
}

fn is_lifetime(call: Value) -> bool {
    call.called_function().is_some_and(|called| called.name().starts_with("llvm.lifetime."))
}

fn only_stored(load: Value) -> Option<Value> {
    if load.opcode() != Some(Opcode::LLVMLoad) {
        return None;
    }
    let slot = load.operand(0);
    if slot.opcode() != Some(Opcode::LLVMAlloca) {
        return None;
    }
    let mut stored = None;
    for user in slot.users() {
        match user.opcode() {
            Some(Opcode::LLVMLoad) => {}
            Some(Opcode::LLVMCall) if is_lifetime(user) => {}
            Some(Opcode::LLVMStore) if user.operand(1) == slot && user.operand(0) != slot => {
                if stored.replace(user.operand(0)).is_some() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    stored.filter(|value| value.ty() == load.ty())
}
