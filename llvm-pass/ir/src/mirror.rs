//! Copies a prepared function into an `enzyme_body::Body`.
//!
//! One walk over the function; every value gets a dense id in order of
//! appearance, so that the result is the same in each run. The LLVM value of
//! each id is returned beside the body, for synthesis. Whatever the mirror does
//! not understand becomes `Op::Other` or `Constant::Opaque` with its text: the
//! analyses refuse it where it matters.

use std::collections::HashMap;

use enzyme_body::{
    Access, Block as BlockData, BlockId, Body, BodyId, Call, Callee, Cast, Constant, Def, FloatOp,
    Global, IdVec, Inst, IntOp, Location, Op, Transfer, Ty, Value as ValueData, ValueId,
};
use llvm_sys::LLVMOpcode::{self, *};
use llvm_sys::core::*;

use crate::analyses::{Analyses, affine_offset, call_effects};
use crate::place::DebugPlace;
use crate::{Block, Function, Module, Type, Value, llvm};

/// A body with the LLVM objects behind its ids.
pub struct Mirrored {
    /// The body; its loops are still empty.
    pub body: Body,
    /// The LLVM value of each id.
    pub values: IdVec<ValueId, Value>,
    /// The LLVM block of each id.
    pub blocks: IdVec<BlockId, Block>,
}

impl Mirrored {
    /// The id of a constant, made if no instruction mentions it.
    pub fn intern(&mut self, value: Value) -> ValueId {
        if let Some((id, _)) = self.values.iter().find(|(_, v)| **v == value) {
            return id;
        }
        let constant = constant(value);
        let module = self.blocks[BlockId::FIRST].function().module();
        self.values.push(value);
        self.body.values.push(ValueData {
            ty: value.ty().mirrored(module),
            label: label(&constant),
            def: Def::Constant(constant),
            uses: Vec::new(),
            location: None,
        })
    }
}

/// Mirrors `function`; `callees` says which called functions are bodies of their own.
pub fn mirror(function: Function, name: &str, callees: &HashMap<Function, BodyId>) -> Mirrored {
    let module = function.module();
    let blocks: IdVec<BlockId, Block> = reverse_post_order(function).into_iter().collect();
    let block_ids = blocks.iter().map(|(id, block)| (*block, id)).collect();
    let mut mirror = Mirror {
        module,
        callees,
        analyses: Analyses::new(function),
        block_ids,
        types: HashMap::new(),
        locations: HashMap::new(),
        ids: HashMap::new(),
        values: IdVec::default(),
        handles: IdVec::default(),
    };
    let params: Vec<_> = function.params().into_iter().map(|p| mirror.declare(p)).collect();
    for (index, &param) in params.iter().enumerate() {
        mirror.values[param].def = Def::Param(u32::try_from(index).expect("few parameters"));
    }
    for (_, block) in blocks.iter() {
        for inst in block.insts() {
            mirror.declare(inst);
        }
    }
    let mut data: IdVec<BlockId, BlockData> = blocks.iter().map(|_| BlockData::default()).collect();
    for (id, block) in blocks.iter() {
        data[id].insts = block.insts().into_iter().map(|inst| mirror.define(inst, id)).collect();
        for successor in block.successors() {
            let to = mirror.block_ids[&successor];
            data[id].succs.push(to);
            if !data[to].preds.contains(&id) {
                data[to].preds.push(id);
            }
        }
    }
    let alone = params.iter().enumerate();
    let alone = alone.filter(|(index, _)| function.param_has_attribute(*index, "noalias"));
    let alone = alone.map(|(_, param)| *param).collect();
    let body = Body {
        name: name.to_owned(),
        values: mirror.values,
        blocks: data,
        loops: IdVec::default(),
        params,
        alone,
    };
    Mirrored { body, values: mirror.handles, blocks }
}

