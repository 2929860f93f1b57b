//! Which memory of the program's own is *mixed*: its bytes are told apart while the program
//! runs (`dynamic`), not by their places.
//!
//! *Computes*: all addresses of regions in which the types contradict each other or have no
//! shape, and of those that bytes are moved to from there by instructions that do not tell what
//! they are. *From*: a program and its solved types, which are solved again with what is found:
//! first with what has no shape, as others may contradict themselves but for what is moved there.
//! *Why*: in such a region all bytes are one cell, and kinds do not go along moves from it and
//! to it, so what is moved to other memory must be told apart there, too. An integer that may
//! still be the bits of a float and is not known as such is refused (`activity/check`). What
//! the caller leads to is never mixed: its shadow is the caller's.

use std::collections::HashSet;

use enzyme_body::{Body, BodyId, Cast, FloatKind, Inst, Op, Program, Ty, ValueId};
use enzyme_rules::Known;

use super::calls::call_kind;
use super::cursor::chooses;
use super::generate::size;
use super::{Cell, Kind, Region, RegionId, Site, Types};
use crate::bits::Bits;
use crate::extent::bytes;
use crate::walk::walk;

impl Types {
    /// All addresses of regions that are to be mixed.
    pub(super) fn contradictory_places(&self, program: &Program) -> HashSet<Site> {
        let mut mixed = self.first(self.contradictory(program));
        let mut changed = true;
        while changed {
            changed = false;
            for (id, body) in program.bodies.iter() {
                for (_, inst) in body.live_insts() {
                    for (near, other) in self.moved_between((id, body), inst) {
                        if !self.regions[near].given && mixed.has(other.index()) {
                            changed |= mixed.add(near.index());
                        }
                    }
                }
            }
        }
        let mut found = HashSet::new();
        for (id, body) in program.bodies.iter() {
            for value in body.values.ids().filter(|v| body.values[*v].ty == Ty::Ptr) {
                let regions = self.loc(id, value).map(|loc| self.regions_at(loc));
                if regions.into_iter().flatten().any(|region| mixed.has(region.index())) {
                    found.insert((id, value));
                }
            }
        }
        found
    }

    /// Those of contradictory regions whose elements are narrower than floats, if there are any
    /// that are not mixed yet: what contradicts itself in others may come from there.
    fn first(&self, contradictory: Bits) -> Bits {
        let least = FloatKind::Single.size();
        let narrow = |region: &Region| {
            region.mixed.is_some() || region.repeats.tail().is_some_and(|tail| tail.period < least)
        };
        let mut first = Bits::new(self.regions.len());
        let mut more = false;
        for (id, region) in self.regions.iter() {
            if contradictory.has(id.index()) && narrow(region) {
                first.add(id.index());
                more |= region.mixed.is_none();
            }
        }
        if more { first } else { contradictory }
    }

    /// The regions of the program's own in which floats are something else, too, or of which
    /// it is not known where they are.
    fn contradictory(&self, program: &Program) -> Bits {
        let mut found = Bits::new(self.regions.len());
        for (_, cell) in self.cells.iter() {
            if cell.conflict.is_some() || self.regions[cell.region].mixed.is_some() {
                found.add(cell.region.index());
            }
        }
        for (id, body) in program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let part = self.part_of_float((id, body), value, inst);
                let shapeless = self.shapeless((id, body), value, inst);
                for region in part.into_iter().chain(shapeless) {
                    found.add(region.index());
                }
            }
        }
        let mut own = Bits::new(self.regions.len());
        for (id, _) in self.regions.iter().filter(|(_, region)| !region.given) {
            own.add(id.index());
        }
        found.and(&own)
    }

    /// The region of bytes that an instruction writes as a whole, if it is not known which of
    /// them are floats.
    fn shapeless(
        &self,
        (id, body): (BodyId, &Body),
        value: ValueId,
        inst: &Inst,
    ) -> Option<RegionId> {
        let (address, len) = range(body, value, inst)?;
        let loc = self.loc(id, address)?;
        bytes(&self.segments(loc, len), len).is_err().then_some(loc.region)
    }

    /// The regions between which an instruction moves bytes that it does not tell apart: the
    /// first is like the second.
    fn moved_between(&self, (id, body): (BodyId, &Body), inst: &Inst) -> Vec<(RegionId, RegionId)> {
        let region = |address| self.loc(id, address).map(|loc| loc.region);
        match inst.op {
            Op::Copy(_) => {
                let ends = [0, 1].map(|i| region(inst.operands[i]));
                let [Some(to), Some(from)] = ends else { return vec![] };
                vec![(to, from), (from, to)]
            }
            Op::Store(_) if !is_typed(&body.values[inst.operands[0]].ty) => {
                let Some(to) = region(inst.operands[1]) else { return vec![] };
                let sources = walk(inst.operands[0], |value| match body.inst(value) {
                    Some(inst) if chooses(inst) || inst.op == Op::Cast(Cast::Bits) => {
                        inst.operands.clone()
                    }
                    _ => vec![],
                });
                let loads = sources.filter_map(|value| body.inst(value));
                let loads = loads.filter(|inst| matches!(inst.op, Op::Load(_)));
                loads.filter_map(|inst| Some((to, region(inst.operands[0])?))).collect()
            }
            _ => vec![],
        }
    }

    /// The region in which an instruction accesses a part of what is a float by turns.
    fn part_of_float(
        &self,
        (id, body): (BodyId, &Body),
        value: ValueId,
        inst: &Inst,
    ) -> Option<RegionId> {
        let (moved, address) = match inst.op {
            Op::Load(_) => (value, inst.operands[0]),
            Op::Store(_) => (inst.operands[0], inst.operands[1]),
            _ => return None,
        };
        let (loc, size) = (self.loc(id, address)?, size(&body.values[moved].ty));
        let part = |cell: &Cell| match cell.kind {
            Kind::Float(kind) => cell.by_turns && size < kind.size(),
            _ => false,
        };
        let cells = self.cells_at(loc, Some(size)).into_iter();
        let is = cells.into_iter().any(|cell| part(&self.cells[cell]));
        is.then_some(loc.region)
    }
}

/// The address of the bytes that an instruction writes as a whole, and how many, if known.
fn range(body: &Body, value: ValueId, inst: &Inst) -> Option<(ValueId, Option<u64>)> {
    match &inst.op {
        Op::Copy(_) | Op::Fill => {
            Some((inst.operands[0], body.int(inst.operands[2]).map(i64::cast_unsigned)))
        }
        Op::Call(call) => match call_kind(call)? {
            Known::Allocate { .. } | Known::Reallocate { .. } => Some((value, None)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a type tells what its bytes are: a float, an address or too few for either.
fn is_typed(ty: &Ty) -> bool {
    match ty {
        Ty::Ptr | Ty::Float(_) | Ty::Int(0..32) => true,
        Ty::Vector(item, _) => ty.size() < 4 || item.float().is_some() || **item == Ty::Ptr,
        _ => false,
    }
}
