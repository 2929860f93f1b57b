//! Flattening: a private copy with all calls inlined that can be.
//!
//! Bottom-up: a called function is copied, flattened and simplified once, and
//! that copy is inlined at each of its call sites. Calls that stay: functions of
//! the rule and known-function tables (their rules are better than their
//! bodies), functions without body, recursion (but for its first round, on request: what its
//! callers give it is then apart from what it gives itself), calls of addresses that nothing is
//! known about (`targets`), large functions that no derivative goes through (`aside`),
//! functions compiled for other processor features, functions that
//! look at variadic arguments, and calls in blocks without reverse,
//! except the clean-ups of unwinding and other functions that free: they may be given memory
//! that the derivative keeps elsewhere, and so it must see what they free.

use std::collections::HashSet;

use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Block, Function, Opcode, Value, inline};
use enzyme_protocol::{MARKER, MARKER_FORWARD, MARKER_REVERSE};
use enzyme_rules::{Operand, Rule, for_function, known};

use crate::aligned::data_follows_headers;
use crate::allocators::allocators_return;
use crate::aside::left_aside;
use crate::assembly::operations_of_assembly;
use crate::bodies::{give_bodies, is_body, stands_for};
use crate::copies::{Copies, Flattened};
use crate::features::{features, runs_with};
use crate::float_bits::lanes_of_floats;
use crate::fresh::results_begin_undefined;
use crate::idioms::name_idioms;
use crate::library::plain_library;
use crate::shared::{CHOICE, is_kept_whole};
use crate::specialised::{forget_choices_of_memory, forget_zero_tests};
use crate::targets::{Targets, unknown_calls};
use crate::{SIMPLIFY, flow, run};

/// The functions by which a program asks for derivatives.
const MARKERS: [&str; 3] = [MARKER, MARKER_FORWARD, MARKER_REVERSE];
/// A function that is chosen among long ones is inlined if it has no more instructions.
const SHORT: usize = 40;
/// A copy with more instructions takes long to simplify.
const LONG: usize = 1000;
/// A copy that is so many times as long as the function's own code is of other functions.
const INNER: usize = 10;
/// The note on a call that goes on with a recursion: by which a function calls itself, or another
/// one of those that call each other in turns.
const AGAIN: &str = "enzyme-again";
/// What the names of derivatives begin with.
const DERIVATIVE: &str = "enzyme.derivative.";

/// A private copy of `function` with its calls inlined.
fn flattened(function: Function, copies: &mut Copies<'_>, targets: &Targets) -> Result<Function> {
    copies.insert(function, Flattened::InProgress);
    let done = flatten(function, copies, targets);
    if done.is_err() {
        // What is refused as one of several choices is refused again where it is met again.
        copies.remove(function);
    }
    done
}

/// The function's flattened copy, made unless it is there.
pub fn copy_of(function: Function, copies: &mut Copies<'_>, targets: &Targets) -> Result<Function> {
    match copies.get(function) {
        Some(Flattened::Inlinable(copy) | Flattened::Recursive(copy)) => Ok(copy),
        Some(Flattened::InProgress) | None => flattened(function, copies, targets),
    }
}

