//! Formulas of the standard library that hide what they compute.
//!
//! `asinh` is smooth, and Rust computes it as
//! `copysign(ln_1p(a + a / (hypot(1, 1/a) + 1/a)), x)` with `a = |x|`. Both `|x|` and
//! `copysign` have a kink at 0, where each gets the derivative 0 by itself: together
//! they are 0 where the derivative of `asinh` is 1. A call of the method keeps the
//! method's rule; where an optimiser has inlined it, this stage finds the formula, and
//! calls the function of C that it stands for. The results agree to rounding.
//!
//! The formula must be there in full: every operation with these operands.
//!
//! `powf(x, 0.5)` becomes `|√x|`, for the sign of √-0 alone. The kink would hide the
//! vertical tangent; adding 0 has the same effect and no kink.
//!
//! The `libm` crate takes square roots by inline assembly, one instruction that LLVM
//! has an intrinsic for; Eigen takes minima and maxima so, and keeps the compiler from
//! reordering sums by assembly without text, which gives back what it is given. Nothing else
//! is recognised.

use enzyme_body::FloatKind;
use enzyme_ir::{Builder, FloatOrder, Function, Opcode, Type, Value};

const ROOT: &[&str] = &["llvm.sqrt.f64", "llvm.sqrt.f32", "sqrt", "sqrtf"];

/// Puts calls in the place of formulas.
pub fn name_idioms(function: Function) {
    let module = function.module();
    for inst in function.insts() {
        if let Some(value) = written_in_assembly(inst) {
            inst.replace_uses(value);
            inst.erase();
        } else if is_root(inst) {
            let ty = inst.ty();
            let builder = Builder::new(module);
            builder.before(inst);
            let root = builder.call(module.intrinsic("llvm.sqrt", &[ty]), &[inst.operand(0)]);
            inst.replace_uses(root);
            inst.erase();
        } else if let Some(root) = absolute(inst).filter(|v| call::<1>(*v, ROOT).is_some()) {
            let builder = Builder::new(module);
            builder.before(inst);
            let sum = builder.binary(Opcode::LLVMFAdd, root, root.ty().zero());
            inst.replace_uses(sum);
        } else if let Some(x) = asinh_of(inst) {
            let ty = x.ty();
            let single = ty == module.float(FloatKind::Single);
            let name = if single { "asinhf" } else { "asinh" };
            let asinh = module.declare(name, Type::function(ty, &[ty]));
            let builder = Builder::new(module);
            builder.before(inst);
            inst.replace_uses(builder.call(asinh, &[x]));
        }
    }
}

/// What assembly computes that is empty, or a minimum or maximum: the last operand is the
/// register of the result.
fn written_in_assembly(inst: Value) -> Option<Value> {
    if inst.opcode() != Some(Opcode::LLVMCall) || !inst.called().is_assembly() {
        return None;
    }
    let text = inst.called().to_string();
    let arguments = inst.arguments();
    if arguments.iter().any(|argument| argument.ty() != inst.ty()) {
        return None;
    }
    if let [value] = arguments[..] {
        // Memory, which such text may name as well, has more operands.
        let tied = text.contains(" \"\", \"=") && text.contains(",0,") && !text.contains('*');
        return tied.then_some(value);
    }
    let [other, value] = arguments[..] else { return None };
    let module = inst.block().function().module();
    let lane = inst.ty().vector().map_or(inst.ty(), |(item, _)| item);
    let kinds = [(FloatKind::Double, 'd'), (FloatKind::Single, 's')];
    let (_, letter) = kinds.into_iter().find(|(kind, _)| lane == module.float(*kind))?;
    let width = if inst.ty() == lane { 's' } else { 'p' };
    let instruction = |name| format!("\"{name}{width}{letter} $1, $0\", \"=x,x,0,");
    let is = |name| text.contains(&instruction(name));
    let (less, more) = (is("min"), is("max"));
    (less || more).then(|| {
        let builder = Builder::new(module);
        builder.before(inst);
        let order = if less { FloatOrder::LLVMRealOLT } else { FloatOrder::LLVMRealOGT };
        let first = builder.float_compare(order, value, other);
        builder.select(first, value, other)
    })
}

/// Whether an instruction is the assembly of a square root: its operand is the register
/// of its result.
fn is_root(inst: Value) -> bool {
    const TEXT: [&str; 2] =
        ["\"sqrtsd ${0:x}, ${0:x}\", \"=&x,0,", "\"sqrtss ${0:x}, ${0:x}\", \"=&x,0,"];
    inst.opcode() == Some(Opcode::LLVMCall) && inst.called().is_assembly() && {
        let text = inst.called().to_string();
        let [double, single] = TEXT.map(|t| text.contains(t));
        let module = inst.block().function().module();
        let is = |kind| inst.ty() == module.float(kind) && inst.arguments().len() == 1;
        (double && is(FloatKind::Double)) || (single && is(FloatKind::Single))
    }
}

/// The argument, if an instruction is the last of the formula of `asinh`.
fn asinh_of(inst: Value) -> Option<Value> {
    let [size, x] = call(inst, &["llvm.copysign.f64", "llvm.copysign.f32"])?;
    let [sum] = call(size, &["log1p", "log1pf"])?;
    let (a, small) = either(sum, Opcode::LLVMFAdd, |v| absolute(v) == Some(x))?;
    let [numerator, denominator] = operands(small, Opcode::LLVMFDiv)?;
    let (inverse, root) = either(denominator, Opcode::LLVMFAdd, |v| inverse_of(v) == Some(a))?;
    let [one, leg] = call(root, &["hypot", "hypotf"])?;
    (numerator == a && one.float() == Some(1.0) && leg == inverse).then_some(x)
}

fn absolute(value: Value) -> Option<Value> {
    call(value, &["llvm.fabs.f64", "llvm.fabs.f32"]).map(|[x]| x)
}

fn inverse_of(value: Value) -> Option<Value> {
    let [one, x] = operands(value, Opcode::LLVMFDiv)?;
    (one.float() == Some(1.0)).then_some(x)
}

/// The arguments of a call of one of these functions.
fn call<const N: usize>(value: Value, names: &[&str]) -> Option<[Value; N]> {
    let name = value.called_function()?.name();
    let arguments = names.contains(&name.as_str()).then(|| value.arguments())?;
    arguments.try_into().ok()
}

fn operands(value: Value, opcode: Opcode) -> Option<[Value; 2]> {
    (value.opcode() == Some(opcode)).then(|| [value.operand(0), value.operand(1)])
}

/// The operand that is wanted, and the other one.
fn either(value: Value, opcode: Opcode, wanted: impl Fn(Value) -> bool) -> Option<(Value, Value)> {
    let [a, b] = operands(value, opcode)?;
    if wanted(a) { Some((a, b)) } else { wanted(b).then_some((b, a)) }
}
