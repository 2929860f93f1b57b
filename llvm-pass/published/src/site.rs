//! The call itself: arguments to the wrapper, and what it returns to where it is wanted.

use std::collections::HashSet;

use enzyme_body::Ty;
use enzyme_convention::{Description, Hook, Seed, fits};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Builder, Module, Opcode, Type, Value};

use crate::read::Asked;
use crate::unused::goes_nowhere;
use crate::wrapper::{Part, Wrapper};

const ALIGN: u64 = 16;

/// Replaces a call by one of the wrapper.
pub(crate) fn replace(asked: &Asked, description: &Description, wrapper: &Wrapper) -> Result<()> {
    let site = Site { asked, description, wrapper, module: asked.primal.module() };
    let given = site.given()?;
    let returned = site.call();
    site.give(returned, &given);
    erase(asked);
    Ok(())
}

/// Replaces a call that asks how large a tape is.
pub(crate) fn replace_size(call: Value) -> Result<()> {
    let ty = call.ty();
    if !matches!(ty.mirrored(call.block().function().module()), Ty::Int(32 | 64)) {
        let text = "the size of a tape is an integer of 32 or 64 bits";
        return Diagnostic::new(Code::BadCall, text).at(call.location()).into();
    }
    call.replace_uses(ty.const_int(TAPE_SIZE));
    call.erase();
    Ok(())
}

/// Replaces a call that asks for what stands for a function, or a table of functions, in a
/// shadow. The engine chooses derivatives by the address in the primal, and what the shadow
/// holds in that place is not looked at: it may be the same address.
pub(crate) fn replace_virtual(call: Value) -> Result<()> {
    let fits = match call.arguments()[..] {
        [of] => (of.ty() == call.ty()).then_some(of),
        _ => None,
    };
    let looks = |user: &Value| {
        let load = user.opcode() == Some(Opcode::LLVMLoad);
        load || user.is_call() && user.called() == call
    };
    let Some(of) = fits.filter(|of| of.ty() == Type::ptr(call.block().function().module())) else {
        let text = "`__enzyme_virtualreverse` takes an address and returns one";
        return Diagnostic::new(Code::BadCall, text).at(call.location()).into();
    };
    if call.users().iter().any(looks) {
        let text = "what `__enzyme_virtualreverse` returns is for shadows only: there is no \
                    table of derivatives";
        return Diagnostic::new(Code::BadMode, text).at(call.location()).into();
    }
    call.replace_uses(of);
    call.erase();
    Ok(())
}

/// What the caller keeps of a tape is its address.
pub(crate) const TAPE_SIZE: i64 = 8;

/// Erases the call, and the loads of words that nothing else needs.
fn erase(asked: &Asked) {
    let words: HashSet<_> = asked.values.iter().copied().filter(|value| is_load(*value)).collect();
    asked.call.erase();
    words.into_iter().filter(|word| word.users().is_empty()).for_each(Value::erase);
}

fn is_load(value: Value) -> bool {
    value.opcode() == Some(Opcode::LLVMLoad) && value.operand(0).is_global_variable()
}

struct Site<'a> {
    asked: &'a Asked,
    description: &'a Description,
    wrapper: &'a Wrapper,
    module: Module,
}

