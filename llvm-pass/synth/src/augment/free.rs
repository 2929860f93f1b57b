//! What becomes of the program's calls that free memory.
//!
//! Memory of the arena is kept until the sweeps are over. Blocks of integers have no
//! shadow and are read by the forward sweep only: they are freed. Where an address may
//! lead to a block or to memory of the caller, it is put on a list that the driver works
//! off, and so is its shadow if the function has made it. If the shadow is the caller's,
//! the gradient would be freed with it, and the program ends with a message instead.

use enzyme_analysis::script::{Forward, Home};
use enzyme_body::{Inst, Op, ValueId};
use enzyme_ir::{Block, Builder, Function, Module, Opcode, Type, Value};
use enzyme_rules::{Known, known};

use super::Augment;
use super::objects::Growth;

/// How many arguments a function may have that frees memory.
const ARGUMENTS: usize = 3;

impl Augment<'_> {
    /// Where a path without reverse frees memory, and where the memory may be a block of
    /// integers or lie anywhere, the arena keeps its own. This splits blocks of the clone, so it comes
    /// after all that asks which block of the clone a block has become.
    pub(super) fn guard_frees(&mut self) {
        let body = self.input.body();
        for (_, block) in body.blocks.iter() {
            for &value in &block.insts {
                let inst = body.inst(value).expect("a block holds instructions");
                let is_other =
                    matches!(self.input.script.forward.get(&value), Some(Forward::FreeOther));
                if is_other || block.no_reverse && freed(inst).is_some() {
                    self.guard_free(value, inst);
                }
            }
        }
    }

    /// Frees only what is not the arena's.
    fn guard_free(&self, value: ValueId, inst: &Inst) {
        let free = self.primal(value);
        let address = self.primal(freed(inst).expect("a call that frees"));
        self.builder.before(free);
        let owns = self.builder.call(self.runtime.function("arena.owns"), &[address]);
        let before = free.block();
        let freeing = Block::split_before(free, "free");
        let rest = Block::split_before(free.next().expect("a call before the terminator"), "rest");
        before.terminator().expect("split leaves a jump").erase();
        self.builder.at_end(before);
        self.builder.branch(owns, rest, freeing);
    }

    /// Frees memory and its shadow when the sweeps are over; ends the program if the shadow
    /// is the caller's.
    pub(super) fn free_later(&mut self, value: ValueId, inst: &Inst, kept: bool) {
        let call = self.primal(value);
        let freed = freed(inst).expect("a call that frees");
        let [primal, shadow] = [self.primal(freed), self.shadow(freed)];
        self.builder.before(call);
        let free = freeing(self.input.module(), call.called_type(), call.called());
        let arguments = call.arguments();
        self.add_later(free, &arguments);
        if primal != shadow && !kept {
            let own = self.builder.call(self.runtime.function("later.check"), &[primal, shadow]);
            let other = |argument: Value| if argument == primal { own } else { argument };
            self.add_later(free, &arguments.into_iter().map(other).collect::<Vec<_>>());
        }
        self.erased.push(call);
    }

    /// The old object of one that has grown, and its shadow: their bytes have moved.
    pub(super) fn free_grown(&mut self, value: ValueId, growth: &Growth, shadow: Value) {
        let module = self.input.module();
        let original = self.primal_call(value);
        let Some(Known::Reallocate { old_size, align, .. }) = known(&original.called().name())
        else {
            return;
        };
        let sized: Vec<_> =
            [old_size, align].into_iter().flatten().map(|i| original.operand(i.into())).collect();
        let words = vec![module.int(64); sized.len()];
        let parameters: Vec<_> = [module.ptr()].into_iter().chain(words).collect();
        let ty = Type::function(Type::void(module), &parameters);
        let free = match sized.is_empty() {
            true => Some(module.declare("free", ty)),
            false => self.of_rust("__rust_dealloc", Known::Free { pointer: 0 }),
        };
        // A program that grows memory and never frees any leaks it anyway.
        let Some(free) = free else { return };
        let primal = self.primal(growth.pointer);
        let free = freeing(module, free.ty(), free.0);
        let mut freed = vec![primal];
        if growth.object.home == Home::Program {
            let other = self.runtime.function("border.other");
            freed.push(self.builder.call(other, &[primal, shadow]));
        }
        for address in freed {
            let arguments: Vec<_> = [address].into_iter().chain(sized.iter().copied()).collect();
            self.add_later(free, &arguments);
        }
    }

    fn add_later(&self, free: Function, arguments: &[Value]) {
        let mut words = vec![free.0];
        words.extend(arguments.iter().map(|&argument| word(&self.builder, argument)));
        words.resize(1 + ARGUMENTS, self.input.module().i64(0));
        self.builder.call(self.runtime.function("later.add"), &words);
    }
}

/// The function that calls what a call calls, with arguments from words.
fn freeing(module: Module, ty: Type, callee: Value) -> Function {
    let name = format!("enzyme.free.{}", callee.name());
    if let Some(known) = module.function(&name) {
        return known;
    }
    let words = vec![module.int(64); ARGUMENTS];
    let function = module.add_function(&name, Type::function(Type::void(module), &words));
    function.make_internal();
    let builder = Builder::new(module);
    builder.at_end(function.append_block("start"));
    let types = ty.parameters();
    let arguments =
        std::iter::zip(types, function.params()).map(|(ty, word)| match ty == module.ptr() {
            true => builder.cast(Opcode::LLVMIntToPtr, word, ty),
            false => builder.resize(word, ty),
        });
    let arguments: Vec<_> = arguments.collect();
    builder.call_address(ty, callee, &arguments);
    builder.return_void();
    function
}

/// An address or integer as 64 bits.
fn word(builder: &Builder, value: Value) -> Value {
    let word = builder.module.int(64);
    match value.ty() == builder.module.ptr() {
        true => builder.cast(Opcode::LLVMPtrToInt, value, word),
        false => builder.resize(value, word),
    }
}

/// The address that an instruction frees, if it is a call that does.
fn freed(inst: &Inst) -> Option<ValueId> {
    let Op::Call(call) = &inst.op else { return None };
    let enzyme_body::Callee::Symbol(name) = &call.callee else { return None };
    match known(name)? {
        Known::Free { pointer } => Some(inst.operands[usize::from(pointer)]),
        _ => None,
    }
}
