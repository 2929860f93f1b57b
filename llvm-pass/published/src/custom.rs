//! Functions whose derivative the program states itself.
//!
//! *Computes*: from `{function, augmented, reverse}` two private functions in a form that the
//! later stages call without knowing how C passes structs (`enzyme_rules::stand_in`).
//!
//! | parameter of the function | `augmented` takes | `reverse` takes | `reverse` returns |
//! |---|---|---|---|
//! | float, or floats in a vector register | it | it | its adjoint |
//! | integer | it | it | – |
//! | address | it, then its shadow | it, then its shadow | – |
//!
//! `augmented` returns the function's result by itself, or a struct of a tape and the result;
//! where the function returns nothing, whatever it returns is the tape. Behind the arguments
//! `reverse` takes the adjoint of the result, if that is a float, and the tape, if it has a
//! parameter for one. Several adjoints come back as a struct of them.
//!
//! *Why it is sound*: types are compared as they are, or, for structs, as bytes; all else is
//! refused. The tape travels as the bytes that `augmented` returned. What stands behind an
//! address when `reverse` runs is what the forward sweep left there; what the function needs
//! beside that belongs on the tape: that is the program's affair.

use enzyme_convention::fits;
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Builder, Function, Module, Type, Value};
use enzyme_rules::stand_in::{FORWARD, REVERSE};

const ALIGN: u64 = 16;

/// What the program registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    pub function: Function,
    pub augmented: Function,
    pub reverse: Function,
}

/// Writes both functions; whether there is a tape.
///
/// # Errors
/// Functions whose types do not belong together.
pub(crate) fn write(registered: Registered) -> Result<bool> {
    let shape = Shape::new(registered)?;
    shape.forward();
    shape.backward();
    Ok(shape.tape.is_some())
}

/// Where a part of what a function returns lies.
#[derive(Clone, Copy)]
struct Part {
    ty: Type,
    offset: u64,
}

/// What the three functions have in common.
struct Shape {
    module: Module,
    registered: Registered,
    params: Vec<Type>,
    /// The result and the tape in what `augmented` returns.
    result: Option<Part>,
    tape: Option<Part>,
    /// The parameters of `reverse` that take the tape.
    tape_params: Vec<Type>,
    /// Those take it as a copy in memory.
    tape_copied: bool,
}

impl Shape {
    fn new(registered: Registered) -> Result<Self> {
        let Registered { function, augmented, reverse } = registered;
        let module = function.module();
        let params: Vec<_> = function.params().into_iter().map(Value::ty).collect();
        let unusual = |ty: &Type| !ty.is_float() && !ty.is_integers() && *ty != module.ptr();
        let passed =
            |index| ["sret", "byval"].iter().any(|name| function.param_type(index, name).is_some());
        if function.is_variadic() || params.iter().any(unusual) || (0..params.len()).any(passed) {
            return refuse(registered, "it takes or returns a struct");
        }
        let result = function.result_type();
        let void = Type::void(module);
        if result != void && !result.is_float() && !result.is_integers() {
            return refuse(registered, "its result is neither a float nor an integer");
        }
        let own = Self {
            module,
            registered,
            params,
            result: None,
            tape: None,
            tape_params: vec![],
            tape_copied: false,
        };
        let taken = own.behind(augmented, &own.interleaved(), "the forward function")?;
        if !taken.is_empty() {
            return refuse(registered, "the forward function takes more than that");
        }
        let (result, tape) = own.returned()?;
        let seed = own.seed().into_iter();
        let wanted: Vec<_> = own.interleaved().into_iter().chain(seed).collect();
        let tape_params = own.behind(reverse, &wanted, "the reverse function")?;
        let mut own = Self { result, tape, tape_params, ..own };
        own.check_tape()?;
        own.check_adjoints()?;
        Ok(own)
    }

    /// The arguments, each address followed by its shadow.
    fn interleaved(&self) -> Vec<Type> {
        let twice = |ty: &Type| vec![*ty; 1 + usize::from(*ty == self.module.ptr())];
        self.params.iter().flat_map(twice).collect()
    }

