//! What a program states of its functions by global variables and attributes.
//!
//! | stated by | meaning |
//! |---|---|
//! | `__enzyme_inactivefn…` = functions, attribute or annotation `enzyme_inactive` | calls carry no derivative |
//! | `__enzyme_function_like…` = {function, name} | it has the derivative of the function of that name |
//! | `__enzyme_register_gradient…` = {function, forward, reverse} | its derivative is stated: refused where one flows through a call |
//!
//! While the engine works, calls of such a function go to a *stand-in*, a declaration
//! whose name tells the tables what it is (`enzyme_rules::stand_in`); afterwards the
//! function takes its place again. So the engine never looks into its body.
//!
//! Registrations for forward mode say nothing about reverse mode, and hints about
//! performance and frees, and about global variables that are constant, are not needed to
//! be right: what would depend on them is refused.

use enzyme_convention::{Word, word};
use enzyme_diag::{Code, Diagnostic};
use enzyme_ir::{Function, Module, Value};
use enzyme_rules::stand_in::{CUSTOM, INACTIVE, LIKE};
use enzyme_rules::{for_function, known};

const INACTIVE_FUNCTIONS: &str = "__enzyme_inactivefn";
const FUNCTION_LIKE: &str = "__enzyme_function_like";
const GRADIENT: &str = "__enzyme_register_gradient";
const ANNOTATIONS: &str = "llvm.global.annotations";
const INACTIVE_WORD: &str = "enzyme_inactive";

/// A function and the declaration that stands for it.
pub(crate) struct StandIn {
    function: Function,
    declared: Function,
}

impl StandIn {
    /// Makes calls of the function calls of the stand-in.
    fn put(function: Function, name: &str) -> Self {
        let declared = function.module().add_function(name, function.ty());
        for user in function.0.users() {
            if user.is_call() && user.called() == function.0 && user.called_type() == function.ty()
            {
                user.set_called(declared.0);
            }
        }
        Self { function, declared }
    }

    /// The function takes its place again.
    pub(crate) fn put_back(&self) {
        self.declared.0.replace_uses(self.function.0);
        self.declared.delete();
    }
}

/// Keeps what is stated, and words, from being optimised away.
pub(crate) fn keep(module: Module) -> bool {
    let mut changed = false;
    for (function, _) in statements(module) {
        if !function.has_attribute("alwaysinline") {
            function.add_attribute("noinline");
            changed = true;
        }
    }
    for global in module.globals() {
        let word = word(&global.name()).is_some_and(|word| word != Word::Missing);
        if word && global.initializer().is_some() {
            global.make_weak();
            changed = true;
        }
    }
    changed
}

/// Puts a stand-in for each function that the program states something of.
pub(crate) fn stand_ins(module: Module) -> (Vec<StandIn>, Vec<Diagnostic>) {
    let (mut found, mut refused) = (Vec::<StandIn>::new(), Vec::new());
    for (function, stated) in statements(module) {
        if found.iter().any(|stand_in| stand_in.function == function) {
            continue;
        }
        let name = match stated {
            Stated::Inactive => format!("{INACTIVE}{}", function.name()),
            Stated::Custom => format!("{CUSTOM}{}", function.name()),
            Stated::Like(name) if for_function(&name).is_some() || known(&name).is_some() => {
                format!("{LIKE}{name}.{}", function.name())
            }
            Stated::Like(name) => {
                let text = format!(
                    "`{}` is said to be like `{name}`, which is not known",
                    function.name()
                );
                refused.push(Diagnostic::new(Code::BadCall, text));
                continue;
            }
        };
        found.push(StandIn::put(function, &name));
    }
    (found, refused)
}

/// What is stated of a function.
enum Stated {
    Inactive,
    Custom,
    Like(String),
}

fn statements(module: Module) -> Vec<(Function, Stated)> {
    let mut found = Vec::new();
    for function in module.functions() {
        if function.string_attribute(INACTIVE_WORD).is_some() {
            found.push((function, Stated::Inactive));
        }
    }
    for global in module.globals() {
        let (name, Some(content)) = (global.name(), global.initializer()) else { continue };
        let parts = parts(content);
        let mut functions = parts.iter().filter_map(|part| part.as_function());
        if name == ANNOTATIONS {
            found.extend(annotated(content).map(|function| (function, Stated::Inactive)));
        } else if name.contains(INACTIVE_FUNCTIONS) {
            found.extend(functions.map(|function| (function, Stated::Inactive)));
        } else if name.contains(GRADIENT) {
            found.extend(functions.next().map(|function| (function, Stated::Custom)));
        } else if name.contains(FUNCTION_LIKE) {
            let like = parts.iter().find_map(|part| text(*part));
            found.extend(
                functions.next().zip(like).map(|(function, name)| (function, Stated::Like(name))),
            );
        }
    }
    found
}

/// The functions that are annotated as inactive.
fn annotated(content: Value) -> impl Iterator<Item = Function> {
    let entries = content.operands().into_iter().map(Value::operands);
    entries.filter_map(|entry| {
        let [function, word, ..] = entry[..] else { return None };
        (text(word)? == INACTIVE_WORD).then(|| function.as_function()).flatten()
    })
}

/// A global's content, or the items of an array or a struct.
fn parts(content: Value) -> Vec<Value> {
    match content.as_function() {
        Some(_) => vec![content],
        None => content.operands(),
    }
}

/// The C string at an address.
fn text(address: Value) -> Option<String> {
    let mut bytes =
        Some(address).filter(|a| a.is_global_variable())?.initializer()?.byte_string()?;
    bytes.pop_if(|last| *last == 0);
    String::from_utf8(bytes).ok()
}
