//! New objects and their shadows.
//!
//! An object of the arena replaces the program's allocation. An object that may outlive
//! the function stays where the program allocates it; its shadow is the same allocation
//! once more, so that whoever frees the one may free the other. Which shadows these are
//! is remembered, for what the function frees itself.
//!
//! Growing moves the bytes to a new object; the old one is kept until the sweeps are
//! over. Its adjoints (seeds that the caller may have placed there) move along. After the
//! sweeps the caller finds in the new shadow what the old one has received.

use enzyme_analysis::extent::Bytes;
use enzyme_analysis::script::{Home, Object, ObjectSize};
use enzyme_body::ValueId;
use enzyme_diag::Result;
use enzyme_ir::{Builder, Function, Opcode, Order, Type, Value};
use enzyme_protocol::{BEYOND_LARGE, BEYOND_SMALL};
use enzyme_rules::{Known, Size, known};

use super::Augment;
use crate::internal;
use crate::memory::Pieces;

/// An object that takes over the bytes of an old one.
pub(super) struct Growth {
    /// The old object.
    pub pointer: ValueId,
    /// Its size, if the program says it.
    pub old_size: Option<ObjectSize>,
    /// The new object.
    pub object: Object,
    /// Its bytes.
    pub bytes: Bytes,
    /// The old object may be a constant.
    pub guarded: bool,
}

