//! Calls through pointers and `dyn`, as choices between direct calls.
//!
//! The program is whole when this stage sees it, so a call of an address can only
//! reach functions whose address is *taken* somewhere: stored in a virtual table, in
//! another constant, or handed on by code. Such a call becomes
//!
//! ```text
//! if address = f { f(…) } else if address = g { g(…) } … else { call address }
//! ```
//!
//! over the functions taken that have the call's type. Where the address is loaded at
//! a constant distance from a table, only functions at that place of a virtual table
//! count. First choice are functions that code within reach of the request takes; if
//! there are none, those of the whole program; if those are many, methods of the traits
//! whose tables are taken by code around the request: what its callers reach, and theirs.
//! What is inlined later often knows the address, and then the choice folds away.
//!
//! What the last call reaches is not known, and it stays only where no derivative goes
//! through it, whatever it does. That is decided from the activity (`analysed`), so this
//! stage may run twice: the calls that stay have names, and those that are named to
//! [`Elsewhere`] become an end of the program with a message.
//!
//! Sound because nothing is assumed: an address that is none of these (one that a
//! foreign library made, or that came from where the request does not reach) is called as
//! the program would, or ends the program before a number is computed.
//!
//! Calls with more candidates than [`MOST`] stay calls of an address at first: most are of
//! code that no derivative goes through, as that which writes messages. Each has a note
//! that names the crowd; where a derivative goes through it, the crowd is named to
//! [`Choices`], and it and all methods of its virtual tables are chosen from.
//!
//! A method of a trait that nothing in the program implements (observers that nobody
//! registers) has no candidates at all. Its call stays at first, too, and ends the program
//! like what stays behind choices where a derivative is seen to go through it.
//!
//! Not done: calls with more candidates than [`MOST_OF_CROWD`], and other calls without any,
//! stay calls of an address; they are refused later if a derivative goes through them.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use enzyme_diag::{Code, Result};
use enzyme_ir::{
    Block, Builder, Function, Module, Opcode, Type, Value, affine_offset, end_unreachable,
    promote_call,
};

use crate::aligned::all_follow;
use crate::aside::{Aside, Entered};
use crate::processor::Processor;
use crate::releases::Releases;
use crate::shared::{SharedChoices, keep_whole, passes_memory};
use crate::taken::{Candidates, all, around, crowd_name, near, reached};

/// Calls with more candidates stay as they are, unless a derivative goes through them.
const MOST: usize = 32;
/// Calls with more candidates stay as they are.
const MOST_OF_CROWD: usize = 512;
/// Functions to choose from that together have more instructions are not copied to each call.
const LONG: usize = 2000;
/// What is called instead of a function that nobody took the address of.
const ELSEWHERE: &str = "enzyme.elsewhere";
/// The note on a call that stays behind the choices, with its name.
const NOTE: &str = "enzyme-elsewhere";
/// The note on a call with many candidates, with the name of their crowd.
const CROWD: &str = "enzyme-crowd";
/// Where the functions of a virtual table may stand: the first word drops, then come
/// the size and the alignment.
pub const SIZE_AND_ALIGN: std::ops::Range<u64> = 8..24;

/// What is chosen from, and what becomes of the rest.
#[derive(Clone, Debug)]
pub struct Choices {
    /// What becomes of calls of functions that are not among the choices.
    pub elsewhere: Elsewhere,
    /// The crowds of functions that are chosen from, though they are large.
    pub crowds: HashSet<String>,
    /// The large functions that are looked into (`aside`).
    pub entered: Entered,
    /// What becomes of calls of functions that call themselves.
    pub recursion: Recursion,
}

impl Choices {
    /// What is tried before anything is known.
    pub fn at_first() -> Self {
        let (elsewhere, entered) =
            (Elsewhere::EndsAt(HashSet::new()), Entered::Only(HashSet::new(), 0));
        Self { elsewhere, crowds: HashSet::new(), entered, recursion: Recursion::Called }
    }
}

/// What becomes of calls of functions that call themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recursion {
    /// They stay.
    Called,
    /// They are inlined once where others call them.
    FirstRoundInlined,
}

/// What becomes of calls of functions that are not among the choices.
#[derive(Clone, Debug)]
pub enum Elsewhere {
    /// All end the program.
    Ends,
    /// Those of these names do, and the others stay.
    EndsAt(HashSet<String>),
}

/// The name of the crowd of functions that a call may reach, if it is large.
pub fn crowd(call: Value) -> Option<String> {
    call.is_call().then(|| call.note_of_call(CROWD)).flatten()
}

/// The name of a call that stays behind choices.
pub fn behind_choices(call: Value) -> Option<String> {
    call.is_call().then(|| call.note_of_call(NOTE)).flatten()
}

