//! Where an address at some distance from another points, and what repeats by it.
//!
//! An index of which LLVM knows both ends makes a few places one; one without end, all
//! from the least on: each is a *spread* of the address, and what is accessed there repeats
//! by them. Where the address that it began with is one of several, so is what is made from
//! it: that is a constraint for the solver (`Use`). An index that the program checks
//! (`limit`) ends where its array does, for the accesses that are checked.

use enzyme_body::{Body, BodyId, Cast, Def, Inst, IntOp, Op, Ty, ValueId};

use enzyme_rules::Known;

use crate::walk::walk;

use super::Site;
use super::calls::known_call;
use super::divisor::divisor;
use super::generate::Generator;
use super::index::{least, least_of_walk, never_negative};
use super::limit::Array;
use super::shape::{Spread, gcd};
use super::store::{At, Use};

/// Up to so many periods a repeat may end; data is never told apart by its index.
const MOST_PERIODS: u64 = 64;
/// Which bits of an address tell how it is aligned: where it is, they do not.
const LOW_BITS: i64 = 0xff;
/// So many choices of choices of a constant index are looked at.
const MOST_CHOICES: usize = 3;
/// How far a walking address is followed.
const MOST_STEPS: usize = 32;

impl Generator<'_> {
    /// Where an address at some distance from another points: the lowest place that it
    /// can reach. From there on, as far as it can reach, its region repeats.
    pub(super) fn offset(&mut self, (id, value): Site, body: &Body, inst: &Inst) -> Option<At> {
        let from = self.place(id, inst.operands[0])?;
        let Op::Offset { constant, .. } = &inst.op else { return None };
        let others = distances_to(body, inst).into_iter().map(|other| self.place(id, other));
        if let Some(&[to, ref more @ ..]) = others.collect::<Option<Vec<_>>>().as_deref() {
            self.store.join(from, to, (id, value));
            more.iter().for_each(|&other| self.store.unify(to, other, Some((id, value))));
            return Some(to);
        }
        let indices = Indices::of(body, inst);
        let open = indices.open_spread(body, value);
        let array = self.limits.indices.get(&(id, value)).copied();
        let least = open.map_or(0, |open| open.0);
        // What the program checks is that no element before the array's first is accessed.
        let first = array.map(|array| array.first);
        let least = first.map_or(least, |first| least.max(first));
        let to = from.plus(*constant).plus(indices.least).plus(least);
        let mut chain = self.chain((id, inst.operands[0]));
        let ahead = to.offset.wrapping_sub(from.offset);
        chain.room = chain.room.map(|room| room.further(ahead));
        if let Some(array) = array {
            self.limit(id, &mut chain, array, to);
        }
        for mut spread in indices.bounded.into_iter().chain(open.map(|open| open.1)) {
            spread.back = spread.back.map(|back| back + first.unwrap_or(0));
            chain.spreads.push(spread);
        }
        let open = !indices.open.is_empty() && chain.room.is_none();
        self.chains.insert((id, value), chain.clone());
        // An end that is only compared shows an array, too; but where the program checks
        // indices it may be that of a part.
        if open && (self.limits.is_empty() || !is_only_compared(body, value)) {
            self.used_at(id, chain, (to, Some(1)), false);
        }
        Some(to)
    }

    /// Bytes behind an address are accessed.
    pub(super) fn reaches(&mut self, access: Site, address: ValueId, len: Option<u64>) {
        if let Some(at) = self.place(access.0, address) {
            let chain = self.chain_of(access, address);
            self.used_at(access.0, chain, (at, len), false);
        }
    }

    /// An address is kept in memory, or one that is chosen from: what is made from that
    /// may be at any of the places that this may be.
    pub(super) fn keeps(&mut self, id: BodyId, address: ValueId) {
        let chain = self.chain((id, address));
        if let Some(at) = self.place(id, address).filter(|_| chain.root != address) {
            self.used_at(id, chain, (at, Some(1)), true);
        }
    }

    /// How many bytes may be accessed at an address, where the program checks it.
    pub(super) fn room(&self, access: Site, address: ValueId) -> Option<u64> {
        self.chain_of(access, address).room.and_then(|room| room.ahead)
    }

    /// How the address of an access was made. Where a copy of unknown length begins, the
    /// program may check the copy's end, but that of nothing else at this address.
    fn chain_of(&self, (id, access): Site, address: ValueId) -> Chain {
        let mut chain = self.chain((id, address));
        let body = &self.program.bodies[id];
        if body.inst(access).is_some_and(|inst| is_open_copy(body, inst))
            && let (None, Some(&array)) = (chain.room, self.limits.ends.get(&(id, address)))
            && let Some(&Some(at)) = self.places[id.index()].get(address.index())
        {
            self.limit(id, &mut chain, array, at);
        }
        chain
    }

    /// All that is accessed at an address lies in an array.
    fn limit(&self, id: BodyId, chain: &mut Chain, array: Array, at: At) {
        let base = self.places[id.index()][array.base.index()].unwrap_or(At { offset: 0, ..at });
        let ahead = at.offset.wrapping_sub(base.offset);
        let limited = self.chain((id, array.base)).spreads.len();
        let end = array.end().map(|end| end.max(0).unsigned_abs());
        chain.room = Some(Room { behind: -array.begin, ahead: end, limited }.further(ahead));
    }

    fn used_at(&mut self, id: BodyId, mut chain: Chain, bytes: (At, Option<u64>), kept: bool) {
        let (to, mut len) = bytes;
        if let Some(room) = chain.room {
            len = len.into_iter().chain(room.ahead).min();
            let limited = chain.spreads.split_off(room.limited);
            chain.spreads.extend(room.spreads(len, &limited));
        }
        let from = self.place(id, chain.root).filter(|_| !self.is_exact(id, chain.root));
        self.store.uses(Use { from, to, len, own: chain.spreads, kept });
    }

    /// Whether an address is the begin of an object, wherever else addresses may lead that
    /// begin with it.
    fn is_exact(&self, id: BodyId, address: ValueId) -> bool {
        match &self.program.bodies[id].values[address].def {
            Def::Param(_) => id == BodyId::FIRST,
            Def::Constant(_) => true,
            Def::Inst(inst) => {
                let allocates = || matches!(known_call(inst), Some(Known::Allocate { .. }));
                matches!(inst.op, Op::Alloca { .. }) || allocates()
            }
        }
    }

    /// Whether an address may be at several places, seen from where it began.
    pub(super) fn moves(&self, (id, address): Site) -> bool {
        walk(address, |address| self.chosen_from((id, self.chain((id, address)).root)))
            .any(|address| !self.chain((id, address)).spreads.is_empty())
    }

    /// How an address is made by offsets.
    fn chain(&self, (id, mut value): Site) -> Chain {
        let body = &self.program.bodies[id];
        while let Some(Inst { op: Op::Freeze | Op::Cast(Cast::Bits), operands, .. }) =
            body.inst(value)
            && body.values[operands[0]].ty == Ty::Ptr
        {
            value = operands[0];
        }
        let own = || Chain { root: value, spreads: vec![], room: None };
        self.chains.get(&(id, value)).cloned().unwrap_or_else(own)
    }

    /// The lowest place of the same region that an address walking down is
    /// compared with: a walk over a part of an object asks whether it is at the
    /// part's start, and stops there.
    pub(super) fn walk_ends(
        &mut self,
        id: BodyId,
        body: &Body,
        walking: ValueId,
        below: At,
    ) -> Option<At> {
        let (root, most) = self.store.find(below);
        let mut chain = vec![walking];
        let mut ends: Vec<At> = Vec::new();
        let mut next = 0;
        while next < chain.len() && next < MOST_STEPS {
            let value = chain[next];
            next += 1;
            for &user in &body.values[value].uses {
                let Some(inst) = body.inst(user) else { continue };
                match inst.op {
                    Op::IntCompare => {
                        let others = inst.operands.iter().filter(|o| !chain.contains(o));
                        let others: Vec<_> = others.copied().collect();
                        ends.extend(others.into_iter().filter_map(|o| self.place(id, o)));
                    }
                    Op::Phi(_) | Op::Select | Op::Offset { .. } if !chain.contains(&user) => {
                        chain.push(user);
                    }
                    _ => {}
                }
            }
        }
        let ends: Vec<_> = ends.into_iter().map(|at| (at, self.store.find(at))).collect();
        let inside = ends.into_iter().filter(|(_, (r, at))| *r == root && *at <= most);
        inside.min_by_key(|(_, (_, at))| *at).map(|(at, _)| at)
    }
}

