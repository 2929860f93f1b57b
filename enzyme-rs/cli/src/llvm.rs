//! Finds what building the plugin needs: LLVM's headers, libclang, a C++ compiler.
//!
//! `ENZYME_LLVM_PREFIX` decides alone if it is set. Otherwise the first prefix
//! of the right major version wins among Debian's `/usr/lib/llvm-22`, what
//! `llvm-config-22 --prefix` says, and what `llvm-config --prefix` says. What is
//! missing is named together with the Debian package that holds it. Nothing is
//! installed here.
//!
//! `ENZYME_SYSTEM_ROOT` replaces `/` in `/usr/lib/llvm-22`; it is for tests.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::toolchain::LLVM_MAJOR;
use crate::version::Version;

/// One thing that building the plugin needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// LLVM's C and C++ headers.
    Headers,
    /// libclang and the headers of its compiler, which bindgen reads C with.
    Libclang,
    /// A C++ compiler, with which the plugin's shim is built.
    CxxCompiler,
}

impl Need {
    /// All of them, in the order in which they are reported.
    pub const ALL: [Need; 3] = [Need::Headers, Need::Libclang, Need::CxxCompiler];

    /// The Debian package that holds it.
    pub fn package(self) -> &'static str {
        match self {
            Need::Headers => "llvm-22-dev",
            Need::Libclang => "libclang-22-dev",
            Need::CxxCompiler => "g++",
        }
    }

    /// How to call it in a message.
    pub fn describe(self) -> &'static str {
        match self {
            Need::Headers => "the headers of LLVM 22",
            Need::Libclang => "libclang 22",
            Need::CxxCompiler => "a C++ compiler",
        }
    }
}

/// What was found on this machine.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where LLVM is, or would be once it is installed.
    pub prefix: PathBuf,
    /// Did the user name the prefix?
    pub chosen_by_user: bool,
    /// The version of the headers, if they are there.
    pub headers: Option<Version>,
    /// The shared library `libclang`, if it is there.
    pub libclang: Option<PathBuf>,
    /// The C++ compiler, if there is one.
    pub cxx: Option<PathBuf>,
}

impl Found {
    /// What is not there.
    pub fn missing(&self) -> Vec<Need> {
        let here = |need: &Need| match need {
            Need::Headers => self.headers.is_some(),
            Need::Libclang => self.libclang.is_some(),
            Need::CxxCompiler => self.cxx.is_some(),
        };
        Need::ALL.into_iter().filter(|need| !here(need)).collect()
    }

    /// The missing things that no package can put there, because the user
    /// named a prefix of their own.
    pub fn missing_from_chosen_prefix(&self) -> Vec<Need> {
        let mut missing = self.missing();
        missing.retain(|need| self.chosen_by_user && *need != Need::CxxCompiler);
        missing
    }
}

/// Looks for everything; fails only if `ENZYME_LLVM_PREFIX` is of no use.
pub fn find(rustc_llvm: Version) -> Result<Found> {
    let cxx = find_cxx();
    if let Some(prefix) = variable("ENZYME_LLVM_PREFIX") {
        let prefix = std::path::absolute(prefix)?;
        check_chosen(&prefix, rustc_llvm)?;
        return Ok(probe(prefix, true, cxx));
    }
    let usual = debian_prefix();
    let named = ["llvm-config-22", "llvm-config"]
        .into_iter()
        .filter_map(|program| llvm_config(program, "--prefix"));
    let usable = std::iter::once(usual.clone())
        .chain(named.map(PathBuf::from))
        .find(|prefix| headers(prefix).is_some_and(|version| version.major == LLVM_MAJOR));
    Ok(probe(usable.unwrap_or(usual), false, cxx))
}

fn debian_prefix() -> PathBuf {
    let root = variable("ENZYME_SYSTEM_ROOT").unwrap_or_else(|| PathBuf::from("/"));
    root.join(format!("usr/lib/llvm-{LLVM_MAJOR}"))
}

/// The value of an environment variable, if it is set and not empty.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn probe(prefix: PathBuf, chosen_by_user: bool, cxx: Option<PathBuf>) -> Found {
    let headers = headers(&prefix).filter(|version| version.major == LLVM_MAJOR);
    Found { headers, libclang: libclang(&prefix), prefix, chosen_by_user, cxx }
}

/// Refuses a prefix that does not exist or is of another major version.
fn check_chosen(prefix: &Path, rustc_llvm: Version) -> Result<()> {
    let shown = prefix.display();
    ensure!(prefix.is_dir(), "ENZYME_LLVM_PREFIX={shown}: there is no such folder");
    let tool = prefix.join("bin/llvm-config");
    let version = headers(prefix).or_else(|| Version::parse(&llvm_config(&tool, "--version")?));
    match version {
        Some(version) if version.major != LLVM_MAJOR => bail!(
            "ENZYME_LLVM_PREFIX={shown} is LLVM {version}, but rustc contains LLVM {rustc_llvm}; \
             point it at an LLVM {LLVM_MAJOR}, or unset it to let cargo-enzyme look for one"
        ),
        _ => Ok(()),
    }
}

