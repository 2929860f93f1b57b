//! What instructions show that make a register of bytes from others: casts, fields of
//! aggregates, lanes of vectors.
//!
//! *From*: the places of addresses, and the registers of values. *Why it is sound*: the
//! bytes of the result flow from exactly the bytes of the operands that the instruction
//! takes; a lane that is chosen by a variable makes all lanes one.

use enzyme_body::{Body, Cast, Ty, ValueId};

use super::Site;
use super::content::Evidence;
use super::flow::Way;
use super::generate::{Generator, carried_integer, size};
use super::offset::is_only_measured;

impl Generator<'_> {
    pub(super) fn cast(&mut self, site: Site, body: &Body, cast: Cast, operand: ValueId) {
        let (id, value) = site;
        let (from, to) = (&body.values[operand].ty, &body.values[value].ty);
        let registers = (self.register(id, operand), self.register(id, value));
        match cast {
            Cast::Bits => match registers {
                (Some(a), Some(b)) => self.store.unify(a, b, None),
                (Some(a), None) => self.note_parts(a, to, site),
                (None, Some(b)) if body.constant(operand).is_none() => {
                    self.note_parts(b, from, site);
                }
                _ => {}
            },
            Cast::IntToInt | Cast::SignExtend => {
                if let (Some(a), Some(b), Ty::Int(_)) = (registers.0, registers.1, to) {
                    self.store.copy(a, b, Some(size(from).min(size(to))), Way::Read);
                }
            }
            Cast::IntToFloat => self.counts(site, operand),
            Cast::FloatToInt => self.integer(site, value),
            Cast::IntToAddress if carried_integer(body, value).is_some() => {}
            Cast::IntToAddress => {
                if let (Some(register), Some(at)) = (registers.0, self.place(id, value)) {
                    self.store.evidence(register, 8, Evidence::Address, site);
                    self.store.points_to(register, at);
                    self.store.demand(register, 8);
                }
            }
            Cast::AddressToInt => {
                if let (Some(register), Some(at)) = (registers.1, self.place(id, operand)) {
                    self.store.evidence(register, 8, Evidence::Address, site);
                    self.store.points_to(register, at);
                    if !is_only_measured(body, value) {
                        self.keeps(id, operand);
                    }
                    let cell = self.store.cell(register, 8);
                    self.store.addresses.push((cell, site));
                }
                if let (Some(register), Some(block)) =
                    (registers.1, self.block_behind((id, operand)))
                {
                    let cell = self.store.cell(register, 8);
                    self.store.blocks.push((cell, block));
                }
            }
            Cast::FloatToFloat => {}
        }
    }

    /// `part` is what `whole` has at an offset.
    pub(super) fn part(
        &mut self,
        site: Site,
        body: &Body,
        (whole, offset): (ValueId, u64),
        part: (ValueId, Way),
    ) {
        if let Some(register) = self.register(site.0, whole) {
            self.note(site, body, part, register.plus(offset.cast_signed()));
        }
    }

    pub(super) fn lane(
        &mut self,
        site: Site,
        body: &Body,
        vector: (ValueId, ValueId),
        lane: (ValueId, Way),
    ) {
        let width = body.values[lane.0].ty.size();
        let Some(register) = self.register(site.0, vector.0) else { return };
        let offset = match body.int(vector.1) {
            Some(n) => n.saturating_mul(width.cast_signed()),
            None => {
                self.store.repeat(register, width.max(1));
                0
            }
        };
        self.note(site, body, lane, register.plus(offset));
    }

    pub(super) fn shuffle(&mut self, site: Site, body: &Body, mask: &[i32], ops: &[ValueId]) {
        let (Some(to), Ty::Vector(item, lanes)) =
            (self.register(site.0, site.1), &body.values[ops[0]].ty)
        else {
            return;
        };
        let width = item.size();
        for (i, &lane) in mask.iter().enumerate() {
            let Ok(lane) = u32::try_from(lane) else { continue };
            let from = self.register(site.0, ops[usize::from(lane >= *lanes)]);
            let Some(from) = from else { continue };
            let from = from.plus((u64::from(lane % lanes) * width).cast_signed());
            let to = to.plus((i as u64 * width).cast_signed());
            self.store.copy(from, to, Some(width), Way::Read);
        }
    }
}
