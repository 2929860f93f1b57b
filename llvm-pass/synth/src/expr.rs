//! Contributions as instructions.
//!
//! Literals take the type of the primal's result. Library functions exist for
//! `f32` and `f64` scalars: vectors go lane by lane, other formats through `f64`.

use enzyme_body::{FloatKind, Inst, ValueId};
use enzyme_diag::Result;
use enzyme_ir::{FloatOrder, Function, Opcode, Type, Value};
use enzyme_rules::{Binary, Cond, Expr, Precision, Symbol, Unary};

use crate::gradient::Gradient;

struct Scope<'a> {
    value: ValueId,
    inst: &'a Inst,
    adjoint: Value,
    written: Vec<(&'a Expr, Value)>,
}

impl Gradient<'_> {
    /// Writes what an operand's adjoint receives.
    pub(crate) fn contribution(
        &mut self,
        value: ValueId,
        inst: &Inst,
        adjoint: Value,
        expr: &Expr,
    ) -> Result<Value> {
        let mut scope = Scope { value, inst, adjoint, written: Vec::new() };
        let contribution = self.write(&mut scope, expr)?;
        // Only what is made with values of the primal can be other than 0.
        let uses = expr.uses();
        if !self.input.decided.strong_zero || (uses.operands == 0 && !uses.result) {
            return Ok(contribution);
        }
        let zero = adjoint.ty().zero();
        let none = self.builder.float_compare(FloatOrder::LLVMRealOEQ, adjoint, zero);
        Ok(self.builder.select(none, zero, contribution))
    }

    fn write<'e>(&mut self, scope: &mut Scope<'e>, expr: &'e Expr) -> Result<Value> {
        // Equal subtrees have equal values.
        if let Some((_, value)) = scope.written.iter().find(|(e, _)| *e == expr) {
            return Ok(*value);
        }
        let ty = scope.adjoint.ty();
        let value = match expr {
            Expr::G => scope.adjoint,
            Expr::X(i) => self.primal(scope.inst.operands[usize::from(*i)])?,
            Expr::Y => self.primal(scope.value)?,
            Expr::Lit(number) => ty.const_float(*number),
            Expr::Unary(op, a) => {
                let a = self.write(scope, a)?;
                self.unary(*op, a, ty)
            }
            Expr::Binary(op, a, b) => {
                let a = self.write(scope, a)?;
                let b = self.write(scope, b)?;
                self.binary(*op, a, b)
            }
            Expr::Select(cond, a, b, then, otherwise) => {
                let a = self.write(scope, a)?;
                let b = self.write(scope, b)?;
                let then = self.write(scope, then)?;
                let otherwise = self.write(scope, otherwise)?;
                let condition = self.builder.float_compare(order(*cond), a, b);
                self.builder.select(condition, then, otherwise)
            }
            Expr::Call(function, arguments) => {
                let arguments: Vec<_> =
                    arguments.iter().map(|a| self.write(scope, a)).collect::<Result<_>>()?;
                self.function_call(*function, &arguments, ty)
            }
        };
        scope.written.push((expr, value));
        Ok(value)
    }

    fn unary(&self, op: Unary, a: Value, ty: Type) -> Value {
        let module = self.input.module();
        match (op, op.intrinsic()) {
            (_, Some(name)) => self.builder.call(module.intrinsic(name, &[ty]), &[a]),
            (Unary::Decrement, _) => self.builder.sub(a, a.ty().const_int(1)),
            (Unary::Increment, _) => self.builder.add(a, a.ty().const_int(1)),
            (Unary::FromInteger, _) => match ty.vector() {
                Some((item, lanes)) if a.ty().vector().is_none() => {
                    let one = self.builder.cast(Opcode::LLVMSIToFP, a, item);
                    (0..lanes).fold(ty.poison(), |vector, lane| {
                        self.builder.insert_lane(vector, one, module.i64(i64::from(lane)))
                    })
                }
                _ => self.builder.cast(Opcode::LLVMSIToFP, a, ty),
            },
            _ => self.builder.neg(a),
        }
    }

    fn binary(&self, op: Binary, a: Value, b: Value) -> Value {
        let opcode = match op {
            Binary::Add => Opcode::LLVMFAdd,
            Binary::Sub => Opcode::LLVMFSub,
            Binary::Mul => Opcode::LLVMFMul,
            Binary::Div => Opcode::LLVMFDiv,
            Binary::CopySign => {
                let function = self.input.module().intrinsic("llvm.copysign", &[a.ty()]);
                return self.builder.call(function, &[a, b]);
            }
        };
        self.builder.binary(opcode, a, b)
    }

    fn function_call(&self, function: enzyme_rules::Function, args: &[Value], ty: Type) -> Value {
        let module = self.input.module();
        if let Some((item, lanes)) = ty.vector()
            && !matches!(function.symbol(Precision::Double), Symbol::Intrinsic(_))
        {
            return (0..lanes).fold(ty.poison(), |vector, lane| {
                let lane = module.i64(i64::from(lane));
                let args: Vec<_> =
                    args.iter().map(|a| self.builder.extract_lane(*a, lane)).collect();
                let one = self.function_call(function, &args, item);
                self.builder.insert_lane(vector, one, lane)
            });
        }
        let kind = ty.mirrored(module).float().expect("a float type");
        let single = kind == FloatKind::Single;
        let precision = if single { Precision::Single } else { Precision::Double };
        match function.symbol(precision) {
            Symbol::Intrinsic(name) => {
                let args: Vec<_> = args.iter().map(|a| self.machine_integer(*a)).collect();
                let integers = args.iter().map(|a| a.ty()).filter(|t| !t.is_float());
                let overloads: Vec<_> = std::iter::once(ty).chain(integers).collect();
                self.builder.call(module.intrinsic(name, &overloads), &args)
            }
            Symbol::Library(name) | Symbol::Runtime(name) => {
                let working = if single { FloatKind::Single } else { FloatKind::Double };
                self.library_call(name, args, module.float(working), ty)
            }
        }
    }

    /// An exponent as a C `int`, which is all that processors' libraries take. What does
    /// not fit scales to zero or infinity either way.
    fn machine_integer(&self, a: Value) -> Value {
        let module = self.input.module();
        let (wide, int) = (module.int(64), module.int(32));
        if a.ty() != wide {
            return a;
        }
        let bound = |name, value, limit| {
            self.builder.call(module.intrinsic(name, &[wide]), &[value, wide.const_int(limit)])
        };
        let below = bound("llvm.smin", a, i64::from(i32::MAX));
        self.builder.resize(bound("llvm.smax", below, i64::from(i32::MIN)), int)
    }

    fn library_call(&self, name: &str, args: &[Value], working: Type, ty: Type) -> Value {
        let converts = |a: &Value| a.ty().is_float() && working != ty;
        let params: Vec<_> =
            args.iter().map(|a| if a.ty().is_float() { working } else { a.ty() }).collect();
        let callee = self.input.module().declare(name, Type::function(working, &params));
        mark_pure(callee);
        let args: Vec<_> = args
            .iter()
            .map(|a| match converts(a) {
                true => self.builder.cast(Opcode::LLVMFPExt, *a, working),
                false => *a,
            })
            .collect();
        let result = self.builder.call(callee, &args);
        match working == ty {
            true => result,
            false => self.builder.cast(Opcode::LLVMFPTrunc, result, ty),
        }
    }
}

/// Lets the optimiser merge and drop calls of a mathematical function.
fn mark_pure(function: Function) {
    if function.is_declaration() {
        for attribute in ["nounwind", "willreturn"] {
            function.add_attribute(attribute);
        }
    }
}

fn order(cond: Cond) -> FloatOrder {
    match cond {
        Cond::OrderedEqual => FloatOrder::LLVMRealOEQ,
        Cond::OrderedLess => FloatOrder::LLVMRealOLT,
        Cond::OrderedGreater => FloatOrder::LLVMRealOGT,
        Cond::OrderedGreaterEqual => FloatOrder::LLVMRealOGE,
        Cond::Unordered => FloatOrder::LLVMRealUNO,
    }
}