/// Who may be called through a pointer in the program of a request.
pub struct Targets {
    root: Function,
    choices: Choices,
    /// Which large functions stay aside.
    pub aside: Aside,
    processor: Processor,
    /// How many choices there are in each function.
    named: RefCell<HashMap<String, usize>>,
    shared: SharedChoices,
    /// Functions that ask for derivatives themselves, or call one that does.
    asking: RefCell<HashSet<Function>>,
    near: OnceCell<Candidates>,
    around: OnceCell<Candidates>,
    all: OnceCell<Candidates>,
    /// Whether data behind headers follows them at once, as all virtual tables say.
    follows: OnceCell<bool>,
    /// Which functions may free memory that they are given.
    pub releases: Releases,
}

impl Targets {
    /// For the request that differentiates `root`; looks at nothing before it is asked.
    pub fn new(root: Function, choices: Choices) -> Self {
        let (near, around, all) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (shared, asking, named) =
            (SharedChoices::new(root), RefCell::default(), RefCell::default());
        let aside = Aside::new(choices.entered.clone());
        Self {
            root,
            choices,
            aside,
            processor: Processor::default(),
            named,
            shared,
            asking,
            near,
            around,
            all,
            follows: OnceCell::new(),
            releases: Releases::default(),
        }
    }

    /// Whether data behind headers follows them at once, as all virtual tables say.
    pub fn data_follows_headers(&self) -> bool {
        *self.follows.get_or_init(|| all_follow(self.root.module()))
    }

    /// Whether the first round of recursion is inlined.
    pub fn inlines_first_rounds(&self) -> bool {
        self.choices.recursion == Recursion::FirstRoundInlined
    }

    /// The function of the request.
    pub fn root(&self) -> Function {
        self.root
    }

    /// Lets the function find the processor that it is differentiated for; whether it asks.
    pub fn choose_processor(&self, function: Function) -> Result<bool> {
        self.processor.choose(function, &|| reached(self.root))
    }

    /// The functions that hold choices which several calls share.
    pub fn shared(self) -> Vec<Function> {
        self.shared.functions()
    }

    /// Makes these calls of addresses choices; whether any was one. How long a function is
    /// when it is inlined tells `length`.
    pub fn resolve(
        &self,
        calls: Vec<Value>,
        length: &mut dyn FnMut(Function) -> Result<usize>,
    ) -> Result<bool> {
        let mut changed = false;
        let (mut never, mut nobodys) = (Vec::new(), Vec::new());
        for call in calls {
            let Some(mut candidates) = self.candidates(call) else {
                if is_of_trait(call) {
                    nobodys.push(call);
                }
                continue;
            };
            if candidates.len() > MOST && !self.is_wanted_crowd(call, candidates.len()) {
                continue;
            }
            let long = self.total(&mut candidates, length)? > LONG;
            if candidates.is_empty() {
                never.push(call);
                continue;
            }
            changed |= match long {
                false => self.choose(call, &candidates),
                true => self.choose_among_whole(call, &candidates),
            };
        }
        // Backward, as the end of the program erases what is behind it.
        for call in never.into_iter().rev() {
            changed |= self.choose(call, &[]);
        }
        Ok(changed | self.end_nobodys(nobodys))
    }

    /// Notes calls of methods that nobody implements, and ends the program at those that
    /// shall; whether any did.
    fn end_nobodys(&self, calls: Vec<Value>) -> bool {
        let named = calls.into_iter().map(|call| (call, self.name(call)));
        let named: Vec<_> = named.inspect(|(call, name)| call.note_on_call(NOTE, name)).collect();
        let ends = |name: &String| match &self.choices.elsewhere {
            Elsewhere::Ends => true,
            Elsewhere::EndsAt(names) => names.contains(name),
        };
        let ended: Vec<_> = named.iter().filter(|(_, name)| ends(name)).collect();
        // Backward, as the end of the program erases what is behind it.
        ended.iter().rev().for_each(|(call, _)| end_program(*call));
        !ended.is_empty()
    }

    /// Whether a call of many candidates is to become a choice; if not, it says of which.
    fn is_wanted_crowd(&self, call: Value, count: usize) -> bool {
        let (ty, slot) = (call.called_type(), table_slot(call.called()));
        let name = crowd_name(ty, slot);
        let crowds = &self.choices.crowds;
        let of_table = |slot| {
            [&self.near, &self.all]
                .iter()
                .any(|found| found.get().is_some_and(|found| found.is_of(crowds, ty, slot)))
        };
        let wanted = crowds.contains(&name) || slot.is_some_and(of_table);
        if !wanted {
            call.note_on_call(CROWD, &name);
        }
        wanted && count <= MOST_OF_CROWD
    }

    /// Replaces a call of an address by a choice of functions that stay whole: by a call
    /// of the function that chooses among them, where the address is all that it needs.
    fn choose_among_whole(&self, call: Value, candidates: &[Function]) -> bool {
        if passes_memory(call) {
            let function = call.block().function();
            let before: HashSet<_> = function.insts().into_iter().collect();
            let changed = self.choose(call, candidates);
            let new = function.insts().into_iter().filter(|inst| !before.contains(inst));
            new.filter(|inst| inst.is_call()).for_each(keep_whole);
            return changed;
        }
        let choose = |call| {
            self.choose(call, candidates);
        };
        self.shared.call(call, candidates, choose);
        true
    }

