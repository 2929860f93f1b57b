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
//! Nothing else is recognised.

use enzyme_body::FloatKind;
use enzyme_ir::{Builder, Function, Opcode, Type, Value};

const ROOT: &[&str] = &["llvm.sqrt.f64", "llvm.sqrt.f32", "sqrt", "sqrtf"];

/// Puts calls in the place of formulas.
pub fn name_idioms(function: Function) {
    let module = function.module();
    for inst in function.insts() {
        if let Some(root) = absolute(inst).filter(|v| call::<1>(*v, ROOT).is_some()) {
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
