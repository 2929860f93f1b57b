//! The order of the stages; the only file that knows it.

use std::collections::{HashMap, HashSet};

use enzyme_analysis::effects::{Aliases, Premises, effects};
use enzyme_analysis::needs::{Tape, tape};
use enzyme_analysis::script::{Script, script};
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BodyId, IdVec, Program, ValueId};
use enzyme_diag::{Diagnostic, Result};
use enzyme_ir::{Analyses, Function, Mirrored, Module};
use enzyme_prepare::{Elsewhere, Prepared, PreparedProgram, prepare};
use enzyme_synth::{
    Decided, DecidedBody, SplitDriver, replace_marker, show_sweeps, synthesize, synthesize_split,
};

use crate::request::{self, Request, Sweeps};

/// Outcome of the pass: whether the module changed, or what was refused.
pub type Outcome = std::result::Result<bool, Vec<Diagnostic>>;

/// The part of a pass name that asks for a stage to be printed.
const PRINT: &str = "enzyme-print-";

/// The pass that keeps optimisations from what requests of C programs need.
const KEEP: &str = "enzyme-keep";
/// What the names of the engine's own functions begin with.
const OWN: &str = "enzyme.";

/// The environment variable with which tests replace the best plan by an arbitrary legal
/// one: whatever the plan, the derivative must be the same.
const CHAOS_SEED: &str = "ENZYME_CHAOS_SEED";

/// Whether the module holds requests.
pub fn has_requests(module: Module) -> bool {
    !request::marker_calls(module).is_empty() || enzyme_published::has_requests(module)
}

