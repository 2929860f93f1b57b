//! `cargo enzyme`: Cargo with the LLVM plugin of enzyme-rs loaded into the linker.
//!
//! This file reads the arguments and calls the module that does the work:
//!
//! ```text
//! run        cargo build, run, test, … with the plugin
//!  ├─ toolchain   which rustc, which LLVM inside it
//!  ├─ project     which flags, target and profiles the user has set
//!  ├─ plugin      the built plugin ── cache, sources, llvm (what is there), packages (install)
//!  └─ flags       the compiler flags
//! init       the same flags, written into .cargo/config.toml
//! doctor     what is there and what is missing, without changing anything
//! ```
#![forbid(unsafe_code)]

mod cache;
mod doctor;
mod flags;
mod init;
mod llvm;
mod packages;
mod plugin;
mod project;
mod run;
mod sources;
mod toolchain;
mod ui;
mod version;
mod wrapper;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

const AFTER_HELP: &str = "\
Cargo's commands:
  build, run, test, bench, rustc, install, nextest, …
          with the plugin loaded into the linker
  check, clippy, doc, fmt, tree, …
          as they are: they link nothing

Their arguments are passed on unchanged. The first build prepares the plugin
and keeps it in a cache; where LLVM 22 is missing, it says which packages it
needs and installs them if it may.

Environment:
  ENZYME_NO_INSTALL=1      never install packages; say what to type instead
  ENZYME_LLVM_PREFIX=DIR   use the LLVM 22 in this folder (it has include/ and lib/)
  ENZYME_CACHE_DIR=DIR     where the plugin is kept
  ENZYME_PLUGIN=FILE       use this plugin and build none
  ENZYME_DIAGNOSTICS_FILE=FILE  where the plugin also writes its messages
  ENZYME_TIMES_FILE=FILE   where the plugin writes how long its stages take
  RUSTFLAGS                is merged with the flags that load the plugin";

/// Cargo, with automatic differentiation by enzyme-rs
#[derive(Parser)]
#[command(name = "cargo enzyme", bin_name = "cargo enzyme", version, after_help = AFTER_HELP)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Print the path of the plugin, building it if need be
    Plugin,
    /// Write .cargo/config.toml, so that plain `cargo build` and editors load the plugin
    Init,
    /// Say what is there and what is missing, with the command that mends it
    Doctor,
    /// Any command of Cargo, with the plugin loaded if it links programs
    #[command(external_subcommand)]
    Cargo(Vec<OsString>),
}

fn main() -> ExitCode {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    if words.first().is_some_and(|program| wrapper::is_called(program)) {
        let Err(error) = wrapper::become_rustc(&words[1..]);
        ui::error(&error);
        return ExitCode::FAILURE;
    }
    // Cargo calls an installed subcommand with its name as the first argument.
    if words.get(1).is_some_and(|word| word == "enzyme") {
        words.remove(1);
    }
    match act(Cli::parse_from(words).command) {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            ui::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn act(action: Action) -> Result<i32> {
    match action {
        Action::Cargo(arguments) => run::run(&arguments),
        Action::Init => init::run().map(|()| 0),
        Action::Doctor => doctor::run(),
        Action::Plugin => {
            let toolchain = toolchain::Toolchain::detect()?;
            toolchain.require_host()?;
            toolchain.require_llvm()?;
            let path = plugin::ensure_built(&cache::Cache::locate()?, &toolchain, false)?;
            println!("{}", path.display());
            Ok(0)
        }
    }
}