/// The version of the headers under a prefix, if the ones we need are there.
fn headers(prefix: &Path) -> Option<Version> {
    let include = prefix.join("include");
    let needed = ["llvm-c/Core.h", "llvm/IR/Function.h"];
    let text = std::fs::read_to_string(include.join("llvm/Config/llvm-config.h")).ok()?;
    let complete = needed.iter().all(|header| include.join(header).is_file());
    Version::from_header(&text).filter(|version| complete || version.major != LLVM_MAJOR)
}

/// The library, provided that the compiler headers it needs (`stddef.h`, …)
/// are installed with it.
fn libclang(prefix: &Path) -> Option<PathBuf> {
    let lib = prefix.join("lib");
    let resources = lib.join(format!("clang/{LLVM_MAJOR}/include/stddef.h"));
    let mut found: Vec<PathBuf> = std::fs::read_dir(&lib)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().and_then(OsStr::to_str).is_some_and(is_libclang))
        // A link into nothing stays behind when a package is half removed.
        .filter(|path| path.is_file() && resources.is_file())
        .collect();
    found.sort();
    found.into_iter().next()
}

/// The names under which bindgen looks for the library.
fn is_libclang(name: &str) -> bool {
    let stem = name.split(".so").next().unwrap_or_default();
    name.contains(".so") && (stem == "libclang" || stem == format!("libclang-{LLVM_MAJOR}"))
}

fn llvm_config(program: impl AsRef<OsStr>, question: &str) -> Option<String> {
    let output = Command::new(program).arg(question).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `CXX`, or the usual names, in the order in which the crate `cc` looks.
pub fn find_cxx() -> Option<PathBuf> {
    if let Some(command) = variable("CXX") {
        let command = command.to_string_lossy().into_owned();
        return in_path(command.split_whitespace().next()?);
    }
    ["c++", "g++", "clang++"].into_iter().find_map(in_path)
}

/// The file that running this name would run.
pub fn in_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Makes a prefix that holds the given files; headers of the given version.
    fn prefix(version: &str, files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("#define LLVM_VERSION_STRING \"{version}\"\n")).unwrap();
        }
        dir
    }

    const CONFIG: &str = "include/llvm/Config/llvm-config.h";
    const HEADERS: [&str; 3] = [CONFIG, "include/llvm-c/Core.h", "include/llvm/IR/Function.h"];

    #[test]
    fn headers_must_be_complete_and_of_the_right_version() {
        let table: [(&str, &[&str], bool); 4] = [
            ("22.1.8", &HEADERS, true),
            ("22.1.8", &[CONFIG], false),
            ("14.0.6", &HEADERS, false),
            ("22.1.8", &[], false),
        ];
        for (version, files, expected) in table {
            let dir = prefix(version, files);
            let found = probe(dir.path().into(), false, None);
            assert_eq!(found.headers.is_some(), expected, "{version} {files:?}");
        }
    }

    #[test]
    fn libclang_needs_its_resource_headers() {
        let resources = "lib/clang/22/include/stddef.h";
        let table: [(&[&str], bool); 5] = [
            (&["lib/libclang.so", resources], true),
            (&["lib/libclang-22.so.1", resources], true),
            (&["lib/libclang.so"], false),
            (&["lib/libclang-cpp.so.22", resources], false),
            (&["lib/libclangAST.a", resources], false),
        ];
        for (files, expected) in table {
            let dir = prefix("22.1.8", files);
            assert_eq!(libclang(dir.path()).is_some(), expected, "{files:?}");
        }
    }

    #[test]
    fn each_missing_thing_is_named_once() {
        let dir = prefix("22.1.8", &HEADERS);
        let mut found = probe(dir.path().into(), true, None);
        assert_eq!(found.missing(), [Need::Libclang, Need::CxxCompiler]);
        assert_eq!(found.missing_from_chosen_prefix(), [Need::Libclang]);
        found.chosen_by_user = false;
        assert_eq!(found.missing_from_chosen_prefix(), []);
    }

    #[test]
    fn a_chosen_prefix_of_another_version_is_refused_with_both_versions() {
        let rustc = Version::parse("22.1.2").unwrap();
        let old = prefix("14.0.6", &[CONFIG]);
        let message = check_chosen(old.path(), rustc).unwrap_err().to_string();
        assert!(message.contains("14.0.6") && message.contains("22.1.2"), "{message}");
        assert!(check_chosen(&old.path().join("none"), rustc).is_err());
        assert!(check_chosen(prefix("22.1.0", &HEADERS).path(), rustc).is_ok());
    }
}
