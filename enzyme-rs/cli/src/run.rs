//! Runs Cargo with the plugin loaded.
//!
//! Cargo's arguments are passed on unchanged; everything is said through the
//! environment: the flags (`flags.rs`), the wrapper (`wrapper.rs`), the target, and debug line tables, with
//! which the plugin names source lines. Naming a target keeps build scripts and
//! procedural macros free of the flags. Commands that link nothing are passed
//! on untouched. Cargo's exit code is ours.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::project::{self, Settings};
use crate::toolchain::{Toolchain, require_target};
use crate::{flags, plugin, ui, wrapper};

/// Cargo's commands that link no program, so that the plugin has no work.
/// All others, also those of other subcommands, get it.
const LINK_NOTHING: [&str; 33] = [
    "add",
    "c",
    "check",
    "clean",
    "clippy",
    "config",
    "d",
    "doc",
    "fetch",
    "fix",
    "fmt",
    "generate-lockfile",
    "help",
    "info",
    "locate-project",
    "login",
    "logout",
    "metadata",
    "miri",
    "new",
    "owner",
    "pkgid",
    "read-manifest",
    "remove",
    "report",
    "rm",
    "rustdoc",
    "search",
    "tree",
    "update",
    "vendor",
    "verify-project",
    "version",
];
/// The name of the file into which the plugin also writes its diagnostics.
const DIAGNOSTICS: &str = "ENZYME_DIAGNOSTICS_FILE";

/// Does this command link programs?
pub fn links(arguments: &[OsString]) -> bool {
    let command = arguments.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    let only_asks = project::has_option(arguments, &["--help", "-h"]);
    !command.is_empty() && !only_asks && !LINK_NOTHING.contains(&command.as_ref())
}

/// Runs `cargo <arguments>`, with the plugin if there is something to link.
pub fn run(arguments: &[OsString]) -> Result<i32> {
    let mut command = Command::new(plugin::cargo());
    command.args(arguments);
    remove_package_variables(&mut command);
    if !links(arguments) {
        return wait(command);
    }
    let toolchain = Toolchain::detect()?;
    toolchain.require_host()?;
    toolchain.require_llvm()?;
    let folder = std::env::current_dir()?;
    let settings = Settings::load(&folder, &toolchain.host)?;
    let target = choose_target(arguments, &settings, &toolchain)?;
    flags::check(&settings.rustflags)?;
    if project::option_values(arguments, "--config").iter().any(|value| value.contains("rustflags"))
    {
        ui::warn(
            "`rustflags` given by `--config` are replaced by those that load the plugin; use RUSTFLAGS",
        );
    }
    let offline = project::has_option(arguments, &["--offline", "--frozen"]);
    let cache = Cache::locate()?;
    let plugin = plugin::ensure_built(&cache, &toolchain, offline)?;

    wrapper::wrap(&mut command, &cache, settings.wrapper.as_deref())?;
    command
        .env("CARGO_ENCODED_RUSTFLAGS", flags::encode(&flags::merge(&settings.rustflags, &plugin)));
    command.env(
        "CARGO_ENCODED_RUSTDOCFLAGS",
        flags::encode(&flags::merge(&settings.rustdocflags, &plugin)),
    );
    command.env("CARGO_BUILD_TARGET", target);
    let manifest_path = project::option_values(arguments, "--manifest-path");
    let manifest = project::workspace_manifest(manifest_path.first().map(String::as_str)).ok();
    // `bench` inherits from `release`.
    if !project::sets_debug(manifest.as_deref(), &folder, "release") {
        command.env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    }
    let diagnostics = Diagnostics::prepare(&mut command)?;
    let code = wait(command)?;
    diagnostics.show(code)?;
    Ok(code)
}

/// The target to build for: the user's choice if it is a supported one.
fn choose_target(
    arguments: &[OsString],
    settings: &Settings,
    toolchain: &Toolchain,
) -> Result<String> {
    let given = project::option_values(arguments, "--target");
    let chosen = if given.is_empty() { &settings.targets } else { &given };
    for target in chosen.iter().filter(|target| *target != "host-tuple") {
        require_target(target)?;
    }
    Ok(toolchain.host.clone())
}

/// Started by `cargo run`, we carry variables that describe our own package.
fn remove_package_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let of_package =
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if of_package.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
}

/// Waits for Cargo, also when the user interrupts it: then Cargo dies of the
/// same signal, and we report how.
fn wait(mut command: Command) -> Result<i32> {
    ctrlc::set_handler(|| {})?;
    let program = command.get_program().to_owned();
    let status = command.status().with_context(|| format!("cannot run {}", program.display()))?;
    Ok(exit_code(status))
}

/// A shell's convention for a process that died of a signal.
fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// The file in which the plugin leaves its messages. In Cargo's own output they
/// are buried in rustc's report of the linker command, or not shown at all.
struct Diagnostics {
    path: PathBuf,
    start: u64,
    _own: Option<tempfile::TempPath>,
}

impl Diagnostics {
    /// Names the file to the plugin; the user's choice is kept.
    fn prepare(command: &mut Command) -> Result<Diagnostics> {
        if let Some(path) = std::env::var_os(DIAGNOSTICS).filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            let start = fs::metadata(&path).map(|data| data.len()).unwrap_or(0);
            return Ok(Diagnostics { path, start, _own: None });
        }
        let own = tempfile::NamedTempFile::with_prefix("enzyme-diagnostics-")?.into_temp_path();
        command.env(DIAGNOSTICS, &own);
        Ok(Diagnostics { path: own.to_path_buf(), start: 0, _own: Some(own) })
    }

    /// Prints what the plugin has said since, once more and by itself.
    fn show(self, code: i32) -> Result<()> {
        let mut text = String::new();
        if let Ok(mut file) = fs::File::open(&self.path) {
            file.seek(SeekFrom::Start(self.start))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        if !text.trim().is_empty() {
            if code != 0 {
                eprintln!("\nThe build failed. What enzyme-rs itself says about it:");
            }
            eprintln!("\n{}", text.trim_end());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn only_what_links_gets_the_plugin() {
        let table = [
            ("build --release", true),
            ("b", true),
            ("run -- --help", true),
            ("test", true),
            ("bench", true),
            ("nextest run", true),
            ("check", false),
            ("clippy --fix", false),
            ("doc", false),
            ("fmt", false),
            ("build --help", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(links(&words(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_foreign_target_is_refused() {
        let toolchain = Toolchain {
            release: "1.95.0".into(),
            commit: String::new(),
            host: "x86_64-unknown-linux-gnu".into(),
            llvm: crate::version::Version::parse("22.1.2").unwrap(),
            sysroot: "/s".into(),
        };
        let table = [
            ("run", "", true),
            ("run --target x86_64-unknown-linux-gnu", "", true),
            ("run --target wasm32-unknown-unknown", "", false),
            ("run", "wasm32-unknown-unknown", false),
            ("run --target x86_64-unknown-linux-gnu", "wasm32-unknown-unknown", true),
        ];
        for (text, configured, expected) in table {
            let targets = configured.split_whitespace().map(String::from).collect();
            let settings = Settings { targets, ..Settings::default() };
            let chosen = choose_target(&words(text), &settings, &toolchain);
            assert_eq!(chosen.is_ok(), expected, "{text} {configured}");
        }
    }
}
