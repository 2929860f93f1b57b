//! Whether anybody looks at a value.
//!
//! Programs declare `double __enzyme_autodiff(void *, ...)` once, and call it for functions
//! that take addresses only, too: then nothing comes back, and the call's value is there for
//! the declaration's sake. Without optimisation it is stored in variables that nobody reads,
//! and wrappers return it.
//!
//! *Computes*: whether a value goes to such places only. *From*: its users, and those of what
//! holds it. *Why it is sound*: any use that is not known to hand the value on, or to drop
//! it, counts as a look at it. Other units that call a function which returns it are not
//! seen: what they get must be no number.

use std::collections::HashSet;

use enzyme_ir::{Opcode, Value};

/// Whether nothing in the module looks at the value.
pub(crate) fn goes_nowhere(value: Value) -> bool {
    Search { seen: HashSet::new() }.value(value)
}

struct Search {
    seen: HashSet<Value>,
}

impl Search {
    fn value(&mut self, value: Value) -> bool {
        !self.seen.insert(value) || value.users().into_iter().all(|user| self.user(user, value))
    }

    fn user(&mut self, user: Value, of: Value) -> bool {
        match user.opcode() {
            Some(Opcode::LLVMPHI | Opcode::LLVMFPExt | Opcode::LLVMFPTrunc) => self.value(user),
            Some(Opcode::LLVMSelect) => user.operand(0) != of && self.value(user),
            Some(Opcode::LLVMStore) => user.operand(0) == of && self.variable(user.operand(1)),
            Some(Opcode::LLVMRet) => {
                let function = user.block().function().0;
                let calls =
                    |call: &Value| call.is_inst() && call.is_call() && call.called() == function;
                let callers = function.users();
                callers.iter().all(calls) && callers.into_iter().all(|call| self.value(call))
            }
            _ => false,
        }
    }

    /// Whether nothing that is read from a local variable is looked at.
    fn variable(&mut self, variable: Value) -> bool {
        if variable.opcode() != Some(Opcode::LLVMAlloca) {
            return false;
        }
        !self.seen.insert(variable)
            || variable.users().into_iter().all(|user| match user.opcode() {
                Some(Opcode::LLVMLoad) => self.value(user),
                Some(Opcode::LLVMStore) => {
                    user.operand(1) == variable && user.operand(0) != variable
                }
                Some(Opcode::LLVMCall) => user
                    .called_function()
                    .is_some_and(|callee| callee.name().starts_with("llvm.lifetime.")),
                _ => false,
            })
    }
}
