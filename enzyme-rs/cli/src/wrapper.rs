//! A wrapper around rustc that keeps functions whole that the plugin knows by name.
//!
//! The engine has rules for the functions of the `libm` crate, which it must not enter:
//! they compute with the bits of floats. In an optimised build rustc inlines them before
//! the plugin runs, within the crates by LLVM and across crates as MIR. So that crate,
//! and no other, is compiled with all its functions `noinline`, and as if incrementally,
//! which ends the inlining of MIR across crates. The plugin takes the attribute off again
//! when it has done its work, so rust-lld inlines them still.
//!
//! Some libraries are also built as dynamic or static ones, and rustc refuses `-Clto` for both
//! at once. Nothing links those others: these crates are built without.
//!
//! Cargo has no flags for a single crate, but asks `RUSTC_WRAPPER` for every one: a link
//! in the cache to this program, which knows by that name what it is called for (a script
//! of `sh` would drop variables like `CARGO_BIN_EXE_a-b`). Each copy of this program has a
//! link of its own: one for all would dangle for a build that runs when another copy, which
//! was called since, is deleted. A wrapper of the user's is called by ours. What is not
//! wrapped (plain Cargo after `cargo enzyme init`) is refused rather than wrong where these
//! functions were inlined.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::cache::{Cache, digest};

/// The name of the link in the cache.
const NAME: &str = "rustc-wrapper";
/// The variable in which Cargo finds a wrapper.
const WRAPPER: &str = "RUSTC_WRAPPER";
/// The variable in which ours finds the user's.
const INNER: &str = "ENZYME_INNER_RUSTC_WRAPPER";

/// Lets Cargo call rustc by the wrapper; `users` is the wrapper that it would call else.
pub fn wrap(command: &mut Command, cache: &Cache, users: Option<&Path>) -> Result<()> {
    let own = env::current_exe().context("cannot find out where `cargo-enzyme` is")?;
    let path = linked(cache, &own)?;
    // Started by ourselves, we find our own wrapper, and the user's where it was put.
    if users.is_none_or(|users| users.file_name() != path.file_name()) {
        match users {
            Some(users) => command.env(INNER, users),
            None => command.env_remove(INNER),
        };
    }
    command.env(WRAPPER, path);
    Ok(())
}

/// The link to the program `own`.
fn linked(cache: &Cache, own: &Path) -> Result<PathBuf> {
    let folder = cache.file("wrappers").join(digest(own.as_os_str().as_encoded_bytes()));
    let path = folder.join(NAME);
    if fs::read_link(&path).is_ok_and(|known| known == own) {
        return Ok(path);
    }
    let fresh = folder.join(format!("{NAME}.{}", std::process::id()));
    let linked = fs::create_dir_all(&folder)
        .and_then(|()| symlink(own, &fresh))
        .and_then(|()| fs::rename(&fresh, &path));
    linked.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Whether Cargo calls this program for rustc: by the name of the link.
pub fn is_called(program: &OsStr) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == NAME)
}

/// Becomes rustc (or the user's wrapper); `words` are its path and its arguments.
pub fn become_rustc(words: &[OsString]) -> Result<Infallible> {
    let users = env::var_os(INNER).filter(|users| !users.is_empty());
    let mut all = users.into_iter().chain(words.iter().cloned());
    let program = all.next().context("no compiler is named")?;
    let mut command = Command::new(&program);
    let without = is_refused_with_lto(words);
    command.args(all.filter(|word| !(without && word == "-Clto=fat")));
    if is_option(words, "--crate-name", "libm") && is_option(words, "--crate-type", "lib") {
        let out = words.windows(2).find(|pair| pair[0] == "--out-dir").map(|pair| &pair[1]);
        let folder = out.map_or(Path::new("."), Path::new).join("enzyme-libm");
        let mut incremental = OsString::from("-Cincremental=");
        incremental.push(folder);
        command.arg("-Cllvm-args=-force-attribute=noinline").arg(incremental);
    }
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}

/// Whether rustc refuses `-Clto` for what these words make: a dynamic library of Rust, or
/// a library of Rust and one of another kind at once.
fn is_refused_with_lto(words: &[OsString]) -> bool {
    let is_type = |name: &&str| is_option(words, "--crate-type", name);
    let of_rust = ["lib", "rlib"].iter().any(is_type);
    is_type(&"dylib") || of_rust && ["cdylib", "staticlib"].iter().any(is_type)
}

fn is_option(words: &[OsString], name: &str, value: &str) -> bool {
    words.windows(2).any(|pair| pair[0] == name && pair[1] == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_two_kinds_are_built_without_lto() {
        let refused = |types: &[&str]| {
            let words = types.iter().flat_map(|name| ["--crate-type".into(), name.into()]);
            is_refused_with_lto(&words.collect::<Vec<OsString>>())
        };
        for types in [["lib", "cdylib"], ["cdylib", "rlib"], ["rlib", "staticlib"]] {
            assert!(refused(&types), "{types:?}");
        }
        assert!(refused(&["dylib"]));
        for types in [["lib"], ["rlib"], ["cdylib"], ["bin"]] {
            assert!(!refused(&types), "{types:?}");
        }
    }

    #[test]
    fn a_build_keeps_its_wrapper_when_another_copy_comes_and_goes() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path().join("cache"));
        let copies = ["mine", "other"].map(|name| dir.path().join(name));
        for copy in &copies {
            fs::write(copy, "").unwrap();
        }
        let mine = linked(&cache, &copies[0]).unwrap();
        linked(&cache, &copies[1]).unwrap();
        fs::remove_file(&copies[1]).unwrap();
        assert!(is_called(mine.as_os_str()) && mine.exists());
        assert_eq!(linked(&cache, &copies[0]).unwrap(), mine);
    }
}
