//! The order of the stages; the only file that knows it.

use std::collections::HashMap;

use enzyme_analysis::effects::{Aliases, effects};
use enzyme_analysis::needs::{Tape, tape};
use enzyme_analysis::script::{Script, script};
use enzyme_analysis::{Activity, Types};
use enzyme_body::{BodyId, IdVec, Program, ValueId};
use enzyme_diag::{Diagnostic, Result};
use enzyme_ir::{Analyses, Function, Mirrored, Module};
use enzyme_prepare::{Prepared, prepare};
use enzyme_synth::{Derivative, Input, replace_marker, synthesize};

use crate::request::{self, Request};

/// Outcome of the pass: whether the module changed, or what was refused.
pub type Outcome = std::result::Result<bool, Vec<Diagnostic>>;

/// The part of a pass name that asks for a stage to be printed.
const PRINT: &str = "enzyme-print-";

/// Whether the module holds requests.
pub fn has_requests(module: Module) -> bool {
    !request::marker_calls(module).is_empty()
}

/// Replaces all requests of the module, or prints a stage.
pub fn run(module: Module, pass: &str) -> Outcome {
    let calls = request::marker_calls(module);
    let mut done: HashMap<Key, (Derivative, Stages)> = HashMap::new();
    let mut refused = Vec::new();
    for call in calls {
        let outcome = request::read(call).and_then(|request| {
            if let Some(stage) = pass.strip_prefix(PRINT) {
                print!("{}", show(&request, stage)?);
                return Ok(());
            }
            let key = key(&request);
            if !done.contains_key(&key) {
                let stages = Stages::new(&request)?;
                let derivative = synthesize(stages.input(&request))?;
                done.insert(key.clone(), (derivative, stages));
            }
            let (derivative, stages) = &done[&key];
            replace_marker(request.call, derivative.driver, &stages.prepared.mirrored.body);
            Ok(())
        });
        if let Err(diagnostic) = outcome {
            refused.push(*diagnostic);
        }
    }
    for (_, stages) in done.into_values() {
        stages.prepared.function.delete();
    }
    if refused.is_empty() { Ok(true) } else { Err(refused) }
}

/// What makes two requests the same.
type Key = (Function, Vec<enzyme_protocol::Activity>, bool);

fn key(request: &Request) -> Key {
    (request.primal, request.activities.clone(), request.runtime_activity)
}

/// The artefacts of one request, in the order in which they are made.
struct Stages {
    prepared: Prepared,
    script: Script,
    tape: Tape,
}

const ROOT: BodyId = BodyId::FIRST;

impl Stages {
    fn new(request: &Request) -> Result<Self> {
        let mut prepared = prepare(request.primal)?;
        let program = Program { bodies: IdVec::from_iter([prepared.mirrored.body.clone()]) };
        let types = Types::new(&program);
        let activity =
            Activity::new(&program, &types, &request.activities, request.runtime_activity);
        if let Some(error) = activity.errors().first() {
            return Err(Box::new(error.clone().within(&prepared.mirrored.body.name)));
        }
        let body = &program.bodies[ROOT];
        let script = script(ROOT, body, &types, &activity)?;
        let aliases = FunctionAliases::new(&prepared);
        let effects = effects(&program, &types, &aliases);
        let tape = tape(ROOT, body, &script, (&types, &activity, &effects))?;
        drop(aliases);
        prepared.mirrored.body.name.clone_from(&body.name);
        Ok(Self { prepared, script, tape })
    }

    fn input<'a>(&'a self, request: &'a Request) -> Input<'a> {
        Input {
            prepared: &self.prepared,
            script: &self.script,
            tape: &self.tape,
            activities: &request.activities,
            runtime_activity: request.runtime_activity,
        }
    }
}

/// What a stage computed, as text. Later stages are not run, so that what leads
/// to a refusal can be looked at.
fn show(request: &Request, stage: &str) -> Result<String> {
    let prepared = prepare(request.primal)?;
    if stage == "prepare" {
        return Ok(prepared.function.0.to_string());
    }
    let program = Program { bodies: IdVec::from_iter([prepared.mirrored.body.clone()]) };
    if stage == "body" {
        return Ok(program.bodies[ROOT].to_string());
    }
    let types = Types::new(&program);
    if stage == "types" {
        return Ok(types.to_string());
    }
    let activity = Activity::new(&program, &types, &request.activities, request.runtime_activity);
    if stage == "activity" {
        return Ok(activity.to_string());
    }
    let stages = Stages::new(request)?;
    Ok(match stage {
        "reverse" => stages.script.graph.to_string(),
        "plan" => stages.tape.to_string(),
        "gradient" => {
            let derivative = synthesize(stages.input(request))?;
            format!("{}{}", derivative.augmented.0, derivative.gradient.0)
        }
        "driver" => synthesize(stages.input(request))?.driver.0.to_string(),
        other => format!("no stage is called `{other}`\n"),
    })
}

/// LLVM's alias analysis of a prepared function.
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