/// The blocks that the entry reaches, each before its successors but for back edges.
fn reverse_post_order(function: Function) -> Vec<Block> {
    let entry = function.blocks()[0];
    let mut seen = std::collections::HashSet::from([entry]);
    let mut order = Vec::new();
    let mut stack = vec![(entry, entry.successors())];
    while let Some((block, pending)) = stack.last_mut() {
        match pending.pop() {
            Some(next) if seen.insert(next) => stack.push((next, next.successors())),
            Some(_) => {}
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

struct Mirror<'a> {
    module: Module,
    analyses: Analyses,
    callees: &'a HashMap<Function, BodyId>,
    block_ids: HashMap<Block, BlockId>,
    /// The mirrors of types, of which a function has few.
    types: HashMap<Type, Ty>,
    /// Places by what debug information has for each: instructions share them.
    locations: HashMap<DebugPlace, Option<Location>>,
    ids: HashMap<Value, ValueId>,
    values: IdVec<ValueId, ValueData>,
    handles: IdVec<ValueId, Value>,
}

impl Mirror<'_> {
    /// The id of a parameter or instruction, made on first sight.
    fn declare(&mut self, value: Value) -> ValueId {
        if let Some(&id) = self.ids.get(&value) {
            return id;
        }
        let label = format!("%{}", self.values.len());
        let module = self.module;
        let ty = self.types.entry(value.ty()).or_insert_with_key(|ty| ty.mirrored(module)).clone();
        let id = self.values.push(ValueData {
            ty,
            def: Def::Constant(Constant::Undef),
            uses: Vec::new(),
            location: None,
            label,
        });
        self.handles.push(value);
        self.ids.insert(value, id);
        id
    }

    fn operand(&mut self, value: Value) -> ValueId {
        if let Some(&id) = self.ids.get(&value) {
            return id;
        }
        let id = self.declare(value);
        let constant = constant(value);
        self.values[id].label = label(&constant);
        self.values[id].def = Def::Constant(constant);
        id
    }

    fn define(&mut self, inst: Value, block: BlockId) -> ValueId {
        let id = self.ids[&inst];
        let (op, operands) = self.operation(inst);
        let operands: Vec<_> = operands.into_iter().map(|o| self.operand(o)).collect();
        for &operand in &operands {
            self.values[operand].uses.push(id);
        }
        let place = inst.debug_place();
        let location = self.locations.entry(place).or_insert_with(|| inst.location());
        self.values[id].location = location.clone();
        self.values[id].def = Def::Inst(Inst { block, op, operands });
        id
    }

    fn operation(&self, inst: Value) -> (Op, Vec<Value>) {
        let opcode = inst.opcode().expect("an instruction");
        let other = || (Op::Other(opcode_name(inst)), plain_operands(inst));
        let op = match opcode {
            LLVMAlloca => {
                let count = inst.operand(0).int().and_then(|n| u64::try_from(n).ok());
                let size = count.map(|n| n * inst.allocated_type().size(self.module));
                Op::Alloca { size, align: inst.alignment() }
            }
            LLVMLoad => Op::Load(access(inst)),
            LLVMStore => Op::Store(access(inst)),
            LLVMGetElementPtr => return self.offset(inst).unwrap_or_else(other),
            LLVMCall | LLVMInvoke => return self.call(inst),
            LLVMPHI => {
                let (values, from): (Vec<_>, Vec<_>) = inst.incoming().into_iter().unzip();
                // Edges from blocks that are never reached do not exist.
                let reached: Vec<_> = std::iter::zip(values, from)
                    .filter_map(|(v, b)| Some((v, *self.block_ids.get(&b)?)))
                    .collect();
                let from = reached.iter().map(|(_, b)| *b).collect();
                return (Op::Phi(from), reached.into_iter().map(|(v, _)| v).collect());
            }
            LLVMExtractValue | LLVMInsertValue => {
                let Some(offset) = self.aggregate_offset(inst) else { return other() };
                match opcode {
                    LLVMExtractValue => Op::Extract { offset },
                    _ => Op::Insert { offset },
                }
            }
            LLVMShuffleVector => Op::Shuffle(inst.shuffle_mask()),
            LLVMBr if inst.operand_count() == 1 => return (Op::Jump, vec![]),
            LLVMBr => return (Op::Branch, vec![inst.operand(0)]),
            LLVMSwitch => return (Op::Switch, vec![inst.operand(0)]),
            _ => match simple(opcode) {
                Some(op) => op,
                None => return other(),
            },
        };
        (op, plain_operands(inst))
    }

    fn offset(&self, inst: Value) -> Option<(Op, Vec<Value>)> {
        if inst.ty().vector().is_some() {
            // Several addresses at once; nothing here speaks of each.
            return None;
        }
        let (constant, terms) = affine_offset(inst)?;
        let strides = terms.iter().map(|t| t.1).collect();
        let divisors =
            terms.iter().map(|t| 1 << self.analyses.trailing_zeros(t.0, inst).min(32)).collect();
        let reaches = terms.iter().map(|(index, stride)| {
            let (least, greatest) = self.analyses.range(*index, inst)?;
            let ends = (least.checked_mul(*stride)?, greatest.checked_mul(*stride)?);
            Some((ends.0.min(ends.1), ends.0.max(ends.1)))
        });
        let reaches = reaches.collect();
        let operands = std::iter::once(inst.operand(0)).chain(terms.iter().map(|t| t.0));
        Some((Op::Offset { constant, strides, divisors, reaches }, operands.collect()))
    }

    fn aggregate_offset(&self, inst: Value) -> Option<u64> {
        let count = llvm!(LLVMGetNumIndices(inst.0)) as usize;
        // SAFETY: LLVM returns a pointer to `count` indices that live as long as the instruction.
        let indices = unsafe { std::slice::from_raw_parts(LLVMGetIndices(inst.0), count) };
        let mut ty = inst.operand(0).ty();
        let mut offset = 0;
        for &index in indices {
            offset += ty.field_offset(self.module, index);
            ty = ty.field(index);
        }
        Some(offset)
    }

    fn call(&self, inst: Value) -> (Op, Vec<Value>) {
        let arguments = inst.arguments();
        let callee = inst.called();
        if let Some(function) = callee.as_function()
            && let Some(lifted) = memory_intrinsic(&function.name(), &arguments)
        {
            return lifted;
        }
        let mut operands = arguments.clone();
        let target = if callee.is_assembly() {
            Callee::Assembly(callee.to_string())
        } else if let Some(function) = callee.as_function() {
            match self.callees.get(&function) {
                Some(&body) => Callee::Body(body),
                None => Callee::Symbol(function.name()),
            }
        } else {
            operands.push(callee);
            Callee::Indirect
        };
        let globals = inst.note_of_call(GLOBALS_NOTE);
        let globals = globals.map(|names| names.split_terminator(' ').map(str::to_owned).collect());
        let effects = call_effects(inst);
        let call = Call { callee: target, arguments: arguments.len(), effects, globals };
        let op = match inst.opcode() {
            Some(LLVMInvoke) => Op::Invoke(call),
            _ => Op::Call(call),
        };
        // Metadata arguments (debug, scopes) are no values.
        if operands.iter().any(|o| o.ty().is_opaque()) {
            operands.retain(|o| !o.ty().is_opaque());
            let kept = operands.len();
            return match op {
                Op::Call(call) => (Op::Call(Call { arguments: kept, ..call }), operands),
                other => (other, operands),
            };
        }
        (op, operands)
    }
}

/// The note on a call with the names of the global variables that it touches.
pub const GLOBALS_NOTE: &str = "enzyme-globals";

fn memory_intrinsic(name: &str, arguments: &[Value]) -> Option<(Op, Vec<Value>)> {
    let op = if name.starts_with("llvm.memcpy.") {
        Op::Copy(Transfer::Disjoint)
    } else if name.starts_with("llvm.memmove.") {
        Op::Copy(Transfer::MayOverlap)
    } else if name.starts_with("llvm.memset.") {
        Op::Fill
    } else {
        return None;
    };
    Some((op, arguments[..3].to_vec()))
}

fn plain_operands(inst: Value) -> Vec<Value> {
    match inst.opcode() {
        Some(LLVMResume | LLVMLandingPad | LLVMUnreachable) => vec![],
        _ => inst.operands(),
    }
}

fn access(inst: Value) -> Access {
    Access {
        align: inst.alignment(),
        volatile: llvm!(LLVMGetVolatile(inst.0)) != 0,
        atomic: llvm!(LLVMGetOrdering(inst.0))
            != llvm_sys::LLVMAtomicOrdering::LLVMAtomicOrderingNotAtomic,
    }
}

/// Operations whose mirror depends on the opcode alone.
fn simple(opcode: LLVMOpcode) -> Option<Op> {
    Some(match opcode {
        LLVMFNeg => Op::Float(FloatOp::Neg),
        LLVMFAdd => Op::Float(FloatOp::Add),
        LLVMFSub => Op::Float(FloatOp::Sub),
        LLVMFMul => Op::Float(FloatOp::Mul),
        LLVMFDiv => Op::Float(FloatOp::Div),
        LLVMFRem => Op::Float(FloatOp::Rem),
        LLVMAdd => Op::Int(IntOp::Add),
        LLVMSub => Op::Int(IntOp::Sub),
        LLVMMul => Op::Int(IntOp::Mul),
        LLVMUDiv | LLVMSDiv => Op::Int(IntOp::Div),
        LLVMURem | LLVMSRem => Op::Int(IntOp::Rem),
        LLVMShl => Op::Int(IntOp::ShiftLeft),
        LLVMLShr => Op::Int(IntOp::ShiftRight),
        LLVMAShr => Op::Int(IntOp::ShiftRightSigned),
        LLVMAnd => Op::Int(IntOp::And),
        LLVMOr => Op::Int(IntOp::Or),
        LLVMXor => Op::Int(IntOp::Xor),
        LLVMICmp => Op::IntCompare,
        LLVMFCmp => Op::FloatCompare,
        LLVMFPTrunc | LLVMFPExt => Op::Cast(Cast::FloatToFloat),
        LLVMFPToUI | LLVMFPToSI => Op::Cast(Cast::FloatToInt),
        LLVMUIToFP | LLVMSIToFP => Op::Cast(Cast::IntToFloat),
        LLVMTrunc | LLVMZExt => Op::Cast(Cast::IntToInt),
        LLVMSExt => Op::Cast(Cast::SignExtend),
        LLVMBitCast => Op::Cast(Cast::Bits),
        LLVMPtrToInt => Op::Cast(Cast::AddressToInt),
        LLVMIntToPtr => Op::Cast(Cast::IntToAddress),
        LLVMSelect => Op::Select,
        LLVMFreeze => Op::Freeze,
        LLVMExtractElement => Op::ExtractLane,
        LLVMInsertElement => Op::InsertLane,
        LLVMRet => Op::Return,
        LLVMUnreachable => Op::Unreachable,
        LLVMResume | LLVMLandingPad => Op::Unwind,
        _ => return None,
    })
}

fn opcode_name(inst: Value) -> String {
    let text = format!("{:?}", inst.opcode().expect("an instruction"));
    text.trim_start_matches("LLVM").to_lowercase()
}

fn constant(value: Value) -> Constant {
    if value.is_undef() {
        return Constant::Undef;
    }
    if let Some(n) = value.int() {
        return Constant::Int(n);
    }
    if let Some(x) = value.float() {
        return Constant::Float(x);
    }
    if let Some(function) = value.as_function() {
        return Constant::Function(function.name());
    }
    if let Some((global, offset)) = global_address(value) {
        return Constant::Global(Global {
            symbol: global.name(),
            offset,
            mutable: !global.is_constant_global(),
            size: content_size(global),
            addresses: global.initializer().is_none_or(Value::may_hold_address),
        });
    }
    if value.is_zero() {
        return match value.ty().kind() {
            llvm_sys::LLVMTypeKind::LLVMPointerTypeKind => Constant::Null,
            _ => Constant::Data,
        };
    }
    if let Some(x) = value.float_of_lanes() {
        return Constant::Float(x);
    }
    if value.is_constant() && !holds_addresses(value) && value.constant_opcode().is_none() {
        return Constant::Data;
    }
    Constant::Opaque(value.to_string())
}

/// The bytes of a global variable. An array of no elements is declared where another unit
/// knows how many it has.
fn content_size(global: Value) -> Option<u64> {
    let (ty, module) = (global.value_type(), global.module_of_global());
    ty.is_sized().then(|| ty.size(module)).filter(|&size| size > 0)
}

/// A global variable and a constant offset from it.
fn global_address(value: Value) -> Option<(Value, i64)> {
    if value.is_global_variable() {
        return Some((value, 0));
    }
    if value.constant_opcode() == Some(LLVMGetElementPtr) {
        let (offset, terms) = affine_offset(value)?;
        let (global, base) = global_address(value.operand(0))?;
        return terms.is_empty().then_some((global, base + offset));
    }
    None
}

fn holds_addresses(constant: Value) -> bool {
    constant.is_global_variable()
        || constant.as_function().is_some()
        || constant.constant_opcode().is_some()
        || constant.operands().into_iter().any(holds_addresses)
}

fn label(constant: &Constant) -> String {
    match constant {
        Constant::Int(n) => n.to_string(),
        Constant::Float(x) => format!("{x:?}"),
        Constant::Null => "null".into(),
        Constant::Undef => "undef".into(),
        Constant::Data => "data".into(),
        Constant::Global(g) if g.offset == 0 => format!("@{}", g.symbol),
        Constant::Global(g) => format!("@{}+{}", g.symbol, g.offset),
        Constant::Function(name) => format!("@{name}"),
        Constant::Opaque(text) => format!("({text})"),
    }
}
