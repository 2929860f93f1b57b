//! Random programs: their derivatives must be those of dual numbers.
//!
//! ```text
//! program    what a program is: plain data
//! strategy   programs at random
//! interpret  what a program computes, with dual numbers
//! print      a program as C
//! shrink     smaller programs
//! batch      many of them through `clang` with the plugin
//! ```
//!
//! A program that gives another number shrinks, and is written as a file for `tests/c`
//! beside the build's other output. That this works is tested with dual numbers that are
//! wrong on purpose. What the engine refuses is counted by code: it is no
//! failure, as long as it is rare and has a code that such programs may have.
//!
//! | variable | means | else |
//! |---|---|---|
//! | `ENZYME_RANDOM_SEED` | other programs | 1 |
//! | `ENZYME_RANDOM_PROGRAMS` | how many for each test | [`PROGRAMS`] |
//! | `ENZYME_RANDOM_SMALLER` | how many smaller programs are tried for one that fails | [`SMALLER`] |
//! | `ENZYME_RANDOM_REFUSED` | with 1, the first that is refused with each code shrinks too | 0 |

mod batch;
mod interpret;
mod print;
mod program;
mod shrink;
mod strategy;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use batch::{How, Verdict};
use interpret::{Found, Planted};
use program::Prog;

/// How many programs a test tries.
const PROGRAMS: usize = 40;
/// How many go in one file.
const TOGETHER: usize = 40;
/// How many smaller programs are tried for one that is wrong.
const SMALLER: usize = 3000;
/// How many of them go in one file.
const AT_ONCE: usize = 12;
/// Codes that a program may be refused with: addresses that are only copied, and arrays
/// in structs that one address variable may lead to beside arrays alone.
const REFUSALS: [&str; 3] = ["ENZ0021", "ENZ0030", "ENZ0031"];
/// So many of all programs may be refused: one of this number.
const RARE: usize = 2;
/// So many derivatives of a program must be telling.
const TELLING: usize = 2;
/// How many programs there are to notice what is planted.
const CONTROLS: usize = 20;
/// A program of so many statements shows why it is wrong.
const SMALL: usize = 3;
fn variable(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Programs at random.
struct Source<S> {
    strategy: S,
    runner: TestRunner,
    /// How many were strange, or told too little.
    left_out: usize,
}

/// Those of the seed; `salt` makes those of different tests different.
fn source(salt: u8) -> Source<impl Strategy<Value = Prog>> {
    let mut bytes = [salt; 32];
    bytes[..8].copy_from_slice(&(variable("ENZYME_RANDOM_SEED", 1) as u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let runner = TestRunner::new_with_rng(Config::default(), rng);
    Source { strategy: strategy::programs(), runner, left_out: 0 }
}

impl<S: Strategy<Value = Prog>> Source<S> {
    /// The next programs.
    fn next(&mut self, count: usize, how: How) -> Vec<Prog> {
        let mut progs = Vec::new();
        while progs.len() < count {
            let tree = self.strategy.new_tree(&mut self.runner).expect("nothing is rejected");
            let prog = tree.current();
            let telling = interpret::run(&prog).is_ok_and(|found| is_telling(&found));
            if telling && is_sound(&prog, how) {
                progs.push(prog);
            } else {
                self.left_out += 1;
            }
        }
        progs
    }
}

/// Tries programs.
fn all_are_right(salt: u8, how: How) {
    let count = variable("ENZYME_RANDOM_PROGRAMS", PROGRAMS);
    let mut source = source(salt);
    let mut done = 0;
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    while done < count {
        let progs = source.next(TOGETHER.min(count - done), how);
        done += progs.len();
        for (index, verdict) in batch::verdicts(&progs, how).into_iter().enumerate() {
            if !matches!(verdict, Verdict::Right | Verdict::Refused(_)) {
                println!("{how:?}: {verdict}");
            }
            match verdict {
                Verdict::Right => {}
                Verdict::Refused(code) => {
                    let times = refused.entry(code.clone()).or_default();
                    *times += 1;
                    let expected = REFUSALS.contains(&code.as_str());
                    if *times == 1 && (!expected || variable("ENZYME_RANDOM_REFUSED", 0) == 1) {
                        let small = smallest(&progs[index], how, Verdict::Refused(code));
                        println!("{}", small.written(how));
                        wrong.extend((!expected).then_some(small));
                    }
                }
                verdict => wrong.push(smallest(&progs[index], how, verdict)),
            }
        }
    }
    let left_out = source.left_out;
    println!("{how:?}: {count} programs, refused {refused:?}, left out {left_out}");
    assert!(refused.values().sum::<usize>() * RARE <= count, "many were refused");
    let wrong: Vec<_> = wrong.iter().map(|small| small.written(how)).collect();
    assert!(wrong.is_empty(), "of {count} programs:\n{}", wrong.join("\n"));
}

/// Whether enough derivatives are numbers that nothing but the right computation gives.
fn is_telling(found: &Found) -> bool {
    // What is only passed on has the output's weight, which is short in base 2.
    found.gradient.iter().filter(|d| (*d * 64.0).fract() != 0.0).count() >= TELLING
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
        let mut steps = shrink::smaller(&best.prog);
        steps.retain(|prog| is_sound(prog, how));
        for some in steps.chunks(AT_ONCE) {
            let Some(rest) = left.checked_sub(some.len()) else { return best };
            left = rest;
            let verdicts = batch::verdicts(some, how).into_iter();
            for (prog, verdict) in some.iter().zip(verdicts) {
                if verdict.is_like(&best.verdict) {
                    best = Small { prog: prog.clone(), verdict };
                    continue 'again;
                }
            }
        }
        return best;
    }
}

/// Whether it can be compared.
fn is_sound(prog: &Prog, how: How) -> bool {
    interpret::run(prog).is_ok() && interpret::run_with(prog, how.planted).is_ok()
}

impl Small {
    /// Writes it to a file for `tests/c`.
    fn written(&self, how: How) -> String {
        let found = interpret::run_with(&self.prog, how.planted).expect("it was tried");
        let text = print::alone(&self.prog, &found.gradient);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let path = path.join(format!("random_{}.c", batch::hash(&text)));
        std::fs::write(&path, &text).expect("a writable folder");
        format!("{how:?}: {}: {}", self.verdict, path.display())
    }
}

#[test]
fn derivatives_are_those_of_dual_numbers() {
    all_are_right(1, How { level: "-O2", ..How::PLAIN });
}

#[test]
fn derivatives_without_optimisation_are_those_of_dual_numbers() {
    all_are_right(2, How::PLAIN);
}

#[test]
fn derivatives_are_the_same_if_little_is_stored() {
    all_are_right(3, planned(0));
}

#[test]
fn derivatives_are_the_same_if_half_of_all_values_are_stored() {
    all_are_right(4, planned(6));
}

#[test]
fn derivatives_are_the_same_if_all_values_are_stored() {
    all_are_right(5, planned(17));
}

/// With the plan that this seed yields.
fn planned(chaos: u8) -> How {
    How { level: "-O1", chaos: Some(chaos), ..How::PLAIN }
}

/// The test of the tests: if dual numbers and engine disagree, is that seen, and does it
/// shrink to a program that shows the reason? So they are made to disagree.
#[test]
fn a_wrong_derivative_is_found_and_shrinks() {
    for (salt, (planted, shows)) in
        (7..).zip([(Planted::Tanh, "Tanh"), (Planted::Scale, "Scale"), (Planted::Move, "Move")])
    {
        let how = How { planted: Some(planted), ..How::PLAIN };
        let progs = source(salt).next(CONTROLS, how);
        let verdicts = batch::verdicts(&progs, how);
        let wrong = verdicts.iter().position(|v| matches!(v, Verdict::Wrong(_)));
        let wrong = wrong.unwrap_or_else(|| panic!("{planted:?} was not noticed"));
        let small = smallest(&progs[wrong], how, verdicts[wrong].clone());
        let text = format!("{:?}", small.prog);
        println!("{planted:?}: {} to {} statements", progs[wrong].size(), small.prog.size());
        assert!(small.prog.size() <= SMALL && text.contains(shows), "{}", small.written(how));
        // What is wrong is what was planted: the engine agrees with what is right.
        let right = batch::verdicts(&[small.prog], How::PLAIN).remove(0);
        assert!(matches!(right, Verdict::Right), "{right}");
    }
}
