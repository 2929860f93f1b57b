//! What a program states of its functions by global variables and attributes.
//!
//! | stated by | meaning |
//! |---|---|
//! | `__enzyme_inactivefn…` = functions, attribute or annotation `enzyme_inactive` | calls carry no derivative |
//! | `__enzyme_function_like…` = {function, name} | it has the derivative of the function of that name |
//! | `__enzyme_register_gradient…` = {function, forward, reverse} | these are its derivative (`custom`) |
//! | `__enzyme_allocation_like…` = {allocator, argument, text, deallocator} | the allocator makes memory of as many bytes as the argument of this number says; the text tells which arguments the deallocator has, −1 is the address to free |
//!
//! While the engine works, a *stand-in* is in the place of such a function, a declaration
//! whose name tells the tables what it is (`enzyme_rules::stand_in`); afterwards the
//! function takes its place again. So the engine never looks into its body, whether it is
//! called by name or through an address.
//!
//! Registrations for forward mode say nothing about reverse mode, and hints about
//! performance and frees (`__enzyme_nofree`, `enzyme_shouldrecompute`) are not needed.
//! Neither are those about global variables that are constant (`__enzyme_inactive_global`):
//! what they hold when a function is called is a constant for all of them.

use std::hash::{DefaultHasher, Hash, Hasher};

use enzyme_convention::{Word, hook, word};
use enzyme_diag::{Code, Diagnostic};
use enzyme_ir::{Function, Module, Opcode, Value};
use enzyme_rules::stand_in::{ALLOCATES, CUSTOM, FREES, INACTIVE, LIKE, TAPED};
use enzyme_rules::{for_function, known};

use crate::custom::{self, Registered};

const INACTIVE_FUNCTIONS: &str = "__enzyme_inactivefn";
const FUNCTION_LIKE: &str = "__enzyme_function_like";
const GRADIENT: &str = "__enzyme_register_gradient";
const ALLOCATION_LIKE: &str = "__enzyme_allocation_like";
/// What the names of variables hold that state something.
pub(crate) const STATING: [&str; 4] =
    [INACTIVE_FUNCTIONS, FUNCTION_LIKE, ALLOCATION_LIKE, GRADIENT];
const ANNOTATIONS: &str = "llvm.global.annotations";
const INACTIVE_WORD: &str = "enzyme_inactive";

/// A function and the declaration that stands for it.
pub(crate) struct StandIn {
    function: Function,
    declared: Function,
}

impl StandIn {
    /// Puts the stand-in in the place of the function.
    fn put(function: Function, name: &str) -> Self {
        let declared = function.module().add_function(name, function.ty());
        function.0.replace_uses(declared.0);
        Self { function, declared }
    }