    fn seed(&self) -> Option<Type> {
        let result = self.registered.function.result_type();
        result.is_float().then_some(result)
    }

    /// The parameters of a function behind those that are wanted.
    fn behind(&self, function: Function, wanted: &[Type], what: &str) -> Result<Vec<Type>> {
        let types: Vec<_> = function.params().into_iter().map(Value::ty).collect();
        let types = &types[usize::from(function.param_type(0, "sret").is_some())..];
        match types.strip_prefix(wanted) {
            Some(rest) if !function.is_variadic() => Ok(rest.to_vec()),
            _ => {
                let list = |types: &[Type]| {
                    let types: Vec<_> = types.iter().map(ToString::to_string).collect();
                    types.join(", ")
                };
                let (theirs, ours) = (list(types), list(wanted));
                refuse(self.registered, &format!("{what} takes ({theirs}), not ({ours})"))
            }
        }
    }

    /// The result and the tape in what `augmented` returns.
    fn returned(&self) -> Result<(Option<Part>, Option<Part>)> {
        let Registered { function, augmented, .. } = self.registered;
        let (result, void) = (function.result_type(), Type::void(self.module));
        let theirs = returned_type(augmented);
        let whole = |ty| Some(Part { ty, offset: 0 });
        if result == void {
            return Ok((None, whole(theirs).filter(|part| part.ty != void)));
        }
        if theirs == result {
            return Ok((whole(result), None));
        }
        if theirs.is_structure() && theirs.field_count() == 2 && theirs.field(1) == result {
            let part = |index| {
                let offset = theirs.field_offset(self.module, index);
                Some(Part { ty: theirs.field(index), offset })
            };
            return Ok((part(1), part(0)));
        }
        let text = format!(
            "the forward function returns {theirs}, neither {result} nor a struct of a tape and {result}"
        );
        refuse(self.registered, &text)
    }

    /// The reverse function takes the tape, or none.
    fn check_tape(&mut self) -> Result<()> {
        if self.tape_params.is_empty() {
            self.tape = None;
            return Ok(());
        }
        let last = self.registered.reverse.params().len() - 1;
        let copied = self.registered.reverse.param_type(last, "byval");
        self.tape_copied = copied.is_some() && self.tape_params.len() == 1;
        let taken = match copied {
            Some(ty) => ty,
            None => Type::structure(self.module, &self.tape_params),
        };
        match self.tape {
            Some(tape) if tape.ty.size(self.module) == taken.size(self.module) => Ok(()),
            _ => refuse(
                self.registered,
                "the reverse function takes a tape that the forward function does not return",
            ),
        }
    }

    /// The reverse function returns the adjoints of the floats.
    fn check_adjoints(&self) -> Result<()> {
        let ours = self.adjoints();
        let theirs = returned_type(self.registered.reverse);
        let none = self.floats().is_empty();
        if none && theirs == Type::void(self.module)
            || !none && fits(&ours.mirrored(self.module), &theirs.mirrored(self.module))
        {
            return Ok(());
        }
        refuse(self.registered, &format!("the reverse function returns {theirs}, not {ours}"))
    }

    fn floats(&self) -> Vec<Type> {
        self.params.iter().copied().filter(|ty| ty.is_float()).collect()
    }

    fn adjoints(&self) -> Type {
        Type::structure(self.module, &self.floats())
    }

    /// A function of the form that later stages call, with its parameters.
    fn private(&self, prefix: &str, more: &[Type], result: Type) -> (Function, Builder) {
        let shadows = self.params.iter().filter(|ty| **ty == self.module.ptr());
        let params: Vec<_> = self.params.iter().chain(shadows).chain(more).copied().collect();
        let name = format!("{prefix}{}", self.registered.function.name());
        let function = self.module.add_function(&name, Type::function(result, &params));
        function.make_internal();
        function.plain_attributes(self.registered.augmented);
        let builder = Builder::new(self.module);
        builder.at_end(function.append_block("start"));
        (function, builder)
    }

