//! The order of the stages; with `analysed`, the only file that knows it.

use std::collections::HashMap;

use enzyme_analysis::needs::Tape;
use enzyme_analysis::script::Script;
use enzyme_diag::{Diagnostic, Result};
use enzyme_ir::{Function, Module};
use enzyme_prepare::{Choices, Entered, PreparedProgram};
use enzyme_protocol::HINTS;
use enzyme_synth::{
    Decided, DecidedBody, SplitDriver, replace_marker, show_sweeps, synthesize, synthesize_split,
};

use crate::analysed::{
    Analysed, Decisions, Facts, Work, has_choices, has_unseen, prepared_at_first,
};
use crate::own_names::OwnNames;
use crate::request::{self, Request, Sweeps};
use crate::timing::Stage;

/// Outcome of the pass: whether the module changed, or what was refused.
pub type Outcome = std::result::Result<bool, Vec<Diagnostic>>;

/// The part of a pass name that asks for a stage to be printed.
const PRINT: &str = "enzyme-print-";

/// The pass that keeps optimisations from what requests of C programs need.
const KEEP: &str = "enzyme-keep";
/// What the names of the engine's own functions begin with.
const OWN: &str = "enzyme.";

/// Whether the module holds requests.
pub fn has_requests(module: Module) -> bool {
    !request::marker_calls(module).is_empty() || enzyme_published::has_requests(module)
}

/// Replaces all requests of the module, or prints a stage.
pub fn run(module: Module, pass: &str) -> Outcome {
    if pass == KEEP {
        return Ok(enzyme_published::keep(module));
    }
    let own = OwnNames::hide(module);
    let outcome = replace_all(module, pass);
    own.restore(module);
    outcome
}

fn replace_all(module: Module, pass: &str) -> Outcome {
    let mut work = Work::new();
    let mut drivers = Drivers::default();
    let (written, mut refused) =
        work.times.of(Stage::Published, || enzyme_published::lower(module));
    for call in request::marker_calls(module) {
        let outcome = request::read(call).and_then(|request| {
            if let Some(stage) = pass.strip_prefix(PRINT) {
                print!("{}", show(&request, stage, &mut work)?);
                return Ok(());
            }
            drivers.replace(&request, &mut work).map_err(|refused| placed(refused, request.primal))
        });
        if let Err(diagnostic) = outcome {
            refused.push(*diagnostic);
        }
    }
    let Work { mut times, common } = work;
    common.delete();
    if !refused.is_empty() {
        return Err(refused);
    }
    if pass.strip_prefix(PRINT).is_none() {
        times
            .of(Stage::Published, || enzyme_published::finish(module, &written))
            .map_err(|diagnostic| vec![*diagnostic])?;
        times.write();
        allow_inlining(module);
        remove_statements(module);
    }
    Ok(true)
}

/// A refusal that no instruction is the reason of is placed at the function's beginning.
fn placed(mut refused: Box<Diagnostic>, primal: Function) -> Box<Diagnostic> {
    if refused.location.is_none() {
        refused.location = primal.insts().into_iter().find_map(|inst| inst.location());
    }
    refused
}

/// Functions that were kept whole for their names may be inlined from here on.
fn allow_inlining(module: Module) {
    let functions = module.functions().into_iter().filter(|function| !function.is_declaration());
    for function in functions.filter(|function| enzyme_rules::is_kept_whole(&function.name())) {
        function.remove_attribute("noinline");
    }
}

/// What bodies of the engine state of memory has been read; a program may call such a body,
/// where no derivative goes through the call.
fn remove_statements(module: Module) {
    for function in module.functions() {
        if !function.name().starts_with(OWN) || function.is_declaration() {
            continue;
        }
        for inst in function.insts() {
            let states = |callee: Function| HINTS.contains(&callee.name().as_ref());
            if inst.called_function().is_some_and(states) {
                inst.erase();
            }
        }
    }
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
    fn replace(&mut self, request: &Request, work: &mut Work) -> Result<()> {
        let key = key(request);
        if request.sweeps == Sweeps::All {
            if !self.whole.contains_key(&key) {
                self.whole.insert(key.clone(), differentiate(request, work, synthesize)?);
            }
            replace_marker(request.call, self.whole[&key]);
            return Ok(());
        }
        if !self.split.contains_key(&key) {
            self.split.insert(key.clone(), differentiate(request, work, synthesize_split)?);
        }
        let SplitDriver { forward, reverse } = self.split[&key];
        let driver = if request.sweeps == Sweeps::Forward { forward } else { reverse };
        replace_marker(request.call, driver);
        Ok(())
    }
}