fn flatten(function: Function, copies: &mut Copies<'_>, targets: &Targets) -> Result<Function> {
    refuse_derivatives(function)?;
    refuse_computed_jumps(function)?;
    let code = stands_for(function)?.unwrap_or(function);
    let copy = code.clone_private(&format!("enzyme.prepared.{}", function.name()));
    for attribute in ["noinline", "optnone", "optsize", "minsize", "cold"] {
        copy.remove_attribute(attribute);
    }
    // Fast arithmetic states that no float is infinite, and programs compute with infinities all
    // the same (the least of no elements). The copy is simplified with less at hand than the whole
    // program: such a maximum would become undefined here, and its derivative zero.
    copy.allow_infinities();
    give_bodies(copy, &function.name())?;
    allocators_return(copy);
    plain_library(copy);
    operations_of_assembly(copy);
    // Whether the copy comes out the same for all requests. Choices do not outlive theirs.
    let of_request = function.name().starts_with(CHOICE);
    let mut common = !targets.choose_processor(copy)? && !of_request;
    name_idioms(copy);
    forget_zero_tests(copy, &function.name());
    simplify(copy)?;
    if targets.data_follows_headers() {
        data_follows_headers(copy);
    }
    loop {
        let mut progress = false;
        let length_before = copy.insts().len();
        for call in candidates(copy, targets) {
            let callee = call.called().as_function().expect("a direct call");
            common &= !targets.aside.is_asked_of(callee);
            if targets.aside.leaves(call, callee) {
                continue;
            }
            let body = inlinable(callee, copies, targets)?;
            common &= copies.is_common(callee);
            let long = is_kept_whole(call) && body.is_some_and(|body| body.insts().len() > SHORT);
            if let Some(body) = body.filter(|_| !long) {
                progress |= inline_body(call, callee, body);
            }
        }
        // What is called is often known only when all else is inlined.
        if !progress {
            let wanted = wanted_blocks(copy, &flow::blocks_without_reverse(copy));
            let calls = unknown_calls(wanted);
            common &= calls.is_empty();
            let mut length = |target| length(target, copies, targets);
            if !targets.resolve(calls, &mut length)? {
                break;
            }
        }
        // Calls that were inlined where unwinding is caught may unwind now.
        allocators_return(copy);
        if function != targets.root() && adds_little(copy, length_before, targets) {
            break;
        }
        simplify(copy)?;
    }
    if forget_choices_of_memory(copy) {
        simplify(copy)?;
    }
    let mut done = Flattened::Inlinable(copy);
    for call in copy.insts().into_iter().filter(|inst| inst.is_call()) {
        let Some(callee) = call.called_function() else { continue };
        if callee == function {
            done = Flattened::Recursive(copy);
        }
        if matches!(copies.get(callee), Some(Flattened::InProgress | Flattened::Recursive(_))) {
            call.note_on_call(AGAIN, "");
            common = false;
        }
    }
    match common {
        true => copies.share(function, copy),
        false => copies.insert(function, done),
    }
    Ok(copy)
}

/// Whether almost all of a long copy is of functions that were simplified when they were
/// copied, and nothing is left to inline: of a chain of functions that call the next one, only
/// the last needs to simplify all.
fn adds_little(copy: Function, length_before: usize, targets: &Targets) -> bool {
    let length = copy.insts().len();
    let wanted = || wanted_blocks(copy, &flow::blocks_without_reverse(copy));
    length > LONG
        && length >= length_before * INNER
        && candidates(copy, targets).is_empty()
        && unknown_calls(wanted()).is_empty()
}

fn simplify(copy: Function) -> Result<()> {
    run(copy, SIMPLIFY)?;
    if lanes_of_floats(copy) {
        run(copy, SIMPLIFY)?;
    }
    Ok(())
}

/// A derivative inside of a differentiated function is not differentiated again:
/// its sweeps keep their tape where the analyses do not look.
fn refuse_derivatives(function: Function) -> Result<()> {
    for call in function.insts() {
        let Some(callee) = call.called_function() else { continue };
        let name = callee.name();
        if MARKERS.contains(&&name[..]) || name.starts_with(DERIVATIVE) {
            return Diagnostic::new(Code::Nested, "this function asks for a derivative itself")
                .at(call.location())
                .into();
        }
    }
    Ok(())
}

/// Addresses of labels that the program keeps are those of the function itself, not of a copy.
fn refuse_computed_jumps(function: Function) -> Result<()> {
    let jumps = |inst: &Value| inst.opcode() == Some(Opcode::LLVMIndirectBr);
    match function.blocks().into_iter().filter_map(Block::terminator).find(jumps) {
        Some(jump) => Diagnostic::new(Code::ControlFlow, "a jump to a label by its address")
            .at(jump.location())
            .into(),
        None => Ok(()),
    }
}

fn inlinable(
    callee: Function,
    copies: &mut Copies<'_>,
    targets: &Targets,
) -> Result<Option<Function>> {
    if copies.get(callee).is_none() {
        flattened(callee, copies, targets)?;
    }
    Ok(match copies.get(callee) {
        Some(Flattened::Inlinable(body)) => Some(body),
        Some(Flattened::Recursive(body)) => targets.inlines_first_rounds().then_some(body),
        Some(Flattened::InProgress) | None => None,
    })
}

/// How many instructions a call of the function adds where it is inlined.
fn length(callee: Function, copies: &mut Copies<'_>, targets: &Targets) -> Result<usize> {
    let opaque = callee.is_declaration() || looks_at_more(callee) || targets.aside.holds(callee);
    if opaque || in_tables(callee, &callee.name()) {
        return Ok(1);
    }
    Ok(inlinable(callee, copies, targets)?.map_or(1, |body| body.insts().len()))
}

