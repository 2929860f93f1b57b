//! The run-time support functions, linked from text.

use enzyme_body::{BodyId, FloatKind};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Builder, Function, Module, Value};

use crate::Input;

const SUPPORT: &str = include_str!("runtime.ll");
const TAPE: &str = include_str!("tape.ll");
const MEMORY: &str = include_str!("memory.ll.in");

/// The names of support functions begin with one of these.
const SUPPORT_PREFIXES: [&str; 7] = [
    "enzyme.arena.",
    "enzyme.segment.",
    "enzyme.adjoint.",
    "enzyme.mirror.",
    "enzyme.later.",
    "enzyme.border.",
    "enzyme.tape.",
];

/// The alignment of memory from the arena.
const PLAIN_ALIGN: u64 = 16;

/// Bytes of the table of segment addresses.
pub const SEGMENT_TABLE: u64 = 44 * 8;

/// The support functions of a module.
pub struct Runtime {
    module: Module,
}

impl Runtime {
    /// Links the support into the module, once.
    pub fn link(module: Module) -> Result<Self> {
        let runtime = Self { module };
        if module.function("enzyme.arena.allocate").is_some() {
            return Ok(runtime);
        }
        let mut text = [SUPPORT, TAPE].concat();
        for (name, size) in [("float", "4"), ("double", "8"), ("half", "2"), ("bfloat", "2")] {
            text += &MEMORY.replace("KIND", name).replace("SIZE", size);
        }
        module
            .link_private(&text)
            .map_err(|e| Box::new(Diagnostic::new(Code::Internal, format!("runtime: {e}"))))?;
        Ok(runtime)
    }

    /// A support function.
    pub fn function(&self, name: &str) -> Function {
        let name = format!("enzyme.{name}");
        self.module.function(&name).unwrap_or_else(|| panic!("the runtime defines {name}"))
    }

    /// A memory adjoint for a float format; none for formats without one.
    pub fn memory(&self, name: &str, kind: FloatKind) -> Option<Function> {
        let kind = match kind {
            FloatKind::Single => "float",
            FloatKind::Double => "double",
            FloatKind::Half => "half",
            FloatKind::BFloat => "bfloat",
            FloatKind::Other(_) => return None,
        };
        Some(self.function(&format!("adjoint.{name}.{kind}")))
    }

    /// Takes memory for a frame.
    pub fn frame(&self, builder: &Builder, size: u64, align: u64) -> Value {
        let number = |n| self.module.i64(i64::try_from(n).expect("a small frame"));
        match align > PLAIN_ALIGN {
            true => builder
                .call(self.function("arena.allocate.aligned"), &[number(size), number(align)]),
            false => builder.call(self.function("arena.allocate"), &[number(size)]),
        }
    }

    /// Makes an object of the program in the arena.
    pub fn object(&self, builder: &Builder, size: Value, align: u64) -> Value {
        if align <= PLAIN_ALIGN {
            return builder.call(self.function("arena.object"), &[size]);
        }
        let align = self.module.i64(i64::try_from(align).expect("small alignment"));
        builder.call(self.function("arena.object.aligned"), &[size, align])
    }

    /// Inlines all calls of support functions, and marks them for the optimiser.
    pub fn inline_into(&self, function: Function) {
        for _ in 0..4 {
            let calls: Vec<_> = function
                .insts()
                .into_iter()
                .filter(|i| i.is_call())
                .filter(|call| {
                    call.called().as_function().is_some_and(|f| {
                        let name = f.name();
                        SUPPORT_PREFIXES.iter().any(|p| name.starts_with(p))
                            && !f.is_declaration()
                            && !f.has_attribute("noinline")
                    })
                })
                .collect();
            if calls.is_empty() {
                return;
            }
            for call in calls {
                let _ = enzyme_ir::inline(call);
            }
        }
    }
}

impl Input<'_> {
    /// The shadow of a global variable, zero at first, one per thread. Each request has its
    /// own: which bytes are floats, and so zero between the sweeps, is as its types say. In
    /// those of constants nobody reads floats.
    pub(crate) fn shadow_global(self, symbol: &str) -> Value {
        let module = self.module();
        let global = module.global(symbol).expect("the mirror saw this global");
        let request = self.decided.bodies[BodyId::FIRST].prepared.function.name();
        let name = match global.is_constant_global() {
            true => format!("enzyme.shadow.{symbol}"),
            false => format!("enzyme.shadow.{symbol}.{request}"),
        };
        module.global(&name).unwrap_or_else(|| module.add_zero_global(&name, global.value_type()))
    }
}
