//! What the engine differentiates, and what places the seed.

use enzyme_body::FloatKind;
use enzyme_convention::{Passing, SHIM, Seed};
use enzyme_ir::{Builder, Function, Order, Type, Value};
use enzyme_protocol::{HINT_F32, HINT_F64, HINT_PLAIN};

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
                None => places[index],
            },
        })
        .collect();
    let call = builder.call(source.called, &arguments);
    call.call_like(source.primal);
    if source.keeps_result() {
        let place = places[count - 1];
        hint(source, &builder, place, call.ty());
        builder.store(call, place, SLOT_ALIGN);
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

/// States what a slot holds: moves alone do not show it. A wide integer may be a struct
/// that holds a float, so nothing is said of it.
fn hint(source: &Source, builder: &Builder, place: Value, ty: Type) {
    const WIDE: u64 = 8;
    let module = source.module;
    let size = ty.size(module);
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
        builder.store(source.primal.result_type().const_float(1.0), params[0], SLOT_ALIGN);
    }
    builder.return_value(builder.compare(Order::Equal, params[1], module.i64(0)));
    step
}
