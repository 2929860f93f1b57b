//! The functions that stand between a call and the engine.
//!
//! Three are written for a function and what is asked for: the *shim* with addresses as
//! its only parameters, which the engine differentiates; the *step*, which places the
//! seed; and the *wrapper*, which has the values as parameters, gives each a slot, asks
//! the engine, and returns the derivatives.

use enzyme_body::FloatKind;
use enzyme_convention::{Description, Param, Passing, Role, SHIM, Seed};
use enzyme_ir::{Builder, Function, Module, Order, Type, Value};
use enzyme_protocol::{Activity, HINT_F32, HINT_F64, HINT_PLAIN, MARKER, Mode, Request};

/// A wrapper, and what belongs to it.
pub(crate) struct Wrapper {
    /// Takes value and shadow of each parameter in order; returns what comes back.
    pub function: Function,
    /// The types of what comes back, in order.
    pub fields: Vec<Type>,
    /// What places the seed.
    pub step: Function,
}

/// A parameter of the shim, as the wrapper passes it.
struct Slot {
    primal: Value,
    shadow: Value,
    activity: Activity,
}

const SLOT_ALIGN: u64 = 16;

impl Wrapper {
    /// Writes the wrapper of a function.
    pub(crate) fn write(primal: Function, description: &Description) -> Self {
        let module = primal.module();
        let source = Source { module, primal, description };
        let (shim, step) = (source.shim(), source.step());
        let fields = source.fields();
        let params = description.params.iter().zip(primal.params()).flat_map(|(param, value)| {
            let shadow = (param.role == Role::Dup).then(|| module.ptr());
            std::iter::once(value.ty()).chain(shadow)
        });
        let result = match fields.is_empty() {
            true => Type::void(module),
            false => Type::structure(module, &fields),
        };
        let ty = Type::function(result, &params.collect::<Vec<_>>());
        let function = source.private("enzyme.autodiff.", ty);
        source.wrapper(function, shim, step);
        Self { function, fields, step }
    }
}

/// What the functions are written from.
struct Source<'a> {
    module: Module,
    primal: Function,
    description: &'a Description,
}

