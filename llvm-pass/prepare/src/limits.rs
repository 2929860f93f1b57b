//! Checks of indices and distances, as the analysis of types asks for them.
//!
//! *Computes*: the prepared functions with a call before each access in question, which
//! ends the program if the access lies beyond the limit, or behind each difference of
//! addresses that should be a whole number of elements; and their mirrors anew. *Why it
//! is sound*: the functions compute what they did, or end. Nothing that was inserted
//! before is moved: no optimisation runs behind this.

use enzyme_body::{Len, Limit, WHOLE, WITHIN, Whole};
use enzyme_diag::Result;
use enzyme_ir::{Builder, Function, Module, Opcode, Type};

use crate::PreparedProgram;

impl PreparedProgram {
    /// Writes the checks.
    ///
    /// # Errors
    /// Failures of LLVM itself.
    pub fn check(&mut self, limits: &[Limit]) -> Result<()> {
        let Some(first) = limits.first() else { return Ok(()) };
        let module = self.bodies[first.body].function.module();
        let within = checking(module, WITHIN, 3, 4);
        let builder = Builder::new(module);
        let number = |n: u64| module.int(64).const_int(n.cast_signed());
        for limit in limits {
            let values = &self.bodies[limit.body].mirrored.values;
            let access = values[limit.access];
            builder.before(access);
            builder.locate(access);
            let len = match limit.len {
                Len::Bytes(n) => number(n),
                Len::Value(value) => builder.resize(values[value], module.int(64)),
            };
            let [base, at] = [limit.base, limit.address].map(|v| values[v]);
            let indexed = limit.indexed.map_or(module.ptr().zero(), |v| values[v]);
            let signed = |n: i64| module.int(64).const_int(n);
            let [begin, bytes] = [signed(limit.begin), number(limit.bytes)];
            builder.call(within, &[base, indexed, at, len, begin, bytes, signed(limit.first)]);
        }
        builder.unlocate();
        self.mirror_again()
    }

    /// Writes the checks of distances, whose low bits are zero from there on.
    ///
    /// # Errors
    /// Failures of LLVM itself.
    pub fn check_distances(&mut self, wholes: &[Whole]) -> Result<()> {
        let Some(first) = wholes.first() else { return Ok(()) };
        let module = self.bodies[first.body].function.module();
        let check = checking(module, WHOLE, 0, 2);
        let builder = Builder::new(module);
        for whole in wholes {
            let distance = self.bodies[whole.body].mirrored.values[whole.distance];
            let users = distance.users();
            builder.before(distance.next().expect("a difference ends no block"));
            builder.locate(distance);
            let size = i64::try_from(whole.size).expect("a small element");
            builder.call(check, &[distance, module.i64(size)]);
            let exact = builder.binary(Opcode::LLVMAnd, distance, module.i64(-size));
            for user in users {
                let operands = user.operands().into_iter().enumerate();
                for (index, _) in operands.filter(|(_, operand)| *operand == distance) {
                    user.set_operand(index, exact);
                }
            }
        }
        builder.unlocate();
        self.mirror_again()
    }
}

/// A function that checks: so many addresses, then so many integers.
fn checking(module: Module, name: &str, addresses: usize, integers: usize) -> Function {
    let types = [vec![module.ptr(); addresses], vec![module.int(64); integers]].concat();
    let check = module.declare(name, Type::function(Type::void(module), &types));
    check.add_attribute("nounwind");
    check.touches_only_the_inaccessible();
    check
}
