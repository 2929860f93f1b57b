//! Builds the plugin once for each combination of sources, rustc and LLVM.
//!
//! 1. If the finished plugin is in the cache, that is all.
//! 2. Under the cache's lock: find LLVM, install what is missing (`packages.rs`),
//!    unpack the sources (`sources.rs`), run `cargo build --release`, and move
//!    the library to its place in one step.
//!
//! The path of the library contains the combination, so another plugin means
//! other compiler flags, and Cargo links programs again by itself.
//! `ENZYME_PLUGIN` names a plugin that is already built; then nothing is built
//! or installed, and a copy of it is put into the cache under its content.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cache::{Cache, digest, write_atomically};
use crate::llvm::{self, Found};
use crate::toolchain::{self, Toolchain};
use crate::ui::{self, Step};
use crate::{packages, sources};

/// The file name of the plugin.
pub const LIBRARY: &str = "libenzyme_llvm_pass.so";
/// The symbol by which LLVM recognises a plugin.
const ENTRY: &[u8] = b"llvmGetPassPluginInfo";
/// Variables with these beginnings come from an outer Cargo and describe what
/// that one builds; the exceptions say how Cargo reaches its registries.
const OUTER_PREFIXES: [&str; 3] = ["CARGO_", "RUSTFLAGS", "RUSTDOC"];
const KEPT_PREFIXES: [&str; 6] =
    ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TERM_"];

/// Where the plugin for this toolchain is, or will be.
pub fn expected_path(cache: &Cache, toolchain: &Toolchain) -> PathBuf {
    cache.plugin_dir(&format!("{}-{}", sources::HASH, toolchain.key())).join(LIBRARY)
}

/// Returns the path of the plugin; builds it if it is not there.
pub fn ensure_built(cache: &Cache, toolchain: &Toolchain, offline: bool) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("ENZYME_PLUGIN").filter(|path| !path.is_empty()) {
        return adopt(cache, Path::new(&path));
    }
    let path = expected_path(cache, toolchain);
    if path.is_file() {
        return Ok(path);
    }
    toolchain.require_linker()?;
    let _guard = cache.lock()?;
    if path.is_file() {
        return Ok(path);
    }
    let found = find_or_install(toolchain)?;
    let built = build(cache, toolchain, &found, offline)?;
    ensure!(
        toolchain::mentions(&built, ENTRY)?,
        "the library that was built is not a plugin: {} has no `llvmGetPassPluginInfo`",
        built.display()
    );
    write_atomically(&path, &fs::read(&built)?)?;
    Ok(path)
}

/// Puts a plugin that the user built into the cache, named by its content.
fn adopt(cache: &Cache, given: &Path) -> Result<PathBuf> {
    let content = fs::read(given)
        .with_context(|| format!("cannot read ENZYME_PLUGIN={}", given.display()))?;
    let path = cache.plugin_dir(&format!("given-{}", digest(&content))).join(LIBRARY);
    if !path.is_file() {
        write_atomically(&path, &content)?;
    }
    Ok(path)
}

fn find_or_install(toolchain: &Toolchain) -> Result<Found> {
    let found = llvm::find(toolchain.llvm)?;
    let unreachable = found.missing_from_chosen_prefix();
    if !unreachable.is_empty() {
        let names: Vec<&str> = unreachable.iter().map(|need| need.describe()).collect();
        bail!(
            "ENZYME_LLVM_PREFIX={} does not hold {}; complete it, or unset the variable \
             to let cargo-enzyme look for LLVM and install it",
            found.prefix.display(),
            names.join(" and ")
        );
    }
    let missing = found.missing();
    if missing.is_empty() {
        return Ok(found);
    }
    packages::install(&missing, &found.prefix)?;
    let found = llvm::find(toolchain.llvm)?;
    let missing = found.missing();
    let names: Vec<&str> = missing.iter().map(|need| need.describe()).collect();
    ensure!(
        missing.is_empty(),
        "the packages were installed, but {} still cannot be found (looked in {})",
        names.join(" and "),
        found.prefix.display()
    );
    Ok(found)
}