impl Source<'_> {
    fn private(&self, prefix: &str, ty: Type) -> Function {
        let name = format!("{prefix}{}", self.primal.name());
        let function = self.module.add_function(&name, ty);
        function.make_internal();
        function.plain_attributes(self.primal);
        function
    }

    /// Each parameter with the position and type that it has in the function.
    fn params(&self) -> impl Iterator<Item = (usize, Param, Type)> {
        let types = self.primal.params().into_iter().map(Value::ty);
        let params = self.description.params.iter().zip(types).enumerate();
        params.map(|(index, (param, ty))| match self.primal.param_type(index, "byval") {
            Some(copied) => (index, *param, copied),
            None => (index, *param, ty),
        })
    }

    /// Whether the function's result is read or differentiated.
    fn keeps_result(&self) -> bool {
        self.description.seed != Seed::None || self.description.primal_wanted
    }

    /// What comes back: the function's result if it is wanted, then the derivatives.
    fn fields(&self) -> Vec<Type> {
        let result = self.description.primal_wanted.then(|| self.primal.result_type());
        let out = self.params().filter(|(_, param, _)| param.role == Role::Out);
        result.into_iter().chain(out.map(|(_, _, ty)| ty)).collect()
    }

    /// Reads the values from their slots, calls the function, writes its result.
    fn shim(&self) -> Function {
        let module = self.module;
        let count = self.description.params.len() + usize::from(self.keeps_result());
        let ty = Type::function(Type::void(module), &vec![module.ptr(); count]);
        let shim = self.private(SHIM, ty);
        let builder = Builder::new(module);
        builder.at_end(shim.append_block("start"));
        let places = shim.params();
        let arguments: Vec<_> = self
            .params()
            .map(|(index, param, ty)| match param.passing {
                Passing::Value => {
                    self.hint(&builder, places[index], ty);
                    builder.load(ty, places[index], SLOT_ALIGN)
                }
                Passing::Address | Passing::Copy => places[index],
            })
            .collect();
        let call = builder.call(self.primal, &arguments);
        call.call_like(self.primal);
        if self.keeps_result() {
            let place = places[count - 1];
            self.hint(&builder, place, call.ty());
            builder.store(call, place, SLOT_ALIGN);
        }
        builder.return_void();
        shim
    }

    /// States what a slot holds: moves alone do not show it. A wide integer may be a
    /// struct that holds a float, so nothing is said of it.
    fn hint(&self, builder: &Builder, place: Value, ty: Type) {
        const WIDE: u64 = 8;
        let (module, size) = (self.module, ty.size(self.module));
        let mirrored = ty.mirrored(module);
        let (name, size) = match mirrored.float() {
            Some(FloatKind::Double) => (HINT_F64, None),
            Some(FloatKind::Single) => (HINT_F32, None),
            None if ty.is_integers() && size < WIDE => (HINT_PLAIN, Some(size)),
            _ => return,
        };
        let size = size.map(|size| module.i64(size.cast_signed()));
        let arguments: Vec<_> = std::iter::once(place).chain(size).collect();
        let types: Vec<_> = arguments.iter().map(|argument| argument.ty()).collect();
        let hint = module.declare(name, Type::function(Type::void(module), &types));
        builder.call(hint, &arguments);
    }

    /// Places the seed before the only sweep.
    fn step(&self) -> Function {
        let module = self.module;
        let ty = Type::function(module.int(1), &[module.ptr(), module.int(64)]);
        let step = self.private("enzyme.seed.", ty);
        let builder = Builder::new(module);
        builder.at_end(step.append_block("start"));
        let params = step.params();
        if self.description.seed != Seed::None {
            // Nobody looks at the place after the sweep.
            builder.store(self.primal.result_type().const_float(1.0), params[0], SLOT_ALIGN);
        }
        builder.return_value(builder.compare(Order::Equal, params[1], module.i64(0)));
        step
    }

    fn wrapper(&self, function: Function, shim: Function, step: Function) {
        let module = self.module;
        let builder = Builder::new(module);
        builder.at_end(function.append_block("start"));
        let mut given = function.params().into_iter();
        let mut given = || given.next().expect("a value or shadow for each parameter");
        let mut slots = Vec::new();
        for (_, param, ty) in self.params() {
            let value = given();
            let shadow = (param.role == Role::Dup).then(&mut given);
            slots.push(self.slot(&builder, param, ty, (value, shadow)));
        }
        if self.keeps_result() {
            slots.push(self.result_slot(&builder));
        }
        let seeded = slots.last().filter(|_| self.description.seed != Seed::None);
        let context = seeded.map_or(module.ptr().zero(), |slot| slot.shadow);
        self.ask(&builder, (shim, step, context), &slots);
        self.give_back(&builder, &slots);
    }

    fn slot(
        &self,
        builder: &Builder,
        param: Param,
        ty: Type,
        (value, shadow): (Value, Option<Value>),
    ) -> Slot {
        let primal = match param.passing {
            Passing::Value => {
                let place = self.place(builder, ty);
                builder.store(value, place, SLOT_ALIGN);
                place
            }
            Passing::Address | Passing::Copy => value,
        };
        let none = self.module.ptr().zero();
        let (shadow, activity) = match (param.role, shadow) {
            (Role::Dup, Some(shadow)) => (shadow, Activity::Duplicated),
            (Role::Out, _) => (self.zero_place(builder, ty), Activity::Duplicated),
            _ => (none, Activity::Const),
        };
        Slot { primal, shadow, activity }
    }

    fn result_slot(&self, builder: &Builder) -> Slot {
        let ty = self.primal.result_type();
        let primal = self.place(builder, ty);
        match self.description.seed {
            Seed::None => {
                let shadow = self.module.ptr().zero();
                Slot { primal, shadow, activity: Activity::Const }
            }
            _ => {
                let shadow = self.zero_place(builder, ty);
                Slot { primal, shadow, activity: Activity::Duplicated }
            }
        }
    }

    fn place(&self, builder: &Builder, ty: Type) -> Value {
        let place = builder.alloca(ty, "slot");
        place.set_alignment(SLOT_ALIGN);
        place
    }

    fn zero_place(&self, builder: &Builder, ty: Type) -> Value {
        let place = self.place(builder, ty);
        let size = self.module.i64(ty.size(self.module).cast_signed());
        builder.zero_fill(place, size, SLOT_ALIGN);
        place
    }

    /// The marker's call.
    fn ask(
        &self,
        builder: &Builder,
        (shim, step, context): (Function, Function, Value),
        slots: &[Slot],
    ) {
        let module = self.module;
        let activities: Vec<_> = slots.iter().map(|slot| slot.activity).collect();
        let request = Request {
            mode: Mode::Reverse,
            runtime_activity: self.description.runtime_activity,
            activities: &activities,
        };
        let request = module.add_bytes("enzyme.request", &request.encode());
        let pairs = slots.iter().flat_map(|slot| [slot.primal, slot.shadow]);
        let arguments: Vec<_> =
            [shim.0, request, context, step.0].into_iter().chain(pairs).collect();
        let ty = Type::variadic_function(Type::void(module), &[module.ptr(); 4]);
        let marker = module.declare(MARKER, ty);
        builder.call_address(ty, marker.0, &arguments);
    }

    /// Reads what comes back from the slots, and returns it.
    fn give_back(&self, builder: &Builder, slots: &[Slot]) {
        let fields = self.fields();
        if fields.is_empty() {
            return builder.return_void();
        }
        let result = self.description.primal_wanted.then(|| slots.last().expect("a result"));
        let out = self.params().filter(|(_, param, _)| param.role == Role::Out);
        let places = result
            .map(|slot| slot.primal)
            .into_iter()
            .chain(out.map(|(index, _, _)| slots[index].shadow));
        let mut whole = Type::structure(self.module, &fields).poison();
        for ((number, place), ty) in (0..).zip(places).zip(&fields) {
            let field = builder.load(*ty, place, SLOT_ALIGN);
            whole = builder.insert(whole, field, number);
        }
        builder.return_value(whole);
    }
}
