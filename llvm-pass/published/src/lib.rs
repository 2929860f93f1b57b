//! Requests of C and C++ programs, rewritten into requests of the engine.
//!
//! *Computes*: for each call of the published convention (`enzyme-convention`) a call
//! of the marker that the Rust library writes, so that all later stages see one kind of
//! request. *From*: the module, and what the convention says of each call.
//!
//! ```text
//! double d = __enzyme_autodiff(f, x)          the user's call
//!     ▼ lower
//! %d = call {double} @enzyme.autodiff.f(x)    one wrapper for each function and roles
//!   enzyme.autodiff.f:  slots for values and shadows
//!                       marker(enzyme.call.f, request, seed's place, enzyme.seed.…, slots…)
//!                       reads what comes back
//!   enzyme.call.f:      what the engine differentiates: addresses only, calls f
//!     ▼ the engine's stages replace the marker's call by a driver
//!     ▼ finish
//! enzyme.autodiff.f with the driver inlined: slots become registers
//! ```
//!
//! *Why it is sound*: the function is called with the attributes and the convention
//! that it has; values travel in slots of their own, which nobody else sees; addresses
//! travel as themselves, so that derivatives are added where the caller wants them.
//! Results come back only if their bytes fit what the call expects.
//!
//! *Does not*: differentiate. What it cannot express is refused.
#![forbid(unsafe_code)]

mod custom;
mod finish;
mod lost;
mod read;
mod register;
mod shim;
mod site;
mod unused;
mod wrapper;

use std::collections::HashMap;

use enzyme_convention::{Description, Hook, Passing, Role, Seed, hook, parse};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Opcode, Type, Value, invoke_to_call};

pub use finish::finish;
use wrapper::{Source, Wrapper};

/// Whether the module holds calls of the convention.
pub fn has_requests(module: Module) -> bool {
    !calls(module).is_empty()
}

/// Before anything is optimised: functions of which the program states something are not
/// inlined, and words keep their variables. Whether anything changed.
///
/// A unit that asks for nothing is no exception: link-time optimisation may join it with
/// one that does.
pub fn keep(module: Module) -> bool {
    register::keep(module)
}

/// Rewrites all calls of the convention; what was written, and what was refused.
pub fn lower(module: Module) -> (Written, Vec<Diagnostic>) {
    let mut written = Written::default();
    if calls(module).is_empty() {
        return (written, Vec::new());
    }
    read::inline_askers(module);
    let (stand_ins, mut refused) = register::stand_ins(module);
    written.stand_ins = stand_ins;
    refused.extend(lost::dropped(module));
    for (hook, call) in calls(module) {
        let answered = matches!(hook, Hook::TapeSize | Hook::Virtual);
        if answered && call.opcode() == Some(Opcode::LLVMInvoke) {
            invoke_to_call(call);
        }
    }
    for (hook, call) in calls(module) {
        if let Err(diagnostic) = written.call(hook, call) {
            refused.push(*diagnostic);
        }
    }
    (written, refused)
}

/// What makes two shims the same: function, parameters, functions that are arguments,
/// variables' types, whether the result is kept.
type ShimKey = (Function, Vec<(Passing, Role)>, Vec<Option<Function>>, Vec<Option<Type>>, bool);
/// What makes two wrappers the same, beside the shim.
type Key = (Hook, ShimKey, Seed, bool, bool, bool);

/// The functions that were written for the module's calls.
#[derive(Default)]
pub struct Written {
    shims: HashMap<ShimKey, Function>,
    wrappers: HashMap<Key, Wrapper>,
    stand_ins: Vec<register::StandIn>,
}

impl Written {
    fn call(&mut self, hook: Hook, call: Value) -> Result<()> {
        match hook {
            Hook::Missing(what) => {
                return Diagnostic::new(Code::BadMode, what).at(call.location()).into();
            }
            Hook::TapeSize => return site::replace_size(call),
            Hook::Virtual => return site::replace_virtual(call),
            Hook::Autodiff | Hook::Augmented | Hook::Reverse => {}
        }
        let asked = read::read(hook, call, &self.stand_ins)?;
        let description = parse(hook, &asked.signature, &asked.given)
            .map_err(|diagnostic| Box::new(diagnostic.at(call.location())))?;
        asked.check_tape(&description)?;
        let wrapper = self.wrapper(&asked, &description);
        site::replace(&asked, &description, wrapper)
    }

    fn wrapper(&mut self, asked: &read::Asked, description: &Description) -> &Wrapper {
        let fixed = asked.functions(description);
        let (primal, hook) = (asked.primal, asked.hook);
        let declared = asked.declared(description);
        let source = Source::new(asked, description, (&fixed, &declared));
        let roles = description.params.iter().map(|p| (p.passing, p.role)).collect();
        let shim_key = (primal, roles, fixed.clone(), declared.clone(), source.keeps_result());
        let shim = *self.shims.entry(shim_key.clone()).or_insert_with(|| shim::shim(&source));
        let Description { primal_wanted, runtime_activity, keeps_tape, .. } = *description;
        // Which argument the seed is differs from call to call.
        let seed = match description.seed {
            Seed::Argument(_) => Seed::Argument(0),
            seed => seed,
        };
        let key = (hook, shim_key, seed, primal_wanted, runtime_activity, keeps_tape);
        self.wrappers.entry(key).or_insert_with(|| source.wrapper(shim))
    }
}

/// The calls of the convention's functions.
fn calls(module: Module) -> Vec<(Hook, Value)> {
    let hooks = module.functions().into_iter().filter(|f| f.is_declaration());
    let hooks = hooks.filter_map(|f| Some((hook(&f.name())?, f)));
    hooks
        .flat_map(|(hook, function)| {
            let calls = function.0.users().into_iter();
            let calls = calls.filter(move |user| user.is_call() && user.called() == function.0);
            calls.map(move |call| (hook, call))
        })
        .collect()
}
