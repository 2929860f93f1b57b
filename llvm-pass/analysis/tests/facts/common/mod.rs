//! Bodies by hand, for tests: one call for each instruction.

use enzyme_body::*;

pub const F64: Ty = Ty::Float(FloatKind::Double);
pub const F32: Ty = Ty::Float(FloatKind::Single);
pub const I64: Ty = Ty::Int(64);
pub const I32: Ty = Ty::Int(32);
pub const PTR: Ty = Ty::Ptr;
pub const VOID: Ty = Ty::Void;

/// A body that grows at the end of its current block. Blocks come in reverse post order.
pub struct Builder {
    body: Body,
    block: BlockId,
}

pub fn body(params: &[Ty]) -> Builder {
    let mut body = Body {
        name: "f".into(),
        values: IdVec::default(),
        blocks: IdVec::default(),
        loops: IdVec::default(),
        params: vec![],
        alone: vec![],
    };
    for (i, ty) in params.iter().enumerate() {
        let param = body.values.push(Value {
            ty: ty.clone(),
            def: Def::Param(i as u32),
            uses: vec![],
            location: None,
            label: format!("p{i}"),
        });
        body.params.push(param);
    }
    let block = body.blocks.push(Block::default());
    Builder { body, block }
}

/// A program of one body.
pub fn alone(builder: Builder) -> Program {
    program([builder])
}

pub fn program(builders: impl IntoIterator<Item = Builder>) -> Program {
    Program { bodies: builders.into_iter().map(Builder::finish).collect() }
}

const ACCESS: Access = Access { align: 8, volatile: false, atomic: false };

impl Builder {
    pub fn param(&self, i: usize) -> ValueId {
        self.body.params[i]
    }

    /// Another block; instructions go there from now on.
    pub fn block(&mut self) -> BlockId {
        self.block = self.body.blocks.push(Block::default());
        self.block
    }

    pub fn here(&self) -> BlockId {
        self.block
    }

    pub fn no_reverse(&mut self) {
        self.body.blocks[self.block].no_reverse = true;
    }

    pub fn inst(&mut self, ty: Ty, op: Op, operands: &[ValueId]) -> ValueId {
        let label = format!("%{}", self.body.values.len());
        let line = self.body.values.len() as u32;
        let (file, function) = ("t.rs".into(), "f".into());
        let location = Location { file, line, column: 0, function, caller: None };
        let inst = Inst { block: self.block, op, operands: operands.to_vec() };
        let value =
            Value { ty, def: Def::Inst(inst), uses: vec![], location: Some(location), label };
        let id = self.body.values.push(value);
        self.body.blocks[self.block].insts.push(id);
        id
    }

    fn constant(&mut self, ty: Ty, constant: Constant, label: String) -> ValueId {
        let def = Def::Constant(constant);
        self.body.values.push(Value { ty, def, uses: vec![], location: None, label })
    }

    pub fn int(&mut self, n: i64) -> ValueId {
        self.constant(I64, Constant::Int(n), n.to_string())
    }

    pub fn float(&mut self, x: f64) -> ValueId {
        self.constant(F64, Constant::Float(x), format!("{x:?}"))
    }

    pub fn global(&mut self, symbol: &str, mutable: bool) -> ValueId {
        let global =
            Global { symbol: symbol.into(), offset: 0, mutable, size: Some(64), addresses: true };
        self.constant(PTR, Constant::Global(global), format!("@{symbol}"))
    }

    pub fn load(&mut self, ty: Ty, address: ValueId) -> ValueId {
        self.inst(ty, Op::Load(ACCESS), &[address])
    }

    pub fn store(&mut self, value: ValueId, address: ValueId) -> ValueId {
        self.inst(VOID, Op::Store(ACCESS), &[value, address])
    }

    pub fn atomic_load(&mut self, ty: Ty, address: ValueId) -> ValueId {
        self.inst(ty, Op::Load(Access { atomic: true, ..ACCESS }), &[address])
    }

    pub fn field(&mut self, base: ValueId, constant: i64) -> ValueId {
        self.inst(
            PTR,
            Op::Offset { constant, strides: vec![], divisors: vec![], reaches: vec![] },
            &[base],
        )
    }

    pub fn item(&mut self, base: ValueId, stride: i64, index: ValueId) -> ValueId {
        self.inst(
            PTR,
            Op::Offset {
                constant: 0,
                strides: vec![stride],
                divisors: vec![1],
                reaches: vec![None],
            },
            &[base, index],
        )
    }

    /// An item of which the index is between two bounds.
    pub fn item_within(
        &mut self,
        base: ValueId,
        stride: i64,
        index: ValueId,
        (least, greatest): (i64, i64),
    ) -> ValueId {
        let reaches = vec![Some((least * stride, greatest * stride))];
        self.inst(
            PTR,
            Op::Offset { constant: 0, strides: vec![stride], divisors: vec![1], reaches },
            &[base, index],
        )
    }

    pub fn alloca(&mut self, size: u64) -> ValueId {
        let one = self.int(1);
        self.inst(PTR, Op::Alloca { size: Some(size), align: 8 }, &[one])
    }

    pub fn copy(&mut self, to: ValueId, from: ValueId, len: ValueId) -> ValueId {
        self.inst(VOID, Op::Copy(Transfer::Disjoint), &[to, from, len])
    }

