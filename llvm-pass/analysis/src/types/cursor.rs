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
//! Two things are only known when `types` has solved, which solves again without groups
//! that fail (`doubt`).
//! * A group that leads into a region where floats were found, or of which the integers
//!   are moved or calculated to where floats are, is none: there the program may
//!   calculate with the bits of floats.
//! * Words are moved only in *arrays*: memory that is gone through word by word, of
//!   which some word is counted with. All others there are integers, too; elsewhere
//!   they may be a float's or an address. Where words are moved from an array or to it,
//!   there is another.

use std::collections::HashSet;

use enzyme_body::{Body, BodyId, Call, Callee, Cast, Inst, Op, Program, Ty, ValueId};
use enzyme_rules::Known;

use super::Site;
use super::calls::{Meaning, meaning};
use super::content::Classes;
use super::generate::is_header;
use super::offset::{distance_to, variable_part};
use super::words::{Source, Uses, is_integer, live_users};

/// Words have up to so many bytes.
const WORD: u64 = 8;

/// The cursors of a program, in groups.
pub(super) struct Cursors {
    /// The group of each value.
    of: Vec<Vec<Option<usize>>>,
    pub groups: Vec<Group>,
}

/// Cursors that are made from one another, or that words are moved between.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub members: Vec<Site>,
    /// The other addresses that cursors are made from, or that words are copied from or
    /// to, and how far behind these the words begin.
    pub bases: Vec<(Site, i64)>,
    /// Addresses where what is read, or calculated from it, is stored.
    pub results: Vec<Site>,
    /// Words are moved.
    pub moves: bool,
    /// Words are counted with.
    pub counts: bool,
    /// Memory is gone through word by word.
    pub steps: bool,
}

impl Cursors {
    /// Those of a program; `wrong` are none.
    pub fn new(program: &Program, wrong: &HashSet<Site>) -> Self {
        let mut search = Search::new(program);
        search.find_candidates();
        search.is = search.candidate.clone();
        for (site, body) in sites(program) {
            let number = search.number(site);
            if search.is[number] {
                let fit = !wrong.contains(&site) && looks_at_integers(body, site.1);
                search.is[number] = fit;
            }
        }
        search.spread_doubt();
        search.groups()
    }

    /// The group of a value that is a cursor.
    pub fn group(&self, (body, value): Site) -> Option<usize> {
        self.of[body.index()][value.index()]
    }
}

fn sites(program: &Program) -> impl Iterator<Item = (Site, &Body)> {
    let bodies = program.bodies.iter();
    bodies.flat_map(|(id, body)| body.values.ids().map(move |value| ((id, value), body)))
}

