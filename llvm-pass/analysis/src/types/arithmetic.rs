//! What integer arithmetic shows: integers, and addresses computed as integers.

use std::collections::BTreeSet;

use enzyme_body::{Body, BodyId, Callee, Cast, IntOp, Op, ValueId};

use super::Site;
use super::calls::{Computes, intrinsic};
use super::divisor::divisor;
use super::flow::Way;
use super::generate::{Generator, byte_shift, carried_integer, size};
use super::store::{At, Use};
use crate::byte_moves::byte_moves;

impl Generator<'_> {
    /// What only moves bytes does; products and what they are made of are no
    /// addresses; the kinds of the rest are decided after solving.
    pub(super) fn arithmetic(&mut self, site: Site, body: &Body, op: IntOp, ops: &[ValueId]) {
        let (id, value) = site;
        if let Some(moves) = byte_moves(body, value) {
            let to = self.register(id, value);
            for m in moves {
                if let (Some(from), Some(to)) = (self.register(id, ops[m.operand]), to) {
                    let (from, to) = (from.plus(m.from.cast_signed()), to.plus(m.to.cast_signed()));
                    self.store.copy(from, to, Some(m.len), Way::Read);
                }
            }
            return;
        }
        match (op, byte_shift(body, op, ops)) {
            (IntOp::Mul | IntOp::Div | IntOp::Rem, _) | (IntOp::ShiftLeft, None) => {
                let all = ops.iter().copied().chain([value]);
                all.for_each(|v| self.never_address(site, v));
            }
            (_, Some(by)) => {
                let (Some(from), Some(to)) = (self.register(id, ops[0]), self.register(id, value))
                else {
                    return;
                };
                let len = Some(size(&body.values[value].ty).saturating_sub(by));
                let by = by.cast_signed();
                match op {
                    IntOp::ShiftLeft => self.store.copy(from, to.plus(by), len, Way::Read),
                    _ => self.store.copy(from.plus(by), to, len, Way::Read),
                }
            }
            (IntOp::Add | IntOp::Sub, None) if body.int(ops[1]).is_some() => {
                let registers = (self.register(id, ops[0]), self.register(id, value));
                if let (Some(from), Some(to)) = registers {
                    self.store.step(from, to);
                }
            }
            _ => {}
        }
    }

    /// Integer arithmetic whose result is not a float's bits is on integers.
    ///
    /// Bit operations pass the property on; sums and products have it.
    pub(super) fn integers(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for (id, body) in self.program.bodies.iter() {
                let live: Vec<_> = body.live_insts().collect();
                for &(value, inst) in live.iter().rev() {
                    let ops = &inst.operands;
                    let (computes, count) = match &inst.op {
                        Op::Int(_) if byte_moves(body, value).is_some() => continue,
                        Op::Int(op) if byte_shift(body, *op, ops).is_none() => {
                            (operation(*op), ops.len())
                        }
                        Op::Call(call) | Op::Invoke(call) => match &call.callee {
                            Callee::Symbol(symbol) if let Some(c) = intrinsic(symbol) => {
                                (c, call.arguments)
                            }
                            _ => continue,
                        },
                        _ => continue,
                    };
                    changed |= self.integer_operands((id, value), computes, &ops[..count]);
                }
            }
            self.store.run();
        }
    }

    fn integer_operands(&mut self, site: Site, computes: Computes, ops: &[ValueId]) -> bool {
        let mut result_integer = self.program.bodies[site.0].values[site.1].ty.size() < 4;
        if let Some(register) = self.register(site.0, site.1)
            && let Some(cell) = self.store.peek(register)
        {
            let content = self.store.content(cell);
            if content.float.is_some() {
                return false;
            }
            result_integer |= content.integer.is_some();
        }
        if computes == Computes::Bits && !result_integer {
            return false;
        }
        let mut changed = false;
        for value in ops.iter().copied().chain([site.1]) {
            let Some(register) = self.register(site.0, value) else { continue };
            let Some(cell) = self.store.peek(register) else { continue };
            if !self.store.content(cell).arithmetic {
                self.integer(site, value);
                changed = true;
            }
        }
        changed
    }

    /// Integers that become addresses after arithmetic belong to the same regions
    /// as the integers that they were computed from.
    pub(super) fn connect_hidden_addresses(&mut self) {
        for (id, body) in self.program.bodies.iter() {
            let casts = body.live_insts();
            let followed = |v: ValueId| carried_integer(body, v).is_none();
            let casts =
                casts.filter(|(v, inst)| inst.op == Op::Cast(Cast::IntToAddress) && followed(*v));
            // Whether the value surely is an address, or one of several that may be.
            let mut slice: Vec<(ValueId, bool)> =
                casts.map(|(_, inst)| (inst.operands[0], true)).collect();
            let mut seen: BTreeSet<_> = slice.iter().copied().collect();
            while let Some((value, sure)) = slice.pop() {
                for source in self.address_sources(id, body, (value, sure)) {
                    if seen.insert(source) {
                        slice.push(source);
                    }
                }
            }
        }
        self.store.run();
    }

    fn hidden(&mut self, id: BodyId, value: ValueId) -> Option<At> {
        let register = self.register(id, value)?;
        self.store.pointee(register)
    }

    fn address_sources(
        &mut self,
        id: BodyId,
        body: &Body,
        (value, sure): (ValueId, bool),
    ) -> Vec<(ValueId, bool)> {
        let Some(inst) = body.inst(value) else { return vec![] };
        let ops = &inst.operands;
        let choice = match &inst.op {
            Op::Phi(_) => &ops[..],
            Op::Select => &ops[1..],
            Op::Freeze | Op::Cast(Cast::Bits | Cast::IntToInt | Cast::SignExtend) => {
                return vec![(ops[0], sure)];
            }
            Op::Int(op @ (IntOp::Add | IntOp::Sub | IntOp::And | IntOp::Or | IntOp::Xor)) => {
                let found = self.hidden_sum(id, body, (value, *op, sure), ops);
                return found.into_iter().map(|v| (v, sure)).collect();
            }
            _ => return vec![],
        };
        // If one operand is an address, the others need not be.
        let explained = choice.iter().any(|&v| self.hidden(id, v).is_some());
        choice.iter().map(|&v| (v, sure && !explained || self.hidden(id, v).is_some())).collect()
    }

    /// The operands of a sum that are addresses, joined with the sum.
    fn hidden_sum(
        &mut self,
        id: BodyId,
        body: &Body,
        (sum, op, sure): (ValueId, IntOp, bool),
        ops: &[ValueId],
    ) -> Vec<ValueId> {
        self.store.run();
        let Some(result) = self.register(id, sum) else { return vec![] };
        let terms = if op == IntOp::Sub { &ops[..1] } else { ops };
        let mut sources = Vec::new();
        let mut addresses = Vec::new();
        for &term in terms {
            let Some(register) = self.register(id, term) else { continue };
            // What is an integer in one variant and an address in another is not
            // summed as an address.
            if self.store.is_strong(register) {
                continue;
            }
            match self.store.pointee(register) {
                Some(_) => addresses.push(term),
                None => sources.push(term),
            }
        }
        if !addresses.is_empty() || !sure {
            sources = addresses;
        }
        for &source in &sources {
            let Some(register) = self.register(id, source) else { continue };
            let other = if ops[0] == source { ops[1] } else { ops[0] };
            let known = self.store.pointee(register);
            let at = known.unwrap_or_else(|| At::start(self.store.object()));
            self.store.points_to(register, at);
            self.store.demand(register, 8);
            match (op, body.int(other)) {
                (IntOp::Add | IntOp::Sub, Some(n)) => {
                    let to = at.plus(if op == IntOp::Add { n } else { n.wrapping_neg() });
                    let len = Some(1);
                    self.store.uses(Use { from: Some(at), to, len, own: vec![], kept: true });
                    self.store.points_to(result, to);
                }
                // Setting and clearing low bits: a tag or an alignment.
                (IntOp::And | IntOp::Or | IntOp::Xor, Some(_)) => {
                    self.store.points_to(result, at);
                }
                _ => {
                    self.store.walk(at, true, divisor(body, other).max(1));
                    self.store.points_to(result, at);
                }
            }
        }
        sources
    }
}

fn operation(op: IntOp) -> Computes {
    match op {
        IntOp::Add | IntOp::Sub => Computes::Integer,
        IntOp::Mul | IntOp::Div | IntOp::Rem => Computes::Product,
        _ => Computes::Bits,
    }
}
