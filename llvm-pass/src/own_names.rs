//! Functions of the program that are called as one of C's.
//!
//! A C program may have functions `read`, `time` or `round` of its own. By these names the
//! tables know the library's, which a program that brings the code does not mean.
//!
//! *Computes*: while the engine works, such functions have another name
//! (`enzyme_rules::stand_in::OWN`). *From*: which functions of the module have code, and the
//! tables. *Why it is sound*: nothing in the module looks a function up by its name, and the
//! names come back before anything outside does.
//!
//! *Does not*: allocators. A program that brings its own keeps the library's meaning of them,
//! and their code holds what no analysis sees through. Names of C++ and Rust, and those that
//! begin with two underscores, are not for a program's other uses.

use enzyme_ir::{Function, Module};
use enzyme_rules::stand_in::OWN;
use enzyme_rules::{Known, for_function, known};

/// The functions with their names.
pub struct OwnNames(Vec<(Function, String)>);

impl OwnNames {
    /// Gives the functions other names.
    pub fn hide(module: Module) -> Self {
        let defined = module.functions().into_iter().filter(|function| !function.is_declaration());
        let named = defined.map(|function| (function, function.name()));
        let own: Vec<_> = named.filter(|(_, name)| is_taken(name)).collect();
        for (function, name) in &own {
            function.0.set_name(&format!("{OWN}{name}"));
        }
        Self(own)
    }

    /// Gives the names back. Whatever was declared under one meanwhile is that function.
    pub fn restore(&self, module: Module) {
        for (function, name) in &self.0 {
            if let Some(other) = module.function(name) {
                other.0.replace_uses(function.0);
                other.delete();
            }
            function.0.set_name(name);
        }
    }
}

/// Whether the tables take a function of this name for one of C's.
fn is_taken(name: &str) -> bool {
    let reserved = ["_Z", "_R", "__"].iter().any(|start| name.starts_with(start));
    let c = || matches!(known(name), Some(Known::Inactive { .. } | Known::Identity { .. }));
    !reserved && !name.contains('.') && (c() || for_function(name).is_some())
}