    /// Replaces a call of an address by a choice.
    fn choose(&self, call: Value, candidates: &[Function]) -> bool {
        let name = self.name(call);
        call.note_on_call(NOTE, &name);
        let promoted = candidates.iter().filter(|target| promote_call(call, **target)).count();
        let ends = match &self.choices.elsewhere {
            Elsewhere::Ends => promoted > 0 || candidates.is_empty(),
            // There is nothing to drop.
            Elsewhere::EndsAt(_) if candidates.is_empty() => true,
            Elsewhere::EndsAt(names) => promoted > 0 && names.contains(&name),
        };
        if ends {
            end_program(call);
        }
        ends || promoted > 0
    }

    /// A name for a call that is the same whenever the program is prepared.
    fn name(&self, call: Value) -> String {
        let function = call.block().function().name();
        let mut named = self.named.borrow_mut();
        let count = named.entry(function.clone()).or_default();
        *count += 1;
        format!("{function} {count}")
    }

    /// The functions that the call may reach; none if nothing is known about it.
    fn candidates(&self, call: Value) -> Option<Vec<Function>> {
        let (ty, slot) = (call.called_type(), table_slot(call.called()));
        let near = self.near.get_or_init(|| near(self.root));
        let found = near.fitting(ty, slot);
        // Tables near by, but none with a destructor: there is nothing to drop.
        if !found.is_empty() || slot == Some(0) && !near.tables.is_empty() {
            return Some(found);
        }
        let all = self.all.get_or_init(|| all(self.root.module()));
        let found = all.fitting(ty, slot);
        if let Some(slot) = slot.filter(|_| found.len() > MOST) {
            let around = self.around.get_or_init(|| around(self.root));
            let of_traits = all.methods_like(around, ty, slot);
            if !of_traits.is_empty() {
                return Some(of_traits);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// How many instructions a choice of these adds where each is inlined. Functions that ask
    /// for derivatives themselves are taken out: they are of the program around.
    fn total(
        &self,
        candidates: &mut Vec<Function>,
        length: &mut dyn FnMut(Function) -> Result<usize>,
    ) -> Result<usize> {
        let mut sum = 0;
        let mut kept = Vec::new();
        candidates.retain(|candidate| !self.asking.borrow().contains(candidate));
        for candidate in std::mem::take(candidates) {
            match length(candidate) {
                Ok(own) => {
                    sum += own;
                    kept.push(candidate);
                }
                Err(refused) if refused.code == Code::Nested => {
                    self.asking.borrow_mut().insert(candidate);
                }
                Err(refused) => return Err(refused),
            }
        }
        *candidates = kept;
        Ok(sum)
    }
}

/// The calls of addresses in these blocks that are not behind choices.
pub fn unknown_calls(blocks: Vec<Block>) -> Vec<Value> {
    let calls = blocks.into_iter().flat_map(Block::insts).filter(|inst| {
        let unknown = inst.is_call() && inst.called_function().is_none();
        unknown && !inst.called().is_assembly() && behind_choices(*inst).is_none()
    });
    calls.collect()
}

/// Whether a call is of a function that stands where virtual tables of traits hold methods.
fn is_of_trait(call: Value) -> bool {
    table_slot(call.called()).is_some_and(|slot| slot >= SIZE_AND_ALIGN.end)
}

/// The distance from a table that an address is loaded at.
fn table_slot(callee: Value) -> Option<u64> {
    if callee.opcode() != Some(Opcode::LLVMLoad) {
        return None;
    }
    let from = callee.operand(0);
    match from.opcode() {
        Some(Opcode::LLVMGetElementPtr) => {
            let (at, terms) = affine_offset(from)?;
            u64::try_from(at).ok().filter(|_| terms.is_empty())
        }
        // A choice of tables, if not of places in them.
        Some(Opcode::LLVMPHI | Opcode::LLVMSelect) => {
            let place = |v: &Value| v.constant_opcode().or(v.opcode()).is_some();
            (!from.operands().iter().any(|choice| choice.ty() == from.ty() && place(choice)))
                .then_some(0)
        }
        _ => Some(0),
    }
}

/// A function of the runtime library that ends the program, with a message.
pub fn ending(module: Module, name: &str) -> Function {
    let function = module.declare(name, Type::function(Type::void(module), &[]));
    for attribute in ["noreturn", "nounwind", "cold"] {
        function.add_attribute(attribute);
    }
    function
}

/// Ends the program in place of a call, with a message.
fn end_program(call: Value) {
    let module = call.block().function().module();
    let elsewhere = ending(module, ELSEWHERE);
    let builder = Builder::new(module);
    builder.before(call);
    builder.call(elsewhere, &[]);
    end_unreachable(call);
}
