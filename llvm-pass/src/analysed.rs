//! A request's functions with all that is known of them, after as many attempts as needed.
//!
//! Five things are decided best, and can only be decided, once all is analysed: which large
//! functions no derivative goes through, whether a call of an address that is none of the
//! functions in reach may stay, whether indices without known end and distances without known
//! divisor are to be checked while the program runs, whether floats and integers that take
//! turns are to be told apart while it runs, and whether what recursion is given from outside is
//! to be told apart from what it gives itself, for which its first round is inlined. So a request
//! is prepared and analysed as if none were needed; where that is refused, again otherwise. Each
//! attempt is sound by itself; the first that is not refused is taken.

use std::collections::HashSet;

use enzyme_analysis::effects::{Aliases, Premises, effects};
use enzyme_analysis::needs::{Tape, tape};
use enzyme_analysis::script::{Script, script};
use enzyme_analysis::separate::Separate;
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BodyId, Callee, IdVec, Inst, Limit, Op, Program, ValueId, Whole};
use enzyme_diag::Result;
use enzyme_ir::{Analyses, Mirrored};
use enzyme_prepare::{
    Choices, Common, Elsewhere, Entered, Prepared, PreparedProgram, Recursion, Unseen, prepare,
};

use crate::request::{Request, Sweeps};
use crate::timing::{Stage, Times};

/// The environment variable with which tests replace the best plan by an arbitrary legal
/// one: whatever the plan, the derivative must be the same.
const CHAOS_SEED: &str = "ENZYME_CHAOS_SEED";

/// What goes on through all requests of a module.
pub struct Work {
    /// How long each stage took.
    pub times: Times,
    /// The copies of functions that requests share.
    pub common: Common,
}

impl Work {
    /// Nothing was done yet.
    pub fn new() -> Self {
        Self { times: Times::new(), common: Common::default() }
    }

    fn prepared(&mut self, request: &Request, choices: &Choices) -> Result<PreparedProgram> {
        let Self { times, common } = self;
        times.of(Stage::Prepare, || prepare(request.primal, choices.clone(), common))
    }
}

/// A request's function with all that is known of it.
pub struct Analysed {
    pub prepared: PreparedProgram,
    pub facts: Facts,
    pub decisions: Result<Decisions>,
    /// What it was prepared with.
    pub choices: Choices,
}

/// What was decided about each body.
pub type Decisions = IdVec<BodyId, (Script, Tape)>;

impl Analysed {
    /// Calls of addresses that are none of the functions in reach stay where no derivative
    /// goes through them. Where one may, they end the program; and all of them do if those
    /// that stay are why something is refused. What is refused still is tried with checks of
    /// the indices that make one of different fields.
    pub fn new(request: &Request, work: &mut Work) -> Result<Self> {
        let this = Self::from(request, Choices::at_first(), work)?;
        if this.decisions.is_ok() {
            return Ok(this);
        }
        let this = match this.leaves_aside() {
            true => {
                let crowds = this.choices.crowds.clone();
                this.prepared.delete();
                let entered = Entered::All;
                Self::from(request, Choices { crowds, entered, ..Choices::at_first() }, work)?
            }
            false => this,
        };
        if this.decisions.is_ok() || !this.calls_itself() {
            return Ok(this);
        }
        let recursion = Recursion::FirstRoundInlined;
        let begun = Self::from(request, Choices { recursion, ..this.choices.clone() }, work)?;
        Ok(this.or(begun))
    }

    /// Whether some function calls itself.
    fn calls_itself(&self) -> bool {
        let calls = |id: BodyId, inst: &Inst| match &inst.op {
            Op::Call(call) | Op::Invoke(call) => call.callee == Callee::Body(id),
            _ => false,
        };
        let mut bodies = self.facts.program.bodies.iter();
        bodies.any(|(id, body)| body.live_insts().any(|(_, inst)| calls(id, inst)))
    }

    /// Beginning with these choices.
    fn from(request: &Request, choices: Choices, work: &mut Work) -> Result<Self> {
        let plain = Self::limited(request, choices, work)?;
        if plain.decisions.is_ok() {
            return Ok(plain);
        }
        let mut dynamic = Self::dynamic(request, &plain.choices, work)?;
        if dynamic.decisions.is_err() {
            dynamic = dynamic.with_distances(request, Types::dynamic, work)?;
        }
        Ok(plain.or(dynamic))
    }

    /// Another attempt, if that alone is not refused.
    fn or(self, other: Self) -> Self {
        let (taken, left) = match self.decisions.is_err() && other.decisions.is_ok() {
            true => (other, self),
            false => (self, other),
        };
        left.prepared.delete();
        taken
    }

    /// Whether there are large functions that were not looked into.
    fn leaves_aside(&self) -> bool {
        self.prepared.bodies.iter().any(|(_, body)| !body.unseen.left_aside.is_empty())
    }