fn build(cache: &Cache, toolchain: &Toolchain, found: &Found, offline: bool) -> Result<PathBuf> {
    let folder = cache.build_dir();
    let (source, target) = (folder.join("src"), folder.join("target"));
    sources::unpack(&source)?;
    let version = found.headers.map(|version| version.to_string()).unwrap_or_default();
    let step = Step::start(&format!("the plugin for LLVM {version} (once; a minute or two)"));

    let mut command = Command::new(cargo());
    command.args(["build", "--release", "--package", "enzyme-llvm-pass"]);
    command.args(["--color", if console::colors_enabled_stderr() { "always" } else { "never" }]);
    command.arg("--target").arg(&toolchain.host).arg("--target-dir").arg(&target);
    if offline {
        command.arg("--offline");
    }
    command.current_dir(&source);
    clean_environment(&mut command, std::env::vars_os());
    command.env("CARGO_ENCODED_RUSTFLAGS", "");
    command.env("ENZYME_LLVM_PREFIX", &found.prefix);
    command.env("LIBCLANG_PATH", found.prefix.join("lib"));
    command.env("LLVM_CONFIG_PATH", found.prefix.join("bin/llvm-config"));
    if let (Some(cxx), None) = (&found.cxx, std::env::var_os("CXX")) {
        command.env("CXX", cxx);
    }
    run_shown(command, &step)?;
    step.finish("the plugin");

    let built = target.join(&toolchain.host).join("release").join(LIBRARY);
    ensure!(built.is_file(), "building the plugin left no {}", built.display());
    Ok(built)
}

/// The Cargo that called us, or the one in `PATH`.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

/// Removes what an outer Cargo or its user set for the outer build.
fn clean_environment(command: &mut Command, variables: impl Iterator<Item = (OsString, OsString)>) {
    for (name, _) in variables {
        if is_outer(&name) {
            command.env_remove(name);
        }
    }
}

/// Does this variable belong to the outer build?
pub fn is_outer(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let exact = ["RUSTC_WORKSPACE_WRAPPER", "OUT_DIR", "TARGET", "HOST"];
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    exact.contains(&name.as_ref()) || (starts(&OUTER_PREFIXES) && !starts(&KEPT_PREFIXES))
}

/// Runs a command; shows its progress, and all of its output if it fails.
fn run_shown(mut command: Command, step: &Step) -> Result<()> {
    let program = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let mut log = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            let line = line?;
            step.detail(&String::from_utf8_lossy(&line));
            log.push(line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        step.clear();
        for line in log {
            eprintln!("{}", String::from_utf8_lossy(&line));
        }
        ui::status("Failed", "the messages above come from building the plugin");
        bail!("the plugin could not be built ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outer_build_does_not_leak() {
        let table = [
            ("RUSTFLAGS", true),
            ("CARGO_ENCODED_RUSTFLAGS", true),
            ("CARGO_TARGET_DIR", true),
            ("CARGO_BUILD_TARGET", true),
            ("CARGO_MANIFEST_DIR", true),
            ("CARGO_PROFILE_RELEASE_DEBUG", true),
            ("RUSTDOCFLAGS", true),
            ("RUSTC_WORKSPACE_WRAPPER", true),
            ("CARGO", false),
            ("CARGO_HOME", false),
            ("CARGO_NET_OFFLINE", false),
            ("CARGO_HTTP_PROXY", false),
            ("CARGO_REGISTRIES_MINE_INDEX", false),
            ("RUSTUP_TOOLCHAIN", false),
            ("PATH", false),
            ("CXX", false),
        ];
        for (name, outer) in table {
            assert_eq!(is_outer(OsStr::new(name)), outer, "{name}");
        }
    }
}
