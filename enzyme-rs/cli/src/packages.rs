//! Installs Debian packages that building the plugin needs, if it may.
//!
//! The decision is a pure function of a [`Situation`]; carrying it out runs
//! `apt-get` and nothing else. The exact command is always shown. Package lists
//! are updated when a package is not known yet, or when the installation fails
//! (lists that are too old name files that are gone). What is missing is found
//! in `llvm.rs`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::llvm::{self, Need};
use crate::ui;

/// What decides whether packages may be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// `ENZYME_NO_INSTALL` is set.
    pub forbidden: bool,
    /// `apt-get` exists.
    pub apt: bool,
    /// The user is root.
    pub root: bool,
    /// `sudo` exists.
    pub sudo: bool,
    /// `sudo` asks for no password.
    pub sudo_is_free: bool,
    /// Somebody can answer a question.
    pub terminal: bool,
}

/// What to do about missing packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Install, with or without `sudo`.
    Install {
        /// Put `sudo` before the command.
        sudo: bool,
    },
    /// Ask first, then install.
    Ask {
        /// Put `sudo` before the command.
        sudo: bool,
    },
    /// Say what to type; the text says why nothing was done.
    Refuse(&'static str),
}

/// May packages be installed here, and how?
pub fn decide(situation: Situation) -> Decision {
    let Situation { forbidden, apt, root, sudo, sudo_is_free, terminal } = situation;
    if forbidden {
        Decision::Refuse("ENZYME_NO_INSTALL is set")
    } else if !apt {
        Decision::Refuse("there is no `apt-get` on this machine")
    } else if !root && !sudo {
        Decision::Refuse("installing needs root, and there is no `sudo`")
    } else if terminal {
        Decision::Ask { sudo: !root }
    } else if root || sudo_is_free {
        Decision::Install { sudo: !root }
    } else {
        Decision::Refuse("`sudo` asks for a password, and there is no terminal to type it")
    }
}

/// The command that installs what is missing, as a user would type it.
fn command_line(missing: &[Need], sudo: bool) -> String {
    format!("{}apt-get install --yes {}", if sudo { "sudo " } else { "" }, package_names(missing))
}

/// What a user types to mend it, also where no package list was ever fetched.
pub fn advice(packages: &str) -> String {
    let sudo = if is_root() { "" } else { "sudo " };
    format!("{sudo}apt-get update && {sudo}apt-get install --yes {packages}")
}

/// Gets the missing things installed, or fails with the command to type.
pub fn install(missing: &[Need], prefix: &Path) -> Result<()> {
    let names: Vec<&str> = missing.iter().map(|need| need.describe()).collect();
    let what = format!("the plugin cannot be built: {} not found", names.join(" and "));
    let sudo = match decide(observe()) {
        Decision::Install { sudo } => sudo,
        Decision::Ask { sudo } => {
            eprintln!("{what}.");
            let question = format!("Run `{}` now?", command_line(missing, sudo));
            ensure!(ui::confirm(&question)?, "{}", refusal(&what, "you said no", missing, prefix));
            sudo
        }
        Decision::Refuse(why) => bail!("{}", refusal(&what, why, missing, prefix)),
    };
    run_apt(missing, sudo).with_context(|| what)
}

fn refusal(what: &str, why: &str, missing: &[Need], prefix: &Path) -> String {
    format!(
        "{what}, and nothing was installed ({why}).\n\
         \x20 looked in: {}\n\
         \x20 to mend it on Debian 12: {}\n\
         \x20 elsewhere: install LLVM 22 with its headers and libclang, and set ENZYME_LLVM_PREFIX to its folder",
        prefix.display(),
        advice(&package_names(missing)),
    )
}

fn package_names(missing: &[Need]) -> String {
    missing.iter().map(|need| need.package()).collect::<Vec<_>>().join(" ")
}