    /// With checks of distances, of indices, or of both where they help.
    fn limited(request: &Request, choices: Choices, work: &mut Work) -> Result<Self> {
        let plain = Self::unchecked(request, choices, work)?;
        if plain.decisions.is_ok() {
            return Ok(plain);
        }
        let wholes = work.times.of(Stage::Types, || plain.wholes());
        if wholes.is_empty() {
            return plain.with_limits(request, work);
        }
        let again = Self::with(request, plain.choices.clone(), work)?;
        let whole = again.with_distances(request, Types::new, work)?;
        if whole.decisions.is_ok() {
            plain.prepared.delete();
            return Ok(whole);
        }
        let plain = plain.with_limits(request, work)?;
        if plain.decisions.is_ok() {
            whole.prepared.delete();
            return Ok(plain);
        }
        let both = whole.with_limits(request, work)?;
        Ok(plain.or(both))
    }

    /// The same with checks of distances.
    fn with_distances(
        self,
        request: &Request,
        types: impl Fn(&Program) -> Types,
        work: &mut Work,
    ) -> Result<Self> {
        let wholes = work.times.of(Stage::Types, || self.wholes());
        if wholes.is_empty() {
            return Ok(self);
        }
        let Self { mut prepared, choices, .. } = self;
        work.times.of(Stage::Prepare, || prepared.check_distances(&wholes))?;
        Self::of(request, (prepared, choices), types, work)
    }

    /// The same with checks of indices where they help.
    fn with_limits(self, request: &Request, work: &mut Work) -> Result<Self> {
        let limits = work.times.of(Stage::Types, || self.limits());
        if limits.is_empty() {
            return Ok(self);
        }
        let Self { prepared, facts, decisions, choices } = self;
        let checked = Self::checked(request, (prepared, choices), &limits, work)?;
        if checked.decisions.is_ok() {
            return Ok(checked);
        }
        // What is refused either way is refused for what was seen first.
        Ok(Self { facts, decisions, ..checked })
    }

    /// Where floats and integers may take turns in the same bytes, whether that helps or not.
    pub fn dynamic(request: &Request, choices: &Choices, work: &mut Work) -> Result<Self> {
        let choices = Choices { elsewhere: Elsewhere::Ends, ..choices.clone() };
        let prepared = work.prepared(request, &choices)?;
        Self::of(request, (prepared, choices), Types::dynamic, work)
    }

    /// Without checks of indices.
    pub fn unchecked(request: &Request, mut choices: Choices, work: &mut Work) -> Result<Self> {
        loop {
            let this = Self::with(request, choices.clone(), work)?;
            if this.decisions.is_ok()
                || !(this.sees_more(&mut choices) || this.ends_more(&mut choices))
            {
                return Ok(this);
            }
            this.prepared.delete();
        }
    }

    /// With checks of indices, whether that helps or not.
    pub fn checked(
        request: &Request,
        (mut prepared, choices): (PreparedProgram, Choices),
        limits: &[Limit],
        work: &mut Work,
    ) -> Result<Self> {
        work.times.of(Stage::Prepare, || prepared.check(limits))?;
        Self::of(request, (prepared, choices), Types::new, work)
    }

    fn with(request: &Request, choices: Choices, work: &mut Work) -> Result<Self> {
        let prepared = work.prepared(request, &choices)?;
        Self::of(request, (prepared, choices), Types::new, work)
    }

    fn of(
        request: &Request,
        (mut prepared, choices): (PreparedProgram, Choices),
        types: impl Fn(&Program) -> Types,
        work: &mut Work,
    ) -> Result<Self> {
        let mut facts = Facts::new(request, &prepared, &types, work);
        loop {
            let moved =
                work.times.of(Stage::Types, || facts.types.moved_as_another(&facts.program));
            if !work.times.of(Stage::Prepare, || prepared.move_as_integers(&moved))? {
                break;
            }
            facts = Facts::new(request, &prepared, &types, work);
        }
        let decisions = decide(&prepared, &facts, work);
        Ok(Self { prepared, facts, decisions, choices })
    }

    /// Code that a derivative is given to is looked into; whether there is such code that
    /// was not seen.
    fn sees_more(&self, choices: &mut Choices) -> bool {
        let first = self.facts.activity.first_unseen_calls();
        let crowds = self.names(first, |unseen| &unseen.of_crowds);
        let large = self.names(first, |unseen| &unseen.left_aside);
        let more = choices.entered.enter(large) || !crowds.is_subset(&choices.crowds);
        choices.crowds.extend(crowds);
        more
    }

