//! Many programs through rustc with the plugin, and what comes out for each.
//!
//! All of them are one crate, `program/`. The plugin names all that it refuses, so those are
//! left out of a second build. A program that does not end or is killed ends the run; the
//! ones behind it run again. If the compiler crashes, halves are tried one after the other.
//! What was built last, or could not be built, is not built again.

use std::collections::{BTreeMap, HashMap, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};

use super::print::{self, Kind, Text};

/// After this long a compiler or the programs are taken to hang.
const SECONDS: [&str; 2] = ["400", "20"];
/// How far a derivative may be off, relative to the largest on the way: for doubles, and
/// for programs in which there are floats.
const ALLOWED: [f64; 2] = [1e-9, 1e-3];

/// How programs are built.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub release: bool,
    /// The seed of arbitrary plans.
    pub chaos: Option<u8>,
    /// The rule of dual numbers that is wrong on purpose.
    pub planted: Option<&'static str>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// There is nothing to compare: numbers grow, or a derivative does not exist.
    Strange,
    Wrong(String),
    /// The code.
    Refused(String),
    /// The compiler failed or hung.
    NotBuilt(String),
    /// The program failed or hung.
    Failed(String),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Right => write!(f, "right"),
            Self::Strange => write!(f, "nothing to compare"),
            Self::Wrong(text) => write!(f, "WRONG: {text}"),
            Self::Refused(code) => write!(f, "refused with {code}"),
            Self::NotBuilt(text) => write!(f, "the compiler failed: {text}"),
            Self::Failed(text) => write!(f, "the program failed: {text}"),
        }
    }
}

impl Verdict {
    /// Whether it is the same kind of failure.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Refused(a), Self::Refused(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// A short name for a text.
pub fn hash(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// There is one folder for each profile, and tests run side by side.
static BUSY: [Mutex<()>; 2] = [Mutex::new(()), Mutex::new(())];

/// The verdict of each program.
pub fn verdicts(progs: &[Text], how: How) -> Vec<Verdict> {
    let busy = BUSY[usize::from(how.release)].lock();
    let all: Vec<_> = (0..progs.len()).collect();
    let (mut ours, mut right) = (BTreeMap::new(), BTreeMap::new());
    std::thread::scope(|scope| {
        scope.spawn(|| lines(progs, &all, how, Kind::Dual, &mut right));
        lines(progs, &all, how, Kind::Gradient, &mut ours);
    });
    let each = ours.into_values().zip(right.into_values()).zip(progs);
    let verdicts = each.map(|((ours, right), prog)| compare(prog, ours, right)).collect();
    drop(busy);
    verdicts
}

/// The line that is printed for each program, or why none is.
type Lines = BTreeMap<usize, Result<String, Verdict>>;

fn lines(progs: &[Text], which: &[usize], how: How, kind: Kind, found: &mut Lines) {
    if which.is_empty() {
        return;
    }
    let text = print::many(which.iter().map(|&index| (index, &progs[index])), kind);
    let said = match build(&text, how, kind) {
        Ok(program) => return run(&program, which, how, found),
        Err(said) => said,
    };
    let refused = refusals(&said);
    let known = refused.iter().filter(|(index, _)| which.contains(index));
    let known: BTreeMap<usize, String> = known.cloned().collect();
    if !known.is_empty() {
        let rest = which.iter().copied().filter(|index| !known.contains_key(index));
        let rest: Vec<_> = rest.collect();
        found.extend(known.into_iter().map(|(i, code)| (i, Err(Verdict::Refused(code)))));
        lines(progs, &rest, how, kind, found);
    } else if let [index] = which {
        found.insert(*index, Err(Verdict::NotBuilt(said.chars().take(4000).collect())));
    } else {
        for half in which.chunks(which.len().div_ceil(2)) {
            lines(progs, half, how, kind, found);
        }
    }
}

/// What was built before: each text for an executable, with the plan that was asked for.
#[derive(Default)]
struct Known {
    /// What was said of those that failed.
    failed: HashMap<String, String>,
    /// The last for each executable.
    last: HashMap<PathBuf, String>,
}

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// Builds a file of programs unless that was done; gives what was said if that fails.
fn build(text: &str, how: How, kind: Kind) -> Result<PathBuf, String> {
    let known = || KNOWN.lock().expect("no test fails while it is held");
    let (folder, program) = places(how, kind);
    let key = format!("{} {:?} {}", program.display(), how.chaos, hash(text));
    if let Some(said) = known().failed.get(&key) {
        return Err(said.clone());
    }
    let last = known().last.insert(program.clone(), key.clone());
    if last.as_ref() != Some(&key)
        && let Err(said) = compile(text, how, kind, &folder)
    {
        known().failed.insert(key, said.clone());
        return Err(said);
    }
    Ok(program)
}

/// The folder that programs are built in, and where the executable is.
fn places(how: How, kind: Kind) -> (PathBuf, PathBuf) {
    let profile = if how.release { "release" } else { "debug" };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random_{profile}"));
    let (folder, program) = match kind {
        Kind::Gradient => (folder, format!("x86_64-unknown-linux-gnu/{profile}/gradient")),
        Kind::Dual => (folder.join("dual"), "debug/dual".to_owned()),
    };
    let program = folder.join(program);
    (folder, program)
}

/// Builds a file of programs; gives what was said if that fails.
fn compile(text: &str, how: How, kind: Kind, folder: &Path) -> Result<(), String> {
    assert!(!env!("ENZYME_PLUGIN_PATH").is_empty(), "run `cargo enzyme test`");
    let mut build = Command::new("timeout");
    for (name, _) in std::env::vars_os() {
        // This package's own, which the other one must not see.
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            build.env_remove(name);
        }
    }
    build.args([SECONDS[0], env!("CARGO"), "build", "--quiet", "--package", "enzyme-random"]);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    let name = match kind {
        Kind::Gradient => {
            build.args(how.release.then_some("--release"));
            "gradient"
        }
        Kind::Dual => {
            // Numbers are exact however they are computed, and no plugin is needed.
            for flags in ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "CARGO_BUILD_TARGET"] {
                build.env_remove(flags);
            }
            "dual"
        }
    };
    std::fs::create_dir_all(folder).expect("a writable folder");
    let source = folder.join(format!("{name}.rs"));
    std::fs::write(&source, text).expect("a writable folder");
    // The linker stops after twenty messages; the file holds all.
    let messages = folder.join("messages");
    let _ = std::fs::remove_file(&messages);
    build.args(["--bin", name, "--target-dir"]).arg(folder);
    build.env(format!("ENZYME_RANDOM_{}", name.to_uppercase()), &source);
    build.env("ENZYME_DIAGNOSTICS_FILE", &messages);
    build.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
    match how.chaos {
        Some(seed) => build.env("ENZYME_CHAOS_SEED", seed.to_string()),
        None => build.env_remove("ENZYME_CHAOS_SEED"),
    };
    let output = build.output().expect("cargo runs");
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let refused = std::fs::read_to_string(&messages).unwrap_or_default();
        return Err(if refused.is_empty() {
            format!("{}\n{text}", output.status)
        } else {
            refused
        });
    }
    Ok(())
}