    /// The arguments in the order of the convention.
    fn arguments(&self, function: Function) -> Vec<Value> {
        let params = function.params();
        let mut shadows = params[self.params.len()..].iter();
        let mut arguments = Vec::new();
        for (&param, ty) in params.iter().zip(&self.params) {
            arguments.push(param);
            if *ty == self.module.ptr() {
                arguments.push(*shadows.next().expect("a shadow for each address"));
            }
        }
        arguments
    }

    fn forward(&self) {
        let parts: Vec<_> = self.result.into_iter().chain(self.tape).collect();
        let types: Vec<_> = parts.iter().map(|part| part.ty).collect();
        let result = Type::structure(self.module, &types);
        let (function, builder) = self.private(FORWARD, &[], result);
        let place = self.call(&builder, self.registered.augmented, self.arguments(function));
        self.give(&builder, place, &parts, result);
    }

    fn backward(&self) {
        let tape = self.tape.map(|part| part.ty);
        let more: Vec<_> = self.seed().into_iter().chain(tape).collect();
        let adjoints = self.adjoints();
        let (function, builder) = self.private(REVERSE, &more, adjoints);
        let mut arguments = self.arguments(function);
        let params = function.params();
        let mut behind = params[params.len() - more.len()..].iter().copied();
        arguments.extend(self.seed().and_then(|_| behind.next()));
        if let (Some(tape), Some(value)) = (self.tape, behind.next()) {
            let room = self.room(&builder, tape.ty);
            builder.store(value, room, ALIGN);
            let taken = Type::structure(self.module, &self.tape_params);
            match self.tape_copied {
                true => arguments.push(room),
                false => arguments.extend((0..).zip(&self.tape_params).map(|(index, ty)| {
                    let at = builder.offset_by(room, taken.field_offset(self.module, index));
                    builder.load(*ty, at, 1)
                })),
            }
        }
        let place = self.call(&builder, self.registered.reverse, arguments);
        let part = |(index, ty)| {
            let offset = adjoints.field_offset(self.module, index);
            Part { ty, offset }
        };
        let parts: Vec<_> = (0..).zip(self.floats()).map(part).collect();
        self.give(&builder, place, &parts, adjoints);
    }

    fn room(&self, builder: &Builder, ty: Type) -> Value {
        let room = builder.alloca(ty, "returned");
        room.set_alignment(ALIGN);
        room
    }

    /// Calls a function of the program; where what it returned lies.
    fn call(&self, builder: &Builder, function: Function, mut arguments: Vec<Value>) -> Value {
        let returned = returned_type(function);
        if returned == Type::void(self.module) {
            builder.call(function, &arguments).call_like(function);
            return self.module.ptr().poison();
        }
        let room = self.room(builder, returned);
        let by_address = function.param_type(0, "sret").is_some();
        if by_address {
            arguments.insert(0, room);
        }
        let call = builder.call(function, &arguments);
        call.call_like(function);
        if !by_address {
            builder.store(call, room, ALIGN);
        }
        room
    }

    /// Returns parts of what lies at a place.
    fn give(&self, builder: &Builder, place: Value, parts: &[Part], ty: Type) {
        let insert = |whole, (index, part): (u32, &Part)| {
            let value = builder.load(part.ty, builder.offset_by(place, part.offset), 1);
            builder.insert(whole, value, index)
        };
        builder.return_value((0..).zip(parts).fold(ty.poison(), insert));
    }
}

/// What a function returns, in a register or through memory.
fn returned_type(function: Function) -> Type {
    function.param_type(0, "sret").unwrap_or_else(|| function.result_type())
}

fn refuse<T>(registered: Registered, why: &str) -> Result<T> {
    let names = [registered.augmented, registered.reverse].map(Function::name);
    let text = format!(
        "the derivative of `{}` that the program states (`{}`, `{}`): {why}",
        registered.function.name(),
        names[0],
        names[1]
    );
    Diagnostic::new(Code::Custom, text).into()
}
