//! The functions that stand between a call and the engine.
//!
//! For a function and what is asked for, a *shim* is written with addresses as its only
//! parameters, which the engine differentiates, and a *wrapper*, which has values as
//! parameters, gives each a slot, asks the engine, and returns what comes back. If all
//! sweeps are asked for at once a *step* places the seed.
//!
//! ```text
//! at once:  slots are on the wrapper's stack
//! split:    slots are in a block on the heap, since the tape may know their addresses;
//!           the block's first word is the engine's tape, its address the caller's tape;
//!           the second tells for which function and roles it was made
//! ```

use std::hash::{DefaultHasher, Hash, Hasher};

use enzyme_convention::{Description, Hook, Param, Passing, Role, Seed};
use enzyme_ir::{Builder, Function, Module, Order, Type, Value};
use enzyme_protocol::{Activity, MARKER, MARKER_FORWARD, MARKER_REVERSE, Mode, Request};

use crate::read::Asked;
use crate::shim;

/// A wrapper, and what belongs to it.
pub(crate) struct Wrapper {
    /// The function to call.
    pub function: Function,
    /// What its parameters are.
    pub takes: Vec<Part>,
    /// The types of what it returns, in order: the tape, the function's result, derivatives.
    pub fields: Vec<Type>,
    /// What places the seed, if it is the wrapper's business.
    pub step: Option<Function>,
}

/// An argument of a wrapper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The value of this parameter.
    Value(usize),
    /// The shadow of this parameter.
    Shadow(usize),
    /// The derivative by the result.
    Seed,
    /// The tape.
    Tape,
}

/// What wrappers are written from.
pub(crate) struct Source<'a> {
    pub module: Module,
    pub primal: Function,
    /// What the shim calls: the function, or what stands for it.
    pub called: Function,
    pub hook: Hook,
    pub description: &'a Description,
    /// For each parameter the function that is its argument, if it is known and constant.
    pub fixed: &'a [Option<Function>],
    /// For each parameter the type of the variable whose address is its argument.
    pub declared: &'a [Option<Type>],
}

/// A parameter of the shim, as the wrapper passes it.
struct Slot {
    primal: Value,
    shadow: Value,
    activity: Activity,
}

/// Where slots are: on the stack, or in the block at this address.
#[derive(Clone, Copy)]
enum Room {
    Stack,
    Block(Value),
}

pub(crate) const SLOT_ALIGN: u64 = 16;
/// Where a block says what it was made for.
const TAG: u64 = 8;
const OTHER_TAPE: &str = "enzyme-rs: ENZ0004: the tape of a reverse sweep was made by the forward \
     sweep of another function, or with other words\n";

impl<'a> Source<'a> {
    pub(crate) fn new(
        asked: &Asked,
        description: &'a Description,
        (fixed, declared): (&'a [Option<Function>], &'a [Option<Type>]),
    ) -> Self {
        let Asked { primal, called, hook, .. } = *asked;
        Self { module: primal.module(), primal, called, hook, description, fixed, declared }
    }

    /// Writes the wrapper for a shim.
    pub(crate) fn wrapper(&self, shim: Function) -> Wrapper {
        let (takes, fields) = (self.takes(), self.fields());
        let params: Vec<_> = takes.iter().map(|part| self.part_type(*part)).collect();
        let result = match fields.is_empty() {
            true => Type::void(self.module),
            false => Type::structure(self.module, &fields),
        };
        let function = self.private("enzyme.autodiff.", Type::function(result, &params));
        let step = (self.hook == Hook::Autodiff).then(|| shim::step(self));
        let builder = Builder::new(self.module);
        builder.at_end(function.append_block("start"));
        let given = |part| Some(function.params()[takes.iter().position(|p| *p == part)?]);
        self.body(&builder, (shim, step), &given);
        Wrapper { function, takes, fields, step }
    }

    pub(crate) fn private(&self, prefix: &str, ty: Type) -> Function {
        let name = format!("{prefix}{}", self.primal.name());
        let function = self.module.add_function(&name, ty);
        function.make_internal();
        function.plain_attributes(self.primal);
        function
    }

