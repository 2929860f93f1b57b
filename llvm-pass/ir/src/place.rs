//! Where instructions stand in the source.
//!
//! Debug information tells for each instruction a chain of places: its own, and where
//! the functions were called that were inlined around it. The last is what a reader of
//! a message sees first in his own source; most others lie in libraries.

use std::collections::HashSet;
use std::path::{Component, Path};

use enzyme_body::Location;
use llvm_sys::debuginfo::LLVMInstructionGetDebugLoc;
use llvm_sys::prelude::LLVMMetadataRef;

use crate::value::borrowed;
use crate::{Function, Value, ffi, llvm};

/// A place, and whether it is in the program's own source.
struct Frame {
    place: Location,
    own: bool,
}

/// Longer chains of inlined calls are cut.
const MOST_FRAMES: u32 = 256;

/// What debug information has for a place; none is null.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DebugPlace(LLVMMetadataRef);

impl Value {
    /// The place of an instruction; those of one place have the same `location`.
    pub fn debug_place(self) -> DebugPlace {
        DebugPlace(llvm!(LLVMInstructionGetDebugLoc(self.0)))
    }

    /// Where the instruction stands, and the nearest place in the program's own source
    /// that leads there.
    pub fn location(self) -> Option<Location> {
        let mut frames = frames(self);
        let first = frames.next()?;
        let mut place = first.place;
        if !first.own {
            place.caller = frames.find(|frame| frame.own).map(|frame| Box::new(frame.place));
        }
        Some(place)
    }
}

impl Value {
    /// Whether the instruction, or a call around it that was inlined, stands in a file
    /// whose path ends so; none if nothing is known of its place.
    pub fn stands_in(self, file: &str) -> Option<bool> {
        let mut frames = frames(self).peekable();
        frames.peek()?;
        Some(frames.any(|frame| frame.place.file.ends_with(file)))
    }
}

impl Function {
    /// The function of the program's own source that this one was made for: of all that
    /// were inlined into it, the outermost, or the only one that a closure around it calls.
    pub fn own_name(self) -> Option<String> {
        // Instructions of one place have the same frames.
        let mut seen = HashSet::new();
        let mut insts = self.insts();
        insts.retain(|inst| seen.insert(inst.debug_place()));
        let own = |inst: &Value| {
            let names = frames(*inst).filter(|frame| frame.own).map(|frame| frame.place.function);
            names.collect::<Vec<_>>()
        };
        let outermost = insts.iter().find_map(|inst| own(inst).pop())?;
        if !outermost.starts_with("{closure") {
            return Some(outermost);
        }
        let called = |inst| own(inst).into_iter().nth_back(1);
        let mut names = insts.iter().filter_map(called).collect::<Vec<_>>();
        names.dedup();
        let only = names.pop().filter(|_| names.is_empty());
        only.or(Some(outermost))
    }
}

/// A field of the memory that an instruction touches, as the front end states it.
pub struct Stated {
    /// Where it lies.
    pub offset: u64,
    /// Its bytes.
    pub size: u64,
    /// The front end's name of its scalar type.
    pub name: String,
}

/// More fields than this are not looked at.
const MOST_FIELDS: usize = 256;

impl Value {
    /// What the front end states of the memory that a load, a store or a copy touches.
    pub fn stated_types(self) -> Vec<Stated> {
        let mut found = vec![ffi::EnzymeStated::default(); MOST_FIELDS];
        let count = llvm!(ffi::enzyme_shim_stated(self.0, found.as_mut_ptr(), found.len()));
        let stated = found.into_iter().take(count);
        stated
            .map(|field| Stated {
                offset: field.offset,
                size: field.size,
                name: borrowed(field.name, field.name_length),
            })
            .collect()
    }
}

/// The chain of places of an instruction, its own first.
fn frames(inst: Value) -> impl Iterator<Item = Frame> {
    let count = if inst.is_inst() { MOST_FRAMES } else { 0 };
    (0..count).map_while(move |depth| frame(inst, depth))
}

fn frame(inst: Value, depth: u32) -> Option<Frame> {
    let mut out = ffi::EnzymeLocation::default();
    if !llvm!(ffi::enzyme_shim_location(inst.0, depth, &mut out)) {
        return None;
    }
    let place = Location {
        file: borrowed(out.file, out.file_length),
        line: out.line,
        column: out.column,
        function: without_generics(&borrowed(out.function, out.function_length)),
        caller: None,
    };
    let folder = borrowed(out.directory, out.directory_length);
    let own = is_own(&Path::new(&folder).join(&place.file));
    Some(Frame { place, own })
}

/// A function's name without the types that it was made for.
fn without_generics(name: &str) -> String {
    match name.find('<') {
        Some(at) if at > 0 => name[..at].to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether a file is part of the program, not of a library that it was built with.
fn is_own(file: &Path) -> bool {
    let names: Vec<_> = file
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
        .collect();
    let library = names.windows(2).any(|pair| {
        let (a, b) = (&pair[0][..], &pair[1][..]);
        let ours = a == "enzyme-rs" || a.starts_with("enzyme-rs-");
        matches!((a, b), ("registry", "src") | ("git", "checkouts") | ("rustlib", "src"))
            || ours && b == "src"
    });
    let standard = names.first().is_some_and(|name| name == "library" || name == "rustc");
    !library && !standard
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_files_are_told_from_those_of_libraries() {
        let own = |file: &str| is_own(Path::new(file));
        assert!(own("/home/ada/project/src/main.rs"));
        assert!(own("/home/ada/enzyme-rs/examples/scan.rs"));
        assert!(!own("/home/ada/.cargo/registry/src/index-0/ndarray-0.17.1/src/lib.rs"));
        assert!(!own("/rustc/0123/library/core/src/ops/arith.rs"));
        assert!(!own("/home/ada/work/enzyme-rs/src/call.rs"));
        assert!(!own("library/core/src/mem/mod.rs"));
    }

    #[test]
    fn names_lose_the_types_that_functions_were_made_for() {
        assert_eq!(without_generics("store<f64, Vec<f64>>"), "store");
        assert_eq!(without_generics("{closure#0}"), "{closure#0}");
    }
}