/// Whether an instruction copies bytes, and their number is no constant.
pub(super) fn is_open_copy(body: &Body, inst: &Inst) -> bool {
    matches!(inst.op, Op::Copy(_)) && body.int(inst.operands[2]).is_none()
}

/// The addresses that an offset leads to if it is a choice of distances from its base
/// to them, as slices compute it; none if it is anything else.
pub(super) fn distances_to(body: &Body, inst: &Inst) -> Vec<ValueId> {
    let Op::Offset { constant: 0, strides, .. } = &inst.op else { return vec![] };
    let (&[base, index], &[1]) = (&inst.operands[..], &strides[..]) else { return vec![] };
    let choice = match body.inst(index) {
        Some(Inst { op: Op::Phi(_), operands, .. }) => operands.clone(),
        _ => vec![index],
    };
    let operands = |value: ValueId, op: &Op| {
        body.inst(value).filter(|inst| inst.op == *op).map(|inst| &inst.operands[..])
    };
    let address = |value: ValueId| operands(value, &Op::Cast(Cast::AddressToInt)).map(|ops| ops[0]);
    let distance = |index: ValueId| {
        let &[to, from] = operands(index, &Op::Int(IntOp::Sub))? else { return None };
        (address(from)? == base).then(|| address(to)).flatten()
    };
    choice.into_iter().map(distance).collect::<Option<_>>().unwrap_or_default()
}

