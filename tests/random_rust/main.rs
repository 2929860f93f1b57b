//! Random programs in Rust: their derivatives must be those of dual numbers.
//!
//! ```text
//! grammar    what programs are made of: rows of text with holes
//! tree       programs at random: trees of rows
//! print      a program as Rust
//! shrink     smaller programs
//! batch      many of them through rustc with the plugin
//! program/   the crate that they become, with the dual numbers
//! ```
//!
//! The text of a program stands in the crate twice: for `f64`, differentiated by the plugin,
//! and for dual numbers, so that nothing is between a program and what it should yield. One
//! that gives another number shrinks, and is written as a file for `kept/` beside the
//! build's other output. That this works is tested with dual numbers that are wrong on
//! purpose. What the engine refuses is counted by code: it is no failure, as long as
//! it is rare and has a code that such programs may have.
//!
//! | variable | means | else |
//! |---|---|---|
//! | `ENZYME_RANDOM_SEED` | other programs | 1 |
//! | `ENZYME_RANDOM_PROGRAMS` | how many for each test | [`PROGRAMS`] |
//! | `ENZYME_RANDOM_SMALLER` | how many smaller programs are tried for one that fails | [`SMALLER`] |
//! | `ENZYME_RANDOM_REFUSED` | with 1, the first that is refused with each code shrinks too | 0 |

mod batch;
mod grammar;
mod print;
mod shrink;
mod tree;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::test_runner::{RngAlgorithm, TestRng};

use batch::{How, Verdict};
use print::Text;
use tree::Prog;

/// How many programs a test tries.
const PROGRAMS: usize = 40;
/// How many are built together.
const TOGETHER: usize = 80;
/// How many smaller programs are tried for one that is wrong.
const SMALLER: usize = 2000;
/// How many of them are built together.
const AT_ONCE: usize = 16;
/// Codes that a program may be refused with.
const REFUSALS: [&str; 3] = ["ENZ0021", "ENZ0030", "ENZ0031"];
/// So many of all programs may be refused: one of this number.
const RARE: usize = 2;
/// How many programs there are to notice what is planted.
const CONTROLS: usize = 40;