impl Site<'_> {
    /// What the call returns, if anybody looks at it.
    fn wanted(&self) -> Option<Type> {
        match self.asked.memory {
            Some((_, ty)) => Some(ty),
            None => (!self.asked.call.users().is_empty()).then(|| self.asked.call.ty()),
        }
    }

    fn natural(&self, given: &[u32]) -> Type {
        let fields: Vec<_> = given.iter().map(|&i| self.wrapper.fields[i as usize]).collect();
        Type::structure(self.module, &fields)
    }

    /// Which of what the wrapper returns the call gives back: it has the bytes of what is
    /// wanted. A forward sweep gives the function's result only where there is room.
    fn given(&self) -> Result<Vec<u32>> {
        let Some(wanted) = self.wanted() else { return Ok(Vec::new()) };
        let forward = self.asked.hook == Hook::Augmented;
        let first = u32::from(forward && self.description.allocated.is_some());
        let all: Vec<_> = (first..).take(self.wrapper.fields.len() - first as usize).collect();
        let theirs = wanted.mirrored(self.module);
        let fit = |given: &[u32]| {
            !given.is_empty() && fits(&self.natural(given).mirrored(self.module), &theirs)
        };
        if fit(&all) {
            return Ok(all);
        }
        if forward && first == 0 && fit(&all[..1]) {
            return Ok(all[..1].to_vec());
        }
        if self.is_vain() {
            return Ok(Vec::new());
        }
        let ours = self.natural(&all).mirrored(self.module);
        let text = format!("the call returns {theirs}, what comes back is {ours}");
        Diagnostic::new(Code::BadCall, text)
            .at(self.asked.call.location())
            .within(&self.asked.signature.name)
            .into()
    }

    /// Whether nothing comes back, and nothing looks at the float that the call is declared
    /// to return.
    fn is_vain(&self) -> bool {
        let call = self.asked.call;
        let float = self.asked.memory.is_none() && call.ty().is_float();
        float && self.wrapper.fields.is_empty() && goes_nowhere(call)
    }

    /// Calls the wrapper where the call is.
    fn call(&self) -> Value {
        let call = self.asked.call;
        let builder = Builder::new(self.module);
        builder.before(call);
        let arguments = self.wrapper.takes.iter().zip(self.wrapper.function.params());
        let arguments: Vec<_> = arguments
            .map(|(part, param)| narrowed(&builder, self.argument(&builder, *part), param.ty()))
            .collect();
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

    fn argument(&self, builder: &Builder, part: Part) -> Value {
        let params = &self.description.params;
        match part {
            Part::Value(index) => self.asked.values[params[index].value],
            Part::Shadow(index) => {
                self.asked.values[params[index].shadow.expect("a parameter with a shadow")]
            }
            Part::Seed => match self.description.seed {
                Seed::Argument(index) => self.asked.values[index],
                Seed::None | Seed::One => unreachable!("a reverse sweep is given its seed"),
            },
            Part::Tape => {
                let tape = self.asked.values[self.description.tape.expect("a tape")];
                match self.description.allocated {
                    Some(_) => builder.load(self.module.ptr(), tape, 1),
                    None => tape,
                }
            }
        }
    }

    /// Hands on what the wrapper returned.
    fn give(&self, returned: Value, given: &[u32]) {
        let call = self.asked.call;
        let builder = Builder::new(self.module);
        match call.opcode() {
            Some(Opcode::LLVMInvoke) => {
                builder.before(call.block().successors()[0].first_non_phi());
            }
            _ => builder.before(call),
        }
        if let (Hook::Augmented, Some(_), Some(tape)) =
            (self.asked.hook, self.description.allocated, self.description.tape)
        {
            builder.store(builder.extract(returned, 0), self.asked.values[tape], 1);
        }
        let Some(wanted) = self.wanted() else { return };
        if given.is_empty() {
            return call.replace_uses(wanted.const_float(f64::NAN));
        }
        if let Some((memory, _)) = self.asked.memory {
            return self.scatter(&builder, returned, given, (memory, 1));
        }
        if let [only] = given
            && self.wrapper.fields[*only as usize] == wanted
        {
            return call.replace_uses(builder.extract(returned, *only));
        }
        let start = Builder::new(self.module);
        start.before(call.block().function().blocks()[0].first().expect("a finished block"));
        start.unlocate();
        let room = start.alloca(wanted, "derivatives");
        room.set_alignment(ALIGN);
        builder.zero_fill(room, self.module.i64(wanted.size(self.module).cast_signed()), ALIGN);
        self.scatter(&builder, returned, given, (room, 1));
        call.replace_uses(builder.load(wanted, room, ALIGN));
    }

    /// Writes fields where a struct of them has them.
    fn scatter(
        &self,
        builder: &Builder,
        returned: Value,
        given: &[u32],
        (to, align): (Value, u64),
    ) {
        let natural = self.natural(given);
        for (position, &index) in (0..).zip(given) {
            let place = builder.offset_by(to, natural.field_offset(self.module, position));
            builder.store(builder.extract(returned, index), place, align);
        }
    }
}

/// What a variadic call made wider, as narrow as it was.
fn narrowed(builder: &Builder, value: Value, ty: Type) -> Value {
    if value.ty() == ty {
        return value;
    }
    let cast = if ty.is_float() { Opcode::LLVMFPTrunc } else { Opcode::LLVMTrunc };
    builder.cast(cast, value, ty)
}
