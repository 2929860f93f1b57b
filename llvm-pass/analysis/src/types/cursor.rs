//! Addresses that only look at integers.
//!
//! *Computes*: groups of addresses through which integers are read, written and moved
//! and nothing else, though nothing says how far they reach or which of several objects
//! they lead to. *From*: the bodies alone, by the uses of addresses and words.
//!
//! Shapes and strides of arrays are such memory. Where they lie inside of a structure,
//! in front of addresses or floats, nothing in LLVM's code says where their part ends:
//! an index into them could reach whatever lies behind. A small one may lie in the
//! structure and a large one on the heap, and the address of its numbers is one or the
//! other. But the program reads integers there and counts with them, so it is not where
//! addresses and floats are (a premise of `types`). Such addresses make nothing repeat
//! and nothing one: together they are a *view* of the regions that they lead to.
//!
//! *Candidates* are addresses at an index or walk without known end, choices between
//! addresses, and all that is made from them, also by passing them to another body.
//! Where all that is done with a candidate and with what is made from it is done with
//! integers, it is a *cursor*. Cursors form a *group* if one is made from another or if
//! words are moved from one to the other.
//!
//! A *block* is an object that the program allocates as an array of such words. It is a
//! member of its group and of no region: its address may be stored, chosen and freed
//! like any other, but what follows that address elsewhere does not reach the block.
//! So a field that points to a block in one variant of an enum and to floats in another
//! does not make the two one.
//!
//! Two things are only known when `types` has solved, which solves again without groups
//! that fail (`doubt`).
//! * A group that writes or moves words in a region where floats were found, or of which
//!   the integers are moved or calculated to where floats are, or that takes what is
//!   calculated from floats' bits, is none, nor one that copies a piece with an address which
//!   leads to floats (the parts of a `Vec`): there the program may calculate with the bits
//!   of floats. To look at such bits has no derivative.
//! * Words are moved only in *arrays*: memory that is gone through word by word, of
//!   which some word is counted with. All others there are integers, too; elsewhere
//!   they may be a float's or an address. Where words are moved from an array or to it,
//!   there is another. Blocks are arrays.

use std::collections::HashSet;

use enzyme_body::{Body, BodyId, Call, Callee, Cast, Inst, Op, Program, Ty, ValueId};
use enzyme_protocol::ARENA_ALLOC;
use enzyme_rules::Known;

use super::Site;
use super::calls::{Meaning, known_call, meaning};
use super::content::Classes;
use super::doubt::Assumed;
use super::generate::is_header;
use super::limit::Limits;
use super::offset::{distances_to, is_open};
use super::stored::only_passed;
use super::words::{Source, Uses, live_users, reads_integer, writes_integer};

/// Words have up to so many bytes.
const WORD: u64 = 8;

/// The cursors of a program, in groups.
pub(super) struct Cursors {
    /// The group of each value.
    of: Vec<Vec<Option<usize>>>,
    blocks: HashSet<Site>,
    pub groups: Vec<Group>,
    /// Blocks and cursors of which the uses of their stored addresses must agree.
    pub stored: Vec<Site>,
}

/// Cursors that are made from one another, or that words are moved between.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub members: Vec<Site>,
    /// The other addresses that cursors are made from, and how far behind these the
    /// words begin.
    pub bases: Vec<(Site, i64)>,
    /// Pieces of known length that are copied from cursors or to them: the address that the
    /// cursor is made from, how far behind it the piece begins, and its bytes.
    pub pieces: Vec<(Site, i64, i64)>,
    /// Other addresses that words are copied from.
    pub copied_from: Vec<Site>,
    /// Other addresses that words are copied to.
    pub copied_to: Vec<Site>,
    /// Some members are blocks.
    pub blocks: bool,
    /// Addresses where what is read, or calculated from it, is stored.
    pub results: Vec<Site>,
    /// What is written through cursors and to blocks.
    pub values: Vec<Site>,
    /// Words are written through cursors, not only to blocks.
    pub writes: bool,
    /// Words are moved.
    pub moves: bool,
    /// Words are counted with.
    pub counts: bool,
    /// Memory is gone through word by word.
    pub steps: bool,
    /// What is done elsewhere with the address of a block shows that it is an array.
    pub shown: bool,
}

