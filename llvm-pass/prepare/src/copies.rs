//! Flattened copies of functions, and those that all requests of a module share.
//!
//! Most of what a request calls is of the standard library, and a copy of it comes out the
//! same for each request and each attempt. Such a copy is *common*: it is made once, and kept
//! until the module has no more requests.
//!
//! *From*: whether `inline`, while it made a copy, asked for anything that depends on the
//! request or on what is tried with it: which functions an address may be of, what stays
//! aside, which processor it is, what calls itself, or another copy that is not common.
//! *Why it is sound*: where nothing of that was asked, the code that is copied decides alone,
//! and this stage never changes the program's own functions, nor deletes one. Functions that
//! it makes for one attempt (`shared`) are never common: another one may lie where one was.

use std::collections::HashMap;

use enzyme_diag::Result;
use enzyme_ir::Function;

/// What the names of copies that requests share begin with.
const COMMON: &str = "enzyme.common.";

/// A flattened copy of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flattened {
    /// It is being made: a call to the function is recursion.
    InProgress,
    /// It can be inlined.
    Inlinable(Function),
    /// It calls itself, so inlining it would never end.
    Recursive(Function),
}

/// The copies that all requests of a module share, by the function that they are of.
#[derive(Default)]
pub struct Common {
    flattened: HashMap<Function, Function>,
    normalized: HashMap<Function, Function>,
}

/// Whether the function is a copy that requests share: no code of the program.
pub fn is_common_copy(function: Function) -> bool {
    function.name().starts_with(COMMON)
}

impl Common {
    /// Deletes them: nothing calls them.
    pub fn delete(self) {
        let copies = self.flattened.into_values().chain(self.normalized.into_values());
        copies.for_each(Function::delete_if_unused);
    }
}

/// The copies that an attempt at a request makes, and those that were made before.
pub struct Copies<'a> {
    common: &'a mut Common,
    own: HashMap<Function, Flattened>,
}

impl<'a> Copies<'a> {
    /// None but those that were made before.
    pub fn new(common: &'a mut Common) -> Self {
        Self { common, own: HashMap::new() }
    }

    /// The function's copy.
    pub fn get(&self, function: Function) -> Option<Flattened> {
        let common = || self.common.flattened.get(&function).copied().map(Flattened::Inlinable);
        self.own.get(&function).copied().or_else(common)
    }

    /// Whether the function's copy is one that requests share.
    pub fn is_common(&self, function: Function) -> bool {
        !self.own.contains_key(&function) && self.common.flattened.contains_key(&function)
    }

    /// What is known of the function's copy in this attempt.
    pub fn insert(&mut self, function: Function, copy: Flattened) {
        self.own.insert(function, copy);
    }

    /// The function has no copy in this attempt.
    pub fn remove(&mut self, function: Function) {
        self.own.remove(&function);
    }

    /// The copy is one for all requests.
    pub fn share(&mut self, function: Function, copy: Function) {
        self.own.remove(&function);
        copy.0.set_name(&format!("{COMMON}{}", function.name()));
        self.common.flattened.insert(function, copy);
    }

    /// A copy by this name of what the function's copy is once `normalize` has normalized it,
    /// if requests share it.
    pub fn normalized(
        &mut self,
        function: Function,
        name: &str,
        normalize: impl FnOnce(Function) -> Result<Function>,
    ) -> Result<Option<Function>> {
        if !self.is_common(function) {
            return Ok(None);
        }
        let Common { flattened, normalized } = &mut *self.common;
        let kept = match normalized.get(&function) {
            Some(kept) => *kept,
            None => {
                let name = format!("{COMMON}{}", function.name());
                let kept = normalize(flattened[&function].clone_private(&name))?;
                normalized.insert(function, kept);
                kept
            }
        };
        Ok(Some(kept.clone_private(name)))
    }

    /// Deletes those that are for this attempt alone, but for `root`.
    pub fn delete(self, root: Function) {
        for copy in self.own.into_values() {
            if let Flattened::Inlinable(copy) | Flattened::Recursive(copy) = copy
                && copy != root
            {
                copy.delete_if_unused();
            }
        }
    }
}