    /// The type of the struct that the function returns through memory, if it does.
    pub(crate) fn through_memory(&self) -> Option<Type> {
        self.primal.param_type(0, "sret")
    }

    /// The type of the function's result.
    pub(crate) fn result_type(&self) -> Type {
        self.through_memory().unwrap_or_else(|| self.primal.result_type())
    }

    /// Each parameter with its position and the type of what its slot holds.
    pub(crate) fn params(&self) -> impl Iterator<Item = (usize, Param, Type)> {
        let first = usize::from(self.through_memory().is_some());
        let types = self.primal.params().into_iter().skip(first).map(Value::ty);
        let params = self.description.params.iter().zip(types).enumerate();
        params.map(move |(index, (param, ty))| {
            match self.primal.param_type(first + index, "byval") {
                Some(copied) => (index, *param, copied),
                None => (index, *param, ty),
            }
        })
    }

    /// Whether the function's result is read or differentiated.
    pub(crate) fn keeps_result(&self) -> bool {
        let numeric = self.result_type().is_float() || self.result_type().is_integers();
        match self.hook {
            Hook::Autodiff => self.description.seed != Seed::None || self.description.primal_wanted,
            // Both directions must agree, so it depends on nothing else.
            _ => numeric,
        }
    }

    fn seeded(&self) -> bool {
        match self.hook {
            Hook::Augmented => self.result_type().is_float() && self.description.seed != Seed::None,
            _ => self.description.seed != Seed::None,
        }
    }

    fn gives_out(&self, param: &Param) -> bool {
        param.role == Role::Out && self.hook != Hook::Augmented
    }

    fn takes(&self) -> Vec<Part> {
        let mut takes = Vec::new();
        for (index, param, _) in self.params() {
            if self.hook != Hook::Reverse || param.passing == Passing::Address {
                takes.push(Part::Value(index));
            }
            if param.role == Role::Dup {
                takes.push(Part::Shadow(index));
            }
        }
        if self.hook == Hook::Reverse {
            takes.extend((self.description.seed != Seed::None).then_some(Part::Seed));
            takes.push(Part::Tape);
        }
        takes
    }

    fn part_type(&self, part: Part) -> Type {
        match part {
            Part::Value(index) => {
                let first = usize::from(self.through_memory().is_some());
                self.primal.params()[first + index].ty()
            }
            Part::Seed => self.result_type(),
            Part::Shadow(_) | Part::Tape => self.module.ptr(),
        }
    }

    fn fields(&self) -> Vec<Type> {
        let tape = (self.hook == Hook::Augmented).then(|| self.module.ptr());
        let result = self.returns_result().then(|| self.result_type());
        let out = self.params().filter(|(_, param, _)| self.gives_out(param));
        tape.into_iter().chain(result).chain(out.map(|(_, _, ty)| ty)).collect()
    }

    fn returns_result(&self) -> bool {
        match self.hook {
            Hook::Augmented => self.keeps_result(),
            _ => self.description.primal_wanted,
        }
    }

    /// The types of all slots in order.
    fn slot_types(&self) -> Vec<Type> {
        let mut types = Vec::new();
        for (_, param, ty) in self.params() {
            let copies = [param.passing != Passing::Address, param.role == Role::Out];
            types.extend(copies.into_iter().filter(|copy| *copy).map(|_| ty));
        }
        if self.keeps_result() {
            types.extend([self.result_type(); 2]);
        }
        types
    }

    /// Where the slot of this number lies in a block, behind the tape; past the last one,
    /// the size of the block.
    fn offset(&self, number: usize) -> u64 {
        let sizes = self.slot_types().into_iter().take(number).map(|ty| ty.size(self.module));
        sizes.map(|size| size.next_multiple_of(SLOT_ALIGN)).sum::<u64>() + SLOT_ALIGN
    }

