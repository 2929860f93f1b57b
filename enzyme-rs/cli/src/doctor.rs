//! `cargo enzyme doctor`: is everything there, and if not, what mends it?
//!
//! One line for each requirement. Looks and reports; never installs, builds or
//! writes anything. The exit code is 1 if something is missing. A warning is
//! for what does no harm as long as the subcommand is used.

use std::path::Path;

use anyhow::Result;
use console::style;

use crate::cache::Cache;
use crate::llvm::{self, Found, Need};
use crate::project::{self, Settings};
use crate::toolchain::Toolchain;
use crate::{flags, packages, plugin};

/// How a requirement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Found,
    Warning,
    Missing,
}

/// One line of the report.
struct Line {
    name: &'static str,
    state: State,
    detail: String,
    mend: Option<String>,
}

impl Line {
    fn found(name: &'static str, detail: String) -> Line {
        Line { name, state: State::Found, detail, mend: None }
    }

    fn missing(name: &'static str, detail: String, mend: &str) -> Line {
        Line { name, state: State::Missing, detail, mend: Some(mend.to_owned()) }
    }

    fn warning(name: &'static str, detail: String, mend: &str) -> Line {
        Line { state: State::Warning, ..Line::missing(name, detail, mend) }
    }

    fn print(&self) {
        let mark = match self.state {
            State::Found => style("found").green(),
            State::Warning => style("note").yellow(),
            State::Missing => style("missing").red(),
        };
        let mend =
            self.mend.as_ref().map(|mend| format!("; to mend it: {mend}")).unwrap_or_default();
        println!("{mark:>7}  {:<12}  {}{mend}", self.name, self.detail);
    }
}

/// Prints the report; returns the exit code.
pub fn run() -> Result<i32> {
    let lines = examine()?;
    lines.iter().for_each(Line::print);
    let missing = lines.iter().filter(|line| line.state == State::Missing).count();
    if missing > 0 {
        println!("{missing} missing");
    }
    Ok(i32::from(missing > 0))
}

fn examine() -> Result<Vec<Line>> {
    let toolchain = match Toolchain::detect() {
        Ok(toolchain) => toolchain,
        Err(error) => {
            return Ok(vec![Line::missing(
                "rustc",
                format!("{error:#}"),
                "rustup toolchain install stable",
            )]);
        }
    };
    let mut lines = vec![rustc(&toolchain), linker(&toolchain), c_linker()];
    let plugin = plugin_line(&Cache::locate()?, &toolchain);
    let built = plugin.state == State::Found;
    match llvm::find(toolchain.llvm) {
        Ok(found) => lines.extend(Need::ALL.map(|need| need_line(need, &found, built))),
        Err(error) => {
            let mend = "unset ENZYME_LLVM_PREFIX";
            lines.push(Line::missing("LLVM headers", format!("{error:#}"), mend));
            lines.push(Line::missing("libclang", "not looked for in that folder".into(), mend));
            lines.push(cxx_line(llvm::find_cxx().as_deref(), built));
        }
    }
    lines.push(plugin);
    lines.push(flags_line(&toolchain));
    Ok(lines)
}

fn rustc(toolchain: &Toolchain) -> Line {
    match toolchain.require_host().and_then(|()| toolchain.require_llvm()) {
        Ok(()) => Line::found(
            "rustc",
            format!("{} with LLVM {} for {}", toolchain.release, toolchain.llvm, toolchain.host),
        ),
        Err(error) => Line::missing("rustc", error.to_string(), "rustup default stable"),
    }
}

fn linker(toolchain: &Toolchain) -> Line {
    match toolchain.require_linker() {
        Ok(()) => Line::found(
            "rust-lld",
            "rustc's own, linked to rustc's LLVM; it can load plugins".into(),
        ),
        Err(error) => {
            Line::missing("rust-lld", error.to_string(), "rustup toolchain install stable")
        }
    }
}

fn c_linker() -> Line {
    match llvm::in_path("cc") {
        Some(path) => Line::found("C linker", path.display().to_string()),
        None => Line::missing(
            "C linker",
            "no `cc`, through which rustc links".into(),
            &packages::advice("gcc libc6-dev"),
        ),
    }
}

fn need_line(need: Need, found: &Found, built: bool) -> Line {
    let (name, detail) = match need {
        Need::CxxCompiler => return cxx_line(found.cxx.as_deref(), built),
        Need::Libclang => ("libclang", found.libclang.as_deref().map(shown)),
        Need::Headers => {
            let detail =
                found.headers.map(|version| format!("{version} in {}", found.prefix.display()));
            ("LLVM headers", detail)
        }
    };
    let mend = if found.chosen_by_user {
        "unset ENZYME_LLVM_PREFIX, or complete that LLVM".to_owned()
    } else {
        install_command(need)
    };
    build_time_line(
        name,
        detail,
        &format!("{} not found in {}", need.describe(), found.prefix.display()),
        &mend,
        built,
    )
}

fn cxx_line(cxx: Option<&Path>, built: bool) -> Line {
    let absent = "neither CXX nor `c++`, `g++` or `clang++` in PATH";
    build_time_line(
        "C++ compiler",
        cxx.map(shown),
        absent,
        &install_command(Need::CxxCompiler),
        built,
    )
}

fn install_command(need: Need) -> String {
    packages::advice(need.package())
}

/// A line for what is needed only until the plugin is built.
fn build_time_line(
    name: &'static str,
    detail: Option<String>,
    absent: &str,
    mend: &str,
    built: bool,
) -> Line {
    match detail {
        Some(detail) => Line::found(name, detail),
        None if built => Line::warning(
            name,
            format!("{absent}; not needed as long as the plugin is built"),
            mend,
        ),
        None => Line::missing(name, absent.to_owned(), mend),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn plugin_line(cache: &Cache, toolchain: &Toolchain) -> Line {
    let given = std::env::var_os("ENZYME_PLUGIN").filter(|path| !path.is_empty());
    let path = given.map(Into::into).unwrap_or_else(|| plugin::expected_path(cache, toolchain));
    if path.is_file() {
        Line::found("plugin", format!("built for LLVM {}: {}", toolchain.llvm, path.display()))
    } else {
        Line::missing(
            "plugin",
            format!("not built yet: no {}", path.display()),
            "cargo enzyme plugin",
        )
    }
}

fn flags_line(toolchain: &Toolchain) -> Line {
    let name = "flags";
    let settings = match std::env::current_dir()
        .map_err(Into::into)
        .and_then(|folder| Settings::load(&folder, &toolchain.host))
    {
        Ok(settings) => settings,
        Err(error) => {
            return Line::missing(name, format!("{error:#}"), "correct the configuration file");
        }
    };
    if let Err(error) = flags::check(&settings.rustflags) {
        return Line::missing(name, error.to_string(), "remove these flags");
    }
    if let Some(variable) = project::rustflags_variable() {
        let detail = format!(
            "{variable} is set: `cargo enzyme` merges it, but in plain `cargo` it replaces the configured flags"
        );
        return Line::warning(name, detail, &format!("unset {variable}"));
    }
    match flags::plugin_in(&settings.rustflags) {
        Some(path) if !path.is_file() => {
            let detail =
                format!("the configuration names a plugin that is not there: {}", path.display());
            Line::warning(name, detail, "cargo enzyme init")
        }
        _ => Line::found(name, "no RUSTFLAGS in the way".into()),
    }
}