/// Whether an address is only compared with others.
fn is_only_compared(body: &Body, address: ValueId) -> bool {
    let mut users = body.values[address].uses.iter().filter_map(|&u| Some((u, body.inst(u)?)));
    users.all(|(user, inst)| match inst.op {
        Op::IntCompare => true,
        Op::Cast(Cast::AddressToInt) => is_only_measured(body, user),
        _ => false,
    })
}

/// Whether an address becomes an integer only for its distance to others, to compare, or for
/// how it is aligned.
pub(super) fn is_only_measured(body: &Body, integer: ValueId) -> bool {
    let address = |value: &ValueId| {
        body.inst(*value).is_some_and(|inst| inst.op == Op::Cast(Cast::AddressToInt))
    };
    let mut users = body.values[integer].uses.iter().map(|&user| (user, body.inst(user)));
    users.all(|(user, inst)| match inst.map(|inst| (&inst.op, &inst.operands[..])) {
        Some((Op::IntCompare, _)) | None => true,
        Some((Op::Int(IntOp::Sub), operands)) => operands.iter().all(address),
        Some((Op::Int(IntOp::ShiftRight), &[_, by])) if body.int(by).is_some() => {
            body.values[user].uses.iter().all(|&low| takes_low_bits(body, low))
        }
        _ => takes_low_bits(body, user),
    })
}

/// Whether of an integer nothing but its lowest bits goes on.
fn takes_low_bits(body: &Body, value: ValueId) -> bool {
    let Some(Inst { op: Op::Int(IntOp::And), operands, .. }) = body.inst(value) else {
        return false;
    };
    operands.iter().any(|&mask| body.int(mask).is_some_and(|mask| (0..=LOW_BITS).contains(&mask)))
}

/// An address that was made by offsets.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The address that it began with.
    root: ValueId,
    /// The distances to the lowest place of all places that it may lead to.
    spreads: Vec<Spread>,
    /// Where the program checks that all accesses lie.
    room: Option<Room>,
}

/// What an access may reach around a place, as the program checks it.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// The bytes to the place from where the room begins.
    behind: i64,
    /// The bytes from the place to where it ends, if it does.
    ahead: Option<u64>,
    /// The first spread that this limits.
    limited: usize,
}

impl Room {
    /// The room around a place that lies further ahead.
    fn further(self, by: i64) -> Self {
        let ahead = self.ahead.map(|ahead| ahead.saturating_add_signed(-by));
        Self { behind: self.behind.saturating_add(by), ahead, ..self }
    }

