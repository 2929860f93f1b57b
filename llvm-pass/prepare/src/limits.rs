//! Checks of indices, as the analysis of types asks for them.
//!
//! *Computes*: the prepared functions with a call before each access in question, which
//! ends the program if the access lies beyond the limit; and their mirrors anew. *Why it
//! is sound*: the functions compute what they did, or end. Nothing that was inserted
//! before is moved: no optimisation runs behind this.

use enzyme_body::{Len, Limit, WITHIN};
use enzyme_diag::Result;
use enzyme_ir::{Builder, Function, Module, Type};

use crate::PreparedProgram;

impl PreparedProgram {
    /// Writes the checks.
    ///
    /// # Errors
    /// Failures of LLVM itself.
    pub fn check(&mut self, limits: &[Limit]) -> Result<()> {
        let Some(first) = limits.first() else { return Ok(()) };
        let module = self.bodies[first.body].function.module();
        let within = declared(module);
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
}

fn declared(module: Module) -> Function {
    let (ptr, i64) = (module.ptr(), module.int(64));
    let ty = Type::function(Type::void(module), &[ptr, ptr, ptr, i64, i64, i64, i64]);
    let within = module.declare(WITHIN, ty);
    within.add_attribute("nounwind");
    within.touches_only_the_inaccessible();
    within
}