impl Cursors {
    /// Those of a program.
    pub fn new(program: &Program, assumed: &Assumed) -> Self {
        let mut search = Search::new(program, &assumed.limits);
        search.find_candidates();
        for (site, body) in sites(program) {
            let number = search.number(site);
            // Where bytes are told apart while the program runs, all accesses are.
            let possible = search.candidate[number] && assumed.mixed.is_empty();
            if possible && !assumed.wrong.contains(&site) {
                let fits = looks_at_integers(body, site.1, search.is_block(site));
                search.is[number] = fits != Fits::Not;
                search.stored[number] = match search.is_block(site) {
                    true => body.inst(site.1).is_some_and(allocates) && only_passed(body, site.1),
                    false => fits == Fits::Stored,
                };
            }
        }
        loop {
            search.spread_doubt();
            let cursors = search.groups();
            let vain = cursors.groups.iter().filter(|group| group.is_vain());
            let vain: Vec<Site> = vain.flat_map(|group| group.members.clone()).collect();
            if vain.is_empty() {
                return cursors;
            }
            for site in vain {
                let number = search.number(site);
                search.is[number] = false;
            }
        }
    }

    /// Whether a value is the address of a block.
    pub fn is_block(&self, site: Site) -> bool {
        self.blocks.contains(&site)
    }

    /// The group of a value that is a cursor.
    pub fn group(&self, (body, value): Site) -> Option<usize> {
        self.of[body.index()][value.index()]
    }
}

impl Group {
    /// Whether it has blocks and nothing can show that they are arrays.
    fn is_vain(&self) -> bool {
        let alone = self.starts().next().is_none();
        self.blocks && !self.is_array() && alone
    }

    /// Whether its own instructions, or the uses of stored addresses, show an array.
    pub fn is_array(&self) -> bool {
        self.shown || self.counts && self.steps
    }

    /// The other addresses at which words begin, and how far behind these.
    pub fn starts(&self) -> impl Iterator<Item = (Site, i64)> {
        let copies = self.copied_from.iter().chain(&self.copied_to);
        self.bases.iter().copied().chain(copies.map(|&site| (site, 0)))
    }
}

fn sites(program: &Program) -> impl Iterator<Item = (Site, &Body)> {
    let bodies = program.bodies.iter();
    bodies.flat_map(|(id, body)| body.values.ids().map(move |value| ((id, value), body)))
}