fn inline_body(call: Value, callee: Function, body: Function) -> bool {
    results_begin_undefined(call);
    call.set_called(body.0);
    let done = inline(call).is_ok();
    if !done {
        call.set_called(callee.0);
    }
    done
}

/// The functions with a body that the function still calls where it has a reverse.
pub fn remaining_callees(function: Function) -> Vec<Function> {
    let live = flow::blocks_with_reverse(function);
    let mut callees = Vec::new();
    let calls = live.flat_map(Block::insts).filter(|inst| left_aside(*inst).is_none());
    for callee in calls.filter_map(Value::called_function) {
        let name = callee.name();
        let opaque = callee.is_declaration() || looks_at_more(callee);
        if !opaque && !in_tables(callee, &name) && !callees.contains(&callee) {
            callees.push(callee);
        }
    }
    callees
}

/// Whether a function looks at arguments behind its parameters. Generic code of C++ takes
/// such without looking at them.
pub fn looks_at_more(callee: Function) -> bool {
    let starts = |inst: Value| {
        let called = inst.called_function();
        called.is_some_and(|called| called.name().starts_with("llvm.va_start"))
    };
    callee.is_variadic() && callee.insts().into_iter().any(|inst| inst.is_call() && starts(inst))
}

/// Whether the tables say what a function does, so that its body does not matter.
pub fn in_tables(callee: Function, name: &str) -> bool {
    let ruled = |(rule, _): (&Rule, _)| callee.is_declaration() || has_type_of(callee, rule);
    known(name).is_some() || for_function(name).is_some_and(ruled)
}

/// Whether a function takes what the rule speaks of. Optimisers drop parameters that are
/// the same in all calls: what is left is another function, and its body says which.
fn has_type_of(callee: Function, rule: &Rule) -> bool {
    let result = callee.result_type();
    let params: Vec<_> = callee.params().into_iter().map(Value::ty).collect();
    let fits = |(i, operand): (usize, &Operand)| match (operand, params.get(i)) {
        (_, None) => false,
        (Operand::Integer, Some(ty)) => ty.is_integers(),
        (_, Some(ty)) => *ty == result,
    };
    result.is_float() && rule.operands.iter().enumerate().all(fits)
}

/// The calls that should be inlined.
fn candidates(function: Function, targets: &Targets) -> Vec<Value> {
    let features = features(function);
    let dead = flow::blocks_without_reverse(function);
    let wanted = wanted_blocks(function, &dead);
    let inside: HashSet<_> = wanted.iter().copied().collect();
    let others = function.blocks().into_iter().filter(|block| !inside.contains(block));
    let freeing = others.flat_map(Block::insts).filter(|inst| {
        let callee = if inst.is_call() { inst.called_function() } else { None };
        callee.is_some_and(|callee| targets.releases.frees(callee))
    });
    let wanted = wanted.into_iter().flat_map(Block::insts);
    wanted
        .chain(freeing)
        .filter(|call| {
            call.called_function().is_some_and(|callee| {
                let name = callee.name();
                !callee.is_declaration()
                    && !looks_at_more(callee)
                    && callee.ty() == call.called_type()
                    && (is_body(&name) || runs_with(callee, &features))
                    && (!call.call_has_attribute("noreturn") || is_caught(call, &dead))
                    && call.note_of_call(AGAIN).is_none()
                    && !in_tables(callee, &name)
            })
        })
        .collect()
}

/// Whether a call that never returns is one whose unwinding ends in the function, so that
/// what it did is reversed.
fn is_caught(call: &Value, dead: &HashSet<Block>) -> bool {
    call.opcode() == Some(Opcode::LLVMInvoke) && !dead.contains(&call.block())
}

/// The blocks in which all calls should be inlined; `dead` are those without reverse.
fn wanted_blocks(function: Function, dead: &HashSet<Block>) -> Vec<Block> {
    let cleanups = after_landing_pads(function);
    let wanted = |block: &Block| !dead.contains(block) || cleanups.contains(block);
    function.blocks().into_iter().filter(wanted).collect()
}

/// Blocks that unwinding passes through.
fn after_landing_pads(function: Function) -> HashSet<Block> {
    let mut pending: Vec<_> =
        function.blocks().into_iter().filter(|block| block.is_landing_pad()).collect();
    let mut seen: HashSet<_> = pending.iter().copied().collect();
    while let Some(block) = pending.pop() {
        for successor in block.successors() {
            if seen.insert(successor) {
                pending.push(successor);
            }
        }
    }
    seen
}