struct Search<'a> {
    program: &'a Program,
    /// Number of the first value of each body.
    first: Vec<usize>,
    /// From an address to what is made from it, and back.
    made: Vec<Vec<Site>>,
    from: Vec<Vec<Site>>,
    candidate: Vec<bool>,
    is: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(program: &'a Program) -> Self {
        let mut first = Vec::new();
        let mut count = 0;
        for (_, body) in program.bodies.iter() {
            first.push(count);
            count += body.values.len();
        }
        let (made, from) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let [candidate, is] = [(); 2].map(|()| vec![false; count]);
        let mut search = Self { program, first, made, from, candidate, is };
        for (id, body) in program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                search.links((id, value), body, inst);
            }
        }
        search
    }

    fn number(&self, (body, value): Site) -> usize {
        self.first[body.index()] + value.index()
    }

    fn body(&self, id: BodyId) -> &'a Body {
        &self.program.bodies[id]
    }

    /// Which addresses an instruction makes from which.
    fn links(&mut self, site: Site, body: &Body, inst: &Inst) {
        let address = |&value: &ValueId| body.values[value].ty == Ty::Ptr;
        match &inst.op {
            Op::Call(call) | Op::Invoke(call) => {
                let Callee::Body(callee) = call.callee else { return };
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
            _ => {
                for operand in made_from(body, site.1, inst) {
                    self.link((site.0, operand), site);
                }
            }
        }
    }

    fn link(&mut self, from: Site, to: Site) {
        let (a, b) = (self.number(from), self.number(to));
        self.made[a].push(to);
        self.from[b].push(from);
    }

    fn find_candidates(&mut self) {
        let mut stack: Vec<Site> = Vec::new();
        for (id, body) in self.program.bodies.iter() {
            let loose = body.live_insts().filter(|&(value, inst)| is_loose(body, value, inst));
            stack.extend(loose.map(|(value, _)| (id, value)));
        }
        while let Some(site) = stack.pop() {
            let number = self.number(site);
            if !std::mem::replace(&mut self.candidate[number], true) {
                stack.extend(&self.made[number]);
            }
        }
    }

    /// What a candidate that is no cursor is made from is none: it needs a place.
    fn spread_doubt(&mut self) {
        let doubtful = sites(self.program).map(|(site, _)| site).filter(|&site| {
            let number = self.number(site);
            self.candidate[number] && !self.is[number]
        });
        let mut stack: Vec<Site> = doubtful.collect();
        while let Some(site) = stack.pop() {
            let number = self.number(site);
            for &from in &self.from[number] {
                let other = self.number(from);
                if std::mem::replace(&mut self.is[other], false) {
                    stack.push(from);
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
        Cursors { of, groups }
    }

    /// Adds a cursor to its group.
    fn describe(&self, site: Site, body: &Body, group: &mut Group) {
        let outside = |other: &Site| !self.is[self.number(*other)];
        group.members.push(site);
        group.steps |= steps_by_words(body, site.1);
        let ahead = match body.inst(site.1).map(|inst| &inst.op) {
            Some(Op::Offset { constant, .. }) => *constant,
            _ => 0,
        };
        let from = self.from[self.number(site)].iter().copied().filter(outside);
        group.bases.extend(from.map(|base| (base, ahead)));
        for (user, inst) in live_users(body, site.1) {
            match &inst.op {
                Op::Copy(_) => {
                    group.moves = true;
                    let ends = inst.operands[..2].iter().map(|&end| (site.0, end));
                    group.bases.extend(ends.filter(outside).map(|end| (end, 0)));
                }
                Op::Load(_) => {
                    let uses = Uses::of(body, user);
                    group.moves |= !uses.stored.is_empty();
                    group.counts |= uses.counted;
                    group.results.extend(uses.results.into_iter().map(|to| (site.0, to)));
                }
                Op::Store(_) => match Source::of(body, inst.operands[0]) {
                    Source::Elsewhere => group.moves = true,
                    Source::Counting => group.counts = true,
                    Source::Constant | Source::Strange => {}
                },
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

/// Whether all that is done at an address, and with it but to make others, is to
/// read, write, move and compare as with integers.
fn looks_at_integers(body: &Body, address: ValueId) -> bool {
    live_users(body, address).all(|(user, inst)| match &inst.op {
        Op::IntCompare => true,
        Op::Load(_) => is_integer(&body.values[user].ty) && !Uses::of(body, user).strange,
        Op::Store(_) => {
            inst.operands[0] != address
                && is_integer(&body.values[inst.operands[0]].ty)
                && Source::of(body, inst.operands[0]) != Source::Strange
        }
        Op::Copy(_) => true,
        Op::Fill => inst.operands[0] == address,
        Op::Cast(Cast::AddressToInt) => Uses::of(body, user).only_looked_at(),
        Op::Call(call) | Op::Invoke(call) => match &call.callee {
            Callee::Symbol(symbol) => matches!(
                meaning(symbol),
                Meaning::Known(Known::Inactive { writes: false }) | Meaning::Words
            ),
            // What the body does with it, links tell.
            Callee::Body(_) => true,
            _ => false,
        },
        // What callers do with it, links tell.
        Op::Return => true,
        _ => made_from(body, user, inst).contains(&address),
    })
}

/// Whether an address may be one of several objects, or anywhere from a place on.
fn is_loose(body: &Body, value: ValueId, inst: &Inst) -> bool {
    let address = body.values[value].ty == Ty::Ptr;
    match inst.op {
        Op::Offset { .. } => variable_part(body, inst).is_none(),
        Op::Phi(_) => address && inst.operands.len() > 1,
        Op::Select => address,
        _ => false,
    }
}

/// The addresses that an instruction makes another of.
fn made_from(body: &Body, value: ValueId, inst: &Inst) -> Vec<ValueId> {
    let operands = match inst.op {
        Op::Phi(_) | Op::Freeze => &inst.operands[..],
        Op::Offset { .. } => {
            let other = distance_to(body, inst);
            return other.into_iter().chain([inst.operands[0]]).collect();
        }
        Op::Select => &inst.operands[1..],
        _ => &[],
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
        Op::Offset { strides, .. } if variable_part(body, inst).is_none() => {
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
