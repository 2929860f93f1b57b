//! Programs that are refused: what each states of itself, and whether it is so.
//!
//! A program's head says with which code it is refused, and how it is built for that:
//!
//! ```text
//! //! Refused with ENZ0021: release, dev.     by the build, in these profiles
//! //! Refused with ENZ0021: plain release.    without the wrapper of `cargo enzyme`
//! //! Ends with ENZ0031: release.             it is built, and refused when it runs
//! // Refused with ENZ0010: -O0, -O2.          in C and C++, at these levels
//! ```
//!
//! All programs of a package are built by one call of Cargo for each profile, which goes on
//! behind those that fail, and tells of each what rustc and the linker said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// After this long a program is taken to hang.
const SECONDS: &str = "20";

/// One way in which a program is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: String,
    /// The profile, or the level of optimisation.
    pub how: String,
    /// Whether it is refused when it runs.
    pub runs: bool,
}

/// A source, and all that it states.
#[derive(Clone, Debug)]
pub struct Program {
    pub path: PathBuf,
    pub refusals: Vec<Refusal>,
}

impl Program {
    pub fn name(&self) -> String {
        self.path.file_stem().expect("a named file").to_string_lossy().into_owned()
    }

    /// The code that is due if it is built like this, and whether it is when it runs.
    fn due(&self, how: &str) -> Option<&Refusal> {
        self.refusals.iter().find(|refusal| refusal.how == how)
    }
}

/// The programs of a folder, by name.
pub fn programs(folder: &Path) -> Vec<Program> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    let program = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let refusals = refusals(&text);
        assert!(!refusals.is_empty(), "{}: its head states no refusal", path.display());
        Program { path, refusals }
    };
    paths.into_iter().map(program).collect()
}

/// What the comment at the head of a source states.
fn refusals(text: &str) -> Vec<Refusal> {
    let head = text.lines().map_while(|line| line.strip_prefix("//"));
    let head = head.map(|line| line.trim_start_matches('!').trim()).collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for (word, runs) in [("Refused with ", false), ("Ends with ", true)] {
        for part in head.split(word).skip(1) {
            let part = part.split_once('.').map_or(part, |(part, _)| part);
            let (code, ways) = part.split_once(": ").expect("a code, then profiles or levels");
            found.extend(ways.split(", ").map(|how| {
                let (code, how) = (code.to_owned(), how.trim().to_owned());
                Refusal { code, how, runs }
            }));
        }
    }
    found
}

/// All codes of errors in what was said.
pub fn codes(text: &str) -> BTreeSet<String> {
    let code = |rest: &str| Some(rest.split_once(']')?.0.to_owned());
    text.split("error[").skip(1).filter_map(code).filter(|code| code.starts_with("ENZ")).collect()
}

/// Builds all programs of a package that state something of the profiles, and checks it.
pub fn check_package(package: &str, folder: &Path) -> Vec<String> {
    let programs = programs(&folder.join("examples"));
    let mut profiles: Vec<_> = programs.iter().flat_map(|program| &program.refusals).collect();
    profiles.sort_by_key(|refusal| &refusal.how);
    profiles.dedup_by_key(|refusal| &refusal.how);
    let mut problems = Vec::new();
    for profile in profiles.iter().map(|refusal| refusal.how.as_str()) {
        let concerned: Vec<_> =
            programs.iter().filter(|program| program.due(profile).is_some()).collect();
        let said = built(package, profile, &concerned);
        for program in concerned {
            let due = program.due(profile).expect("selected by that");
            let outcome = said.get(&program.name()).cloned().unwrap_or_default();
            let problem = compare(due, outcome).err();
            problems.extend(problem.map(|e| format!("{}, {profile}: {e}", program.name())));
        }
    }
    problems
}

/// What became of a program.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub said: String,
    pub executable: Option<PathBuf>,
}

/// Whether a program is refused as it states.
pub fn compare(due: &Refusal, outcome: Outcome) -> Result<(), String> {
    let again = "it is not refused any more: make it a test of what works, and correct its row \
                 in LIMITATIONS.md";
    let Some(executable) = outcome.executable else {
        let codes = codes(&outcome.said);
        return match codes.len() == 1 && codes.contains(&due.code) && !due.runs {
            true => Ok(()),
            false => Err(format!("refused with {codes:?}, not {due:?}:\n{}", outcome.said)),
        };
    };
    if !due.runs {
        return Err(again.to_owned());
    }
    let output = Command::new("timeout").args(["-s", "KILL", SECONDS]).arg(executable).output();
    let output = output.expect("it runs");
    let said = text(&output);
    match (output.status.success(), said.contains(&format!("enzyme-rs: {}: ", due.code))) {
        (false, true) => Ok(()),
        (true, _) => Err(again.to_owned()),
        (false, false) => Err(format!("ends with {}, not {due:?}:\n{said}", output.status)),
    }
}

/// All that a process has printed.
pub fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// What Cargo says of each program. The command that runs the tests has set the flags that
/// load the plugin, and the wrapper; Cargo inherits them here.
fn built(package: &str, profile: &str, programs: &[&Program]) -> BTreeMap<String, Outcome> {
    let mut build = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        // This package's own, which the other one must not see.
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            build.env_remove(name);
        }
    }
    build.env_remove("ENZYME_DIAGNOSTICS_FILE").current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args(["build", "--keep-going", "--message-format=json", "--package", package]);
    for program in programs {
        build.args(["--example", &program.name()]);
    }
    let plain = profile.strip_prefix("plain ");
    if plain.is_some() {
        // Cargo does not know that the wrapper changes what is built.
        build.env_remove("RUSTC_WRAPPER").arg("--target-dir");
        build.arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused"));
    }
    build.args(["--profile", plain.unwrap_or(profile)]);
    let output = build.output().expect("cargo runs");
    let mut found: BTreeMap<String, Outcome> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some(name) = example(line) else { continue };
        let outcome = found.entry(name.to_owned()).or_default();
        match field(line, "\"executable\":\"") {
            Some(path) => outcome.executable = Some(path.into()),
            None => outcome.said += &line.replace("\\n", "\n"),
        }
    }
    assert!(!found.is_empty(), "nothing was built:\n{}", text(&output));
    found
}

/// The example that a message is of.
fn example(line: &str) -> Option<&str> {
    let (_, target) = line.split_once("\"target\":{\"kind\":[\"example\"]")?;
    field(target, "\"name\":\"")
}

/// The text behind a key; names and paths here need no escapes.
fn field<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    Some(line.split_once(key)?.1.split_once('"')?.0)
}