    fn body(
        &self,
        builder: &Builder,
        (shim, step): (Function, Option<Function>),
        given: &dyn Fn(Part) -> Option<Value>,
    ) {
        let room = match self.hook {
            Hook::Augmented => Room::Block(self.allocate(builder)),
            Hook::Reverse => {
                let block = given(Part::Tape).expect("a tape");
                self.check(builder, block);
                Room::Block(block)
            }
            _ => Room::Stack,
        };
        let slots = self.slots(builder, room, given);
        if let Some(seed) = given(Part::Seed) {
            builder.store(seed, slots.last().expect("the result").shadow, SLOT_ALIGN);
        }
        let context = match slots.last() {
            Some(result) if self.seeded() => result.shadow,
            _ => self.module.ptr().zero(),
        };
        let head = match (step, room) {
            (Some(step), _) => vec![context, step.0],
            (None, Room::Block(block)) if self.hook == Hook::Reverse => {
                let tape = builder.load(self.module.ptr(), block, SLOT_ALIGN);
                vec![tape, self.module.i64(i64::from(self.description.keeps_tape))]
            }
            _ => vec![],
        };
        let tape = self.ask(builder, shim, &head, &slots);
        let block = match room {
            Room::Block(block) if self.hook == Hook::Augmented => {
                builder.store(tape, block, SLOT_ALIGN);
                Some(block)
            }
            _ => None,
        };
        let returned = self.results(builder, block, &slots);
        if let (Room::Block(block), Hook::Reverse, false) =
            (room, self.hook, self.description.keeps_tape)
        {
            self.free(builder, block);
        }
        match returned {
            Some(returned) => builder.return_value(returned),
            None => builder.return_void(),
        }
    }

    fn allocate(&self, builder: &Builder) -> Value {
        let module = self.module;
        let size = module.i64(self.offset(usize::MAX).cast_signed());
        let malloc = module.declare("malloc", Type::function(module.ptr(), &[module.int(64)]));
        let block = builder.call(malloc, &[size]);
        builder.store(module.i64(self.tag()), builder.offset_by(block, TAG), TAG);
        block
    }

    /// A number for the function and all that both directions must agree about.
    fn tag(&self) -> i64 {
        let mut hasher = DefaultHasher::new();
        let roles: Vec<_> = self.description.params.iter().map(|p| (p.passing, p.role)).collect();
        let seeded = self.description.seed != Seed::None;
        let Description { runtime_activity, .. } = self.description;
        // Another unit's function of this name may have been compiled otherwise.
        let function = (self.module.source_name(), self.primal.name());
        let fixed = self.fixed.iter().map(|function| function.map(|function| function.name()));
        let fixed: Vec<_> = fixed.collect();
        (function, fixed, roles, seeded, runtime_activity).hash(&mut hasher);
        hasher.finish().cast_signed()
    }

    /// Ends the program if a tape was made for something else: its sweep would read what
    /// is not there.
    fn check(&self, builder: &Builder, block: Value) {
        let module = self.module;
        let function = builder.function();
        let [other, fits] = ["other.tape", "sweep"].map(|name| function.append_block(name));
        let tag = builder.load(module.int(64), builder.offset_by(block, TAG), TAG);
        let same = builder.compare(Order::Equal, tag, module.i64(self.tag()));
        builder.branch(same, fits, other);
        builder.at_end(other);
        let (int, word) = (module.int(32), module.int(64));
        let ty = Type::function(word, &[int, module.ptr(), word]);
        let text = module.add_bytes("enzyme.message", OTHER_TAPE.as_bytes());
        let size = module.i64(i64::try_from(OTHER_TAPE.len()).expect("a short text"));
        builder.call(module.declare("write", ty), &[int.const_int(2), text, size]);
        builder.call(module.intrinsic("llvm.trap", &[]), &[]);
        builder.unreachable();
        builder.at_end(fits);
    }

    fn free(&self, builder: &Builder, block: Value) {
        let ty = Type::function(Type::void(self.module), &[self.module.ptr()]);
        builder.call(self.module.declare("free", ty), &[block]);
    }