    /// Calls behind choices end the program: first those through which a derivative may go,
    /// then all.
    fn ends_more(&self, choices: &mut Choices) -> bool {
        let Elsewhere::EndsAt(before) = &choices.elsewhere else { return false };
        if !has_choices(&self.prepared) {
            return false;
        }
        let carrying = self.facts.activity.unseen_calls();
        let ends = self.names(carrying, |unseen| &unseen.behind_choices);
        choices.elsewhere = match before.is_empty() && !ends.is_empty() {
            true => Elsewhere::EndsAt(ends),
            false => Elsewhere::Ends,
        };
        true
    }

    /// Indices that the program might check.
    pub fn limits(&self) -> Vec<Limit> {
        Types::limits(&self.facts.program)
    }

    /// Distances that the program might check.
    fn wholes(&self) -> Vec<Whole> {
        self.facts.types.wholes(&self.facts.program)
    }

    /// The names, of these, of calls.
    fn names(
        &self,
        calls: &[(BodyId, ValueId)],
        named: fn(&Unseen) -> &Vec<(ValueId, String)>,
    ) -> HashSet<String> {
        let names = calls.iter().filter_map(|&(id, call)| {
            let named = named(&self.prepared.bodies[id].unseen).iter();
            named.clone().find(|(value, _)| *value == call).map(|(_, name)| name.clone())
        });
        names.collect()
    }
}

/// A request's function as it is prepared before anything is known.
pub fn prepared_at_first(request: &Request, work: &mut Work) -> Result<PreparedProgram> {
    work.prepared(request, &Choices::at_first())
}

/// Whether calls of addresses stay behind choices.
pub fn has_choices(prepared: &PreparedProgram) -> bool {
    prepared.bodies.iter().any(|(_, body)| !body.unseen.behind_choices.is_empty())
}

/// Whether calls stay because what they may reach is large: in number, or each by itself.
pub fn has_unseen(prepared: &PreparedProgram) -> bool {
    let any = |unseen: &Unseen| !unseen.of_crowds.is_empty() || !unseen.left_aside.is_empty();
    prepared.bodies.iter().any(|(_, body)| any(&body.unseen))
}

/// What the analyses found out about all bodies.
pub struct Facts {
    program: Program,
    pub types: Types,
    pub activity: Activity,
    /// Which accesses never touch the same bytes.
    pub separate: Separate,
    premises: Premises,
}

impl Facts {
    fn new(
        request: &Request,
        prepared: &PreparedProgram,
        types: impl Fn(&Program) -> Types,
        work: &mut Work,
    ) -> Self {
        let bodies = prepared.bodies.iter().map(|(_, p)| p.mirrored.body.clone());
        let program = Program { bodies: bodies.collect() };
        let types = work.times.of(Stage::Types, || types(&program));
        let activity = work.times.of(Stage::Activity, || {
            Activity::new(&program, &types, &request.activities, request.runtime_activity)
        });
        let split = request.sweeps != Sweeps::All;
        let premises = Premises { overlapping: request.overlapping, split };
        let separate =
            work.times.of(Stage::Effects, || Separate::new(&program, &types, &activity, premises));
        Self { program, types, activity, separate, premises }
    }
}

fn decide(prepared: &PreparedProgram, facts: &Facts, work: &mut Work) -> Result<Decisions> {
    let Facts { program, types, activity, .. } = facts;
    if let Some(error) = activity.errors().first() {
        let function = program.bodies[BodyId::FIRST].name.as_str();
        return Err(Box::new(error.clone().within(function)));
    }
    let mut scripts: IdVec<BodyId, Script> = IdVec::default();
    for (id, body) in program.bodies.iter() {
        scripts.push(work.times.of(Stage::Script, || script(id, body, types, activity))?);
    }
    let effects = work.times.of(Stage::Effects, || {
        let aliases = FunctionAliases::new(&prepared.bodies[BodyId::FIRST]);
        effects(program, types, &aliases, facts.premises)
    });
    let seed = chaos_seed();
    let mut decisions = IdVec::default();
    for ((id, script), (_, body)) in scripts.into_iter().zip(program.bodies.iter()) {
        let facts = (types, activity, &effects);
        let tape = work.times.of(Stage::Plan, || tape(id, body, &script, facts, seed))?;
        decisions.push((script, tape));
    }
    Ok(decisions)
}

/// The seed of arbitrary plans, if a test asks for them.
fn chaos_seed() -> Option<u64> {
    std::env::var(CHAOS_SEED).ok()?.parse().ok()
}

/// LLVM's alias analysis of the request's own function.
struct FunctionAliases<'a> {
    analyses: Analyses,
    mirrored: &'a Mirrored,
}

impl<'a> FunctionAliases<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        Self { analyses: Analyses::new(prepared.function), mirrored: &prepared.mirrored }
    }
}

impl Aliases for FunctionAliases<'_> {
    fn may_write(&self, writer: ValueId, load: ValueId) -> bool {
        self.analyses.may_clobber(self.mirrored.values[writer], self.mirrored.values[load])
    }
}
