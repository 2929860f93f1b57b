//! Inline assembly that is arithmetic, or nothing at all.
//!
//! | who writes it | what | becomes |
//! |---|---|---|
//! | the `libm` crate | `sqrtsd`, `sqrtss` | `llvm.sqrt` |
//! | Eigen | minima, maxima, sums of products on vectors | a comparison and a choice, `llvm.fma` |
//! | Eigen and others | text without instructions, whose output is its input | the input |
//!
//! The last kind keeps the compiler from reordering sums: where the program allows that
//! (`-ffast-math`), an arithmetic fence does the same.
//!
//! *Why it is sound*: the text is one instruction that LLVM has an operation for, and the
//! constraints bind its operands as is said here. Any other assembly stays as it is.

use enzyme_body::FloatKind;
use enzyme_ir::{Builder, FloatOrder, Function, Opcode, Value};

/// Puts operations in the place of assembly.
pub fn operations_of_assembly(function: Function) {
    for inst in function.insts() {
        if inst.opcode() != Some(Opcode::LLVMCall) || !inst.called().is_assembly() {
            continue;
        }
        let text = inst.called().to_string();
        let builder = Builder::new(function.module());
        builder.before(inst);
        if let Some((address, value)) = kept_in_memory(inst, &text) {
            builder.store(kept_apart(&builder, inst, value), address, 1);
            inst.erase();
        } else if let Some(value) = operation(&builder, inst, &text) {
            inst.replace_uses(value);
            inst.erase();
        }
    }
}

/// The operation that assembly is.
fn operation(builder: &Builder, inst: Value, text: &str) -> Option<Value> {
    let arguments = inst.arguments();
    if arguments.iter().any(|argument| argument.ty() != inst.ty()) {
        return None;
    }
    match arguments[..] {
        // Memory, which such text may name as well, has more operands.
        [value] if text.contains(" \"\", \"=") && text.contains(",0,") && !text.contains('*') => {
            Some(kept_apart(builder, inst, value))
        }
        [value] => root(builder, inst, text, value),
        [other, value] => extremum(builder, inst, text, (other, value)),
        [_, _, _] => {
            let suffix = suffix(inst)?;
            let is = text.contains(&format!("\"vfmadd231{suffix} $1, $2, $0\", \"=x,x,x,0,"));
            let fma = || builder.module.intrinsic("llvm.fma", &[inst.ty()]);
            is.then(|| builder.call(fma(), &arguments))
        }
        _ => None,
    }
}

/// The address and the value, if assembly without text puts a value into memory: the value
/// is where the output is.
fn kept_in_memory(inst: Value, text: &str) -> Option<(Value, Value)> {
    let [address, value] = inst.arguments()[..] else { return None };
    let (_, constraints) = text.split_once(" \"\", \"=*")?;
    let mut constraints = constraints.trim_end_matches('"').split(',').skip(1);
    let tied = constraints.next() == Some("0") && constraints.all(|c| c.starts_with('~'));
    (tied && address.ty().is_pointer()).then_some((address, value))
}

/// A value that assembly keeps apart from what is computed with it, where order matters.
fn kept_apart(builder: &Builder, inst: Value, value: Value) -> Value {
    let around = [inst.users(), vec![value]].concat();
    if !value.ty().is_float() || !around.into_iter().any(Value::may_be_reordered) {
        return value;
    }
    builder.call(builder.module.intrinsic("llvm.arithmetic.fence", &[value.ty()]), &[value])
}

/// A square root: the operand is the register of the result.
fn root(builder: &Builder, inst: Value, text: &str, value: Value) -> Option<Value> {
    let suffix = suffix(inst).filter(|suffix| suffix.starts_with('s'))?;
    let is = text.contains(&format!("\"sqrt{suffix} ${{0:x}}, ${{0:x}}\", \"=&x,0,"));
    is.then(|| builder.call(builder.module.intrinsic("llvm.sqrt", &[inst.ty()]), &[value]))
}

/// A minimum or maximum: the last operand is what is compared with the other one, which is
/// the result if they have no order.
fn extremum(
    builder: &Builder,
    inst: Value,
    text: &str,
    (other, value): (Value, Value),
) -> Option<Value> {
    let suffix = suffix(inst)?;
    let is = |name| {
        let tied = format!("\"{name}{suffix} $1, $0\", \"=x,x,0,");
        text.contains(&tied) || text.contains(&format!("\"v{name}{suffix} $1, $2, $0\", \"=x,x,x,"))
    };
    let (less, more) = (is("min"), is("max"));
    (less || more).then(|| {
        let order = if less { FloatOrder::LLVMRealOLT } else { FloatOrder::LLVMRealOGT };
        let first = builder.float_compare(order, value, other);
        builder.select(first, value, other)
    })
}

/// How instructions that compute with values of the type end.
fn suffix(inst: Value) -> Option<String> {
    let module = inst.block().function().module();
    let lane = inst.ty().vector().map_or(inst.ty(), |(item, _)| item);
    let kinds = [(FloatKind::Double, 'd'), (FloatKind::Single, 's')];
    let (_, letter) = kinds.into_iter().find(|(kind, _)| lane == module.float(*kind))?;
    let width = if inst.ty() == lane { 's' } else { 'p' };
    Some(format!("{width}{letter}"))
}
