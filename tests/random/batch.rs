//! Many programs through `clang` with the plugin, and what comes out for each.
//!
//! All of them are one file with one `main`. Programs that are refused are left out of
//! the next attempt; if the messages do not tell which ones they are, or if the compiler
//! or the program crashes, the halves are tried one after the other.

use std::collections::{BTreeMap, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::{Command, Output};

use super::interpret::Planted;
use super::program::{INPUTS, Prog};
use super::{interpret, print};

/// After this long a compiler or a program is taken to hang.
const SECONDS: &str = "120";
/// How far a derivative may be off, relative to the largest on the way: for doubles, and
/// for programs in which there are floats.
const ALLOWED: [f64; 2] = [1e-9, 1e-3];

/// How programs are built.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub level: &'static str,
    /// The seed of arbitrary plans.
    pub chaos: Option<u8>,
    /// What is wrong on purpose in what they are compared with.
    pub planted: Option<Planted>,
}

impl How {
    /// Without optimisation, with the best plan.
    pub const PLAIN: Self = Self { level: "-O0", chaos: None, planted: None };
}

/// What came out.
#[derive(Clone, Debug)]
pub enum Verdict {
    Right,
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

/// The verdict of each program.
pub fn verdicts(progs: &[Prog], how: How) -> Vec<Verdict> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut found = BTreeMap::new();
    judge(progs, &(0..progs.len()).collect::<Vec<_>>(), how, folder.path(), &mut found);
    found.into_values().collect()
}

fn judge(
    progs: &[Prog],
    which: &[usize],
    how: How,
    folder: &Path,
    found: &mut BTreeMap<usize, Verdict>,
) {
    if which.is_empty() {
        return;
    }
    let attempt = attempt(progs, which, how, folder);
    if let Attempt::Lines(lines) = &attempt {
        for &index in which {
            found.insert(index, compare(&progs[index], lines.get(&index), how));
        }
        return;
    }
    let Attempt::Message { built, text } = attempt else { unreachable!() };
    let refused = refusals(&text);
    let known = refused.iter().filter(|(index, _)| which.contains(index));
    let known: BTreeMap<usize, String> = known.cloned().collect();
    if !built && !known.is_empty() {
        let rest: Vec<_> = which.iter().copied().filter(|i| !known.contains_key(i)).collect();
        found.extend(known.into_iter().map(|(index, code)| (index, Verdict::Refused(code))));
        judge(progs, &rest, how, folder, found);
    } else if let [index] = which {
        let code = text.find("ENZ0").and_then(|at| text.get(at..at + 7));
        let verdict = match code {
            _ if built => Verdict::Failed(text),
            Some(code) => Verdict::Refused(code.to_owned()),
            None => Verdict::NotBuilt(text.chars().take(2000).collect()),
        };
        found.insert(*index, verdict);
    } else {
        for half in which.chunks(which.len().div_ceil(2)) {
            judge(progs, half, how, folder, found);
        }
    }
}

enum Attempt {
    /// What was printed for each program.
    Lines(BTreeMap<usize, String>),
    Message {
        built: bool,
        text: String,
    },
}

fn attempt(progs: &[Prog], which: &[usize], how: How, folder: &Path) -> Attempt {
    let source = folder.join("programs.c");
    let program = folder.join("programs");
    let text = print::many(which.iter().map(|&index| (index, &progs[index])));
    std::fs::write(&source, text).expect("a writable folder");
    let (clang, plugin) = (env!("ENZYME_CLANG_PATH"), env!("ENZYME_PLUGIN_PATH"));
    assert!(!clang.is_empty() && !plugin.is_empty(), "run `cargo enzyme test`");
    let mut build = Command::new("timeout");
    build.args([SECONDS, clang, how.level, "-w", "-std=c17"]);
    build.arg(format!("-fpass-plugin={plugin}")).env_remove("ENZYME_DIAGNOSTICS_FILE");
    match how.chaos {
        Some(seed) => build.env("ENZYME_CHAOS_SEED", seed.to_string()),
        None => build.env_remove("ENZYME_CHAOS_SEED"),
    };
    build.arg(&source).arg("-o").arg(&program).arg("-lm");
    let output = build.output().expect("clang runs");
    if !output.status.success() {
        return Attempt::Message { built: false, text: said(&output) };
    }
    let output = Command::new("timeout").arg(SECONDS).arg(&program).output().expect("it runs");
    if !output.status.success() {
        return Attempt::Message { built: true, text: said(&output) };
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().filter_map(|line| {
        let (index, rest) = line.split_once(' ')?;
        Some((index.parse().ok()?, rest.to_owned()))
    });
    Attempt::Lines(lines.collect())
}

fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    format!("{}\n{text}", output.status)
}

/// The programs that messages name, and their codes.
fn refusals(text: &str) -> Vec<(usize, String)> {
    let mut refused = Vec::new();
    for message in text.split("[ENZ0").skip(1) {
        let code = format!("ENZ0{}", &message[..3.min(message.len())]);
        let number = message
            .split("top")
            .nth(1)
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        if let Some(Ok(number)) = number.map(|digits| digits.parse()) {
            refused.push((number, code));
        }
    }
    refused
}

/// Compares what was printed with what is right.
fn compare(prog: &Prog, line: Option<&String>, how: How) -> Verdict {
    let expected = interpret::run_with(prog, how.planted).expect("strange programs were left out");
    let Some(line) = line else { return Verdict::Failed("nothing was printed".to_owned()) };
    let words: Vec<_> = line.split(' ').collect();
    let allowed = ALLOWED[usize::from(prog.has_floats())] * expected.scale;
    let mut wrong = Vec::new();
    for pair in words.chunks(2) {
        let (Ok(input), Ok(found)) = (pair[0].parse::<usize>(), pair[1].parse::<f64>()) else {
            return Verdict::Failed(line.clone());
        };
        assert!(input < INPUTS);
        let right = expected.gradient[input];
        let off = (found - right).abs();
        if off.is_nan() || off > allowed {
            wrong.push(format!("input {input} is {found:e}, should be {right:e}"));
        }
    }
    if wrong.is_empty() { Verdict::Right } else { Verdict::Wrong(wrong.join("; ")) }
}
