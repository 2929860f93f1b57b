//! Floats of a width that the program only writes, and only as constants.
//!
//! *Computes*: such a width's stores as stores of the same bits as integers, and drops what
//! was stated of these places. *From*: all prepared functions of a request. *Why*: the load
//! factor of a hash table is a `float` that only the library looks at; in the table's memory,
//! which holds doubles in other places, it would be a float of another width.
//!
//! Sound because no derivative can go through floats that no instruction of the request reads,
//! computes or passes, as long as they are not moved as bytes from where the caller may have
//! others: what states that there are such floats is a hint, and each hint must be of a
//! local variable's part into which a constant is stored, and nothing is copied. All stores must
//! be to the request's own memory, as shadows of the caller's have adjoints there. Where
//! anything else is found, nothing is changed.

use std::collections::HashSet;

use enzyme_body::FloatKind;
use enzyme_ir::{Builder, Function, Opcode, Type, Value, base_and_distance};
use enzyme_protocol::{HINT_F32, HINT_ONE_F32};
use enzyme_rules::{Known, known};

/// Makes stores of single precision stores of integers, if nothing else is done with it.
pub fn settle(functions: &[Function]) {
    let Some(first) = functions.first() else { return };
    let float = first.module().float(FloatKind::Single);
    let mut found = Found::default();
    if !functions.iter().all(|function| found.look(*function, float)) || !found.fits() {
        return;
    }
    for store in found.stores {
        let module = store.block().function().module();
        let value = store.operand(0).float().expect("a constant float") as f32;
        let builder = Builder::new(module);
        builder.before(store);
        let bits = module.int(32).const_int(i64::from(value.to_bits()));
        builder.store(bits, store.operand(1), store.alignment());
        store.erase();
    }
    for hint in found.hints {
        hint.erase();
    }
}

/// What is done with the floats.
#[derive(Default)]
struct Found {
    stores: Vec<Value>,
    hints: Vec<Value>,
    /// Variables that bytes are copied to, and parts into which anything else is stored.
    copied: HashSet<Value>,
    written: HashSet<(Value, i64)>,
}

impl Found {
    /// Looks at a function; whether floats are only stored there, as constants.
    fn look(&mut self, function: Function, float: Type) -> bool {
        let holds = |ty: Type| ty == float || ty.vector().is_some_and(|(item, _)| item == float);
        if function.params().iter().any(|param| holds(param.ty())) {
            return false;
        }
        for inst in function.insts() {
            let constant = inst.opcode() == Some(Opcode::LLVMStore)
                && inst.operand(0).ty() == float
                && inst.operand(0).float().is_some();
            let computes = holds(inst.ty()) || inst.operands().iter().any(|o| holds(o.ty()));
            if computes && !constant {
                return false;
            }
            let name = inst.called_function().map(Function::name).unwrap_or_default();
            match inst.opcode() {
                _ if constant => self.stores.push(inst),
                Some(Opcode::LLVMStore) => self.written.extend(place(inst.operand(1))),
                _ if name == HINT_F32 => return false,
                _ if name == HINT_ONE_F32 => self.hints.push(inst),
                _ if name.starts_with("llvm.memcpy") || name.starts_with("llvm.memmove") => {
                    self.copied.extend(place(inst.operand(0)).map(|(base, _)| base));
                }
                _ => {}
            }
        }
        !self.stores.is_empty() || self.hints.is_empty()
    }

    /// Whether all that is stated is of what is stored.
    fn fits(&self) -> bool {
        let stored: Option<HashSet<_>> = self.stores.iter().map(|s| place(s.operand(1))).collect();
        let Some(stored) = stored.filter(|s| s.iter().all(|part| is_own(part.0))) else {
            return false;
        };
        self.hints.iter().all(|hint| {
            place(hint.operand(0)).is_some_and(|part| {
                let own = part.0.opcode() == Some(Opcode::LLVMAlloca);
                let only = !self.copied.contains(&part.0) && !self.written.contains(&part);
                own && only && stored.contains(&part)
            })
        })
    }
}

/// Whether an object begins there that the function makes.
fn is_own(base: Value) -> bool {
    let name = || base.called_function().map(Function::name);
    base.opcode() == Some(Opcode::LLVMAlloca)
        || base.is_call()
            && name().is_some_and(|name| matches!(known(&name), Some(Known::Allocate { .. })))
}

/// The start of an address, and how far behind it lies, if that is known.
fn place(address: Value) -> Option<(Value, i64)> {
    let (base, distance) = base_and_distance(address);
    (base.opcode() != Some(Opcode::LLVMGetElementPtr)).then_some((base, distance))
}
