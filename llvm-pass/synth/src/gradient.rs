//! The gradient: the reverse sweep over the tape.
//!
//! One block for each block that the reverse graph visits, holding the adjoints
//! of its instructions, last first; then the adjoints of its phis; then the way
//! on, as the reverse graph says. All phi adjoints of a block are read and
//! cleared before any is handed on, since phis of one block may feed each other.
//! They are handed on in the blocks of the edges, so that only the edge that was
//! taken receives them.

use std::collections::HashMap;

use enzyme_analysis::needs::Item;
use enzyme_analysis::reverse::{Hop, Step};
use enzyme_analysis::script::Reverse;
use enzyme_body::{BlockId, LoopId, Op, ValueId};
use enzyme_diag::Result;
use enzyme_ir::{Block, Builder, Function, Order, Type, Value};

use crate::Input;
use crate::adjoint::Adjoint;
use crate::runtime::Runtime;
use crate::scopes::Scopes;

/// The gradient while it is written.
pub(crate) struct Gradient<'a> {
    pub input: Input<'a>,
    pub runtime: &'a Runtime,
    pub builder: Builder,
    pub scopes: Scopes<'a>,
    pub function: Function,
    pub params: Vec<Value>,
    pub frame: Value,
    pub found: HashMap<(Block, Item), Value>,
    pub found_records: HashMap<(Block, LoopId), Value>,
    pub adjoints: HashMap<ValueId, Adjoint>,
    counters: HashMap<LoopId, Value>,
    reversed: HashMap<BlockId, Block>,
    entry: Block,
}

/// The adjoints of a block's phis, to be handed on.
type PhiAdjoints = Vec<(ValueId, Vec<(u64, Value)>)>;

/// Writes the gradient.
pub fn gradient(input: Input<'_>, runtime: &Runtime) -> Result<()> {
    let function = input.sweeps[input.id].gradient;
    function.plain_attributes(input.prepared.function);
    let params = function.params();
    let entry = function.append_block("start");
    let graph = &input.script.graph;
    let visited = input.body().blocks.ids().filter(|&b| graph.visits(b));
    let reversed = visited.map(|b| (b, function.append_block(&format!("reverse.{b}")))).collect();
    let frame = if input.is_request() { 2 * input.decided.activities.len() } else { 0 };
    let mut gradient = Gradient {
        input,
        runtime,
        builder: Builder::new(input.module()),
        scopes: input.scopes(),
        function,
        frame: params[frame],
        params,
        found: HashMap::new(),
        found_records: HashMap::new(),
        adjoints: HashMap::new(),
        counters: HashMap::new(),
        reversed,
        entry,
    };
    for block in input.body().blocks.ids().filter(|&b| graph.visits(b)) {
        gradient.block(block)?;
    }
    gradient.builder.at_end(entry);
    gradient.builder.jump(gradient.reversed[&graph.start]);
    gradient.scopes.declare(function);
    function.strip_debug();
    Ok(())
}

