//! The order of the stages; the only file that knows it.

use std::collections::HashMap;

use enzyme_analysis::effects::{Aliases, effects};
use enzyme_analysis::needs::{Tape, tape};
use enzyme_analysis::script::{Script, script};
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BodyId, IdVec, Program, ValueId};
use enzyme_diag::{Diagnostic, Result};
use enzyme_ir::{Analyses, Function, Mirrored, Module};
use enzyme_prepare::{Prepared, PreparedProgram, prepare};
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
    let (prepared, _, decisions) = decided_program(request)?;
    let decisions = decisions?;
    let written = synthesize(&decided(request, &prepared, &decisions))?;
    prepared.delete();
    Ok(written)
}

/// A request's functions, what is known of them, and what was decided or refused.
///
/// What is refused is tried again with checks of the indices that make one of different
/// fields. If that is refused, too, the functions stay without checks.
fn decided_program(request: &Request) -> Result<(PreparedProgram, Facts, Result<Decisions>)> {
    let prepared = prepare(request.primal)?;
    let facts = Facts::new(request, &prepared);
    let decisions = decide(&prepared, &facts);
    if decisions.is_ok() {
        return Ok((prepared, facts, decisions));
    }
    let limits = Types::limits(&facts.program);
    if limits.is_empty() {
        return Ok((prepared, facts, decisions));
    }
    let mut checked = prepare(request.primal)?;
    checked.check(&limits)?;
    let more = Facts::new(request, &checked);
    let again = decide(&checked, &more);
    let (last, last_facts, unused) =
        if again.is_ok() { (checked, more, prepared) } else { (prepared, facts, checked) };
    unused.delete();
    let decisions = if again.is_ok() { again } else { decisions };
    Ok((last, last_facts, decisions))
}

/// What the analyses found out about all bodies.
struct Facts {
    program: Program,
    types: Types,
    activity: Activity,
    overlapping: bool,
}

impl Facts {
    fn new(request: &Request, prepared: &PreparedProgram) -> Self {
        let bodies = prepared.bodies.iter().map(|(_, p)| p.mirrored.body.clone());
        let program = Program { bodies: bodies.collect() };
        let types = Types::new(&program);
        let activity =
            Activity::new(&program, &types, &request.activities, request.runtime_activity);
        Self { program, types, activity, overlapping: request.overlapping }
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
    let effects = effects(program, types, &aliases, facts.overlapping);
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
    let prepared = prepare(request.primal)?;
    let bodies = || prepared.bodies.iter().map(|(_, p)| p);
    match stage {
        "prepare" => return Ok(bodies().map(|p| p.function.0.to_string()).collect()),
        "body" => return Ok(bodies().map(|p| p.mirrored.body.to_string()).collect()),
        "limits" => return show_limits(request, prepared),
        _ => {}
    }
    let (prepared, facts, decisions) = decided_program(request)?;
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

/// The limits of indices that would be checked if the request were refused without, and
/// the types that follow.
fn show_limits(request: &Request, mut prepared: PreparedProgram) -> Result<String> {
    let limits = Types::limits(&Facts::new(request, &prepared).program);
    let mut text: String = limits.iter().map(|limit| format!("{limit}\n")).collect();
    prepared.check(&limits)?;
    let facts = Facts::new(request, &prepared);
    text += &facts.types.to_string();
    if let Err(refused) = decide(&prepared, &facts) {
        text += &format!("refused: {refused:?}\n");
    }
    Ok(text)
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
