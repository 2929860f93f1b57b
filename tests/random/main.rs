//! Random programs: their derivatives must be those of dual numbers.
//!
//! ```text
//! program    what a program is: plain data
//! strategy   programs at random
//! interpret  what a program computes, with dual numbers
//! print      a program as C
//! batch      many of them through `clang` with the plugin
//! ```
//!
//! A program that gives another number shrinks, and is written as a file for `tests/c`
//! beside the build's other output. What the engine refuses is counted by code: it is no
//! failure, as long as it is rare and has a code that such programs may have.
//!
//! | variable | means | else |
//! |---|---|---|
//! | `ENZYME_RANDOM_SEED` | other programs | 1 |
//! | `ENZYME_RANDOM_PROGRAMS` | how many for each test | [`PROGRAMS`] |
//! | `ENZYME_RANDOM_SMALLER` | how many smaller programs are tried for one that fails | [`SMALLER`] |

mod batch;
mod interpret;
mod print;
mod program;
mod strategy;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use batch::{How, Verdict};
use interpret::Found;
use program::Prog;

/// How many programs a test tries.
const PROGRAMS: usize = 40;
/// How many go in one file.
const TOGETHER: usize = 40;
/// How many smaller programs are tried for one that is wrong.
const SMALLER: usize = 400;
/// Codes that a program may be refused with: addresses that are only copied, and arrays
/// in structs that one address variable may lead to beside arrays alone.
const REFUSALS: [&str; 3] = ["ENZ0021", "ENZ0030", "ENZ0031"];
/// So many of all programs may be refused: one of this number.
const RARE: usize = 2;
/// So many derivatives of a program must be telling.
const TELLING: usize = 2;
/// Seeds of plans that store nothing that can be computed again, half of it, and all.
const PLANS: [u8; 3] = [0, 6, 17];

fn variable(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Tries programs; `salt` makes those of different tests different.
fn all_are_right(salt: u8, how: How) {
    let seed = variable("ENZYME_RANDOM_SEED", 1);
    let count = variable("ENZYME_RANDOM_PROGRAMS", PROGRAMS);
    let mut bytes = [salt; 32];
    bytes[..8].copy_from_slice(&(seed as u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut done, mut left_out) = (0, 0);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    while done < count {
        let mut trees = Vec::new();
        while trees.len() < TOGETHER.min(count - done) {
            let tree = strategy::programs().new_tree(&mut runner).expect("nothing is rejected");
            if interpret::run(&tree.current()).is_ok_and(|found| is_telling(&found)) {
                trees.push(tree);
            } else {
                left_out += 1;
            }
        }
        done += trees.len();
        let progs: Vec<Prog> = trees.iter().map(ValueTree::current).collect();
        for (index, verdict) in batch::verdicts(&progs, how).into_iter().enumerate() {
            if !matches!(verdict, Verdict::Right | Verdict::Refused(_)) {
                println!("{how:?}: {verdict}");
            }
            match verdict {
                Verdict::Right => {}
                Verdict::Refused(code) => {
                    let times = refused.entry(code.clone()).or_default();
                    *times += 1;
                    if *times == 1 && !REFUSALS.contains(&code.as_str()) {
                        wrong.push(smallest(&mut trees[index], how, Verdict::Refused(code)));
                    }
                }
                verdict => wrong.push(smallest(&mut trees[index], how, verdict)),
            }
        }
    }
    println!("{how:?}: seed {seed}, {count} programs, refused {refused:?}, left out {left_out}");
    assert!(refused.values().sum::<usize>() * RARE <= count, "many were refused");
    assert!(wrong.is_empty(), "of {count} programs at seed {seed}:\n{}", wrong.join("\n"));
}

/// Whether enough derivatives are numbers that nothing but the right computation gives.
fn is_telling(found: &Found) -> bool {
    // What is only passed on has the output's weight, which is short in base 2.
    found.gradient.iter().filter(|d| (*d * 64.0).fract() != 0.0).count() >= TELLING
}

/// Makes a program smaller while its verdict stays of this kind, and writes it to a file.
fn smallest(tree: &mut impl ValueTree<Value = Prog>, how: How, mut verdict: Verdict) -> String {
    let mut best = tree.current();
    let mut tried = 0;
    let mut simpler = tree.simplify();
    while simpler && tried < variable("ENZYME_RANDOM_SMALLER", SMALLER) {
        let prog = tree.current();
        let same = interpret::run(&prog).is_ok().then(|| {
            tried += 1;
            batch::verdicts(std::slice::from_ref(&prog), how).remove(0)
        });
        simpler = match same {
            Some(found) if found.is_like(&verdict) => {
                (best, verdict) = (prog, found);
                tree.simplify()
            }
            _ => tree.complicate(),
        };
    }
    let found = interpret::run(&best).expect("it was tried");
    let text = print::alone(&best, &found.gradient);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = path.join(format!("random_{}.c", batch::hash(&text)));
    std::fs::write(&path, &text).expect("a writable folder");
    format!("{how:?}: {verdict}: {}", path.display())
}

#[test]
fn derivatives_are_those_of_dual_numbers() {
    all_are_right(1, How { level: "-O2", chaos: None });
}

#[test]
fn derivatives_without_optimisation_are_those_of_dual_numbers() {
    all_are_right(2, How { level: "-O0", chaos: None });
}

#[test]
fn whatever_the_plan_derivatives_are_the_same() {
    for (salt, chaos) in (3..).zip(PLANS) {
        all_are_right(salt, How { level: "-O1", chaos: Some(chaos) });
    }
}