/// Runs the programs, and those behind one that ends them all again.
fn run(program: &Path, which: &[usize], how: How, found: &mut Lines) {
    let mut rest = which;
    while !rest.is_empty() {
        let mut run = Command::new("timeout");
        run.args(["-s", "KILL", SECONDS[1]]).arg(program);
        run.args(rest.iter().map(usize::to_string));
        if let Some(planted) = how.planted {
            run.env("ENZYME_RANDOM_PLANTED", planted);
        }
        let output = run.output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let mut done = 0;
        for line in text.lines() {
            let Some((number, line)) = line.split_once(' ') else { continue };
            assert_eq!(number, rest[done].to_string(), "lines come in order");
            found.insert(rest[done], Ok(line.to_owned()));
            done += 1;
        }
        if let Some(&index) = rest.get(done) {
            let said = String::from_utf8_lossy(&output.stderr);
            found.insert(index, Err(Verdict::Failed(format!("{}\n{said}", output.status))));
            done += 1;
        }
        rest = &rest[done..];
    }
}

/// The programs that messages name, and their codes.
fn refusals(text: &str) -> Vec<(usize, String)> {
    let mut refused = Vec::new();
    for message in text.split("[ENZ0").skip(1) {
        let code = format!("ENZ0{}", &message[..3.min(message.len())]);
        let number = message.split("`top").nth(1).and_then(|rest| rest.split('`').next());
        refused.extend(number.and_then(|n| n.parse().ok()).map(|number| (number, code)));
    }
    refused
}

/// Compares what was printed for a program, by the engine and with dual numbers.
fn compare(prog: &Text, ours: Result<String, Verdict>, right: Result<String, Verdict>) -> Verdict {
    let numbers = |line: &str| line.split(' ').map(|word| word.parse().ok()).collect();
    let (ours, right): (String, String) = match (ours, right) {
        (Err(refused @ Verdict::Refused(_)), _) => return refused,
        (_, Ok(line)) if line == "strange" => return Verdict::Strange,
        (Err(other), _) | (_, Err(other)) => return other,
        (Ok(ours), Ok(right)) => (ours, right),
    };
    let (Some(found), Some(right)): (Option<Vec<f64>>, Option<Vec<f64>>) =
        (numbers(&ours), numbers(&right))
    else {
        return Verdict::Failed(ours);
    };
    let (value, scale) = (right[0], right[1]);
    let allowed = ALLOWED[usize::from(prog.functions.contains("single("))] * scale;
    let is_close = |a: f64, b: f64| (a - b).abs() <= allowed;
    let mut wrong = Vec::new();
    if !is_close(found[0], value) {
        wrong.push(format!("the value is {:e}, should be {value:e}", found[0]));
    }
    for (input, (&found, &right)) in found[1..].iter().zip(&right[2..]).enumerate() {
        if !is_close(found, right) {
            wrong.push(format!("input {input} is {found:e}, should be {right:e}"));
        }
    }
    if wrong.is_empty() { Verdict::Right } else { Verdict::Wrong(wrong.join("; ")) }
}
