//! What is known about the user's rustc, and whether the plugin can work in it.
//!
//! Asks `rustc -vV` and looks into its sysroot. Three things are required: a
//! supported host, an LLVM of the right major version inside rustc, and rustc's
//! own `rust-lld`, linked to that LLVM dynamically: it is the program that
//! loads the plugin. Nothing is installed or changed here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::version::Version;

/// The one LLVM major version that the plugin is written for.
pub const LLVM_MAJOR: u32 = 22;
/// The hosts on which loading the plugin is known to work.
pub const SUPPORTED_HOSTS: [&str; 1] = ["x86_64-unknown-linux-gnu"];

/// The rustc that Cargo will use.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// The version as rustc prints it, such as `1.95.0`.
    pub release: String,
    /// The first nine digits of rustc's commit, or nothing for a distributor's build.
    pub commit: String,
    /// The host target.
    pub host: String,
    /// The version of rustc's own LLVM.
    pub llvm: Version,
    /// The folder that holds rustc's libraries and its linker.
    pub sysroot: PathBuf,
}

impl Toolchain {
    /// Asks rustc; does not judge the answer.
    pub fn detect() -> Result<Toolchain> {
        let text = rustc(&["-vV"])?;
        let sysroot = PathBuf::from(rustc(&["--print", "sysroot"])?.trim());
        Toolchain::parse(&text, sysroot)
    }

    fn parse(text: &str, sysroot: PathBuf) -> Result<Toolchain> {
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                .with_context(|| format!("`rustc -vV` does not say its `{name}`"))
        };
        let llvm = field("LLVM version")?;
        let commit = field("commit-hash").unwrap_or_default();
        Ok(Toolchain {
            release: field("release")?.to_owned(),
            commit: if commit == "unknown" {
                String::new()
            } else {
                commit.chars().take(9).collect()
            },
            host: field("host")?.to_owned(),
            llvm: Version::parse(llvm)
                .with_context(|| format!("cannot read rustc's LLVM version `{llvm}`"))?,
            sysroot,
        })
    }

    /// Is loading the plugin known to work on this host?
    pub fn require_host(&self) -> Result<()> {
        require_target(&self.host)
    }

    /// Is rustc's LLVM the one the plugin is written for?
    pub fn require_llvm(&self) -> Result<()> {
        ensure!(
            self.llvm.major == LLVM_MAJOR,
            "rustc {} contains LLVM {}, but the plugin of enzyme-rs is written for LLVM {LLVM_MAJOR}; \
             choose another toolchain, for example with `rustup default stable` or `cargo +stable enzyme …`",
            self.release,
            self.llvm
        );
        Ok(())
    }

    /// Is rustc's own linker there, and can it load a plugin?
    pub fn require_linker(&self) -> Result<()> {
        let tools = self.sysroot.join("lib/rustlib").join(&self.host).join("bin");
        let hint = "use a toolchain installed by rustup (`rustup toolchain install stable`)";
        let lld = tools.join("rust-lld");
        for needed in [&lld, &tools.join("gcc-ld/ld.lld")] {
            ensure!(
                needed.is_file(),
                "rustc's own linker is missing: no file {}; {hint}",
                needed.display()
            );
        }
        if !mentions(&lld, b"libLLVM.so")? {
            bail!(
                "{} is not linked to rustc's LLVM library dynamically, so it cannot load the plugin; {hint}",
                lld.display()
            );
        }
        Ok(())
    }

    /// A name for this toolchain that fits into a file name.
    pub fn key(&self) -> String {
        let commit = if self.commit.is_empty() { "distributed" } else { &self.commit };
        format!("rustc{}-{commit}-llvm{}", self.release, self.llvm)
    }
}

/// Refuses a compilation target on which the plugin is not known to work.
pub fn require_target(target: &str) -> Result<()> {
    ensure!(
        SUPPORTED_HOSTS.contains(&target),
        "enzyme-rs does not work for `{target}` yet: it is only known to work on {}",
        SUPPORTED_HOSTS.join(", ")
    );
    Ok(())
}

fn rustc(arguments: &[&str]) -> Result<String> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let output = Command::new(&program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run `{}`; is Rust installed?", program.display()))?;
    ensure!(
        output.status.success(),
        "`{} {}` failed: {}",
        program.display(),
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Does the file contain these bytes?
pub fn mentions(path: &Path, needle: &[u8]) -> Result<bool> {
    let content = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(content.windows(needle.len()).any(|window| window == needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rustc_says(host: &str, llvm: &str) -> String {
        format!(
            "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\ncommit-hash: 59807616e1fa2540\n\
             commit-date: 2026-04-14\nhost: {host}\nrelease: 1.95.0\nLLVM version: {llvm}\n"
        )
    }

    #[test]
    fn rustc_is_understood_and_judged() {
        let linux = "x86_64-unknown-linux-gnu";
        // (host, LLVM, words of the refusal)
        let table = [
            (linux, "22.1.2", None),
            (linux, "21.1.8", Some(["1.95.0", "21.1.8", "LLVM 22"])),
            (linux, "23.0", Some(["1.95.0", "23.0.0", "LLVM 22"])),
            ("aarch64-apple-darwin", "22.1.2", Some(["aarch64-apple-darwin", "not work", linux])),
        ];
        for (host, llvm, refusal) in table {
            let toolchain = Toolchain::parse(&rustc_says(host, llvm), "/sys".into()).unwrap();
            let verdict = toolchain.require_host().and_then(|()| toolchain.require_llvm());
            match refusal {
                None => verdict.unwrap(),
                Some(words) => {
                    let message = verdict.unwrap_err().to_string();
                    assert!(words.iter().all(|word| message.contains(word)), "{message}");
                }
            }
        }
    }

    #[test]
    fn the_key_names_compiler_and_llvm() {
        let toolchain = Toolchain::parse(&rustc_says("h", "22.1.2"), "/sys".into()).unwrap();
        assert_eq!(toolchain.key(), "rustc1.95.0-59807616e-llvm22.1.2");
        let text = rustc_says("h", "22.1.2").replace("59807616e1fa2540", "unknown");
        assert_eq!(Toolchain::parse(&text, "/sys".into()).unwrap().commit, "");
    }

    #[test]
    fn a_missing_linker_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let toolchain = Toolchain::parse(&rustc_says("h", "22.1.2"), dir.path().into()).unwrap();
        let message = toolchain.require_linker().unwrap_err().to_string();
        assert!(message.contains("rust-lld") && message.contains("rustup"), "{message}");
    }
}
