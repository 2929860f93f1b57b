//! Effects: which loads may be repeated in the reverse sweep.
//!
//! A load may be repeated if the memory that it read still holds the same bytes
//! when the reverse sweep runs: after the whole forward sweep. The reverse sweep
//! itself writes no primal memory, and memory that the program frees is kept
//! until the sweep is over, so only writes that run *after the load* matter.
//!
//! Two questions, the cheap one first:
//!
//! 1. Does any instruction write a cell that the load reads? (by regions; no
//!    order of execution; where parameters may lead to one memory, as C's pointers may,
//!    all regions that are reachable from outside count as one.) If none does, the load may
//!    be repeated.
//! 2. Otherwise, for each such writer that may run after the load: may it write
//!    that address? (LLVM's alias analysis.)
//!
//! Memory that other threads or callers may write between the sweeps is not read again:
//! mutable global variables and what they lead to, if the function synchronises with
//! others or its sweeps are calls of their own; and what can be reached from where it
//! works with atomic accesses, as from a lock.
//!
//! Cost: one pass for the writers; (2) is asked only for loads of written cells
//! and only for writers of those cells. Not done: proofs that a loop's later
//! iterations write elsewhere; anything about the order of activations: in a
//! function that is called, (2) is not asked, and a written cell stays written.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use enzyme_body::{BlockId, Body, BodyId, Callee, IdVec, Op, Program, ValueId};
use enzyme_rules::{Known, known};

use crate::activity::is_atomic;
use crate::bits::Bits;
use crate::types::{CellId, Kind, Loc, Offset, RegionId, Types, call_kind};

/// What LLVM's alias analysis says.
pub trait Aliases {
    /// Whether executing `writer` may write what `load` reads.
    fn may_write(&self, writer: ValueId, load: ValueId) -> bool;
}

/// Which loads may be repeated in the reverse sweep.
#[derive(Debug)]
pub struct Effects {
    repeatable: IdVec<BodyId, HashSet<ValueId>>,
}

impl Effects {
    /// Whether the load may be repeated in the reverse sweep.
    pub fn repeatable(&self, body: BodyId, load: ValueId) -> bool {
        self.repeatable[body].contains(&load)
    }
}

/// What the request says of memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Premises {
    /// Regions that are reachable from outside may be one memory.
    pub overlapping: bool,
    /// The caller runs code of its own between the sweeps.
    pub split: bool,
}

/// Computes the effects of all bodies.
pub fn effects(
    program: &Program,
    types: &Types,
    aliases: &dyn Aliases,
    premises: Premises,
) -> Effects {
    let mut writers = Writers::new(program, types);
    if !premises.overlapping {
        writers.outside.clear();
    }
    let shared = shared(program, types, premises.split);
    let repeatable = program
        .bodies
        .iter()
        .map(|(id, body)| {
            let order = Order::new(body);
            let loads = body.live_insts().filter(|(_, inst)| plain_load(&inst.op));
            loads
                .map(|(load, _)| load)
                .filter(|&load| {
                    let Some(loc) = types.loc(id, body.inst(load).expect("a load").operands[0])
                    else {
                        return false;
                    };
                    if types.regions_at(loc).iter().any(|region| shared.has(region.index())) {
                        return false;
                    }
                    let size = body.values[load].ty.size();
                    let writers_of = writers.of(types, loc, size);
                    !writers.everywhere
                        && writers_of.into_iter().all(|(other, writer)| {
                            // Other activations of a called function run in any order.
                            let ordered = other == id && id == BodyId::FIRST;
                            ordered
                                && !(order.may_follow(load, writer)
                                    && aliases.may_write(writer, load))
                        })
                })
                .collect()
        })
        .collect();
    Effects { repeatable }
}

/// The regions that are written while the function does not look.
fn shared(program: &Program, types: &Types, split: bool) -> Bits {
    let mut start = HashSet::new();
    let mut synchronises = split;
    for (id, body) in program.bodies.iter() {
        for (_, inst) in body.live_insts() {
            let address = match &inst.op {
                Op::Load(access) if access.atomic => Some(inst.operands[0]),
                Op::Store(access) if access.atomic => Some(inst.operands[1]),
                Op::Other(name) if is_atomic(name) => inst.operands.first().copied(),
                Op::Other(name) => {
                    synchronises |= name == "fence";
                    continue;
                }
                Op::Call(call) | Op::Invoke(call) => {
                    synchronises |= matches!(&call.callee, Callee::Symbol(name) if locks(name));
                    continue;
                }
                _ => continue,
            };
            let loc = address.and_then(|address| types.loc(id, address));
            let regions = loc.into_iter().flat_map(|loc| types.regions_at(loc));
            start.extend(regions.filter(|&region| types.region(region).external));
        }
    }
    if synchronises || !start.is_empty() {
        start.extend(types.mutable_globals());
    }
    types.reachable(start)
}

/// Whether a function of C takes a lock.
fn locks(symbol: &str) -> bool {
    ["pthread_", "mtx_", "sem_"].iter().any(|prefix| symbol.starts_with(prefix))
}

fn plain_load(op: &Op) -> bool {
    matches!(op, Op::Load(access) if !access.volatile && !access.atomic)
}

