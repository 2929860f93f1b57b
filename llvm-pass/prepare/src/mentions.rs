//! Which global variables a function touches whose body is there but is not inlined: a
//! variadic one, that writes a log, or one that stays aside.
//!
//! *Computes*: the names of the global variables that the function and what it calls mention,
//! as a note on each call. *Why it is sound*: a function touches memory that it allocates,
//! that its arguments lead to, that variables lead to which it mentions, or that functions
//! without body know of. Where it calls one of these that is not in the table of known
//! functions, an address, or assembly, nothing is noted; nor where it mentions a function
//! otherwise, which somebody may call.

use std::collections::HashSet;

use enzyme_ir::{Function, GLOBALS_NOTE, Value};
use enzyme_rules::{for_function, known};

use crate::aside::left_aside;
use crate::inline::looks_at_more;

/// Notes it on the calls in a function.
pub fn note_globals(function: Function) {
    for call in function.insts().into_iter().filter(|inst| inst.is_call()) {
        let Some(callee) = call.called_function() else { continue };
        let not_inlined = looks_at_more(callee) || left_aside(call).is_some();
        if callee.is_declaration() || !not_inlined {
            continue;
        }
        let mut walk = Walk::default();
        if walk.function(callee) {
            let mut names: Vec<_> = walk.globals.iter().map(|global| global.name()).collect();
            names.sort();
            // Names with spaces, which no language has, would be cut.
            if names.iter().all(|name| !name.contains(' ')) {
                let text: String = names.iter().map(|name| format!("{name} ")).collect();
                call.note_on_call(GLOBALS_NOTE, &text);
            }
        }
    }
}

#[derive(Default)]
struct Walk {
    functions: HashSet<Function>,
    constants: HashSet<Value>,
    globals: HashSet<Value>,
}

impl Walk {
    /// Whether all that the function touches is known.
    fn function(&mut self, function: Function) -> bool {
        if function.is_declaration() {
            let name = function.name();
            return name.starts_with("llvm.")
                || known(&name).is_some()
                || for_function(&name).is_some();
        }
        !self.functions.insert(function)
            || function.insts().into_iter().all(|inst| self.instruction(inst))
    }

    fn instruction(&mut self, inst: Value) -> bool {
        let mut operands = inst.operands();
        if inst.is_call() {
            let Some(called) = inst.called_function() else { return false };
            // The function called is the last operand.
            operands.pop();
            if !self.function(called) {
                return false;
            }
        }
        operands.into_iter().filter(|operand| operand.is_constant()).all(|o| self.constant(o))
    }

    fn constant(&mut self, constant: Value) -> bool {
        if !self.constants.insert(constant) {
            return true;
        }
        if constant.as_function().is_some() {
            return false;
        }
        if constant.is_global_variable() {
            self.globals.insert(constant);
            return constant.initializer().is_none_or(|content| self.constant(content));
        }
        let parts = constant.operands().into_iter();
        parts.filter(|part| part.is_constant()).all(|part| self.constant(part))
    }
}