fn observe() -> Situation {
    let sudo = llvm::in_path("sudo").is_some();
    let root = is_root();
    Situation {
        forbidden: std::env::var_os("ENZYME_NO_INSTALL")
            .is_some_and(|value| !value.is_empty() && value != "0"),
        apt: llvm::in_path("apt-get").is_some(),
        root,
        sudo,
        sudo_is_free: sudo && !root && quiet_success("sudo", &["-n", "true"]),
        terminal: ui::interactive(),
    }
}

/// Is the user root?
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn quiet_success(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run_apt(missing: &[Need], sudo: bool) -> Result<()> {
    let packages: Vec<&str> = missing.iter().map(|need| need.package()).collect();
    let known = packages.iter().all(|package| quiet_success("apt-cache", &["show", package]));
    let mut install = vec!["install", "--yes"];
    install.extend(&packages);
    if known && apt_get(&install, sudo)? {
        return Ok(());
    }
    ensure!(
        apt_get(&["update"], sudo)?,
        "`apt-get update` failed; is the network there? Then run `{}` yourself",
        command_line(missing, sudo)
    );
    for package in &packages {
        ensure!(
            quiet_success("apt-cache", &["show", package]),
            "this system's package sources have no `{package}`; Debian 12 with its updates has it. \
             Elsewhere, install LLVM 22 and set ENZYME_LLVM_PREFIX to its folder"
        );
    }
    ensure!(apt_get(&install, sudo)?, "`{}` failed", command_line(missing, sudo));
    Ok(())
}

/// Runs `apt-get` visibly, its output on standard error.
fn apt_get(arguments: &[&str], sudo: bool) -> Result<bool> {
    let mut words: Vec<PathBuf> = if sudo { vec!["sudo".into()] } else { vec![] };
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"].map(PathBuf::from));
    words.extend(["-o", "DPkg::Lock::Timeout=300"].map(PathBuf::from));
    words.extend(arguments.iter().map(PathBuf::from));
    let shown: Vec<String> = words.iter().map(|word| word.display().to_string()).collect();
    ui::status("Running", &shown.join(" "));
    let status = Command::new(&words[0])
        .args(&words[1..])
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("cannot run {}", words[0].display()))?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decision_follows_the_situation() {
        use Decision::{Ask, Install};
        let nobody = Situation {
            forbidden: false,
            apt: true,
            root: false,
            sudo: false,
            sudo_is_free: false,
            terminal: false,
        };
        let table = [
            (Situation { root: true, ..nobody }, Ok(Install { sudo: false })),
            (Situation { sudo: true, sudo_is_free: true, ..nobody }, Ok(Install { sudo: true })),
            (Situation { root: true, terminal: true, ..nobody }, Ok(Ask { sudo: false })),
            (Situation { sudo: true, terminal: true, ..nobody }, Ok(Ask { sudo: true })),
            (Situation { sudo: true, ..nobody }, Err("password")),
            (nobody, Err("needs root")),
            (Situation { terminal: true, ..nobody }, Err("needs root")),
            (Situation { root: true, apt: false, ..nobody }, Err("no `apt-get`")),
            (Situation { root: true, forbidden: true, ..nobody }, Err("ENZYME_NO_INSTALL")),
            (
                Situation { root: true, terminal: true, forbidden: true, ..nobody },
                Err("ENZYME_NO_INSTALL"),
            ),
        ];
        for (situation, expected) in table {
            match (decide(situation), expected) {
                (Decision::Refuse(why), Err(word)) => assert!(why.contains(word), "{why}"),
                (decision, expected) => assert_eq!(Ok(decision), expected, "{situation:?}"),
            }
        }
    }

    #[test]
    fn exactly_the_missing_packages_are_named() {
        let table: [(&[Need], &str); 3] = [
            (&Need::ALL, "apt-get install --yes llvm-22-dev libclang-22-dev g++"),
            (&[Need::Libclang], "apt-get install --yes libclang-22-dev"),
            (&[Need::CxxCompiler], "apt-get install --yes g++"),
        ];
        for (missing, expected) in table {
            assert_eq!(command_line(missing, false), expected);
            assert_eq!(command_line(missing, true), format!("sudo {expected}"));
        }
    }
}