    /// The function, if this is its stand-in, and what a request for its derivative calls: a
    /// derivative that is stated is the function's, wherever it is asked for.
    pub(crate) fn behind(&self, declared: Function) -> Option<(Function, Function)> {
        let stated = declared.name().starts_with(CUSTOM) || declared.name().starts_with(TAPED);
        let called = if stated { declared } else { self.function };
        (self.declared == declared).then_some((self.function, called))
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
    for (function, stated) in statements(module) {
        function.remove_attribute("alwaysinline");
        function.add_attribute("noinline");
        changed = true;
        if matches!(stated, Stated::Custom(_)) && !function.is_declaration() {
            changed |= hide_body(function);
        }
    }
    // Calls of two branches would become one, of a function that is not known.
    for function in module.functions() {
        if function.is_declaration() && hook(&function.name()).is_some() {
            function.add_attribute("nomerge");
            changed = true;
        }
    }
    for global in module.globals() {
        if STATING.iter().any(|name| global.name().contains(name)) && global.initializer().is_some()
        {
            global.keep_global();
            changed = true;
        }
        let word = word(&global.name()).is_some_and(|word| word != Word::Missing);
        if word && global.initializer().is_some() {
            global.make_weak();
            changed = true;
        }
    }
    changed
}

/// Keeps optimisers from what they conclude from a body: that an argument is not used, or
/// what comes back. The functions that state the derivative may see it otherwise.
fn hide_body(function: Function) -> bool {
    if function.is_internal() {
        // Another unit may have a function of this name.
        let mut hasher = DefaultHasher::new();
        function.module().source_name().hash(&mut hasher);
        function.0.set_name(&format!("{}.{:x}", function.name(), hasher.finish()));
    } else if !function.is_exact() {
        return false;
    }
    function.0.make_weak();
    true
}

/// Puts a stand-in for each function that the program states something of.
pub(crate) fn stand_ins(module: Module) -> (Vec<StandIn>, Vec<Diagnostic>) {
    let (mut found, mut refused) = (Vec::<StandIn>::new(), Vec::new());
    for (function, stated) in statements(module) {
        if found.iter().any(|stand_in| stand_in.function == function) {
            continue;
        }
        // What was optimised without `keep` may have lost calls of it.
        if !function.is_declaration() && !function.has_attribute("noinline") {
            let text = format!(
                "what the program states of `{}` may have come too late: it was optimised \
                 without the plugin, and is not `noinline`",
                function.name()
            );
            refused.push(Diagnostic::new(Code::Custom, text));
            continue;
        }
        let name = match stated {
            Stated::Inactive => format!("{INACTIVE}{}", function.name()),
            Stated::Allocates(size) => format!("{ALLOCATES}{size}.{}", function.name()),
            Stated::Frees(pointer) => format!("{FREES}{pointer}.{}", function.name()),
            Stated::Malformed(why) => {
                let text = format!("what is stated of `{}`: {why}", function.name());
                refused.push(Diagnostic::new(Code::Custom, text));
                continue;
            }
            Stated::Custom(registered) => match custom::write(registered) {
                Ok(taped) => format!("{}{}", if taped { TAPED } else { CUSTOM }, function.name()),
                Err(diagnostic) => {
                    refused.push(*diagnostic);
                    continue;
                }
            },
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
    Custom(Registered),
    Like(String),
    Allocates(i64),
    Frees(i64),
    /// What is stated has not the form of the convention.
    Malformed(&'static str),
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
            let functions: Vec<_> = functions.collect();
            if let [function, augmented, reverse] = functions[..] {
                let registered = Registered { function, augmented, reverse };
                found.push((function, Stated::Custom(registered)));
            }
        } else if name.contains(ALLOCATION_LIKE) {
            found.extend(allocation(&parts));
        } else if name.contains(FUNCTION_LIKE) {
            let like = parts.iter().find_map(|part| text(*part));
            found.extend(
                functions.next().zip(like).map(|(function, name)| (function, Stated::Like(name))),
            );
        }
    }
    found
}

/// An allocator, and what frees its memory.
fn allocation(parts: &[Value]) -> Vec<(Function, Stated)> {
    /// As many arguments the runtime keeps of a call that frees.
    const MOST: usize = 3;
    let (Some(allocator), rest) = (parts.first().and_then(|p| p.as_function()), parts.get(1..))
    else {
        return vec![];
    };
    let rest = rest.unwrap_or_default();
    let malformed = |why| vec![(allocator, Stated::Malformed(why))];
    let is_word = |value: &Value| value.ty().is_int_or_ptr();
    let size = rest.first().and_then(|&size| address_as_number(size));
    let sized = |size: &i64| {
        let param = usize::try_from(*size).ok().and_then(|i| allocator.params().get(i).copied());
        param.is_some_and(|param| param.ty().is_integers())
    };
    let Some(size) = size.filter(sized) else {
        return malformed("the second item is not the number of an argument that is a size");
    };
    if allocator.result_type() != allocator.module().ptr() {
        return malformed("it does not return an address");
    }
    let mut found = vec![(allocator, Stated::Allocates(size))];
    if let Some(free) = rest[1..].iter().find_map(|part| part.as_function()) {
        let arguments = rest[1..].iter().find_map(|part| text(*part)).unwrap_or_default();
        let at = arguments.split(',').position(|index| index.trim() == "-1");
        let params = free.params();
        let freed = at.and_then(|at| params.get(at));
        match (at, freed) {
            (Some(at), Some(freed))
                if freed.ty() == allocator.module().ptr()
                    && params.len() <= MOST
                    && params.iter().all(is_word) =>
            {
                let at = i64::try_from(at).expect("few arguments");
                found.push((free, Stated::Frees(at)));
            }
            _ => return malformed("the third item does not tell which argument is freed"),
        }
    }
    found
}

/// A number that stands in an array of addresses.
fn address_as_number(value: Value) -> Option<i64> {
    if value.is_zero() {
        return Some(0);
    }
    match value.constant_opcode() {
        Some(Opcode::LLVMIntToPtr) => value.operand(0).int(),
        _ => value.int(),
    }
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
