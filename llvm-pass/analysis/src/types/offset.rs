//! Where an address at some distance from another points, and what repeats by it.
//!
//! An index of which LLVM knows both ends makes a few places one; one without end, all
//! from the least on. Where the address itself is one of several, so is what is made
//! from it: a *spread*, if all distances from the start of an object are known, else
//! a constraint for the solver.

use enzyme_body::{Body, BodyId, Cast, Def, Inst, IntOp, Op, ValueId};

use super::Site;
use super::generate::Generator;
use super::index::{divisor, least, least_of_walk, never_negative};
use super::shape::gcd;
use super::store::At;

/// Up to so many periods a repeat may end; data is never told apart by its index.
const MOST_PERIODS: u64 = 64;
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
        let base = from.plus(*constant);
        let spread = self.spread(id, inst.operands[0]);
        let (to, own) = match variable_part(body, inst) {
            Some((least, own)) => (base.plus(least), own),
            None => (self.indexed(body, base, value, inst), Spread::default()),
        };
        self.repeat_within(to, spread.unwrap_or_default().and(own), 0);
        if spread.is_none() && (from != to || own.len > 0) {
            self.store.derive((from, to), Some(own.len + own.period.max(1)), own.period);
        }
        Some(to)
    }

    /// Bytes behind an address are accessed.
    pub(super) fn reaches(&mut self, id: BodyId, address: ValueId, len: Option<u64>) {
        let Some(at) = self.place(id, address) else { return };
        match (self.spread(id, address), len) {
            (Some(spread), Some(len)) => self.repeat_within(at, spread, len),
            (Some(spread), None) if spread.len > 0 => self.store.repeat(at, false, spread.period),
            (Some(_), None) => {}
            (None, len) => self.store.derive((at, at), len, 0),
        }
    }

    /// The `len` bytes (at least a period) from each place of a spread on repeat.
    fn repeat_within(&mut self, at: At, spread: Spread, len: u64) {
        if spread.len > 0 {
            let len = spread.len.saturating_add(len.max(spread.period));
            self.store.repeat_within(at, len, spread.period);
        }
    }

    /// Which places an address may be, from the least on, if it is known: the start of
    /// an object and distances that are.
    fn spread(&self, id: BodyId, mut value: ValueId) -> Option<Spread> {
        let body = &self.program.bodies[id];
        let mut all = Spread::default();
        loop {
            let inst = match &body.values[value].def {
                Def::Param(_) => return (id == BodyId::FIRST).then_some(all),
                Def::Constant(_) => return Some(all),
                Def::Inst(inst) => inst,
            };
            match &inst.op {
                Op::Offset { .. } => all = all.and(variable_part(body, inst)?.1),
                Op::Freeze => {}
                Op::Alloca { .. } => return Some(all),
                _ => return None,
            }
            value = inst.operands[0];
        }
    }

    /// An address with indices of which only their form is known.
    fn indexed(&mut self, body: &Body, base: At, value: ValueId, inst: &Inst) -> At {
        let Op::Offset { strides, .. } = &inst.op else { return base };
        let indices = &inst.operands[1..];
        let period = period(body, inst);
        if period == 0 {
            return base;
        }
        let users = body.values[value].uses.iter().filter_map(|&user| body.inst(user));
        let used_at: Vec<_> = users.map(|user| user.block).collect();
        let mut upward = true;
        let mut lowest = base;
        for (&index, &stride) in std::iter::zip(indices, strides) {
            upward &= stride >= 0 && never_negative(body, index);
            lowest = lowest.plus(least(body, index).saturating_mul(stride));
        }
        let walk = match (indices, &strides[..]) {
            (&[index], &[stride]) if stride > 0 => {
                least_of_walk(body, index, &used_at).map(|least| least.wrapping_mul(stride))
            }
            _ => None,
        };
        let lowest = match walk {
            Some(least) => base.plus(least),
            None if upward => lowest,
            None => base,
        };
        self.store.repeat(lowest, walk.is_none() && !upward, period);
        lowest
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

/// Places at distances from 0 to `len` from one, in steps of `period`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread {
    len: u64,
    period: u64,
}

impl Spread {
    /// All sums of a distance of the one and one of the other.
    fn and(self, other: Self) -> Self {
        Self { len: self.len.saturating_add(other.len), period: gcd(self.period, other.period) }
    }
}

/// The least value of the sum of an offset's indices and what it may be beyond, where
/// both its ends are known and not far apart.
pub(super) fn variable_part(body: &Body, inst: &Inst) -> Option<(i64, Spread)> {
    let Op::Offset { strides, reach, .. } = &inst.op else { return None };
    if strides.is_empty() {
        return Some((0, Spread::default()));
    }
    let period = period(body, inst);
    let (least, greatest) = (*reach)?;
    let len = greatest.abs_diff(least);
    (period > 0 && len / period < MOST_PERIODS).then_some((least, Spread { len, period }))
}

/// A number that divides the sum of an offset's indices; 0 if the sum is 0.
pub(super) fn period(body: &Body, inst: &Inst) -> u64 {
    let Op::Offset { strides, divisors, .. } = &inst.op else { return 0 };
    let indices = inst.operands[1..].iter().map(|&index| divisor(body, index));
    // Both what the form shows and what LLVM knows divide the index.
    let indices = indices.zip(divisors).map(|(own, &known)| match own {
        0 => 0,
        own => own / gcd(own, known) * known,
    });
    let terms =
        indices.zip(strides).map(|(index, stride)| index.wrapping_mul(stride.unsigned_abs()));
    terms.fold(0, gcd)
}