    pub fn float_op(&mut self, op: FloatOp, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.body.values[a].ty.clone();
        self.inst(ty, Op::Float(op), &[a, b])
    }

    pub fn square(&mut self, x: ValueId) -> ValueId {
        self.float_op(FloatOp::Mul, x, x)
    }

    pub fn int_op(&mut self, op: IntOp, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.body.values[a].ty.clone();
        self.inst(ty, Op::Int(op), &[a, b])
    }

    pub fn cast(&mut self, ty: Ty, cast: Cast, a: ValueId) -> ValueId {
        self.inst(ty, Op::Cast(cast), &[a])
    }

    pub fn select(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.body.values[a].ty.clone();
        let zero = self.int(0);
        let condition = self.inst(Ty::Int(1), Op::IntCompare, &[zero, zero]);
        self.inst(ty, Op::Select, &[condition, a, b])
    }

    /// A phi; `None` is filled in later with [`Self::complete`].
    pub fn phi(&mut self, ty: Ty, incoming: &[(BlockId, Option<ValueId>)]) -> ValueId {
        let from = incoming.iter().map(|i| i.0).collect();
        let missing = ValueId::new(0);
        let operands: Vec<_> = incoming.iter().map(|i| i.1.unwrap_or(missing)).collect();
        self.inst(ty, Op::Phi(from), &operands)
    }

    pub fn complete(&mut self, phi: ValueId, at: usize, value: ValueId) {
        if let Def::Inst(inst) = &mut self.body.values[phi].def {
            inst.operands[at] = value;
        }
    }

    pub fn call(&mut self, ty: Ty, symbol: &str, arguments: &[ValueId]) -> ValueId {
        self.call_of(ty, Callee::Symbol(symbol.into()), arguments)
    }

    pub fn call_of(&mut self, ty: Ty, callee: Callee, arguments: &[ValueId]) -> ValueId {
        let effects = Effects {
            reads: true,
            writes: true,
            only_arguments: false,
            unwinds: false,
            returns: true,
        };
        let call = Call { callee, arguments: arguments.len(), effects, globals: None };
        self.inst(ty, Op::Call(call), arguments)
    }

    pub fn jump(&mut self, to: BlockId) {
        self.inst(VOID, Op::Jump, &[]);
        self.body.blocks[self.block].succs.push(to);
    }

    pub fn branch(&mut self, condition: ValueId, to: [BlockId; 2]) {
        self.inst(VOID, Op::Branch, &[condition]);
        self.body.blocks[self.block].succs.extend(to);
    }

    /// The current block is a join: which predecessor execution came from.
    pub fn path(&mut self, dominator: BlockId, from: &[BlockId]) {
        let numbers: Vec<_> =
            (0..from.len()).map(|i| self.int(i64::try_from(i).unwrap())).collect();
        let path = self.inst(Ty::Int(8), Op::Phi(from.to_vec()), &numbers);
        self.body.blocks[self.block].path = Some(path);
        self.body.blocks[self.block].idom = Some(dominator);
    }

    /// Says that a block is a loop of its own, as the preparation does.
    pub fn declare_loop(&mut self, header: BlockId, counter: ValueId) {
        let outside = |by: usize| BlockId::new(header.index() + by);
        let shape = Loop {
            parent: None,
            depth: 1,
            header,
            preheader: BlockId::new(header.index() - 1),
            latch: header,
            counter,
            count: None,
            exits: vec![(outside(1), counter)],
        };
        self.body.blocks[header].in_loop = Some(self.body.loops.push(shape));
    }

    pub fn ret(&mut self) {
        self.inst(VOID, Op::Return, &[]);
    }

    pub fn ret_value(&mut self, value: ValueId) {
        self.inst(VOID, Op::Return, &[value]);
    }

    /// `for i in 0..n`: the header block with the counter; `end_loop` closes it.
    pub fn begin_loop(&mut self) -> (BlockId, ValueId) {
        let before = self.here();
        let header = BlockId::new(before.index() + 1);
        self.jump(header);
        self.block();
        let zero = self.int(0);
        let counter = self.phi(I64, &[(before, Some(zero)), (header, None)]);
        (header, counter)
    }

    pub fn end_loop(&mut self, counter: ValueId) {
        let one = self.int(1);
        let next = self.int_op(IntOp::Add, counter, one);
        self.complete(counter, 1, next);
        let header = self.here();
        let exit = BlockId::new(header.index() + 1);
        let done = self.inst(Ty::Int(1), Op::IntCompare, &[next, one]);
        self.inst(VOID, Op::Branch, &[done]);
        self.body.blocks[header].succs.extend([exit, header]);
        self.block();
    }

    pub fn finish(mut self) -> Body {
        let insts: Vec<_> = self.body.blocks.iter().flat_map(|(_, b)| b.insts.clone()).collect();
        for user in insts {
            let operands = self.body.inst(user).expect("an instruction").operands.clone();
            for operand in operands {
                self.body.values[operand].uses.push(user);
            }
        }
        let edges: Vec<_> = self
            .body
            .blocks
            .iter()
            .flat_map(|(from, b)| b.succs.iter().map(move |&to| (from, to)).collect::<Vec<_>>())
            .collect();
        for (from, to) in edges {
            self.body.blocks[to].preds.push(from);
        }
        self.body
    }
}