fn differentiate<T>(
    request: &Request,
    work: &mut Work,
    synthesize: impl FnOnce(&Decided<'_>) -> Result<T>,
) -> Result<T> {
    let Analysed { prepared, facts, decisions, .. } = Analysed::new(request, work)?;
    let decisions = decisions?;
    let decided = decided(request, &prepared, &facts, &decisions);
    let written = work.times.of(Stage::Synthesis, || synthesize(&decided))?;
    prepared.delete();
    Ok(written)
}

fn decided<'a>(
    request: &'a Request,
    prepared: &'a PreparedProgram,
    facts: &'a Facts,
    decisions: &'a Decisions,
) -> Decided<'a> {
    let bodies = prepared.bodies.iter().zip(decisions.iter());
    let bodies =
        bodies.map(|((_, prepared), (_, (script, tape)))| DecidedBody { prepared, script, tape });
    Decided {
        bodies: bodies.collect(),
        separate: &facts.separate,
        activities: &request.activities,
        runtime_activity: request.runtime_activity,
        strong_zero: request.strong_zero,
    }
}

/// What a stage computed, as text. Later stages are not run, so that what leads
/// to a refusal can be looked at.
fn show(request: &Request, stage: &str, work: &mut Work) -> Result<String> {
    if matches!(stage, "prepare" | "body") {
        let mut prepared = prepared_at_first(request, work)?;
        if has_choices(&prepared) || has_unseen(&prepared) {
            prepared.delete();
            prepared = Analysed::new(request, work)?.prepared;
        }
        let bodies = prepared.bodies.iter().map(|(_, p)| p);
        return Ok(match stage {
            "body" => bodies.map(|p| p.mirrored.body.to_string()).collect(),
            _ => bodies.map(|p| p.function.0.to_string()).collect(),
        });
    }
    if stage == "limits" {
        return show_limits(request, work);
    }
    if stage == "turns" {
        return show_turns(request, work);
    }
    let Analysed { prepared, facts, decisions, .. } = Analysed::new(request, work)?;
    match stage {
        "types" => return Ok(facts.types.to_string()),
        "activity" => return Ok(facts.activity.to_string()),
        _ => {}
    }
    let decisions = decisions?;
    let each = |text: &dyn Fn(&(Script, Tape)) -> String| {
        decisions.iter().map(|(_, decided)| text(decided)).collect()
    };
    let decided = decided(request, &prepared, &facts, &decisions);
    Ok(match stage {
        "reverse" => each(&|(script, _)| script.graph.to_string()),
        "plan" => each(&|(_, tape)| tape.to_string()),
        "gradient" => show_sweeps(&decided)?,
        "driver" => synthesize(&decided)?.0.to_string(),
        other => format!("no stage is called `{other}`\n"),
    })
}

/// The limits of indices that are checked if the request is refused without, and the types
/// that follow.
fn show_limits(request: &Request, work: &mut Work) -> Result<String> {
    let unchecked = Analysed::unchecked(request, Choices::at_first(), work)?;
    let limits = unchecked.limits();
    let mut text: String = limits.iter().map(|limit| format!("{limit}\n")).collect();
    let Analysed { prepared, choices, .. } = unchecked;
    let checked = Analysed::checked(request, (prepared, choices), &limits, work)?;
    text += &checked.facts.types.to_string();
    if let Err(refused) = &checked.decisions {
        text += &format!("refused: {refused:?}\n");
    }
    Ok(text)
}

/// The types and the activity if floats and integers may take turns in the same bytes.
fn show_turns(request: &Request, work: &mut Work) -> Result<String> {
    let choices = Choices { entered: Entered::All, ..Choices::at_first() };
    let Analysed { facts, decisions, .. } = Analysed::dynamic(request, &choices, work)?;
    let mut text = format!("{}{}", facts.types, facts.activity);
    if let Err(refused) = &decisions {
        text += &format!("refused: {refused:?}\n");
    }
    Ok(text)
}