    /// One slot for each parameter of the shim.
    fn slots(
        &self,
        builder: &Builder,
        room: Room,
        given: &dyn Fn(Part) -> Option<Value>,
    ) -> Vec<Slot> {
        let mut number = 0;
        let mut place = |ty: Type| {
            number += 1;
            self.place(builder, room, number - 1, ty)
        };
        let none = self.module.ptr().zero();
        let mut slots = Vec::new();
        for (index, param, ty) in self.params() {
            let own = (param.passing != Passing::Address).then(|| place(ty));
            let value = given(Part::Value(index));
            let primal = match (own, value) {
                (Some(slot), Some(value)) if param.passing == Passing::Copy => {
                    builder.copy(slot, value, self.size(ty), 1);
                    slot
                }
                (Some(slot), Some(value)) => {
                    builder.store(value, slot, SLOT_ALIGN);
                    slot
                }
                (slot, value) => slot.or(value).expect("an address is always given"),
            };
            let (shadow, activity) = match param.role {
                Role::Const => (none, Activity::Const),
                Role::Dup => (given(Part::Shadow(index)).expect("a shadow"), Activity::Duplicated),
                Role::Out => {
                    let slot = place(ty);
                    builder.zero_fill(slot, self.size(ty), SLOT_ALIGN);
                    (slot, Activity::Duplicated)
                }
            };
            slots.push(Slot { primal, shadow, activity });
        }
        if self.keeps_result() {
            let ty = self.result_type();
            let (primal, slot) = (place(ty), place(ty));
            builder.zero_fill(slot, self.size(ty), SLOT_ALIGN);
            let (shadow, activity) = match self.seeded() {
                true => (slot, Activity::Duplicated),
                false => (none, Activity::Const),
            };
            slots.push(Slot { primal, shadow, activity });
        }
        slots
    }

    fn size(&self, ty: Type) -> Value {
        self.module.i64(ty.size(self.module).cast_signed())
    }

    fn place(&self, builder: &Builder, room: Room, number: usize, ty: Type) -> Value {
        match room {
            Room::Stack => {
                let place = builder.alloca(ty, "slot");
                place.set_alignment(SLOT_ALIGN);
                place
            }
            Room::Block(block) => builder.offset_by(block, self.offset(number)),
        }
    }

    /// The marker's call.
    fn ask(&self, builder: &Builder, shim: Function, head: &[Value], slots: &[Slot]) -> Value {
        let module = self.module;
        let activities: Vec<_> = slots.iter().map(|slot| slot.activity).collect();
        let request = Request {
            mode: Mode::Reverse,
            runtime_activity: self.description.runtime_activity,
            overlapping: true,
            strong_zero: false,
            activities: &activities,
        };
        let request = module.add_bytes("enzyme.request", &request.encode());
        let pairs = slots.iter().flat_map(|slot| [slot.primal, slot.shadow]);
        let head = [shim.0, request].into_iter().chain(head.iter().copied());
        let arguments: Vec<_> = head.chain(pairs).collect();
        let (name, result) = match self.hook {
            Hook::Augmented => (MARKER_FORWARD, module.ptr()),
            Hook::Reverse => (MARKER_REVERSE, Type::void(module)),
            _ => (MARKER, Type::void(module)),
        };
        let ty = Type::variadic_function(result, &[module.ptr(); 2]);
        let marker = module.declare(name, ty);
        builder.call_address(ty, marker.0, &arguments)
    }

    /// Reads what comes back from the slots.
    fn results(&self, builder: &Builder, block: Option<Value>, slots: &[Slot]) -> Option<Value> {
        let fields = self.fields();
        if fields.is_empty() {
            return None;
        }
        let result = self.returns_result().then(|| slots.last().expect("a result").primal);
        let out = self.params().filter(|(_, param, _)| self.gives_out(param));
        let places = result.into_iter().chain(out.map(|(index, _, _)| slots[index].shadow));
        let mut values: Vec<_> = block.into_iter().collect();
        for place in places {
            values.push(builder.load(fields[values.len()], place, SLOT_ALIGN));
        }
        let whole = Type::structure(self.module, &fields).poison();
        let insert = |whole, (number, value)| builder.insert(whole, value, number);
        Some((0..).zip(values).fold(whole, insert))
    }
}