/// Who writes which cell.
struct Writers {
    cells: HashMap<CellId, Vec<(BodyId, ValueId)>>,
    /// Who writes anything in a region, and who of these writes some integers there.
    regions: HashMap<RegionId, Vec<(BodyId, ValueId)>>,
    integers: HashMap<RegionId, Vec<(BodyId, ValueId)>>,
    /// Who writes to a region that is reachable from outside.
    outside: Vec<(BodyId, ValueId)>,
    /// A call may write anything.
    everywhere: bool,
}

impl Writers {
    fn new(program: &Program, types: &Types) -> Self {
        let mut writers = Self {
            cells: HashMap::new(),
            regions: HashMap::new(),
            integers: HashMap::new(),
            outside: Vec::new(),
            everywhere: false,
        };
        for (id, body) in program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let (address, len) = match &inst.op {
                    Op::Store(_) => {
                        (inst.operands[1], Some(body.values[inst.operands[0]].ty.size()))
                    }
                    Op::Copy(_) | Op::Fill => (
                        inst.operands[0],
                        body.int(inst.operands[2]).and_then(|n| u64::try_from(n).ok()),
                    ),
                    Op::Call(call) | Op::Invoke(call) if call.effects.writes => {
                        if let Some(Known::Inactive { writes: true }) = call_kind(call) {
                            writers.note_inactive(types, (id, value), &inst.operands);
                        }
                        let harmless = match &call.callee {
                            Callee::Symbol(name) => is_harmless(name),
                            Callee::Body(_) => true,
                            _ => false,
                        };
                        writers.everywhere |= !harmless;
                        continue;
                    }
                    // An atomic exchange; what its other operands lead to stays.
                    Op::Other(_) => match inst.operands[..] {
                        [address, value, ..] => (address, Some(body.values[value].ty.size())),
                        [address] => (address, None),
                        [] => continue,
                    },
                    _ => continue,
                };
                let Some(loc) = types.loc(id, address) else { continue };
                for region in types.regions_at(loc) {
                    if types.region(region).external {
                        writers.outside.push((id, value));
                    }
                    writers.regions.entry(region).or_default().push((id, value));
                    if loc.offset == Offset::Integers {
                        writers.integers.entry(region).or_default().push((id, value));
                    }
                }
                if loc.offset == Offset::Integers {
                    continue;
                }
                for cell in types.cells_at(loc, len) {
                    writers.cells.entry(cell).or_default().push((id, value));
                }
            }
        }
        writers
    }

    /// An inactive function writes what its arguments reach, but no floats.
    fn note_inactive(&mut self, types: &Types, writer: (BodyId, ValueId), arguments: &[ValueId]) {
        let direct = arguments.iter().flat_map(|&a| types.pointees(writer.0, a));
        let direct = direct.flat_map(|p| types.regions_at(p.1));
        for region in types.reached(direct) {
            self.regions.entry(region).or_default().push(writer);
            let cells = types.region(region).cells.iter();
            for &cell in cells.filter(|c| !matches!(types.cell(**c).kind, Kind::Float(_))) {
                self.cells.entry(cell).or_default().push(writer);
            }
        }
    }

    /// Who may write `size` bytes at a place.
    fn of(&self, types: &Types, loc: Loc, size: u64) -> Vec<(BodyId, ValueId)> {
        let all = |list: Option<&Vec<_>>| list.cloned().unwrap_or_default();
        let regions = types.regions_at(loc);
        let outside = match regions.iter().any(|r| types.region(*r).external) {
            true => self.outside.clone(),
            false => Vec::new(),
        };
        if loc.offset == Offset::Integers {
            let writers = regions.into_iter().flat_map(|region| all(self.regions.get(&region)));
            return writers.chain(outside).collect();
        }
        let cells = types.cells_at(loc, Some(size)).into_iter();
        let exact = cells.flat_map(|cell| all(self.cells.get(&cell)));
        exact.chain(all(self.integers.get(&loc.region))).chain(outside).collect()
    }
}

/// Functions that write no memory which a differentiated load reads.
fn is_harmless(symbol: &str) -> bool {
    matches!(
        known(symbol),
        Some(
            Known::Allocate { .. }
                | Known::Free { .. }
                | Known::Inactive { .. }
                | Known::Identity { .. }
        )
    ) || enzyme_rules::for_function(symbol).is_some()
        || crate::types::is_marker(symbol)
}

/// Which blocks can run after which; answered once per block.
struct Order<'a> {
    body: &'a Body,
    after: RefCell<HashMap<BlockId, HashSet<BlockId>>>,
}

impl<'a> Order<'a> {
    fn new(body: &'a Body) -> Self {
        Self { body, after: RefCell::default() }
    }

    fn reaches(&self, from: BlockId, to: BlockId) -> bool {
        let mut after = self.after.borrow_mut();
        let known = after.entry(from).or_insert_with(|| {
            let mut seen = HashSet::new();
            let mut pending = self.body.blocks[from].succs.clone();
            while let Some(block) = pending.pop() {
                if !self.body.blocks[block].no_reverse && seen.insert(block) {
                    pending.extend(&self.body.blocks[block].succs);
                }
            }
            seen
        });
        known.contains(&to)
    }

    /// Whether `second` may run after `first`.
    fn may_follow(&self, first: ValueId, second: ValueId) -> bool {
        let block = |v: ValueId| self.body.inst(v).expect("an instruction").block;
        let (from, to) = (block(first), block(second));
        if self.reaches(from, to) {
            return true;
        }
        let position =
            |v: ValueId| self.body.blocks[from].insts.iter().position(|&other| other == v);
        from == to && position(second) > position(first)
    }
}
