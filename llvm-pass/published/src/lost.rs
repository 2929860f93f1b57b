//! What the program states of functions by global variables, and the linker has dropped.
//!
//! A compiler that is given the plugin keeps such variables (`register::keep`). If only the
//! linker has it, nothing uses them, and in link-time optimisation the linker drops them
//! before any pass runs: a registered derivative would be forgotten and the body of the
//! function differentiated. So the linker's inputs are looked at.
//!
//! *Computes*: whether an input names such variables while the joined module has none. *From*:
//! the command line of the linker, which the plugin is a part of. *Does not*: tell which
//! variable it was, as names stand one after the other in the inputs; or see inputs that the
//! linker finds by itself (`-l`), or some that are dropped while others are there.

use std::fs;
use std::path::PathBuf;

use enzyme_diag::{Code, Diagnostic};
use enzyme_ir::Module;

use crate::register::STATING;

/// The name of the module that a linker joins.
const JOINED: &str = "ld-temp.o";
/// What files begin with that hold code which is optimised while it is linked.
const CODE: [&[u8]; 3] = [b"BC\xC0\xDE", b"!<arch>\n", b"!<thin>\n"];

/// Refuses what was dropped.
pub(crate) fn dropped(module: Module) -> Option<Diagnostic> {
    if module.source_name() != JOINED {
        return None;
    }
    let names: Vec<_> = module.globals().into_iter().map(|global| global.name()).collect();
    let is_there = |word: &str| names.iter().any(|name| name.contains(word));
    let missing: Vec<_> = STATING.into_iter().filter(|word| !is_there(word)).collect();
    let (file, word) = inputs().into_iter().find_map(|file| {
        let bytes = fs::read(&file).ok()?;
        let is_code = CODE.iter().any(|start| bytes.starts_with(start));
        let named = |word: &&str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        let word = missing.iter().copied().find(|word| is_code && named(word))?;
        Some((file, word))
    })?;
    let file = file.display();
    let text = format!(
        "the linker has dropped a global variable `{word}…` of `{file}` before the plugin could see it"
    );
    Some(Diagnostic::new(Code::Custom, text))
}

/// The files that the command line of this process names, itself or in files of arguments.
fn inputs() -> Vec<PathBuf> {
    let Ok(line) = fs::read("/proc/self/cmdline") else { return vec![] };
    let line = String::from_utf8_lossy(&line).into_owned();
    let mut pending: Vec<String> = line.split('\0').map(str::to_owned).collect();
    let mut found = vec![];
    while let Some(word) = pending.pop() {
        let more = word.strip_prefix('@').and_then(|file| fs::read_to_string(file).ok());
        match more {
            Some(text) => pending.extend(text.split_whitespace().map(unquoted)),
            None => found.push(PathBuf::from(word)),
        }
    }
    found.retain(|path| path.is_file());
    found.sort();
    found.dedup();
    found
}

fn unquoted(word: &str) -> String {
    word.trim_matches(['"', '\'']).to_owned()
}
