//! Text that the standard library formats, in memory that the analyses know.
//!
//! `format!` calls a function whose body is not entered, and which leaves a `String`: the
//! address of new memory where nothing has seen it allocated. That is no matter where text
//! keeps to itself. But memory that holds text beside floats (the one block of a
//! `HashMap<String, f64>`) has a shadow, and in that the text would have none. So the
//! function's calls get a body that calls it for a `String` of its own, and copies the text
//! to memory that it allocates itself: text as before, which later stages see through.
//!
//! *Why it is sound*: the copy is what `String::from` of the text makes. Its capacity is its
//! length, or one. The order of a `String`'s fields is that of the standard library of the
//! one compiler that this engine works with.
//!
//! *Does not*: know of text that is written to a `String` that is there already (`write!`).

use enzyme_ir::{Builder, Function, Module, Order, Type, Value};
use enzyme_protocol::HINT_PLAIN;
use enzyme_rules::{Known, known, makes_text};

/// What the names of the bodies begin with, behind what those of all bodies do.
const NAME: &str = "text.";
/// Where the fields of a `String` are: how much there is room for, the address, the length.
const FIELDS: [u64; 3] = [0, 8, 16];
const SIZE: i64 = 24;

/// The functions by which the program's own memory is allocated and freed.
struct Allocator {
    allocate: Function,
    free: Function,
    /// Whether they are told sizes and alignments, too.
    sized: bool,
}

/// The body of a function that makes a `String` where its first argument points.
pub fn body(prefix: &str, callee: Function) -> Option<Function> {
    let symbol = callee.name();
    if !makes_text(&symbol) {
        return None;
    }
    let module = callee.module();
    let params = callee.ty().parameters();
    if callee.result_type() != Type::void(module) || params.first() != Some(&module.ptr()) {
        return None;
    }
    let name = format!("{prefix}{NAME}{symbol}");
    if let Some(known) = module.function(&name) {
        return Some(known);
    }
    let allocator = Allocator::of(module);
    let body = module.add_function(&name, callee.ty());
    body.make_internal();
    write(body, callee, &allocator);
    Some(body)
}

impl Allocator {
    fn of(module: Module) -> Self {
        let (word, ptr) = (module.int(64), module.ptr());
        let of_rust = |name: &str, meaning: Known| {
            let is = |symbol: &str| symbol.contains(name) && known(symbol) == Some(meaning);
            module.functions().into_iter().find(|function| is(&function.name()))
        };
        let size = enzyme_rules::Size::Argument(0);
        let allocates = Known::Allocate { size, zeroed: false, align: Some(1) };
        let found = of_rust("__rust_alloc", allocates)
            .zip(of_rust("__rust_dealloc", Known::Free { pointer: 0 }));
        let (allocate, free) = found.unwrap_or_else(|| {
            let allocate = module.declare("malloc", Type::function(ptr, &[word]));
            let free = module.declare("free", Type::function(Type::void(module), &[ptr]));
            (allocate, free)
        });
        Self { allocate, free, sized: found.is_some() }
    }

    fn allocate(&self, builder: &Builder, size: Value) -> Value {
        let one = builder.module.i64(1);
        let arguments = if self.sized { vec![size, one] } else { vec![size] };
        let call = builder.call(self.allocate, &arguments);
        call.call_like(self.allocate);
        call
    }

    fn free(&self, builder: &Builder, address: Value, size: Value) {
        let one = builder.module.i64(1);
        let arguments = if self.sized { vec![address, size, one] } else { vec![address] };
        builder.call(self.free, &arguments).call_like(self.free);
    }
}

fn write(body: Function, callee: Function, allocator: &Allocator) {
    let module = body.module();
    let (word, byte, ptr) = (module.int(64), module.int(8), module.ptr());
    let builder = Builder::new(module);
    let blocks = ["start", "copy", "copied", "free", "done"].map(|name| body.append_block(name));
    let [start, copy, copied, free, done] = blocks;
    let mut arguments = body.params();
    let out = arguments[0];

    builder.at_end(start);
    let made = builder.alloca(Type::array(byte, u64::try_from(SIZE).expect("small")), "made");
    made.set_alignment(8);
    arguments[0] = made;
    builder.call(callee, &arguments).call_like(callee);
    let field = |of: Value, at: usize| builder.offset_by(of, FIELDS[at]);
    let room = builder.load(word, field(made, 0), 8);
    let from = builder.load(ptr, field(made, 1), 8);
    // A number that is only moved could be an address, for all that the analyses see.
    let number = |name: &str, of: Value, bound: i64| {
        builder.call(module.intrinsic(name, &[word]), &[of, module.i64(bound)])
    };
    let length = number("llvm.umin", builder.load(word, field(made, 2), 8), i64::MAX);
    let size = number("llvm.umax", length, 1);
    let to = allocator.allocate(&builder, size);
    builder.branch(builder.compare(Order::Equal, length, module.i64(0)), copied, copy);

    builder.at_end(copy);
    let at = builder.phi(word);
    // Copies of what may be floats take with them where that is so: these are letters.
    let plain = Type::function(Type::void(module), &[ptr, word]);
    let place = builder.offset(from, at);
    builder.call(module.declare(HINT_PLAIN, plain), &[place, module.i64(1)]);
    let letter = builder.load(byte, place, 1);
    builder.store(letter, builder.offset(to, at), 1);
    let next = builder.add(at, module.i64(1));
    at.add_incoming(module.i64(0), start);
    at.add_incoming(next, copy);
    builder.branch(builder.compare(Order::Equal, next, length), copied, copy);

    builder.at_end(copied);
    for (at, value) in [size, to, length].into_iter().enumerate() {
        builder.store(value, field(out, at), 8);
    }
    builder.branch(builder.compare(Order::Equal, room, module.i64(0)), done, free);

    builder.at_end(free);
    allocator.free(&builder, from, room);
    builder.jump(done);

    builder.at_end(done);
    builder.return_void();
}
