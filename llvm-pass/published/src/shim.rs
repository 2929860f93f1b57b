//! What the engine differentiates, and what places the seed.

use enzyme_body::FloatKind;
use enzyme_convention::{Passing, SHIM, Seed, is_floats};
use enzyme_ir::{Builder, Function, Module, Order, Type, Value};
use enzyme_prepare::state_variable;
use enzyme_protocol::{HINT_F32, HINT_F64, HINT_ONE_F32, HINT_ONE_F64, HINT_PLAIN};

use crate::wrapper::{SLOT_ALIGN, Source};

/// Reads the values from their slots, calls the function, writes its result.
pub(crate) fn shim(source: &Source) -> Function {
    let module = source.module;
    let count = source.description.params.len() + usize::from(source.keeps_result());
    let ty = Type::function(Type::void(module), &vec![module.ptr(); count]);
    let shim = source.private(SHIM, ty);
    let builder = Builder::new(module);
    builder.at_end(shim.append_block("start"));
    let places = shim.params();
    let arguments: Vec<_> = source
        .params()
        .map(|(index, param, ty)| match param.passing {
            Passing::Value => {
                hint(source, &builder, places[index], ty);
                builder.load(ty, places[index], SLOT_ALIGN)
            }
            Passing::Address | Passing::Copy => match source.fixed[index] {
                // So that calls of it are seen through.
                Some(function) => function.0,
                None => {
                    if let Some(ty) = source.declared[index] {
                        state_variable(&builder, places[index], ty);
                    }
                    places[index]
                }
            },
        })
        .collect();
    let result = source.result_type();
    let place = source.keeps_result().then(|| places[count - 1]);
    let through_memory = source.through_memory().map(|ty| {
        place.unwrap_or_else(|| {
            let unused = builder.alloca(ty, "unused");
            unused.set_alignment(SLOT_ALIGN);
            unused
        })
    });
    let arguments: Vec<_> = through_memory.into_iter().chain(arguments).collect();
    let call = builder.call(source.called, &arguments);
    call.call_like(source.primal);
    if let Some(place) = place {
        hint(source, &builder, place, result);
        if through_memory.is_none() {
            builder.store(call, place, SLOT_ALIGN);
        }
    }
    builder.return_void();
    // Slots are nobody else's; addresses of the caller may lead to the same memory.
    for index in 0..count {
        let passing = source.description.params.get(index).map(|param| param.passing);
        if passing != Some(Passing::Address) {
            shim.add_param_attribute(index, "noalias");
        }
    }
    shim
}

/// States what a slot holds, each field of a struct of floats by itself: moves alone do not show it. A wide integer may be a struct
/// that holds a float, so nothing is said of it.
fn hint(source: &Source, builder: &Builder, place: Value, ty: Type) {
    const WIDE: u64 = 8;
    let module = source.module;
    let size = ty.size(module);
    if ty.is_structure() {
        return each_float(module, ty, 0, &mut |offset, float| {
            let name = match float.mirrored(module).float() {
                Some(FloatKind::Double) => HINT_ONE_F64,
                Some(FloatKind::Single) => HINT_ONE_F32,
                _ => return,
            };
            let hint = module.declare(name, Type::function(Type::void(module), &[module.ptr()]));
            builder.call(hint, &[builder.offset_by(place, offset)]);
        });
    }
    let (name, size) = match ty.mirrored(module).float() {
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

/// The floats of a struct of nothing else: their offsets and types.
fn each_float(module: Module, ty: Type, at: u64, visit: &mut dyn FnMut(u64, Type)) {
    if let Some((item, lanes)) = ty.vector().filter(|(item, _)| item.is_float()) {
        let lanes = (0..lanes).map(|lane| at + u64::from(lane) * item.size(module));
        return lanes.for_each(|offset| visit(offset, item));
    }
    if ty.is_float() {
        return visit(at, ty);
    }
    let fields = ty.items().filter(|_| is_floats(&ty.mirrored(module)));
    for index in 0..fields.unwrap_or(0) {
        let offset = at + ty.field_offset(module, index);
        each_float(module, ty.field(index), offset, visit);
    }
}

/// Places the seed before the only sweep.
pub(crate) fn step(source: &Source) -> Function {
    let module = source.module;
    let ty = Type::function(module.int(1), &[module.ptr(), module.int(64)]);
    let step = source.private("enzyme.seed.", ty);
    let builder = Builder::new(module);
    builder.at_end(step.append_block("start"));
    let params = step.params();
    if source.description.seed != Seed::None {
        // Nobody looks at the place after the sweep.
        each_float(module, source.result_type(), 0, &mut |offset, float| {
            builder.store(float.const_float(1.0), builder.offset_by(params[0], offset), 1);
        });
    }
    builder.return_value(builder.compare(Order::Equal, params[1], module.i64(0)));
    step
}