struct Search<'a> {
    program: &'a Program,
    /// Indices with an end that the program checks.
    limits: &'a Limits,
    /// Number of the first value of each body.
    first: Vec<usize>,
    /// From an address to what is made from it, and back.
    made: Vec<Vec<Site>>,
    from: Vec<Vec<Site>>,
    candidate: Vec<bool>,
    /// At an index or walk without known end.
    endless: Vec<bool>,
    is: Vec<bool>,
    /// New objects, and choices between them.
    block: Vec<bool>,
    /// What is done with stored addresses where they are loaded must agree.
    stored: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(program: &'a Program, limits: &'a Limits) -> Self {
        let mut first = Vec::new();
        let mut count = 0;
        for (_, body) in program.bodies.iter() {
            first.push(count);
            count += body.values.len();
        }
        let (made, from) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let [candidate, endless, is, block, stored] = [(); 5].map(|()| vec![false; count]);
        let mut search =
            Self { program, limits, first, made, from, candidate, endless, is, block, stored };
        for (id, body) in program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                search.links((id, value), body, inst);
                let number = search.number((id, value));
                search.block[number] = allocates(inst);
            }
        }
        search.find_made_blocks();
        search
    }

    /// A block that grows or shrinks is another; so is a choice between blocks.
    fn find_made_blocks(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for (id, body) in self.program.bodies.iter() {
                for (value, inst) in body.live_insts() {
                    let number = self.number((id, value));
                    if self.block[number] || !(chooses(inst) || reallocated(inst).is_some()) {
                        continue;
                    }
                    let from = &self.from[number];
                    let block =
                        |site: &Site| self.is_block(*site) || body.constant(site.1).is_some();
                    if from.iter().all(block) && from.iter().any(|site| self.is_block(*site)) {
                        (self.block[number], changed) = (true, true);
                    }
                }
            }
        }
    }

    fn number(&self, (body, value): Site) -> usize {
        self.first[body.index()] + value.index()
    }

    fn body(&self, id: BodyId) -> &'a Body {
        &self.program.bodies[id]
    }

    /// Which addresses an instruction makes from which.
    fn links(&mut self, site: Site, body: &Body, inst: &Inst) {
        for operand in made_from(body, site.1, inst) {
            self.link((site.0, operand), site);
        }
        let (Op::Call(call) | Op::Invoke(call)) = &inst.op else { return };
        let Callee::Body(callee) = call.callee else { return };
        let address = |&value: &ValueId| body.values[value].ty == Ty::Ptr;
        let target = self.body(callee);
        for (argument, &param) in std::iter::zip(&inst.operands, &target.params) {
            if address(argument) {
                self.link((site.0, *argument), (callee, param));
            }
        }
        if let Some(result) = target.returned().filter(|_| address(&site.1)) {
            self.link((callee, result), site);
        }
    }

    fn link(&mut self, from: Site, to: Site) {
        let (a, b) = (self.number(from), self.number(to));
        self.made[a].push(to);
        self.from[b].push(from);
    }

    fn find_candidates(&mut self) {
        self.candidate = self.made_of(is_loose);
        self.endless = self.made_of(is_endless);
    }

    /// All that is made of addresses that pass a test.
    fn made_of(&self, test: fn(&Body, ValueId, &Inst) -> bool) -> Vec<bool> {
        let mut found = vec![false; self.is.len()];
        let mut stack: Vec<Site> = Vec::new();
        for (id, body) in self.program.bodies.iter() {
            let limited = |value| self.limits.has((id, value));
            let passing = body.live_insts();
            let passing =
                passing.filter(|&(value, inst)| !limited(value) && test(body, value, inst));
            stack.extend(passing.map(|(value, _)| (id, value)));
        }
        while let Some(site) = stack.pop() {
            let number = self.number(site);
            if !std::mem::replace(&mut found[number], true) {
                stack.extend(&self.made[number]);
            }
        }
        found
    }

    /// What a candidate that is no cursor is made from is none: it needs a place. And
    /// where an address repeats, so does what is at a distance from it.
    fn spread_doubt(&mut self) {
        let doubtful = sites(self.program).map(|(site, _)| site).filter(|&site| {
            let number = self.number(site);
            self.candidate[number] && !self.is[number]
        });
        let mut stack: Vec<Site> = doubtful.collect();
        while let Some(site) = stack.pop() {
            let number = self.number(site);
            // The address of a block may be one of those chosen from.
            let chosen = self.body(site.0).inst(site.1).is_some_and(chooses);
            let from = self.from[number].iter().filter(|from| !(chosen && self.is_block(**from)));
            let made = self.made[number].iter().filter(|made| {
                let choice = self.body(made.0).inst(made.1).is_some_and(chooses);
                // A choice between blocks is one if they are.
                let block = choice && self.is_block(**made) && self.is_block(site);
                self.endless[number] && !choice || block
            });
            for near in from.chain(made).copied().collect::<Vec<_>>() {
                let other = self.number(near);
                if std::mem::replace(&mut self.is[other], false) {
                    stack.push(near);
                }
            }
        }
    }

    /// All cursors, those that are linked or move words to one another in one group.
    fn groups(&self) -> Cursors {
        let mut classes = Classes::default();
        self.is.iter().for_each(|_| {
            classes.push();
        });
        let mut groups: Vec<Option<Group>> = Vec::new();
        groups.resize_with(self.is.len(), || None);
        let cursors = || sites(self.program).filter(|(site, _)| self.is[self.number(*site)]);
        for (site, body) in cursors() {
            let linked = self.made[self.number(site)].iter().copied();
            let near = linked.chain(moved_to(body, site));
            for other in near.filter(|&other| self.is[self.number(other)]) {
                let [a, b] = [site, other].map(|site| {
                    classes.root(u32::try_from(self.number(site)).expect("fewer than 2^32 values"))
                });
                if a != b {
                    classes.join(a, b);
                }
            }
        }
        for (site, body) in cursors() {
            let root = classes.root(u32::try_from(self.number(site)).expect("checked above"));
            self.describe(site, body, groups[root].get_or_insert_default());
        }
        let groups: Vec<Group> = groups.into_iter().flatten().collect();
        let bodies = self.program.bodies.iter();
        let mut of: Vec<_> = bodies.map(|(_, body)| vec![None; body.values.len()]).collect();
        for (number, group) in groups.iter().enumerate() {
            for (body, value) in &group.members {
                of[body.index()][value.index()] = Some(number);
            }
        }
        let blocks = cursors().map(|(site, _)| site).filter(|&site| self.is_block(site)).collect();
        let stored = cursors().map(|(site, _)| site).filter(|&s| self.stored[self.number(s)]);
        let stored = stored.collect();
        Cursors { of, blocks, groups, stored }
    }

    fn is_block(&self, site: Site) -> bool {
        self.block[self.number(site)]
    }

    /// Adds a cursor to its group.
    fn describe(&self, site: Site, body: &Body, group: &mut Group) {
        let outside = |other: &Site| !self.is[self.number(*other)];
        group.members.push(site);
        group.blocks |= self.is_block(site);
        group.shown |= self.is_block(site) && self.stored[self.number(site)];
        group.steps |= steps_by_words(body, site.1);
        let ahead = match body.inst(site.1).map(|inst| &inst.op) {
            Some(Op::Offset { constant, .. }) => *constant,
            _ => 0,
        };
        let from = self.from[self.number(site)].iter().copied().filter(outside);
        let bases: Vec<_> = from.map(|base| (base, ahead)).collect();
        group.bases.extend(&bases);
        for (user, inst) in live_users(body, site.1) {
            match &inst.op {
                Op::Copy(_) => {
                    group.moves = true;
                    let len = body.int(inst.operands[2]);
                    let pieces = bases.iter().map(|&(base, ahead)| Some((base, ahead, len?)));
                    group.pieces.extend(pieces.flatten());
                    let [to, from] = [0, 1].map(|i| (site.0, inst.operands[i]));
                    group.writes |= to == site && !self.is_block(site);
                    group.copied_to.extend(Some(to).filter(outside));
                    group.copied_from.extend(Some(from).filter(outside));
                }
                Op::Load(_) => {
                    let uses = Uses::of(body, user);
                    group.moves |= !uses.stored.is_empty();
                    group.counts |= uses.counted;
                    group.results.extend(uses.results.into_iter().map(|to| (site.0, to)));
                }
                Op::Store(_) if inst.operands[1] != site.1 => {}
                Op::Store(_) => {
                    group.values.push((site.0, inst.operands[0]));
                    group.writes |= !self.is_block(site);
                    let source = Source::of(body, inst.operands[0]);
                    group.moves |= source == Source::Elsewhere;
                    group.counts |= source == Source::Counting;
                }
                Op::Fill => group.writes |= !self.is_block(site),
                Op::Call(call) if states_words(call) => {
                    group.counts = true;
                    group.steps = true;
                }
                _ => {}
            }
        }
    }
}

