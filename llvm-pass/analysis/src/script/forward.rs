//! The forward half of the script: what the augmented primal does beside or instead of
//! an instruction.
//!
//! Objects live in one of three homes. Stack objects of fixed size are in the frame. What
//! the program allocates and frees within the function is in the arena, and freeing is
//! left out. Where an address may also be that of memory that the caller sees, objects
//! stay where the *program* allocates them and have shadows from the same allocator, for
//! they may outlive the function; freeing such memory is put off until the sweeps are
//! over. So each address that the program frees itself was made by its own allocator.
//! So do objects that only global variables may lead to; their shadows are in the arena,
//! as nobody finds them after the call.

use enzyme_body::{BlockId, Call, Callee, FloatKind, Inst, Op, ValueId};
use enzyme_diag::{Code, Result};
use enzyme_rules::stand_in::{Custom, custom};
use enzyme_rules::{Known, Size};

use super::{Forward, Home, Object, ObjectSize, Writer};
use crate::types::{Origin, call_kind, is_marker};

/// Allocators without an alignment argument align for every ordinary type.
const MALLOC_ALIGN: u64 = 16;

impl Writer<'_> {
    pub(super) fn forward(&self, value: ValueId, inst: &Inst) -> Result<Option<Forward>> {
        Ok(match &inst.op {
            Op::Alloca { size, align } if self.shadowed(value) => {
                let Some(size) = *size else {
                    return self.refuse(Code::NoRule, value, "a stack object of varying size");
                };
                let entry = inst.block == BlockId::new(0);
                // Words that may be floats lie alike in the object and its shadow, and what
                // was never written there is the same in both: padding is copied, too.
                let mixed = self.types.mixed_at(self.id, value);
                let word = mixed.map_or(1, FloatKind::size);
                let object = Object {
                    size: ObjectSize::Fixed(size),
                    align: word.max(*align),
                    zeroed: mixed.is_some(),
                    home: if entry { Home::Frame } else { Home::Arena },
                };
                Some(Forward::Object(object))
            }
            Op::Store(_) if self.shadowed(inst.operands[1]) => self.mirror_store(value, inst)?,
            Op::Copy(_) if self.types.moves_words(self.id, value) => {
                self.shadowed(inst.operands[0]).then_some(Forward::MirrorIntegers)
            }
            Op::Copy(_) if self.shadowed(inst.operands[0]) => self.mirror_copy(value, inst)?,
            Op::Fill if self.shadowed(inst.operands[0]) => {
                let len = self.length(inst.operands[2]);
                let bytes = self.bytes(value, inst.operands[0], len)?;
                bytes.has_rest().then_some(Forward::MirrorFill(bytes))
            }
            Op::Call(call) | Op::Invoke(call) => self.forward_call(value, inst, call)?,
            _ => None,
        })
    }

    fn mirror_copy(&self, value: ValueId, inst: &Inst) -> Result<Option<Forward>> {
        if let Some((kind, _)) = self.copied_floats(value, inst)? {
            return Ok(Some(Forward::ClearCopy(kind)));
        }
        let [to, from] = [0, 1].map(|i| self.types.mixed_at(self.id, inst.operands[i]));
        // What is constant is no float with a derivative: its own shadow.
        if to.is_some() && !self.shadowed(inst.operands[1]) {
            return Ok(Some(Forward::MirrorIntegers));
        }
        let bytes = self.bytes(value, inst.operands[0], self.length(inst.operands[2]))?;
        let message = match (to, from) {
            (Some(to), Some(from)) if to != from => {
                "bytes that may be floats of two widths are copied"
            }
            (None, Some(_)) if bytes.has_rest() => {
                "integers that may be bits of floats are copied to the caller"
            }
            _ => return Ok(bytes.has_rest().then_some(Forward::MirrorCopy(bytes))),
        };
        self.refuse(Code::MixedType, value, message)
    }

    fn mirror_store(&self, value: ValueId, inst: &Inst) -> Result<Option<Forward>> {
        let stored = inst.operands[0];
        let size = self.body.values[stored].ty.size();
        let bytes = self.bytes(value, inst.operands[1], Some(size))?;
        if self.body.values[stored].ty.float().is_some() && !bytes.by_turns() {
            return Ok(None);
        }
        let rest = bytes.rest_within(size);
        Ok((!rest.is_empty()).then_some(Forward::MirrorStore(rest)))
    }

    fn forward_call(&self, value: ValueId, inst: &Inst, call: &Call) -> Result<Option<Forward>> {
        if let Callee::Body(callee) = call.callee {
            return Ok(Some(Forward::Call(callee)));
        }
        if let Callee::Symbol(name) = &call.callee
            && let Some(Custom { taped, .. }) = custom(name)
        {
            let differentiated = self.activity.moves(self.id, value);
            return Ok(differentiated.then_some(Forward::Custom { taped }));
        }
        let from_arena =
            matches!(&call.callee, Callee::Symbol(name) if name == enzyme_protocol::ARENA_ALLOC);
        if let Callee::Symbol(name) = &call.callee
            && (is_optimizer_marker(name) || is_marker(name) && !from_arena)
        {
            return Ok(Some(Forward::Drop));
        }
        Ok(match call_kind(call) {
            Some(Known::Allocate { .. }) if self.shadowed(value) || from_arena => {
                let home = if from_arena { Home::Arena } else { self.home(value, value)? };
                Some(Forward::Object(self.allocation(value, (inst, call), home)))
            }
            Some(Known::Free { pointer }) => {
                self.free(value, inst.operands[usize::from(pointer)])?
            }
            Some(Known::Reallocate { pointer, new_size, old_size, .. }) if self.shadowed(value) => {
                let operand = |i: u8| inst.operands[usize::from(i)];
                let object = Object {
                    size: self.size(operand(new_size)),
                    align: MALLOC_ALIGN,
                    zeroed: false,
                    home: self.home(value, operand(pointer))?,
                };
                // Beside others it is not known which function allocates for them.
                let plain = matches!(&call.callee, Callee::Symbol(name) if name == "realloc");
                let stays = matches!(object.home, Home::Program | Home::Kept);
                if stays && !plain && old_size.is_none() {
                    let message = "memory that the caller sees grows by an allocator that is \
                                   neither C's nor Rust's";
                    return self.refuse(Code::EscapingAllocation, value, message);
                }
                let (pointer, bytes) = (operand(pointer), self.bytes(value, value, None)?);
                let old_size = old_size.map(|i| self.size(operand(i)));
                let guarded = self.guarded(self.loc(value, pointer)?);
                Some(Forward::Reallocate { pointer, old_size, object, bytes, guarded })
            }
            Some(Known::Inactive { writes: true }) => {
                self.written(&inst.operands[..call.arguments])
            }
            _ => None,
        })
    }

    /// The objects among these in which bytes are told apart while the program runs.
    fn written(&self, addresses: &[ValueId]) -> Option<Forward> {
        let mixed = |&address: &ValueId| {
            let Op::Alloca { size, .. } = self.body.inst(address)?.op else { return None };
            let mixed = self.types.mixed_at(self.id, address).is_some() && self.shadowed(address);
            Some((address, size.filter(|_| mixed)?))
        };
        let objects: Vec<_> = addresses.iter().filter_map(mixed).collect();
        (!objects.is_empty()).then_some(Forward::MirrorWritten(objects))
    }

    fn free(&self, value: ValueId, pointer: ValueId) -> Result<Option<Forward>> {
        if !self.shadowed(pointer) && self.types.loc(self.id, pointer).is_none() {
            return Ok(None);
        }
        let inside = self.is_inside(value, pointer)?;
        let region = self.loc(value, pointer)?.region;
        Ok(match (inside, self.shadowed(pointer)) {
            (false, _) => Some(Forward::FreeLater { kept: self.activity.hidden(region) }),
            // Any object may lie where nothing shows what does.
            _ if self.types.region(region).lost => Some(Forward::FreeOther),
            (true, false) => None,
            // It may be a block, whatever the address may lead to besides.
            (true, true) if self.types.has_blocks() => Some(Forward::FreeOther),
            (true, true) => Some(Forward::Release),
        })
    }

    /// Where an object lives that an address may lead to.
    fn home(&self, value: ValueId, pointer: ValueId) -> Result<Home> {
        if self.is_inside(value, pointer)? {
            return Ok(Home::Arena);
        }
        let region = self.loc(value, pointer)?.region;
        if self.activity.optional(region) {
            let message = "this memory is also reachable outside of the differentiated function, \
                           where shadows may be the primals themselves (run-time activity)";
            return self.refuse(Code::EscapingAllocation, value, message);
        }
        Ok(if self.activity.hidden(region) { Home::Kept } else { Home::Program })
    }

    /// Whether an address leads to nothing but objects of the function.
    fn is_inside(&self, value: ValueId, pointer: ValueId) -> Result<bool> {
        let region = self.types.region(self.loc(value, pointer)?.region);
        // Constants are neither made nor freed.
        let own = |o: &Origin| {
            matches!(o, Origin::Allocation(_) | Origin::Alloca(_) | Origin::Global(_, false))
        };
        Ok(!region.given && region.origins.iter().all(own))
    }

    fn size(&self, operand: ValueId) -> ObjectSize {
        self.length(operand).map_or(ObjectSize::Operand(operand), ObjectSize::Fixed)
    }

    fn allocation(&self, value: ValueId, (inst, call): (&Inst, &Call), home: Home) -> Object {
        let Some(Known::Allocate { size, zeroed, align, .. }) = call_kind(call) else {
            unreachable!("the caller matched an allocation");
        };
        let operand = |i: u8| inst.operands[usize::from(i)];
        let size = match size {
            Size::Argument(i) => self.size(operand(i)),
            Size::Product(i, j) => {
                let constant = self.length(operand(i)).zip(self.length(operand(j)));
                match constant.and_then(|(a, b)| a.checked_mul(b)) {
                    Some(size) => ObjectSize::Fixed(size),
                    None => ObjectSize::Product(operand(i), operand(j)),
                }
            }
        };
        let align = align.and_then(|i| self.length(operand(i)));
        let align = align.unwrap_or(MALLOC_ALIGN).max(MALLOC_ALIGN);
        let zeroed = zeroed || self.types.mixed_at(self.id, value).is_some();
        Object { size, align, zeroed, home }
    }
}

/// Intrinsics that only inform the optimiser and would be wrong for memory that moved.
fn is_optimizer_marker(name: &str) -> bool {
    name.starts_with("llvm.lifetime.")
        || name.starts_with("llvm.experimental.noalias.scope")
        || name.starts_with("llvm.invariant.")
}
