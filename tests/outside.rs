//! The installed command in a stranger's project, outside of this workspace.
//!
//! `cargo-enzyme` is installed into a temporary folder and put first in `PATH`; a
//! fresh project depends on `enzyme-rs` by path. Its program is the one in the
//! README, and so is what it must print. What is compiled on the way is kept in the
//! target folder, so that only the first run is slow, and what was compiled for the command
//! of this checkout serves. The plugin is the one in the cache, or the one that
//! `ENZYME_PLUGIN` names.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Variables of Cargo that say how it reaches its registries; all others of its
/// variables describe the outer build.
const KEPT: [&str; 6] =
    ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TERM_"];
/// How this checkout's own packages are compiled.
const PROFILES: [&str; 2] = ["CARGO_INCREMENTAL", "CARGO_PROFILE_"];

/// A project of its own in a temporary folder.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Project {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = format!(
            "[package]\nname = \"stranger\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nenzyme-rs = {{ path = {:?} }}\nndarray = \"0.17\"\n",
            root.join("enzyme-rs")
        );
        std::fs::write(folder.path().join("Cargo.toml"), manifest).expect("a writable folder");
        std::fs::create_dir(folder.path().join("src")).expect("a writable folder");
        let program = readme_block("rust");
        std::fs::write(folder.path().join("src/main.rs"), program).expect("a writable folder");
        // The same versions as here, so that nothing has to be looked up.
        let lock = folder.path().join("Cargo.lock");
        std::fs::copy(root.join("Cargo.lock"), lock).expect("a readable checkout");
        Project { folder }
    }

    /// Cargo in this project, freed of what the outer build has set.
    fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(self.folder.path());
        command
    }
}

/// The first code block of the README in this language.
fn readme_block(language: &str) -> &'static str {
    let text = include_str!("../README.md");
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("the README has one");
    rest.split_once("```").expect("a finished code block").0
}

fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let outer = text.starts_with("CARGO_") || text.starts_with("RUSTFLAGS");
        if outer && !KEPT.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command.env_remove("ENZYME_DIAGNOSTICS_FILE");
    command
}

/// A folder that is kept from one run of the tests to the next.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside").join(name)
}

fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn the_installed_command_runs_a_strangers_project() {
    let install = tempfile::tempdir().expect("a temporary folder");
    let command = Path::new(env!("CARGO_MANIFEST_DIR")).join("enzyme-rs/cli");
    let mut installing = cargo();
    installing.envs(
        std::env::vars().filter(|(name, _)| PROFILES.iter().any(|prefix| name.starts_with(prefix))),
    );
    installing.args(["install", "--debug", "--locked", "--path"]).arg(command);
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    installing.arg("--root").arg(install.path()).arg("--target-dir").arg(built);
    let installed = installing.output().expect("cargo runs");
    assert!(installed.status.success(), "{}", text(&installed));

    let mut path = OsString::from(install.path().join("bin"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let project = Project::new();
    let mut running = project.cargo();
    running.args(["enzyme", "run", "--release", "--target-dir"]).arg(kept("with-plugin"));
    let run = running.env("PATH", path).output().expect("cargo runs");
    assert!(run.status.success(), "{}", text(&run));
    assert_eq!(String::from_utf8_lossy(&run.stdout), readme_block("text"), "{}", text(&run));
}

#[test]
fn without_the_plugin_the_linker_says_what_to_type() {
    let project = Project::new();
    let mut building = project.cargo();
    building.args(["build", "--target-dir"]).arg(kept("without-plugin"));
    let built = building.output().expect("cargo runs");
    let said = text(&built);
    assert!(!built.status.success(), "linked without the plugin");
    for part in ["undefined symbol", "the_plugin_did_not_run__build_with__cargo_enzyme_build"] {
        assert!(said.contains(part), "no `{part}` in:\n{said}");
    }
}