impl Gradient<'_> {
    /// A stack slot of the gradient, zero at the start.
    pub(crate) fn slot(&self, ty: Type, name: &str) -> Value {
        let builder = Builder::new(self.input.module());
        builder.at_end(self.entry);
        let slot = builder.alloca(ty, name);
        slot.set_alignment(16);
        builder.store(ty.zero(), slot, 16);
        slot
    }

    /// Where the reverse sweep keeps the current iteration of a loop.
    pub(crate) fn counter_slot(&mut self, lp: LoopId) -> Value {
        if let Some(&slot) = self.counters.get(&lp) {
            return slot;
        }
        let slot = self.slot(self.input.module().int(64), &format!("iteration.{lp}"));
        self.counters.insert(lp, slot);
        slot
    }

    fn block(&mut self, block: BlockId) -> Result<()> {
        self.builder.at_end(self.reversed[&block]);
        let body = self.input.body();
        for &value in body.blocks[block].insts.iter().rev() {
            if let Some(reverse) = self.input.script.reverse.get(&value)
                && !matches!(reverse, Reverse::Phi)
            {
                self.reverse(value, reverse)?;
            }
        }
        let phis = self.take_phis(block);
        let step = self.input.script.graph.steps[block].as_ref().expect("a visited block");
        self.step(block, step, &phis)
    }

    fn take_phis(&mut self, block: BlockId) -> PhiAdjoints {
        let insts = &self.input.body().blocks[block].insts;
        let active = |v: &ValueId| matches!(self.input.script.reverse.get(v), Some(Reverse::Phi));
        let phis: Vec<_> = insts.iter().copied().filter(active).collect();
        phis.into_iter().map(|phi| (phi, self.take(phi))).collect()
    }

    fn step(&mut self, block: BlockId, step: &Step, phis: &PhiAdjoints) -> Result<()> {
        match step {
            Step::Finish => self.finish()?,
            Step::Jump(hop) => self.hop(block, hop, phis)?,
            Step::Choose { path, hops } => {
                let path = self.primal(*path)?;
                let edges: Vec<_> =
                    hops.iter().map(|_| self.function.append_block("edge")).collect();
                let number = |i: usize| path.ty().const_int(i64::try_from(i).expect("few edges"));
                let cases: Vec<_> =
                    edges.iter().enumerate().skip(1).map(|(i, &b)| (number(i), b)).collect();
                self.builder.switch(path, edges[0], &cases);
                for (hop, edge) in hops.iter().zip(edges) {
                    self.builder.at_end(edge);
                    self.hop(block, hop, phis)?;
                }
            }
            Step::Repeat { lp, outside, latch } => {
                let slot = self.counter_slot(*lp);
                let i64 = self.input.module().int(64);
                let counter = self.builder.load(i64, slot, 8);
                let first = self.builder.compare(Order::Equal, counter, i64.const_int(0));
                let leave = self.function.append_block("edge.out");
                let again = self.function.append_block("edge.again");
                self.builder.branch(first, leave, again);
                self.builder.at_end(again);
                let before = self.builder.sub(counter, i64.const_int(1));
                // Phi operands from the latch are values of the iteration before.
                self.builder.store(before, slot, 8);
                self.hop(block, latch, phis)?;
                self.builder.at_end(leave);
                self.hop(block, outside, phis)?;
            }
        }
        Ok(())
    }

    /// Returns the adjoints of the parameters, of a called function. What global variables
    /// held before the call is constant, and the adjoints of that end here.
    fn finish(&mut self) -> Result<()> {
        let input = self.input;
        for global in input.script.globals.iter().filter(|global| global.mutable) {
            let shadow = input.shadow_global(&global.symbol);
            self.clear(&global.bytes, shadow, input.module().i64(global.size.cast_signed()))?;
        }
        if self.input.is_request() {
            self.builder.return_void();
            return Ok(());
        }
        let mut results = self.function.result_type().poison();
        let mut next = 0;
        for param in self.input.active_params() {
            for (_, part) in self.take(param) {
                results = self.builder.insert(results, part, next);
                next += 1;
            }
        }
        self.builder.return_value(results);
        Ok(())
    }

    fn hop(&mut self, block: BlockId, hop: &Hop, phis: &PhiAdjoints) -> Result<()> {
        if let Some(from) = hop.edge {
            for (phi, parts) in phis {
                let inst = self.input.body().inst(*phi).expect("a phi");
                let Op::Phi(preds) = &inst.op else { continue };
                let at = preds.iter().position(|p| *p == from).expect("an edge of the phi");
                self.give(inst.operands[at], 0, parts);
            }
        }
        debug_assert!(hop.edge.is_some() || phis.is_empty(), "{block} has active phis");
        for &(lp, last) in &hop.enters {
            let last = self.primal(last)?;
            let slot = self.counter_slot(lp);
            self.builder.store(last, slot, 8);
        }
        self.builder.jump(self.reversed[&hop.to]);
        Ok(())
    }
}
