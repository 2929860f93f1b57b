//! Separate memory: which accesses never touch the same bytes.
//!
//! Computed from the types' regions. Two regions are two sets of objects that no address
//! leads to both of, so what goes to the one is not what goes to the other. That holds
//! between an object that the function makes, wherever it lies, and all others. Of two that
//! others have made nothing is said: the caller may pass one as two, by raw pointers in Rust
//! as well; where Rust's references exclude that, LLVM knows it already.
//!
//! Each object has a shadow of its own, as separate as the objects are. A shadow is no
//! primal, unless some shadow may be the primal itself (run-time activity, memory behind
//! global variables): then nothing is said of shadows beside primals at all. Where arguments
//! may overlap ([`Premises::overlapping`]) the memory of one may also be the shadow of
//! another one; of the same one it may not.
//!
//! Regions where little is gained (those accessed outside of the innermost loops, if there
//! are many) are left out: what is said has a list of all others at each access. Views of
//! several regions are in all of these; with blocks of integers, which are in no region,
//! nothing is said. Nor is it where floats and integers are told apart while the program
//! runs: that rests on other premises.
//!
//! Not done: two fields of one object, two elements of one array.

use std::collections::{BTreeMap, HashMap};

use enzyme_body::{Body, BodyId, IdVec, Inst, Op, Program, ValueId};

use crate::activity::Activity;
use crate::effects::Premises;
use crate::types::{Loc, Origin, Region, RegionId, Types};

/// The most regions that are told apart.
const MOST: usize = 24;

/// A region that is told apart from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(usize);

impl Part {
    /// Its number, from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

/// An object itself, or its shadow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The object.
    Primal,
    /// Its shadow.
    Shadow,
}

/// How a region lies beside others.
#[derive(Clone, Copy, Debug)]
struct Nature {
    /// Others made its objects, or may know where they are.
    outside: bool,
    /// Its shadow may be anything else that is outside.
    anywhere: bool,
}

/// Which accesses never touch the same bytes.
#[derive(Debug)]
pub struct Separate {
    parts: Vec<Nature>,
    addresses: IdVec<BodyId, HashMap<ValueId, Vec<Part>>>,
    overlapping: bool,
    /// Some shadow may be a primal.
    guarded: bool,
}

impl Separate {
    /// Looks at all accesses of all bodies.
    pub fn new(program: &Program, types: &Types, activity: &Activity, premises: Premises) -> Self {
        let numbers = numbers(program, types);
        let mut parts: Vec<_> = numbers.iter().map(|(&id, &part)| (part, id)).collect();
        parts.sort_unstable();
        let parts = parts.into_iter().map(|(_, id)| nature(types.region(id))).collect();
        let of = |id: BodyId, body: &Body| {
            let addresses = addresses(body).filter_map(|(address, _)| {
                let regions = regions(types, types.loc(id, address)?)?;
                let parts = regions.iter().map(|region| numbers.get(region).copied());
                let mut parts = parts.collect::<Option<Vec<_>>>()?;
                parts.sort_unstable();
                Some((address, parts))
            });
            addresses.collect()
        };
        Self {
            parts,
            addresses: program.bodies.iter().map(|(id, body)| of(id, body)).collect(),
            overlapping: premises.overlapping,
            guarded: types.regions().ids().any(|region| activity.guarded(region)),
        }
    }

    /// All parts.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        (0..self.parts.len()).map(Part)
    }

    /// The parts that an address may lead to; none if nothing is said of it.
    pub fn at(&self, body: BodyId, address: ValueId) -> Option<&[Part]> {
        self.addresses[body].get(&address).map(Vec::as_slice)
    }

    /// Whether accesses to these never touch the same bytes.
    pub fn apart(&self, (a, a_side): (Part, Side), (b, b_side): (Part, Side)) -> bool {
        let (first, second) = (self.parts[a.0], self.parts[b.0]);
        let both_outside = first.outside && second.outside;
        let anywhere = both_outside && (first.anywhere || second.anywhere);
        match (a_side == b_side, a == b) {
            (true, same) => !same && !both_outside,
            (false, true) => !self.guarded && !anywhere,
            (false, false) => !(self.guarded || anywhere || both_outside && self.overlapping),
        }
    }
}

/// The addresses that an instruction accesses: a load, store, copy or fill.
pub fn accessed(inst: &Inst) -> &[ValueId] {
    match &inst.op {
        Op::Load(_) | Op::Fill => &inst.operands[..1],
        Op::Store(_) => &inst.operands[1..2],
        Op::Copy(_) => &inst.operands[..2],
        _ => &[],
    }
}

/// The addresses that a body accesses, with the depth of the loops around.
fn addresses(body: &Body) -> impl Iterator<Item = (ValueId, u32)> {
    body.live_insts().flat_map(move |(value, inst)| {
        let depth = body.loop_of(value).map_or(0, |lp| body.loops[lp].depth);
        accessed(inst).iter().map(move |&address| (address, depth))
    })
}

/// The regions of a place; none if it may be outside of all regions.
fn regions(types: &Types, loc: Loc) -> Option<Vec<RegionId>> {
    let regions = types.regions_at(loc);
    let known = !regions.is_empty() && !types.region(loc.region).blocks;
    known.then_some(regions)
}

/// The regions that are told apart: those in the deepest loops first.
fn numbers(program: &Program, types: &Types) -> BTreeMap<RegionId, Part> {
    let mut depths: BTreeMap<RegionId, u32> = BTreeMap::new();
    if types.is_dynamic() {
        return BTreeMap::new();
    }
    for (id, body) in program.bodies.iter() {
        for (address, depth) in addresses(body) {
            let found = types.loc(id, address).and_then(|loc| regions(types, loc));
            for region in found.into_iter().flatten() {
                let deepest = depths.entry(region).or_default();
                *deepest = depth.max(*deepest);
            }
        }
    }
    let mut order: Vec<_> = depths.into_iter().collect();
    order.sort_by_key(|&(region, depth)| (std::cmp::Reverse(depth), region));
    let taken = order.into_iter().take(MOST).enumerate();
    taken.map(|(number, (region, _))| (region, Part(number))).collect()
}

fn nature(region: &Region) -> Nature {
    let any = |which: fn(&Origin) -> bool| region.origins.iter().any(which);
    let unknown = any(Origin::is_anywhere);
    let global = any(|origin| matches!(origin, Origin::Global(..)));
    let anywhere = unknown || global || region.escapes;
    Nature { outside: anywhere || region.external || region.origins.is_empty(), anywhere }
}
