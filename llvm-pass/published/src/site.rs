//! The call itself: arguments to the wrapper, and what it returns to where it is wanted.

use enzyme_convention::{Description, fits};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Block, Builder, Opcode, Type, Value};

use crate::read::Asked;
use crate::wrapper::Wrapper;

const ALIGN: u64 = 16;

/// Replaces a call by one of the wrapper.
pub(crate) fn replace(asked: &Asked, description: &Description, wrapper: &Wrapper) -> Result<()> {
    let site = Site { asked, wrapper };
    site.check()?;
    let returned = site.call(description);
    site.give(returned);
    let words: Vec<_> = asked.values.iter().copied().filter(|value| is_load(*value)).collect();
    asked.call.erase();
    for word in words {
        // A word's variable need not be defined anywhere.
        if word.users().is_empty() {
            word.erase();
        }
    }
    Ok(())
}

fn is_load(value: Value) -> bool {
    value.opcode() == Some(Opcode::LLVMLoad) && value.operand(0).is_global_variable()
}

struct Site<'a> {
    asked: &'a Asked,
    wrapper: &'a Wrapper,
}

impl Site<'_> {
    /// What the call returns, if anybody looks at it.
    fn wanted(&self) -> Option<Type> {
        match self.asked.memory {
            Some((_, ty)) => Some(ty),
            None => (!self.asked.call.users().is_empty()).then(|| self.asked.call.ty()),
        }
    }

    fn natural(&self) -> Type {
        Type::structure(self.asked.primal.module(), &self.wrapper.fields)
    }

    /// What comes back has the bytes of what is wanted.
    fn check(&self) -> Result<()> {
        let Some(wanted) = self.wanted() else { return Ok(()) };
        let module = self.asked.primal.module();
        let (ours, theirs) = (self.natural().mirrored(module), wanted.mirrored(module));
        if !self.wrapper.fields.is_empty() && fits(&ours, &theirs) {
            return Ok(());
        }
        let text = format!("the call returns {theirs}, what comes back is {ours}");
        Diagnostic::new(Code::BadCall, text)
            .at(self.asked.call.location())
            .within(&self.asked.signature.name)
            .into()
    }

    /// Calls the wrapper where the call is.
    fn call(&self, description: &Description) -> Value {
        let call = self.asked.call;
        let builder = Builder::new(self.asked.primal.module());
        builder.before(call);
        let params = self.asked.primal.params();
        let arguments = description.params.iter().zip(params).flat_map(|(param, like)| {
            let value = narrowed(&builder, self.asked.values[param.value], like.ty());
            std::iter::once(value).chain(param.shadow.map(|shadow| self.asked.values[shadow]))
        });
        let arguments: Vec<_> = arguments.collect();
        if call.opcode() == Some(Opcode::LLVMInvoke) {
            let [normal, unwind] = call.block().successors()[..] else {
                unreachable!("an invoke has two successors")
            };
            // What comes back is read in a block that only this call leads to.
            call.block().split_edge(normal);
            let normal = call.block().successors()[0];
            return builder.invoke(self.wrapper.function, &arguments, normal, unwind);
        }
        builder.call(self.wrapper.function, &arguments)
    }

    /// Hands on what the wrapper returned.
    fn give(&self, returned: Value) {
        let Some(wanted) = self.wanted() else { return };
        let call = self.asked.call;
        let module = self.asked.primal.module();
        let builder = Builder::new(module);
        match call.opcode() {
            Some(Opcode::LLVMInvoke) => {
                builder.before(call.block().successors()[0].first_non_phi())
            }
            _ => builder.before(call),
        }
        if let Some((memory, _)) = self.asked.memory {
            return self.scatter(&builder, returned, memory, 1);
        }
        if self.wrapper.fields[..] == [wanted] {
            return call.replace_uses(builder.extract(returned, 0));
        }
        let start = Builder::new(module);
        start.before(first(call.block().function().blocks()[0]));
        start.unlocate();
        let room = start.alloca(wanted, "derivatives");
        room.set_alignment(ALIGN);
        builder.zero_fill(room, module.i64(wanted.size(module).cast_signed()), ALIGN);
        self.scatter(&builder, returned, room, 1);
        call.replace_uses(builder.load(wanted, room, ALIGN));
    }

    /// Writes the fields where a struct of them has them.
    fn scatter(&self, builder: &Builder, returned: Value, to: Value, align: u64) {
        let natural = self.natural();
        for index in (0..).take(self.wrapper.fields.len()) {
            let offset = natural.field_offset(self.asked.primal.module(), index);
            let place = builder.offset_by(to, offset);
            builder.store(builder.extract(returned, index), place, align);
        }
    }
}

fn first(block: Block) -> Value {
    block.first().expect("a finished block")
}

/// What a variadic call made wider, as narrow as it was.
fn narrowed(builder: &Builder, value: Value, ty: Type) -> Value {
    if value.ty() == ty {
        return value;
    }
    let cast = if ty.is_float() { Opcode::LLVMFPTrunc } else { Opcode::LLVMTrunc };
    builder.cast(cast, value, ty)
}