/// Whether a call states that there is an array of integers.
pub(super) fn states_words(call: &Call) -> bool {
    let Callee::Symbol(symbol) = &call.callee else { return false };
    matches!(meaning(symbol), Meaning::Words)
}

/// What is done at an address, and with it but to make others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fits {
    /// Integers are read, written, moved and compared.
    Only,
    /// That, and the address is stored.
    Stored,
    /// Something else.
    Not,
}

fn looks_at_integers(body: &Body, address: ValueId, block: bool) -> Fits {
    let mut fits = Fits::Only;
    for (user, inst) in live_users(body, address) {
        let fit = match &inst.op {
            Op::IntCompare => true,
            Op::Store(_) if inst.operands[0] == address => {
                fits = Fits::Stored;
                inst.operands[1] != address
            }
            Op::Load(_) => reads_integer(body, user),
            Op::Store(_) => writes_integer(body, inst),
            Op::Copy(_) => true,
            Op::Fill => inst.operands[0] == address,
            Op::Cast(Cast::AddressToInt) => Uses::of(body, user).only_looked_at(),
            Op::Call(call) | Op::Invoke(call) => match &call.callee {
                Callee::Symbol(symbol) => match meaning(symbol) {
                    Meaning::Known(Known::Inactive { writes: false }) | Meaning::Words => true,
                    Meaning::Known(Known::Free { .. } | Known::Reallocate { .. }) => block,
                    _ => false,
                },
                // What the body does with it, links tell.
                Callee::Body(_) => true,
                _ => false,
            },
            // What callers do with it, links tell.
            Op::Return => true,
            _ => made_from(body, user, inst).contains(&address),
        };
        if !fit {
            return Fits::Not;
        }
    }
    fits
}