/// Replaces all requests of the module, or prints a stage.
pub fn run(module: Module, pass: &str) -> Outcome {
    if pass == KEEP {
        return Ok(enzyme_published::keep(module));
    }
    let mut drivers = Drivers::default();
    let (written, mut refused) = enzyme_published::lower(module);
    for call in request::marker_calls(module) {
        let outcome = request::read(call).and_then(|request| {
            if let Some(stage) = pass.strip_prefix(PRINT) {
                print!("{}", show(&request, stage)?);
                return Ok(());
            }
            drivers.replace(&request)
        });
        if let Err(diagnostic) = outcome {
            refused.push(*diagnostic);
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    if pass.strip_prefix(PRINT).is_none() {
        enzyme_published::finish(module, &written).map_err(|diagnostic| vec![*diagnostic])?;
    }
    Ok(true)
}

/// Empties what was written before something was refused: a compiler goes on to generate
/// code, and unfinished functions are none.
pub fn discard(module: Module) {
    for function in module.functions() {
        if function.name().starts_with(OWN) && !function.is_declaration() {
            function.delete_body();
        }
    }
}

/// What makes two requests the same.
type Key = (Function, Vec<enzyme_protocol::Activity>, [bool; 3]);

fn key(request: &Request) -> Key {
    let switches = [request.runtime_activity, request.overlapping, request.strong_zero];
    (request.primal, request.activities.clone(), switches)
}

/// The drivers that were written.
#[derive(Default)]
struct Drivers {
    whole: HashMap<Key, Function>,
    split: HashMap<Key, SplitDriver>,
}

impl Drivers {
    /// Makes a marker's call one of its driver.
    fn replace(&mut self, request: &Request) -> Result<()> {
        let key = key(request);
        if request.sweeps == Sweeps::All {
            if !self.whole.contains_key(&key) {
                self.whole.insert(key.clone(), differentiate(request, synthesize)?);
            }
            replace_marker(request.call, self.whole[&key]);
            return Ok(());
        }
        if !self.split.contains_key(&key) {
            self.split.insert(key.clone(), differentiate(request, synthesize_split)?);
        }
        let SplitDriver { forward, reverse } = self.split[&key];
        let driver = if request.sweeps == Sweeps::Forward { forward } else { reverse };
        replace_marker(request.call, driver);
        Ok(())
    }
}

fn differentiate<T>(
    request: &Request,
    synthesize: impl FnOnce(&Decided<'_>) -> Result<T>,
) -> Result<T> {
    let Analysed { prepared, decisions, .. } = Analysed::new(request)?;
    let written = synthesize(&decided(request, &prepared, &decisions?))?;
    prepared.delete();
    Ok(written)
}

/// A request's function with all that is known of it.
struct Analysed {
    prepared: PreparedProgram,
    facts: Facts,
    decisions: Result<Decisions>,
}

impl Analysed {
    /// Calls of addresses that are none of the functions in reach stay where no derivative
    /// goes through them. Where one may, they end the program; and all of them do if those
    /// that stay are why something is refused.
    fn new(request: &Request) -> Result<Self> {
        let mut ends = HashSet::new();
        for _ in 0..2 {
            let this = Self::with(request, Elsewhere::EndsAt(ends))?;
            ends = this.carrying_choices();
            if this.decisions.is_ok() || !has_choices(&this.prepared) {
                return Ok(this);
            }
            this.prepared.delete();
            if ends.is_empty() {
                break;
            }
        }
        Self::with(request, Elsewhere::Ends)
    }

    fn with(request: &Request, elsewhere: Elsewhere) -> Result<Self> {
        let prepared = prepare(request.primal, elsewhere)?;
        let facts = Facts::new(request, &prepared);
        let decisions = decide(&prepared, &facts);
        Ok(Self { prepared, facts, decisions })
    }

    /// The names of the calls behind choices through which a derivative may go.
    fn carrying_choices(&self) -> HashSet<String> {
        let carrying = self.facts.activity.indirect_calls().iter();
        let names = carrying.filter_map(|&(id, call)| {
            let choices = &self.prepared.bodies[id].behind_choices;
            choices.iter().find(|(value, _)| *value == call).map(|(_, name)| name.clone())
        });
        names.collect()
    }
}

/// Whether calls of addresses stay behind choices.
fn has_choices(prepared: &PreparedProgram) -> bool {
    prepared.bodies.iter().any(|(_, body)| !body.behind_choices.is_empty())
}

/// What the analyses found out about all bodies.
struct Facts {
    program: Program,
    types: Types,
    activity: Activity,
    premises: Premises,
}

impl Facts {
    fn new(request: &Request, prepared: &PreparedProgram) -> Self {
        let bodies = prepared.bodies.iter().map(|(_, p)| p.mirrored.body.clone());
        let program = Program { bodies: bodies.collect() };
        let types = Types::new(&program);
        let activity =
            Activity::new(&program, &types, &request.activities, request.runtime_activity);
        let split = request.sweeps != Sweeps::All;
        let premises = Premises { overlapping: request.overlapping, split };
        Self { program, types, activity, premises }
    }
}

/// What was decided about each body.
type Decisions = IdVec<BodyId, (Script, Tape)>;

fn decide(prepared: &PreparedProgram, facts: &Facts) -> Result<Decisions> {
    let Facts { program, types, activity, .. } = facts;
    if let Some(error) = activity.errors().first() {
        let function = program.bodies[BodyId::FIRST].name.as_str();
        return Err(Box::new(error.clone().within(function)));
    }
    let mut scripts: IdVec<BodyId, Script> = IdVec::default();
    for (id, body) in program.bodies.iter() {
        scripts.push(script(id, body, types, activity)?);
    }
    let aliases = FunctionAliases::new(&prepared.bodies[BodyId::FIRST]);
    let effects = effects(program, types, &aliases, facts.premises);
    let seed = chaos_seed();
    let mut decisions = IdVec::default();
    for ((id, script), (_, body)) in scripts.into_iter().zip(program.bodies.iter()) {
        let tape = tape(id, body, &script, (types, activity, &effects), seed)?;
        decisions.push((script, tape));
    }
    Ok(decisions)
}

/// The seed of arbitrary plans, if a test asks for them.
fn chaos_seed() -> Option<u64> {
    std::env::var(CHAOS_SEED).ok()?.parse().ok()
}

fn decided<'a>(
    request: &'a Request,
    prepared: &'a PreparedProgram,
    decisions: &'a Decisions,
) -> Decided<'a> {
    let bodies = prepared.bodies.iter().zip(decisions.iter());
    let bodies =
        bodies.map(|((_, prepared), (_, (script, tape)))| DecidedBody { prepared, script, tape });
    Decided {
        bodies: bodies.collect(),
        activities: &request.activities,
        runtime_activity: request.runtime_activity,
        strong_zero: request.strong_zero,
    }
}

/// What a stage computed, as text. Later stages are not run, so that what leads
/// to a refusal can be looked at.
fn show(request: &Request, stage: &str) -> Result<String> {
    if matches!(stage, "prepare" | "body") {
        let mut prepared = prepare(request.primal, Elsewhere::EndsAt(HashSet::new()))?;
        if has_choices(&prepared) {
            prepared.delete();
            prepared = Analysed::new(request)?.prepared;
        }
        let bodies = prepared.bodies.iter().map(|(_, p)| p);
        return Ok(match stage {
            "body" => bodies.map(|p| p.mirrored.body.to_string()).collect(),
            _ => bodies.map(|p| p.function.0.to_string()).collect(),
        });
    }
    let Analysed { prepared, facts, decisions } = Analysed::new(request)?;
    match stage {
        "types" => return Ok(facts.types.to_string()),
        "activity" => return Ok(facts.activity.to_string()),
        _ => {}
    }
    let decisions = decisions?;
    let each = |text: &dyn Fn(&(Script, Tape)) -> String| {
        decisions.iter().map(|(_, decided)| text(decided)).collect()
    };
    let decided = decided(request, &prepared, &decisions);
    Ok(match stage {
        "reverse" => each(&|(script, _)| script.graph.to_string()),
        "plan" => each(&|(_, tape)| tape.to_string()),
        "gradient" => show_sweeps(&decided)?,
        "driver" => synthesize(&decided)?.0.to_string(),
        other => format!("no stage is called `{other}`\n"),
    })
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