fn variable(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Random numbers of the seed; `salt` makes those of different tests different.
fn source(salt: u8) -> TestRng {
    let mut bytes = [salt; 32];
    bytes[..8].copy_from_slice(&(variable("ENZYME_RANDOM_SEED", 1) as u64).to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// The verdict of each program.
fn verdicts(progs: &[Prog], how: How) -> Vec<Verdict> {
    batch::verdicts(&progs.iter().map(Text::new).collect::<Vec<_>>(), how)
}

/// Tries programs.
fn all_are_right(salt: u8, how: How) {
    let count = variable("ENZYME_RANDOM_PROGRAMS", PROGRAMS);
    let mut rng = source(salt);
    let (mut done, mut strange) = (0, 0);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    while done < count {
        let size = TOGETHER.min(count - done);
        let progs: Vec<_> = (0..size).map(|_| tree::program(&mut rng)).collect();
        done += size;
        for (prog, verdict) in progs.iter().zip(verdicts(&progs, how)) {
            match verdict {
                Verdict::Right => {}
                Verdict::Strange => strange += 1,
                Verdict::Refused(code) => {
                    let times = refused.entry(code.clone()).or_default();
                    *times += 1;
                    let expected = REFUSALS.contains(&code.as_str());
                    if *times == 1 && (!expected || variable("ENZYME_RANDOM_REFUSED", 0) == 1) {
                        let small = smallest(prog, how, Verdict::Refused(code));
                        println!("{}", small.written(how));
                        wrong.extend((!expected).then_some(small));
                    }
                }
                verdict => {
                    println!("{how:?}: {verdict}");
                    wrong.push(smallest(prog, how, verdict));
                }
            }
        }
    }
    println!("{how:?}: {count} programs, refused {refused:?}, nothing to compare in {strange}");
    assert!(refused.values().sum::<usize>() * RARE <= count, "many were refused");
    let wrong: Vec<_> = wrong.iter().map(|small| small.written(how)).collect();
    assert!(wrong.is_empty(), "of {count} programs:\n{}", wrong.join("\n"));
}

/// A program that is as small as could be found, and what is said of it.
struct Small {
    prog: Prog,
    verdict: Verdict,
}

/// Makes a program smaller while its verdict stays of this kind: of the programs that one
/// step makes, the smallest that is like it, again and again.
fn smallest(prog: &Prog, how: How, verdict: Verdict) -> Small {
    let mut best = Small { prog: prog.clone(), verdict };
    let mut left = variable("ENZYME_RANDOM_SMALLER", SMALLER);
    'again: loop {
        for some in shrink::smaller(&best.prog).chunks(AT_ONCE) {
            let Some(rest) = left.checked_sub(some.len()) else { return best };
            left = rest;
            for (prog, verdict) in some.iter().zip(verdicts(some, how)) {
                if verdict.is_like(&best.verdict) {
                    best = Small { prog: prog.clone(), verdict };
                    continue 'again;
                }
            }
        }
        return best;
    }
}

impl Small {
    /// Writes it to a file for `kept`.
    fn written(&self, how: How) -> String {
        let said = format!("{how:?}: {}", self.verdict);
        let text = Text::new(&self.prog).file(said.lines().next().unwrap_or_default());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let path = path.join(format!("random_{}.rs", batch::hash(&text)));
        std::fs::write(&path, &text).expect("a writable folder");
        format!("{how:?}: {}: {}", self.verdict, path.display())
    }
}

const RELEASE: How = How { release: true, chaos: None, planted: None };
const DEV: How = How { release: false, ..RELEASE };

#[test]
fn derivatives_are_those_of_dual_numbers() {
    all_are_right(1, RELEASE);
}

#[test]
fn derivatives_without_optimisation_are_those_of_dual_numbers() {
    all_are_right(2, DEV);
}

#[test]
fn arbitrary_plans_change_nothing() {
    all_are_right(3, How { chaos: Some(6), ..RELEASE });
}

/// What was wrong once.
#[test]
fn programs_that_were_kept_are_right() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/random_rust/kept");
    let mut files: Vec<_> = folder.read_dir().expect("a folder").flatten().collect();
    files.sort_by_key(|file| file.path());
    let read = |path: &PathBuf| Text::read(&std::fs::read_to_string(path).expect("a file"));
    let paths: Vec<_> = files.into_iter().map(|file| file.path()).collect();
    let texts: Vec<_> = paths.iter().map(read).collect();
    let mut wrong = Vec::new();
    for how in [RELEASE, DEV] {
        for (path, verdict) in paths.iter().zip(batch::verdicts(&texts, how)) {
            let right = verdict == Verdict::Right;
            wrong.extend((!right).then(|| format!("{}: {how:?}: {verdict}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The test of the tests: if dual numbers and engine disagree, is that seen? So they are
/// made to disagree.
#[test]
fn a_wrong_derivative_is_found() {
    let mut rng = source(7);
    let progs: Vec<_> = (0..CONTROLS).map(|_| tree::program(&mut rng)).collect();
    let rules: [(_, &[&str]); 3] =
        [("tanh", &[".tanh()"]), ("scale", &["*=", "scale("]), ("sum", &["sum::<F>()"])];
    for (rule, shows) in rules {
        let found = verdicts(&progs, How { planted: Some(rule), ..DEV });
        let wrong = progs.iter().zip(found);
        let wrong: Vec<_> = wrong.filter(|(_, v)| matches!(v, Verdict::Wrong(_))).collect();
        assert!(!wrong.is_empty(), "{rule} was not noticed");
        for (prog, verdict) in wrong {
            // What is wrong is what was planted.
            let text = Text::new(prog).functions;
            assert!(shows.iter().any(|word| text.contains(word)), "{rule}: {verdict}\n{text}");
        }
    }
}