impl Augment<'_> {
    pub(super) fn object(&mut self, value: ValueId, object: &Object) -> Result<()> {
        let original = self.primal(value);
        if original.opcode() == Some(Opcode::LLVMInvoke) {
            return internal("an allocation that may unwind");
        }
        self.builder.before(original);
        let size = self.object_size(object.size);
        if object.home == Home::Program {
            self.builder.after(original);
            let shadow = self.builder.duplicate(original);
            self.shadow_of_program(value, shadow, size);
            return Ok(());
        }
        if object.home == Home::Kept {
            self.builder.after(original);
            self.shadow_of_kept(value, size, object.align);
            return Ok(());
        }
        let primal = self.runtime.object(&self.builder, size, object.align);
        let shadow = self.runtime.object(&self.builder, size, object.align);
        self.scopes.arena(primal);
        self.scopes.arena(shadow);
        if object.zeroed {
            self.scopes.elsewhere(self.builder.zero_fill(primal, size, 1));
        }
        self.scopes.elsewhere(self.builder.zero_fill(shadow, size, 1));
        self.replace(value, primal);
        self.shadows.insert(value, shadow);
        Ok(())
    }

    fn object_size(&self, size: ObjectSize) -> Value {
        match size {
            ObjectSize::Fixed(size) => {
                self.input.module().i64(i64::try_from(size).expect("a small object"))
            }
            ObjectSize::Operand(size) => self.primal(size),
            ObjectSize::Product(a, b) => self.builder.mul(self.primal(a), self.primal(b)),
        }
    }

    fn replace(&mut self, value: ValueId, primal: Value) {
        let original = self.primal(value);
        original.replace_uses(primal);
        self.erased.push(original);
        self.calls.insert(value, original);
        self.clones.insert(self.input.source(value), primal);
    }

    /// A shadow in the arena of an object that the program's allocator has made.
    fn shadow_of_kept(&mut self, value: ValueId, size: Value, align: u64) {
        let size = self.builder.resize(size, self.input.module().int(64));
        let shadow = self.runtime.object(&self.builder, size, align);
        self.builder.zero_fill(shadow, size, 1);
        self.shadows.insert(value, shadow);
    }

    /// A shadow that the program's allocator has made; zeros, and remembered.
    fn shadow_of_program(&mut self, value: ValueId, shadow: Value, size: Value) {
        let fill = self.runtime.function("border.made");
        self.builder.call(fill, &[shadow, self.builder.resize(size, self.input.module().int(64))]);
        self.shadows.insert(value, shadow);
    }

    /// A new object that takes over the bytes of an old one.
    pub(super) fn reallocate(&mut self, value: ValueId, growth: &Growth) -> Result<()> {
        let original = self.primal(value);
        let [old, old_shadow] = [self.primal(growth.pointer), self.shadow(growth.pointer)];
        let kept = growth.object.home == Home::Kept;
        let border = kept || growth.object.home == Home::Program;
        match border {
            true => self.grow_by_program(value, growth)?,
            false => self.object(value, &growth.object)?,
        }
        let [new, new_shadow] = [self.primal(value), self.shadows[&value]];
        self.builder.before(original);
        let common = match border {
            true => {
                let sizes = [growth.old_size, Some(growth.object.size)];
                let [before, after] = sizes.map(|s| s.map(|size| self.object_size(size)));
                let after = after.expect("a new object has a size");
                let sized = if kept { old } else { old_shadow };
                common_size(&self.pieces(), (old, sized), before, after)
            }
            false => self.builder.call(self.runtime.function("arena.common"), &[old, new]),
        };
        self.builder.copy(new, old, common, 1);
        let bytes = &growth.bytes;
        if !bytes.has_floats() {
            self.builder.copy(new_shadow, old_shadow, common, 1);
        } else if let Some(period) = bytes.period {
            self.mirror_periods("copy", &[new_shadow, old_shadow], common, bytes, period);
        }
        if kept {
            self.free_grown(value, growth, old_shadow);
        } else if border {
            let mut moved = common;
            if growth.guarded {
                let constant = self.builder.compare(Order::Equal, old, old_shadow);
                moved = self.builder.select(constant, common.ty().zero(), common);
            }
            self.pieces().each(bytes, moved, "copy", &[old_shadow, new_shadow])?;
            self.free_old(value, growth, (old_shadow, new_shadow, moved))?;
        }
        Ok(())
    }

    /// Allocates primal and shadow as the program would, were there no old object.
    fn grow_by_program(&mut self, value: ValueId, growth: &Growth) -> Result<()> {
        let module = self.input.module();
        let original = self.primal(value);
        self.builder.before(original);
        let size = self.object_size(growth.object.size);
        let name = original.called().name();
        let Some(Known::Reallocate { align, .. }) = known(&name) else {
            return internal(format!("`{name}` makes nothing grow"));
        };
        let plain = Known::Allocate { size: Size::Argument(0), zeroed: false, align: Some(1) };
        let allocate = match align {
            Some(_) => self.of_rust("__rust_alloc", plain),
            None => Some(module.declare("malloc", Type::function(module.ptr(), &[module.int(64)]))),
        };
        let Some(allocate) = allocate else {
            return internal(format!("no allocator beside `{name}`"));
        };
        let mut arguments = vec![size];
        arguments.extend(align.map(|i| original.operand(i.into())));
        let primal = self.builder.call(allocate, &arguments);
        if growth.object.home == Home::Kept {
            self.shadow_of_kept(value, size, growth.object.align);
            self.replace(value, primal);
            return Ok(());
        }
        // If nobody says how large it was when it grows again, all of the block counts.
        let room = match growth.old_size {
            Some(_) => size,
            None => self.beyond(size),
        };
        arguments[0] = room;
        let shadow = self.builder.call(allocate, &arguments);
        self.replace(value, primal);
        self.shadow_of_program(value, shadow, room);
        Ok(())
    }

    /// More than an allocator hands out where it is asked for so many bytes: a few, or pages.
    fn beyond(&self, size: Value) -> Value {
        let [small, large] = [BEYOND_SMALL, BEYOND_LARGE].map(|n| size.ty().const_int(n.into()));
        let is_small = self.builder.compare(Order::UnsignedLess, size, large);
        self.builder.add(size, self.builder.select(is_small, small, large))
    }

    /// The function of Rust's allocator with this name and meaning.
    pub(super) fn of_rust(&self, name: &str, meaning: Known) -> Option<Function> {
        let is = |symbol: &str| symbol.contains(name) && known(symbol) == Some(meaning);
        self.input.module().functions().into_iter().find(|function| is(&function.name()))
    }

    /// The old object is freed when the sweeps are over; what its shadow has received by
    /// then goes to the new one.
    fn free_old(
        &mut self,
        value: ValueId,
        growth: &Growth,
        (old_shadow, new_shadow, common): (Value, Value, Value),
    ) -> Result<()> {
        let module = self.input.module();
        let name = format!("enzyme.moved.{}.{}", self.function.name(), value);
        let word = module.int(64);
        let moved = module.add_function(&name, Type::function(Type::void(module), &[word; 3]));
        moved.make_internal();
        let builder = Builder::new(module);
        builder.at_end(moved.append_block("start"));
        let params = moved.params();
        let from = builder.cast(Opcode::LLVMIntToPtr, params[0], module.ptr());
        let to = builder.cast(Opcode::LLVMIntToPtr, params[1], module.ptr());
        let pieces =
            Pieces { input: self.input, runtime: self.runtime, builder: &builder, scopes: None };
        pieces.each(&growth.bytes, params[2], "copy", &[from, to])?;
        builder.return_void();
        let add = self.runtime.function("later.add");
        let number = |value: Value| self.builder.cast(Opcode::LLVMPtrToInt, value, word);
        let arguments = [moved.0, number(old_shadow), number(new_shadow), common];
        self.builder.call(add, &arguments);
        self.free_grown(value, growth, old_shadow);
        Ok(())
    }
}

/// How many bytes an object keeps that grows or shrinks.
pub(crate) fn common_size(
    pieces: &Pieces<'_>,
    (old, old_shadow): (Value, Value),
    before: Option<Value>,
    after: Value,
) -> Value {
    let (builder, runtime) = (pieces.builder, pieces.runtime);
    let word = pieces.input.module().int(64);
    let before = match before {
        Some(size) => builder.resize(size, word),
        None => builder.call(runtime.function("border.size"), &[old, old_shadow]),
    };
    builder.call(runtime.function("border.less"), &[before, builder.resize(after, word)])
}
