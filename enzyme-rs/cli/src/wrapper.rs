//! A wrapper around rustc that keeps functions whole that the plugin knows by name.
//!
//! The engine has rules for the functions of the `libm` crate, which it must not enter:
//! they compute with the bits of floats. In an optimised build rustc inlines them before
//! the plugin runs, within the crates by LLVM and across crates as MIR. So that crate,
//! and no other, is compiled with all its functions `noinline`, and as if incrementally,
//! which ends the inlining of MIR across crates. The plugin takes the attribute off again
//! when it has done its work, so rust-lld inlines them still.
//!
//! Cargo has no flags for a single crate, but asks `RUSTC_WRAPPER` for every one. A
//! wrapper of the user's is called by ours. What is not wrapped (plain Cargo after
//! `cargo enzyme init`) is refused rather than wrong where these functions were inlined.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::cache::{self, Cache};

/// The name of the file in the cache.
const NAME: &str = "rustc-wrapper";
/// The variable in which Cargo finds a wrapper.
const WRAPPER: &str = "RUSTC_WRAPPER";
/// The variable in which ours finds the user's.
const INNER: &str = "ENZYME_INNER_RUSTC_WRAPPER";

/// Cargo passes rustc's path, then its arguments, the output folder among them.
const SCRIPT: &str = r#"#!/bin/sh
# Written by cargo-enzyme: the functions of `libm` stay functions until the plugin has run.
case " $* " in *" --crate-name libm "*" --crate-type lib "*)
    for word; do
        [ "$before" = --out-dir ] && out=$word
        before=$word
    done
    set -- "$@" -Cllvm-args=-force-attribute=noinline "-Cincremental=${out:-.}/enzyme-libm" ;;
esac
exec ${ENZYME_INNER_RUSTC_WRAPPER:+"$ENZYME_INNER_RUSTC_WRAPPER"} "$@"
"#;

/// Lets Cargo call rustc by the wrapper; `users` is the wrapper that it would call else.
pub fn wrap(command: &mut Command, cache: &Cache, users: Option<&Path>) -> Result<()> {
    let path = written(cache)?;
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

fn written(cache: &Cache) -> Result<PathBuf> {
    let path = cache.file(NAME);
    if fs::read_to_string(&path).is_ok_and(|text| text == SCRIPT) {
        return Ok(path);
    }
    let fresh = cache.file(&format!("{NAME}.{}", std::process::id()));
    cache::write_atomically(&fresh, SCRIPT.as_bytes())?;
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755))?;
    fs::rename(&fresh, &path)?;
    Ok(path)
}