    /// Spreads by which so many bytes stay in the room, whichever index leads there.
    fn spreads(self, bytes: Option<u64>, spreads: &[Spread]) -> Vec<Spread> {
        let mut found: Vec<Spread> = Vec::new();
        for spread in spreads {
            let whole = |bytes| whole_periods(bytes, spread.period);
            let most = self.ahead.map(|ahead| whole(ahead - bytes.unwrap_or(ahead)));
            let ahead = spread.ahead.into_iter().chain(most).min();
            match found.iter_mut().find(|other| other.period == spread.period) {
                Some(Spread { ahead: sum, moving, .. }) => {
                    let both = sum.zip(ahead).map(|(sum, ahead)| sum + ahead);
                    *sum = both.into_iter().chain(most).min();
                    *moving |= spread.moving;
                }
                _ => {
                    let back = whole(self.behind.max(0).unsigned_abs());
                    found.push(Spread { ahead, back: Some(back), ..*spread });
                }
            }
        }
        let sum: Option<i64> = found.iter().map(|spread| spread.ahead).sum();
        let beyond = |ahead: u64| sum.is_none_or(|sum| sum > ahead.cast_signed());
        match self.ahead.map(|ahead| ahead - bytes.unwrap_or(ahead)).filter(|&a| beyond(a)) {
            Some(ahead) if found.len() > 1 => vec![self.together(ahead, &found)],
            _ => found,
        }
    }

    /// Several spreads that lead no further ahead together, as one.
    fn together(self, ahead: u64, spreads: &[Spread]) -> Spread {
        let period = spreads.iter().map(|spread| spread.period).fold(0, gcd);
        let back = Some(whole_periods(self.behind.max(0).unsigned_abs(), period));
        let moving = spreads.iter().any(|spread| spread.moving);
        Spread { ahead: Some(whole_periods(ahead, period)), back, period, moving }
    }
}

/// How many of these bytes whole periods have.
fn whole_periods(bytes: u64, period: u64) -> i64 {
    (bytes / period * period).cast_signed()
}

/// An index of an offset.
pub(super) struct Index {
    pub value: ValueId,
    pub stride: i64,
    /// The least and the greatest number of bytes that it adds, if known.
    reach: Option<(i64, i64)>,
    /// A number that divides the bytes that it adds; 0 if these are 0.
    pub step: u64,
}

/// The indices of an offset.
#[derive(Default)]
pub(super) struct Indices {
    /// The least sum of those of which both ends are known and not far apart, and what
    /// it may be beyond.
    pub least: i64,
    pub bounded: Vec<Spread>,
    /// The others.
    pub open: Vec<Index>,
}

impl Indices {
    pub fn of(body: &Body, inst: &Inst) -> Self {
        let mut found = Self::default();
        let Op::Offset { strides, divisors, reaches, .. } = &inst.op else { return found };
        for (i, &value) in inst.operands[1..].iter().enumerate() {
            let stride = strides[i];
            if stride > 0
                && let Some(items) = chosen(body, value, MOST_CHOICES)
                && let Some((least, spread)) = choice(&items, stride)
            {
                found.least = found.least.saturating_add(least);
                found.bounded.extend(spread);
                continue;
            }
            // Both what the form shows and what LLVM knows divide the index.
            let step = match divisor(body, value) {
                0 => 0,
                own => own / gcd(own, divisors[i]) * divisors[i],
            };
            let step = step.wrapping_mul(stride.unsigned_abs());
            match reaches[i].map(|reach| multiples(reach, step)) {
                _ if step == 0 => {}
                Some((least, greatest)) if greatest.abs_diff(least) / step < MOST_PERIODS => {
                    found.least = found.least.saturating_add(least);
                    let ahead = Some(greatest - least);
                    let spread = Spread { back: Some(0), ahead, period: step, moving: false };
                    found.bounded.push(spread);
                }
                reach => found.open.push(Index { value, stride, reach, step }),
            }
        }
        found
    }