/// Whether an address may be one of several objects, or anywhere from a place on.
fn is_loose(body: &Body, value: ValueId, inst: &Inst) -> bool {
    let address = body.values[value].ty == Ty::Ptr;
    match inst.op {
        Op::Phi(_) => address && inst.operands.len() > 1,
        Op::Select => address,
        _ => is_endless(body, value, inst) || allocates(inst),
    }
}

/// Whether an address may be anywhere from a place on.
fn is_endless(body: &Body, value: ValueId, inst: &Inst) -> bool {
    match inst.op {
        Op::Offset { .. } => is_open(body, inst),
        Op::Phi(_) => body.values[value].ty == Ty::Ptr && is_header(inst),
        _ => false,
    }
}

/// The object that an instruction makes larger or smaller.
fn reallocated(inst: &Inst) -> Option<ValueId> {
    match known_call(inst)? {
        Known::Reallocate { pointer, .. } => Some(inst.operands[usize::from(pointer)]),
        _ => None,
    }
}

/// Whether an instruction is one of several addresses.
pub(super) fn chooses(inst: &Inst) -> bool {
    matches!(inst.op, Op::Phi(_) | Op::Select | Op::Freeze)
}

/// Whether an instruction returns the address of a new object.
pub(super) fn allocates(inst: &Inst) -> bool {
    matches!(known_call(inst), Some(Known::Allocate { .. })) && !is_arena(inst)
}

/// Whether an instruction asks for memory of the outputs, which holds floats.
fn is_arena(inst: &Inst) -> bool {
    let Op::Call(call) = &inst.op else { return false };
    matches!(&call.callee, Callee::Symbol(symbol) if symbol == ARENA_ALLOC)
}

/// The addresses that an instruction makes another of.
fn made_from(body: &Body, value: ValueId, inst: &Inst) -> Vec<ValueId> {
    let operands = match inst.op {
        Op::Phi(_) | Op::Freeze => &inst.operands[..],
        Op::Offset { .. } => {
            let others = distances_to(body, inst);
            return others.into_iter().chain([inst.operands[0]]).collect();
        }
        Op::Select => &inst.operands[1..],
        _ => return reallocated(inst).into_iter().collect(),
    };
    if body.values[value].ty == Ty::Ptr { operands.to_vec() } else { vec![] }
}

/// The addresses to which words are moved through a cursor.
fn moved_to(body: &Body, (id, cursor): Site) -> Vec<Site> {
    let mut found = Vec::new();
    for (user, inst) in live_users(body, cursor) {
        match &inst.op {
            Op::Load(_) => found.extend(Uses::of(body, user).stored),
            Op::Copy(_) => found.extend(&inst.operands[..2]),
            _ => {}
        }
    }
    found.into_iter().map(|value| (id, value)).collect()
}

/// Whether an address goes through memory word by word.
fn steps_by_words(body: &Body, cursor: ValueId) -> bool {
    let Some(inst) = body.inst(cursor) else { return false };
    match &inst.op {
        Op::Offset { strides, .. } if is_open(body, inst) => {
            super::offset::period(body, inst) <= WORD && !strides.is_empty()
        }
        Op::Phi(_) if is_header(inst) => inst.operands.iter().any(|&operand| {
            let step = body.inst(operand).filter(|step| step.operands.first() == Some(&cursor));
            matches!(step.map(|step| &step.op), Some(Op::Offset { constant, strides, .. })
                if strides.is_empty() && constant.unsigned_abs() <= WORD)
        }),
        _ => false,
    }
}