    /// The steps of all of them.
    pub fn steps(&self) -> impl Iterator<Item = u64> + '_ {
        let bounded = self.bounded.iter().map(|spread| spread.period);
        self.open.iter().map(|index| index.step).chain(bounded)
    }

    /// How far beyond the least sum they may lead, if all ends are known.
    pub fn last(&self) -> Option<u64> {
        let ends = self.bounded.iter().map(|spread| spread.ahead.map(i64::unsigned_abs));
        ends.chain(self.open.iter().map(|_| None)).sum()
    }

    /// The least sum of the open indices, and where else they may lead the address.
    pub fn open_spread(&self, body: &Body, value: ValueId) -> Option<(i64, Spread)> {
        let period = self.open.iter().map(|index| index.step).fold(0, gcd);
        if period == 0 {
            return None;
        }
        let users = body.values[value].uses.iter().filter_map(|&user| body.inst(user));
        let used_at: Vec<_> = users.map(|user| user.block).collect();
        let mut upward = true;
        let mut lowest = 0i64;
        for &Index { value: index, stride, reach, .. } in &self.open {
            let known = reach.map(|reach| reach.0).filter(|_| stride >= 0);
            upward &= stride >= 0 && never_negative(body, index) || known.is_some_and(|k| k >= 0);
            let own = least(body, index).saturating_mul(stride);
            lowest = lowest.wrapping_add(known.map_or(own, |known| known.max(own)));
        }
        let walk = match self.open[..] {
            [Index { value: index, stride, .. }] if stride > 0 => {
                least_of_walk(body, index, &used_at).map(|least| least.wrapping_mul(stride))
            }
            _ => None,
        };
        let (lowest, back) = match walk {
            Some(least) => (least, Some(0)),
            None if upward => (lowest, Some(0)),
            None => (0, None),
        };
        Some((lowest, Spread { back, ahead: None, period, moving: false }))
    }
}

/// The least number of bytes that an index adds which is one of some constants, and what it may
/// add beyond; none if that is much.
fn choice(items: &[i64], stride: i64) -> Option<(i64, Option<Spread>)> {
    let (&least, &greatest) = items.iter().min().zip(items.iter().max())?;
    let bytes = |distance: u64| distance.checked_mul(stride.unsigned_abs());
    let ahead = bytes(greatest.abs_diff(least))?;
    let distances = items.iter().map(|item| item.abs_diff(least));
    let period = bytes(distances.fold(0, gcd))?;
    let spread = Spread { back: Some(0), ahead: Some(ahead.cast_signed()), period, moving: false };
    let far = period > 0 && ahead / period >= MOST_PERIODS;
    (!far).then_some((least.checked_mul(stride)?, (period > 0).then_some(spread)))
}

/// The constants of which an integer is one, if it is chosen among some, in so many steps.
fn chosen(body: &Body, value: ValueId, steps: usize) -> Option<Vec<i64>> {
    let inst = body.inst(value).filter(|_| steps > 0)?;
    let items = match inst.op {
        Op::Select => &inst.operands[1..],
        Op::Phi(_) => &inst.operands[..],
        _ => return None,
    };
    let item = |&item: &ValueId| match body.int(item) {
        Some(constant) => Some(vec![constant]),
        None => chosen(body, item, steps - 1),
    };
    let chosen: Vec<_> = items.iter().map(item).collect::<Option<Vec<_>>>()?.concat();
    (!chosen.is_empty()).then_some(chosen)
}

/// The least and the greatest multiple of a step between two numbers.
fn multiples((least, greatest): (i64, i64), step: u64) -> (i64, i64) {
    match i64::try_from(step) {
        Ok(step) if step > 0 => {
            let up = (step - least.rem_euclid(step)) % step;
            (least.saturating_add(up), greatest.div_euclid(step) * step)
        }
        _ => (least, greatest),
    }
}

/// What an offset's indices may be beyond their least sum, where all their ends are known.
fn bounded(body: &Body, inst: &Inst) -> Option<Vec<Spread>> {
    let indices = Indices::of(body, inst);
    indices.open.is_empty().then_some(indices.bounded)
}

/// Whether an address is at an index without known end.
pub(super) fn is_open(body: &Body, inst: &Inst) -> bool {
    matches!(inst.op, Op::Offset { .. }) && bounded(body, inst).is_none()
}

/// A number that divides the sum of an offset's indices; 0 if the sum is 0.
pub(super) fn period(body: &Body, inst: &Inst) -> u64 {
    let Indices { bounded, open, .. } = Indices::of(body, inst);
    let open = open.iter().map(|index| index.step);
    bounded.iter().map(|spread| spread.period).chain(open).fold(0, gcd)
}
